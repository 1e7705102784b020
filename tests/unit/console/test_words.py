from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.spoken_words import places_of_words, words_in
from assistant.content.pronunciations import CMU_PHONES, SpokenWord, read_wording
from assistant.core.languages import Language
from tests.unit.console.conftest import ANALYST, FakeWords

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
    response = await browser.post(
        PAGE, data={"language": "en", "word": "firewood", "ways": "f ay r w uh d\n\nF AY ER W UH D\n"}
    )
    assert response.status_code == 303, response.text
    assert read_wording(folder).pronunciations["firewood"] == (
        ("F", "AY", "R", "W", "UH", "D"),
        ("F", "AY", "ER", "W", "UH", "D"),
    )
    assert "an editor" in (await browser.get(response.headers["location"])).text
    await browser.post(PAGE, data={"language": "en", "word": "firewood", "ways": ""})
    assert (folder / "common/pronunciations.en.yml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"language": "en", "word": "firewood", "ways": "F XX"}, "firewood: XX is no phone; there are AA AE"),
        ({"language": "en", "word": "fire wood", "ways": "F AY"}, "“fire wood” is no word in small letters"),
        (
            {"language": "en", "word": "firewood", "ways": "\n".join(f"F {each}" for each in CMU_PHONES[:11])},
            "11 ways: 10 at most",
        ),
    ],
)
async def test_word_when_it_cannot_be_said_so_then_says_why_and_changes_nothing(
    browser, console, form, complaint
) -> None:
    response = await browser.post(PAGE, data={"language": "en", **form})
    assert (response.status_code, complaint in response.text) == (422, True)
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_sound_when_a_phone_is_none_then_is_refused(browser) -> None:
    response = await browser.get("/sound", params={"phones": "F XX"})
    assert (response.status_code, "XX is no phone" in response.text) == (400, True)


async def heard(browser, said: str, **query: str) -> str:
    response = await browser.post(f"{PAGE}/hear", params=query, content=said.encode())
    assert response.status_code == 200, response.text
    return str(response.text)


async def test_words_when_said_as_written_then_are_shown_with_confidences_and_how_they_are_said(browser) -> None:
    page = await heard(browser, "my firewood", q="My firewood!")
    assert page.count("90 %") == 2
    for shown in ("“something else”", "That is what was heard.", "The speech model has all these words."):
        assert shown in page
    assert "How firewood is said, a way on each line" in page


async def test_words_when_heard_otherwise_then_says_what_for_what(browser) -> None:
    page = await heard(browser, "the fire would burn", q="firewood should burn")
    assert "“the fire would” was heard for “firewood should”" in page
    assert "“burn” was not heard" in await heard(browser, "they", q="they burn")
    assert "“that” was heard as well" in await heard(browser, "they burn that", q="they burn")
    assert "Nothing was heard." in await heard(browser, "")


async def test_words_when_nothing_was_written_then_are_those_that_were_heard(browser) -> None:
    page = await heard(browser, "firewood")
    assert ('name="q" value="firewood"' in page, "That is what was heard." in page) == (True, False)


async def test_words_when_a_model_lacks_some_then_names_them_with_their_places(browser, console) -> None:
    page = (await browser.get(PAGE, params={"language": "et"})).text
    listed = places_of_words(ContentFiles(console.parts.drafts.get("mine").folder), Language.ET)
    word = next(each for each in listed if len(each) > 16)
    assert (f">{word}</span>" in page, listed[word][0] in page) == (True, True)
    assert ("how they sound, were settled" in page, "a way on each line" in page) == (True, False)
    looked_up = (await browser.get(PAGE, params={"language": "et", "q": "tere riigilõivuseadusemuudatus"})).text
    assert "The speech model lacks <span" in looked_up
    assert 'lang="et">riigilõivuseadusemuudatus</span>' in looked_up


async def test_words_when_there_is_no_model_of_the_language_then_says_so_and_listens_to_nothing(browser) -> None:
    page = (await browser.get(PAGE, params={"language": "ru"})).text
    assert ("There is no speech model of Russian here" in page, "data-hear=" in page) == (True, False)


async def test_words_when_an_analyst_looks_then_there_is_no_microphone(browser, console) -> None:
    async with console.browser(ANALYST) as analyst:
        assert "data-hear=" not in (await analyst.get(PAGE)).text
        assert (await analyst.post(f"{PAGE}/hear", content=b"firewood")).status_code == 403


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ma-ei tea, 24 tundi!", ("ma-ei", "tea", "tundi")),
        ("Ребёнку 3 года", ("ребёнку", "года")),
        ("", ()),
    ],
)
def test_words_of_a_text_when_split_then_have_small_letters_and_no_digits(text: str, words: tuple[str, ...]) -> None:
    assert words_in(text) == words


@dataclass(frozen=True)
class EstonianWords(FakeWords):
    """Those of a network that was trained for Estonian."""

    phones: tuple[str, ...] = ("j", "ɤ", "h", "v", "i", "tː")

    def said(self, content: Path, text: str) -> tuple[SpokenWord, ...]:
        ways = read_wording(content, Language.ET).pronunciations
        return tuple(SpokenWord(word, (), ways.get(word, (("j", "o"),)), "") for word in text.split())


async def test_word_when_its_language_has_a_network_of_its_own_then_is_mended_in_the_phones_of_that(
    browser, console
) -> None:
    console.change(words=lambda language: EstonianWords() if language is Language.ET else None)
    page = (await browser.get(PAGE, params={"language": "et", "q": "jõhvi"})).text
    assert ("How jõhvi is said" in page, "kratt speech build et" in page, "j ɤ h v i tː" in page) == (True,) * 3
    assert "/sound?phones=j%20o&amp;language=et" in page
    form = {"language": "et", "word": "jõhvi", "ways": "j ɤ h v i"}
    refused = await browser.post(PAGE, data=form | {"ways": "j õ h v i"})
    assert (refused.status_code, "jõhvi: õ is no phone; there are j ɤ h v i tː" in refused.text) == (422, True)
    assert (await browser.post(PAGE, data=form)).headers["location"] == f"{PAGE}?language=et&q=j%C3%B5hvi"
    folder = console.parts.drafts.get("mine").folder
    written = (folder / "common/pronunciations.et.yml").read_text(encoding="utf-8")
    assert written == "pronunciations: {jõhvi: [j ɤ h v i]}\n"
    assert await _typed(browser, form | {"ways": "j õ"}) == ["jõhvi: õ is no phone; there are j ɤ h v i tː"]
    sound = await browser.get("/sound", params={"phones": "j ɤ", "language": "et"})
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")
    for path, data in ((PAGE, form | {"language": "ru"}), (PAGE, form | {"language": "xx"})):
        assert (await browser.post(path, data=data)).status_code == 400
    assert not [each for each in console.parts.drafts.get("mine").check() if "pronunciations" in each.file]


async def _typed(browser, form: dict[str, str]) -> list[str]:
    said: list[str] = (
        await browser.post("/drafts/mine/typed/words", data=form | {"typed": "ways", "line": "j"})
    ).json()
    return said
