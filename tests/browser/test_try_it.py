"""An editor talks to a draft: in words and aloud, with real processes behind it, and keeps what was good as a test."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from assistant.adapters.jwt_editor_sessions import JwtEditorSessions
from assistant.console.access import COOKIE
from assistant.content.conversations import read_conversations
from assistant.content.editing.drafts import Drafts
from tests.browser.conftest import OpenPage
from tests.conftest import RunningKratt

pytestmark = pytest.mark.browser

MARI = "EE60001019906"
MOST_STARTING_MS = 240_000
SECONDS_OF_SOUND = """player => new Promise((tell, fail) => {
  player.onloadedmetadata = () => tell(player.duration);
  player.onerror = () => fail(player.error.message);
  player.preload = "auto";
  player.load();
})"""


@pytest.fixture
async def draft(new_page: OpenPage, kratt: RunningKratt) -> Page:
    """A draft as it was begun: what answers is what is live, on a second Kratt."""
    page = await new_page()
    cookie = JwtEditorSessions(kratt.settings.secret("console_key")).issue(MARI)
    await page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": kratt.settings.console_address}])
    await page.goto(f"{kratt.settings.console_address}/drafts")
    await page.get_by_label("Name of a new draft").fill("talk")
    await page.get_by_role("button", name="Begin").click()
    return page


async def test_draft_when_talked_to_then_answers_in_words_and_aloud_shows_why_and_is_kept_as_a_test(
    draft: Page, kratt: RunningKratt
) -> None:
    await draft.get_by_role("link", name="Try it").click()
    await draft.get_by_role("button", name="Start").click()
    say = draft.get_by_role("textbox", name="Say", exact=True)
    await expect(say).to_be_visible(timeout=MOST_STARTING_MS)
    await draft.get_by_role("combobox", name="As").select_option(label="MARY ÄNN")
    await draft.get_by_role("button", name="Begin anew").click()
    await say.fill("are there any fines that i should pay")
    await draft.get_by_role("button", name="Say it").click()
    turn = draft.get_by_role("region", name="Turn 1")
    for shown in ("debts_and_fines → action_debts_and_fines", "GET EE/GOV/70008747/fines/fines/v1/", "→ 200"):
        await expect(turn).to_contain_text(shown)
    assert await draft.get_by_label("Listen: the answer to turn 1").evaluate(SECONDS_OF_SOUND) > 1
    await draft.get_by_label("Name of this talk as a test conversation").fill("fines of Mary")
    await draft.get_by_role("button", name="Save it as a test").click()
    await expect(draft.get_by_role("listitem").filter(has_text="“fines of Mary”")).to_have_count(1)
    saved = Drafts(kratt.settings.content, kratt.settings.state).get("talk")
    assert read_conversations(saved.folder)["debts_and_fines-en: fines of Mary"].as_ == MARI
    await draft.get_by_role("link", name="Try it").click()
    await draft.get_by_role("button", name="Speak").click()
    await expect(draft.get_by_text("The microphone is on.")).to_be_visible()
    await draft.get_by_role("button", name="Send what I said (4 s)").click()  # the citizen has spoken by then
    await expect(draft.get_by_role("region", name="Turn 2")).to_contain_text("document_expiry")
    found = await Axe().run(draft)
    assert (found.violations_count, found.generate_report()) == (0, found.generate_report())
    await draft.get_by_role("button", name="End", exact=True).click()
    await expect(draft.get_by_role("button", name="Start")).to_be_visible(timeout=MOST_STARTING_MS)
    await draft.get_by_role("link", name="talk").click()
    draft.once("dialog", lambda dialog: dialog.accept())
    await draft.get_by_role("button", name="Discard").click()
