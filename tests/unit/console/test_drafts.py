import pytest

from assistant.console.drafts import author
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import list_examples
from assistant.core.languages import Language
from tests.unit.console.conftest import EDITOR

pytestmark = pytest.mark.unit


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        assert (await browser.post("/drafts", data={"name": "mine"})).status_code == 303
        yield browser


def examples(console, intent: str) -> list[str]:
    files = ContentFiles(console.parts.drafts.get("mine").folder)
    return [each.text for each in list_examples(files, intent, Language.EN)]


async def test_draft_when_it_is_new_then_says_that_nothing_is_changed(browser) -> None:
    text = (await browser.get("/drafts/mine")).text
    assert "Nothing is changed yet." in text
    assert "mine" in (await browser.get("/drafts")).text


@pytest.mark.parametrize(
    ("form", "gone", "there"),
    [
        ({"do": "add", "lines": "ahoy kratt\nahoy there"}, "", "ahoy there"),
        ({"do": "edit", "old": "hello", "new": "ahoy kratt"}, "hello", "ahoy kratt"),
        ({"do": "delete", "text": ["hello", "hi"]}, "hello", "good morning"),
    ],
)
async def test_intent_when_its_examples_are_changed_then_the_draft_has_it_with_who_and_why(
    browser, console, form, gone, there
) -> None:
    response = await browser.post("/drafts/mine/intents/greet", data={"language": "en", **form})
    assert response.status_code == 303, response.text
    kept = examples(console, "greet")
    assert (gone in kept, there in kept) == (False, True)
    page = (await browser.get("/drafts/mine")).text
    assert "Mari Maasikas" in page
    assert "<ins>+    - " in page or "<del>-    - " in page


async def test_intent_when_examples_are_moved_then_the_other_intent_has_them(browser, console) -> None:
    form = {"language": "en", "do": "move", "text": "hello", "to": "thank"}
    assert (await browser.post("/drafts/mine/intents/greet", data=form)).status_code == 303
    assert ("hello" in examples(console, "greet"), "hello" in examples(console, "thank")) == (False, True)


async def test_change_when_undone_then_the_content_is_as_before(browser, console) -> None:
    form = {"language": "en", "do": "delete", "text": "hello"}
    await browser.post("/drafts/mine/intents/greet", data=form)
    (change,) = console.parts.drafts.get("mine").own_changes()
    assert (await browser.post("/drafts/mine/undo", data={"commit": change.commit})).status_code == 303
    assert "hello" in examples(console, "greet")


async def test_example_when_it_is_gone_already_then_says_so_and_changes_nothing(browser, console) -> None:
    form = {"language": "en", "do": "edit", "old": "nobody says this", "new": "hello kratt"}
    response = await browser.post("/drafts/mine/intents/greet", data=form)
    assert response.status_code == 422
    assert "nobody says this" in response.text
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_intents_when_words_are_looked_for_then_shows_those_that_have_them(browser) -> None:
    text = (await browser.get("/drafts/mine/intents", params={"q": "good morning"})).text
    assert ("/intents/greet" in text, "/intents/thank" in text) == (True, False)


async def test_draft_when_discarded_then_is_off_the_list(browser, console) -> None:
    assert (await browser.post("/drafts/mine/discard")).status_code == 303
    assert console.parts.drafts.all() == ()


async def test_draft_when_two_changed_the_same_words_then_shows_both_and_saves_neither(browser, console) -> None:
    for name, new in (("mine", "ahoy kratt"), ("other", "salute kratt")):
        await browser.post("/drafts", data={"name": name})
        form = {"language": "en", "do": "edit", "old": "hello", "new": new}
        await browser.post(f"/drafts/{name}/intents/greet", data=form)
    console.parts.drafts.merge("other", author(EDITOR), "the other was quicker")
    response = await browser.post("/drafts/mine/update")
    assert response.status_code == 409
    assert ("ahoy kratt" in response.text, "salute kratt" in response.text) == (True, True)
    assert ("ahoy kratt" in examples(console, "greet"), "salute kratt" in examples(console, "greet")) == (True, False)
