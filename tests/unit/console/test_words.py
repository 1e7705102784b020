import pytest

from assistant.content.pronunciations import CMU_PHONES, read_wording

pytestmark = pytest.mark.unit

PAGE = "/drafts/mine/words"


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


async def test_words_when_the_recogniser_lacks_one_then_is_shown_with_its_sound_and_where_it_stands(browser) -> None:
    page = (await browser.get(PAGE)).text
    assert ("firewood" in page, "a guess; common/nlu.en.yml:7" in page) == (True, True)
    assert '<audio controls preload="none" src="/sound?phones=F%20AY"' in page
    sound = await browser.get("/sound", params={"phones": "F AY"})
    assert (sound.headers["content-type"], sound.content[:4]) == ("audio/wav", b"RIFF")


async def test_word_when_mended_then_the_draft_says_it_so_until_it_is_left_to_dictionaries(browser, console) -> None:
    folder = console.parts.drafts.get("mine").folder
    before = (folder / "common/pronunciations.en.yml").read_text(encoding="utf-8")
    response = await browser.post(PAGE, data={"word": "firewood", "ways": "f ay r w uh d\n\nF AY ER W UH D\n"})
    assert response.status_code == 303, response.text
    assert read_wording(folder).pronunciations["firewood"] == (
        ("F", "AY", "R", "W", "UH", "D"),
        ("F", "AY", "ER", "W", "UH", "D"),
    )
    assert "an editor" in (await browser.get(response.headers["location"])).text
    await browser.post(PAGE, data={"word": "firewood", "ways": ""})
    assert (folder / "common/pronunciations.en.yml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"word": "firewood", "ways": "F XX"}, "firewood: XX is no phone; there are AA AE"),
        ({"word": "fire wood", "ways": "F AY"}, "“fire wood” is no word in small letters"),
        ({"word": "firewood", "ways": "\n".join(f"F {each}" for each in CMU_PHONES[:11])}, "11 ways: 10 at most"),
    ],
)
async def test_word_when_it_cannot_be_said_so_then_says_why_and_changes_nothing(
    browser, console, form, complaint
) -> None:
    response = await browser.post(PAGE, data=form)
    assert (response.status_code, complaint in response.text) == (422, True)
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_sound_when_a_phone_is_none_then_is_refused(browser) -> None:
    response = await browser.get("/sound", params={"phones": "F XX"})
    assert (response.status_code, "XX is no phone" in response.text) == (400, True)
