import pytest

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import list_examples
from assistant.content.editing.responses import list_responses
from assistant.core.inbox import Reason
from assistant.core.languages import Language
from tests.unit.console.conftest import EDITOR

pytestmark = pytest.mark.unit


async def test_inbox_when_nobody_asked_in_vain_then_says_so(console) -> None:
    async with console.browser() as browser:
        assert "Nothing waits here." in (await browser.get("/inbox")).text


async def test_inbox_when_shown_then_groups_of_most_people_come_first(console) -> None:
    await console.asked("dog licence", "one")
    await console.asked("dog tax", "one")
    for person in ("one", "two"):
        await console.asked("boat licence", person)
    async with console.browser() as browser:
        text = (await browser.get("/inbox")).text
    assert text.index("boat licence") < text.index("dog licence")
    assert "2 groups" in text


async def test_inbox_when_filtered_by_reason_then_shows_only_those(console) -> None:
    await console.asked("boat licence", reason=Reason.DENIED)
    await console.asked("dog licence")
    async with console.browser() as browser:
        text = (await browser.get("/inbox", params={"reason": "denied"})).text
    assert ("boat licence" in text, "dog licence" in text) == (True, False)


async def test_group_when_taught_then_its_requests_are_examples_of_a_draft(console) -> None:
    await console.asked("passport please renew it quick")
    async with console.browser() as browser:
        await browser.get("/inbox")
        form = {"draft": "better", "intent": "document_renew", "text": ["en passport please renew it quick"]}
        response = await browser.post("/inbox/1/teach", data=form)
        assert (response.status_code, response.headers["location"]) == (303, "/drafts/better/intents/document_renew")
        assert "passport please renew it quick" in (await browser.get(response.headers["location"])).text
        assert "Nothing waits here." in (await browser.get("/inbox")).text
    files = ContentFiles(console.parts.drafts.get("better").folder)
    texts = [each.text for each in list_examples(files, "document_renew", Language.EN)]
    assert "passport please renew it quick" in texts


async def test_group_when_it_means_something_new_then_an_intent_is_made_of_it_with_its_answer(console) -> None:
    await console.asked("boat licence")
    form = {"draft": "boats", "intent": "boat_licence", "text": ["en boat licence"]}
    new = {"more-et": "paadiluba\nluba paadile", "more-ru": "права на лодку"}
    new |= {"answer-en": "Ask the state.", "answer-et": "Küsi riigilt.", "answer-ru": "Спросите государство."}
    async with console.browser() as browser:
        await browser.get("/inbox")
        assert "If it is a new intent" in (await browser.get("/inbox/1")).text
        refused = await browser.post("/inbox/1/teach", data=form)
        assert (refused.status_code, "boat_licence needs examples and an answer in" in refused.text) == (422, True)
        assert "boat licence" in (await browser.get("/inbox")).text
        response = await browser.post("/inbox/1/teach", data=form | new)
        assert response.headers["location"] == "/drafts/boats/intents/boat_licence"
        assert "Nothing waits here." in (await browser.get("/inbox")).text
    files = ContentFiles(console.parts.drafts.get("boats").folder)
    texts = {language: [each.text for each in list_examples(files, "boat_licence", language)] for language in Language}
    assert texts[Language.EN] == ["boat licence"]
    assert texts[Language.ET] == ["paadiluba", "luba paadile"]
    assert list_responses(files)["utter_boat_licence"][Language.RU].texts == ("Спросите государство.",)


async def test_group_when_dismissed_then_is_gone_and_stays_away(console) -> None:
    await console.asked("boat licence")
    async with console.browser() as browser:
        await browser.get("/inbox")
        assert (await browser.post("/inbox/dismiss", data={"group": "1"})).status_code == 303
        await console.asked("boat licence", "another")
        assert "Nothing waits here." in (await browser.get("/inbox")).text


async def test_group_when_closed_by_mistake_then_is_found_with_who_closed_it_and_brought_back(console) -> None:
    await console.asked("boat licence")
    await console.asked("passport please renew it quick")
    async with console.browser() as browser:
        assert "Nothing was closed." in (await browser.get("/inbox", params={"state": "closed"})).text
        await browser.get("/inbox")
        await browser.post("/inbox/dismiss", data={"group": "1"})
        form = {"draft": "better", "intent": "document_renew", "text": ["en passport please renew it quick"]}
        await browser.post("/inbox/2/teach", data=form)
        closed = (await browser.get("/inbox", params={"state": "closed"})).text
        assert f"dismissed by {EDITOR.name}" in closed
        assert f"taught as document renew by {EDITOR.name}" in closed
        await browser.post("/inbox/reopen", data={"group": "1"})
        waiting = (await browser.get("/inbox")).text
        closed = (await browser.get("/inbox", params={"state": "closed"})).text
    assert ("boat licence" in waiting, "passport please" in waiting) == (True, False)
    assert ("boat licence" in closed, "passport please" in closed) == (False, True)


async def test_inbox_when_asked_for_in_a_state_that_there_is_not_then_says_so(console) -> None:
    async with console.browser() as browser:
        assert (await browser.get("/inbox", params={"state": "lost"})).status_code == 422
