"""The console as an editor meets it: signed in by the sandbox's TARA, over a running Kratt."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.drafts import Drafts
from assistant.content.editing.history import Editor as Author
from assistant.content.model_bank import ModelBank
from tests.conftest import RunningKratt
from tests.traffic import traffic

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MOST_TRAINING_MS = 240_000
ASKED = "how do i get a licence for my dog"
PROMISED = "how can i get a licence for my dog"
"""Said otherwise: a test conversation of taught words tests nothing."""


@pytest.fixture
async def console(new_page, kratt) -> Page:
    """The console's first page, with Mari at work."""
    page: Page = await new_page(failing="status of 4(01|22)")  # the way in, the gate
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


@pytest.fixture
def promised(kratt) -> None:
    """A draft in which a test conversation promises what shall be taught."""
    drafts = Drafts(kratt.settings.content, kratt.settings.state)

    def promise(files: ContentFiles) -> None:
        turn = f"      - {{say: {PROMISED}, intent: speak_to_person, outcome: handed_over}}\n"
        conversation = f"  - name: a dog\n    language: en\n    turns:\n{turn}"
        files.change("common/tests.yml", files.read("common/tests.yml").rstrip("\n") + f"\n\n{conversation}")

    drafts.open("dogs").edit(promise, Author("Jaan", "jaan@example.ee"), "Dogs are asked about")


async def is_done(console: Page, why: str) -> None:
    """What somebody wished for has come about."""
    log = console.get_by_role("listitem").filter(has_text=f"({why}): done")
    await expect(log).to_have_count(1, timeout=MOST_TRAINING_MS)


async def test_request_when_taught_from_the_inbox_then_is_answered_live_until_rolled_back(
    console, kratt, promised, asked_in_vain
) -> None:
    live = ModelBank(kratt.settings.models).live
    await console.get_by_role("link", name="Inbox").click()
    row = console.get_by_role("row").filter(has_text=ASKED)
    await expect(row).to_contain_text("2")
    await row.get_by_role("link", name=ASKED).click()
    await console.get_by_label("What they mean").fill("speak_to_person")
    await console.get_by_label("Draft", exact=True).fill("dogs")
    await console.get_by_role("button", name="Teach").click()
    await expect(console.get_by_role("heading", name="speak to person")).to_be_visible()
    await expect(console.get_by_role("listitem").filter(has_text=ASKED)).to_contain_text("in the draft only")
    await console.get_by_role("link", name="dogs").click()
    await expect(console.get_by_text("Everything fits together.")).to_be_visible()
    await expect(console.get_by_role("listitem").filter(has_text="Mari Maasikas")).to_have_count(1)
    await console.get_by_role("link", name="Train and compare").click()
    training = console.url
    await console.get_by_role("button", name="Train and compare").click()
    await expect(console.get_by_text("Nothing speaks against it.")).to_be_visible(timeout=MOST_TRAINING_MS)
    await expect(console.get_by_text("were played with registers")).to_be_visible()  # what is promised is new
    await found_beside_the_training(console)
    with traffic(kratt) as outcomes:
        await console.get_by_label("Why").fill("dogs for a few")
        await console.get_by_label("Share of the conversations").fill("30")
        await console.get_by_role("button", name="Publish").click()
        await is_done(console, "dogs for a few")
        await expect(console.get_by_role("row").filter(has_text="not understood")).to_contain_text("not enough yet")
        await console.goto(training)
        await console.get_by_label("Why").fill("dogs need a licence")
        await console.get_by_role("button", name="Publish").click()
        await is_done(console, "dogs need a licence")
        assert outcome(kratt, ASKED) in {"handed_over", "asked_confirmation"}
        await is_live_now(console, kratt)
        await stopped_by_the_gate(console, kratt, live.version)
        await console.get_by_label("Why roll back").fill("only a test")
        console.once("dialog", lambda dialog: dialog.accept())
        await console.get_by_role("button", name="Roll back").click()
        await is_done(console, "only a test")
        assert outcome(kratt, ASKED).startswith("unanswerable")
    assert {each.partition("_")[0] for each in outcomes} == {"answered"}, outcomes
    await console.get_by_role("link", name="Insight").click()
    for asked_of in ("office information", "not understood"):
        await expect(console.get_by_role("rowheader", name=asked_of)).to_be_visible()


async def found_beside_the_training(console: Page) -> None:
    """What was spoken and heard, how examples fit each other, and nothing of it hard on anybody."""
    spoken = console.get_by_role("region", name="Spoken requests")
    english = spoken.get_by_role("row").filter(has_text="en").last
    await expect(english).to_contain_text(re.compile(r"en\s*\d\d\s*\d+\.\d %\s*\d+\.\d %"))
    await expect(spoken).to_contain_text("Nothing was spoken in et: there is no speech model of it")
    contradicted = console.get_by_role("region", name="Examples that the others contradict").get_by_role("listitem")
    await expect(contradicted.first).to_contain_text("the others make it")
    await console.get_by_text("those first that moved most").click()
    taught = console.get_by_role("row", name=re.compile(r"^speak to person \d+\.\d %"))
    await expect(taught).to_have_text(re.compile(r"(\d %[^%]*){3}"))
    picture = console.get_by_role("img", name="Intents that are taken for others")
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 200
    found = await Axe().run(console)
    assert (found.violations_count, found.generate_report()) == (0, found.generate_report())


async def is_live_now(console: Page, kratt: RunningKratt) -> None:
    """The example that was taught is one of the live model's."""
    await console.goto(f"{kratt.settings.console_address}/drafts")
    await console.get_by_label("Name of a new draft").fill("later")
    await console.get_by_role("button", name="Begin").click()
    await console.get_by_role("link", name="Requests").click()
    await console.get_by_role("link", name="speak to person", exact=True).click()
    taught = console.get_by_role("listitem").filter(has_text=ASKED)
    await expect(taught).to_contain_text("live")
    await expect(taught).not_to_contain_text("in the draft only")


async def stopped_by_the_gate(console: Page, kratt: RunningKratt, worse: str) -> None:
    """A model that breaks what the live one keeps is not published: the sentence that breaks is named."""
    assert kratt.command("model", "compare", worse).returncode == 1
    await console.goto(f"{kratt.settings.console_address}/models")
    row = console.get_by_role("row").filter(has_text=worse)
    await row.get_by_label("Why").fill("back to how it was")
    await row.get_by_role("button", name=f"Publish {worse}").click()
    await expect(console.get_by_role("alert")).to_contain_text(PROMISED)
    for link in ("Back to the first page", "Models"):
        await console.get_by_role("link", name=link).click()
    await expect(console.get_by_text("back to how it was")).to_have_count(0)


async def test_pages_when_checked_by_axe_then_nothing_is_violated(console, asked_in_vain) -> None:
    for name in ("Today", "Inbox", "Drafts", "Models", "Insight"):
        await console.get_by_role("link", name=name, exact=True).click()
        await expect(console.get_by_role("heading", level=1, name=name)).to_be_visible()
        found = await Axe().run(console)
        assert (name, found.violations_count, found.generate_report()) == (name, 0, found.generate_report())
    for link in ("By institution, a week a page", "Social Insurance Board"):
        await console.get_by_role("link", name=link).click()
    await expect(console.get_by_role("rowheader", name="Pension")).to_be_visible()
    found = await Axe().run(console)
    assert (found.violations_count, found.generate_report()) == (0, found.generate_report())
