import pytest

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import list_examples
from assistant.content.editing.responses import list_responses
from assistant.core.languages import Language
from tests.unit.console.conftest import ANALYST

pytestmark = pytest.mark.unit

PAGE = "/drafts/mine/intents/thank/split"
ANSWERS = {"answer-en": "You are kind.", "answer-et": "Oled lahke.", "answer-ru": "Вы очень добры."}


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


def files(console) -> ContentFiles:
    return ContentFiles(console.parts.drafts.get("mine").folder)


def texts(console, intent: str, language: Language) -> list[str]:
    return [each.text for each in list_examples(files(console), intent, language)]


def first_two(console) -> dict[str, list[str]]:
    return {f"text.{each.value}": texts(console, "thank", each)[:2] for each in Language}


async def test_split_when_the_name_is_new_then_is_one_change_that_one_undo_takes_back(browser, console) -> None:
    chosen = first_two(console)
    response = await browser.post(PAGE, data={**chosen, **ANSWERS, "to": "praise"})
    assert (response.status_code, response.headers["location"]) == (303, "/drafts/mine/intents/praise")
    for language in Language:
        assert texts(console, "praise", language) == chosen[f"text.{language.value}"]
        assert not set(texts(console, "thank", language)) & set(chosen[f"text.{language.value}"])
    assert list_responses(files(console))["utter_praise"][Language.EN].texts == ("You are kind.",)
    (change,) = console.parts.drafts.get("mine").own_changes()
    assert (change.why, change.name) == ("6 examples of thank mean praise", "Mari Maasikas")
    await browser.post("/drafts/mine/undo", data={"commit": change.commit})
    assert (texts(console, "praise", Language.EN), first_two(console)) == ([], chosen)
    assert "utter_praise" not in list_responses(files(console))


async def test_split_when_the_intent_is_there_then_it_gets_the_examples_and_keeps_its_answer(browser, console) -> None:
    (first, *_), before = texts(console, "thank", Language.ET), texts(console, "greet", Language.ET)
    await browser.post(PAGE, data={"text.et": first, "to": "greet", "why": "it is a greeting"})
    assert texts(console, "greet", Language.ET) == [*before, first]
    assert [change.why for change in console.parts.drafts.get("mine").own_changes()] == ["it is a greeting"]


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"to": "praise"}, "choose examples"),
        ({"text.en": "thank you", "to": "thank"}, "choose examples, and another intent"),
        ({"text.en": "thank you", "to": "praise", **ANSWERS}, "praise needs examples and an answer in et, ru"),
        ({"text.en": "nobody says this", "to": "greet"}, "is no example of thank in en any more"),
        ({"text.en": "thank you", "to": "Praise!"}, "an intent is named in small letters"),
    ],
)
async def test_split_when_it_cannot_be_then_says_why_and_changes_nothing(browser, console, form, complaint) -> None:
    response = await browser.post(PAGE, data=form)
    assert (response.status_code, complaint in response.text) == (422, True), response.text
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_examples_when_words_are_looked_for_then_those_that_have_them_are_ticked(browser, console) -> None:
    page = (await browser.get(PAGE, params={"q": "THANK YOU"})).text
    having = [each.text for each in list_examples(files(console), "thank") if "thank you" in each.text.casefold()]
    assert 0 < page.count('" checked') == len(having)
    assert '" checked' not in (await browser.get(PAGE)).text


async def test_split_when_an_analyst_asks_then_is_refused(console, browser) -> None:
    async with console.browser(ANALYST) as analyst:
        assert (await analyst.post(PAGE, data={"to": "greet"})).status_code == 403
