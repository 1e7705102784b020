import pytest

pytestmark = pytest.mark.unit


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


async def test_answers_when_listed_then_each_has_its_seconds_and_what_is_missing_is_named(browser, console) -> None:
    file = console.parts.drafts.get("mine").folder / "common" / "responses.et.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  utter_greet:", "  utter_grret:", 1), encoding="utf-8")
    page = (await browser.get("/drafts/mine/answers", params={"q": "greet"})).text
    assert "/answers/utter_greet" in page
    assert "missing" in page


async def test_answer_when_written_otherwise_then_the_draft_says_it(browser, write_answer, console) -> None:
    form = {"en": "Good day.\n---\nWelcome.", "et": "Tere.", "ru": "Добрый день."}
    response = await write_answer(browser, "utter_greet", form)
    assert response.status_code == 303, response.text
    page = (await browser.get("/drafts/mine/answers/utter_greet")).text
    assert ("Welcome." in page, "Добрый день." in page) == (True, True)
    assert "<ins>+" in (await browser.get("/drafts/mine")).text


async def test_answer_when_two_editors_write_it_then_nothing_is_lost(browser, write_answer) -> None:
    page = "/drafts/mine/answers/utter_greet"
    old = (await browser.get(page)).text
    assert (await write_answer(browser, "utter_greet", {"en": "Good day."}, old)).status_code == 303
    overtaken = await write_answer(browser, "utter_greet", {"en": "Good evening."}, old)
    assert overtaken.status_code == 409
    assert ("Good day." in overtaken.text, "Good evening." in overtaken.text) == (True, True)
    assert "Good evening." not in (await browser.get(page)).text
    # In another language they are not in each other's way.
    assert (await write_answer(browser, "utter_greet", {"et": "Tere päevast."}, old)).status_code == 303
    now = (await browser.get(page)).text
    assert ("Good day." in now, "Tere päevast." in now) == (True, True)


async def test_intent_when_new_then_the_draft_has_it_with_its_answer(browser, console) -> None:
    form = {"intent": "dog_licence"}
    for language in ("en", "et", "ru"):
        form |= {
            language: f"dog one {language}\ndog two {language}",
            f"answer-{language}": f"Ask the city ({language}).",
        }
    response = await browser.post("/drafts/mine/intents", data=form)
    assert (response.status_code, response.headers["location"]) == (303, "/drafts/mine/intents/dog_licence")
    assert "dog two et" in (await browser.get("/drafts/mine/intents/dog_licence")).text
    assert "Ask the city (ru)." in (await browser.get("/drafts/mine/answers/utter_dog_licence")).text
    renamed = await browser.post("/drafts/mine/intents/dog_licence/rename", data={"new": "pet_licence"})
    assert renamed.status_code == 303
    assert "Ask the city (ru)." in (await browser.get("/drafts/mine/answers/utter_pet_licence")).text


async def test_intent_when_it_is_in_use_then_is_not_deleted_and_the_places_are_named(browser) -> None:
    response = await browser.post("/drafts/mine/intents/pension/delete")
    assert response.status_code == 422
    assert "service.yml" in response.text


async def test_answers_when_only_those_that_lack_a_language_then_only_they_are_listed(browser, console) -> None:
    file = console.parts.drafts.get("mine").folder / "common" / "responses.et.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  utter_greet:", "  utter_grret:", 1), encoding="utf-8")
    page = (await browser.get("/drafts/mine/answers", params={"only": "missing"})).text
    assert ("/answers/utter_greet" in page, "/answers/utter_stop" in page) == (True, False)


async def test_answer_when_harder_to_read_than_a_newspaper_then_is_listed_and_its_level_is_red(
    browser, write_answer
) -> None:
    hard = "Administrative documentation necessitates comprehensive institutional verification procedures"
    form = {"en": f"{hard} notwithstanding extraordinary circumstances.", "et": "Tere.", "ru": "Добрый день."}
    await write_answer(browser, "utter_greet", form)
    page = (await browser.get("/drafts/mine/answers", params={"only": "hard"})).text
    assert ("/answers/utter_greet" in page, "/answers/utter_stop" in page) == (True, False)
    page = (await browser.get("/drafts/mine/answers/utter_greet")).text
    assert '<p class="bad">Reading level: LIX 110, newspapers have 52</p>' in page
    assert "Too short for a reading level" in page


async def test_answer_when_previewed_then_is_read_with_its_buttons_and_heard_in_words(browser, write_answer) -> None:
    form = dict.fromkeys(("en", "et", "ru"), "It costs <emphasis>80 euros</emphasis>, {title}.\n---\nPay.")
    await write_answer(browser, "utter_greet", form)
    page = (await browser.get("/drafts/mine/answers/utter_greet")).text
    assert ">It costs 80 euros, {title}.<" in page
    assert "eighty euros" in page
    assert 'src="/listen?language=en&amp;text=It%20costs%20%3Cemphasis' in page
    question = (await browser.get("/drafts/mine/answers/utter_ask_pickup_office")).text
    assert '<li class="chip" lang="et">Jõhvi</li>' in question


async def test_answer_when_services_say_it_then_tells_where_when_and_on_which_channels(
    browser,
) -> None:
    page = (await browser.get("/drafts/mine/answers/utter_document_renew_in_person")).text
    assert "<td>stops.0</td>" in page
    assert "<td>in_person: yes</td>" in page
    assert "not said: the citizen is told where to ask" in page
