"""The console as an editor meets it: signed in by the sandbox's TARA, over a running Kratt."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

MOST_TRAINING_MS = 240_000
ASKED = "how do i get a licence for my dog"


@pytest.fixture
async def console(new_page, kratt) -> Page:
    """The console's first page, with Mari at work."""
    page: Page = await new_page(quiet=False)  # the way in is answered by 401, of which browsers complain
    await page.goto(kratt.settings.console_address)
    await page.get_by_role("link", name="Sign in with TARA").click()
    await page.locator("button[value='EE60001019906']").click()
    await expect(page.get_by_role("heading", name="Today")).to_be_visible()
    return page


@pytest.fixture
def asked_in_vain(kratt) -> None:
    """Two citizens want what Kratt does not know."""
    for _ in range(2):
        with kratt.client() as citizen:
            reply = citizen.post("/v1/turns", json={"text": ASKED, "language": "en"}).json()
            assert reply["outcome"].startswith("unanswerable"), reply


def outcome(kratt, text: str) -> str:
    """How Kratt ends the turn of a new conversation."""
    with kratt.client() as citizen:
        return str(citizen.post("/v1/turns", json={"text": text, "language": "en"}).json()["outcome"])


async def test_request_when_taught_from_the_inbox_then_is_answered_live_until_rolled_back(
    console, kratt, asked_in_vain
) -> None:
    await console.get_by_role("link", name="Inbox").click()
    row = console.get_by_role("row").filter(has_text=ASKED)
    await expect(row).to_contain_text("2")
    await row.get_by_role("link", name=ASKED).click()
    await console.get_by_label("What they mean").fill("speak_to_person")
    await console.get_by_label("Draft", exact=True).fill("dogs")
    await console.get_by_role("button", name="Teach").click()
    await expect(console.get_by_role("heading", name="speak to person")).to_be_visible()
    await expect(console.get_by_role("checkbox", name=ASKED)).to_be_visible()
    await console.get_by_role("link", name="dogs").click()
    await expect(console.get_by_text("Everything fits together.")).to_be_visible()
    await expect(console.get_by_role("listitem").filter(has_text="Mari Maasikas")).to_have_count(1)
    await console.get_by_role("link", name="Train and compare").click()
    await console.get_by_role("button", name="Train and compare").click()
    await expect(console.get_by_text("Nothing speaks against it.")).to_be_visible(timeout=MOST_TRAINING_MS)
    await console.get_by_label("Why").fill("dogs need a licence")
    await console.get_by_role("button", name="Publish").click()
    log = console.get_by_role("listitem").filter(has_text="dogs need a licence")
    await expect(log).to_contain_text("done", timeout=MOST_TRAINING_MS)
    assert outcome(kratt, ASKED) in {"handed_over", "asked_confirmation"}
    await console.get_by_label("Why roll back").fill("only a test")
    console.once("dialog", lambda dialog: dialog.accept())
    await console.get_by_role("button", name="Roll back").click()
    await expect(console.get_by_role("listitem").filter(has_text="only a test")).to_contain_text(
        "done", timeout=MOST_TRAINING_MS
    )
    assert outcome(kratt, ASKED).startswith("unanswerable")


async def test_pages_when_checked_by_axe_then_nothing_is_violated(console, asked_in_vain) -> None:
    for name in ("Today", "Inbox", "Drafts", "Models", "Insight"):
        await console.get_by_role("link", name=name, exact=True).click()
        await expect(console.get_by_role("heading", level=1, name=name)).to_be_visible()
        found = await Axe().run(console)
        assert (name, found.violations_count, found.generate_report()) == (name, 0, found.generate_report())
