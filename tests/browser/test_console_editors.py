"""Editors at work in the console: two at once, a name that is in use, a project from elsewhere. Nothing is trained."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from socket import create_server

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from assistant.console.access import COOKIE
from assistant.console.app import create_app
from assistant.core.editors import Editor, Role
from assistant.core.request_counts import RequestKind
from tests.browser.conftest import OpenPage
from tests.conftest import content_repository
from tests.serving import served
from tests.unit.console.conftest import EDITOR, PUBLISHER, REVIEWER, Console, console
from tests.unit.console.test_projects import zipped
from tests.unit.content.exchange.conftest import rasa_files

pytestmark = pytest.mark.browser

__all__ = ["console"]  # a fixture

MOST_ADDING_MS = 20_000
SitDown = Callable[[Editor], Awaitable[Page]]


@pytest.fixture
def content(tmp_path) -> Path:
    return content_repository(tmp_path)


@pytest.fixture
async def sit_down(console: Console, new_page: OpenPage) -> AsyncIterator[SitDown]:
    """Opens the draft "ours" in a browser of an editor's own."""
    with create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with served(create_app(replace(console.parts, public_url=url)), listener):
            pages: list[Page] = []

            async def open_draft(editor: Editor) -> Page:
                page = await new_page(failing="status of 4(01|09|22)")  # a conflict, and what else these tests do
                pages.append(page)
                cookie = {"name": COOKIE, "value": console.parts.sessions.issue(editor.subject), "url": url}
                await page.context.add_cookies([cookie])
                await page.goto(f"{url}/drafts")
                if editor.may(Role.EDITOR):
                    await page.get_by_label("Name of a new draft").fill("ours")
                    await page.get_by_role("button", name="Begin").click()
                else:
                    await page.get_by_role("link", name="ours").click()
                await expect(page.get_by_role("heading", name="Draft ours")).to_be_visible()
                return page

            yield open_draft
            for page in pages:
                await page.context.close()  # before who serves it


async def is_clean(page: Page) -> None:
    """Nothing on the page is hard on anybody."""
    found = await Axe().run(page)
    assert (page.url, found.violations_count, found.generate_report()) == (page.url, 0, found.generate_report())


async def greet_otherwise(page: Page, words: str) -> None:
    await page.goto(f"{page.url}/answers/utter_greet")
    await page.locator("textarea[name=en]").fill(words)
    await page.get_by_label("Why").fill(words)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_label("Why")).to_have_value("")
    await expect(page.locator("textarea[name=en]")).to_have_value(words)


async def test_words_when_two_editors_change_them_then_both_wordings_are_shown_and_none_is_lost(sit_down) -> None:
    mari = await sit_down(EDITOR)
    await greet_otherwise(mari, "Hello from Mari.")
    peeter = await sit_down(PUBLISHER)
    await greet_otherwise(peeter, "Hello from Peeter.")
    await mari.get_by_role("link", name="ours", exact=True).click()
    await mari.get_by_role("button", name="Undo “Hello from Mari.”").click()
    await expect(mari.get_by_role("heading", name="Two people changed the same words")).to_be_visible()
    await expect(mari.get_by_role("alert")).to_contain_text("Nothing was saved and nothing is lost.")
    await expect(mari.locator("pre").filter(has_text="Hello from Peeter.")).to_have_count(1)
    await peeter.reload()
    await expect(peeter.locator("textarea[name=en]")).to_have_value("Hello from Peeter.")


async def test_request_when_renamed_then_everything_that_names_it_follows(sit_down) -> None:
    mari = await sit_down(EDITOR)
    draft = mari.url
    await mari.goto(f"{draft}/intents/pension")
    await mari.get_by_label("Another name").fill("old_age_pension")
    await mari.get_by_role("button", name="Rename").click()
    await expect(mari.get_by_role("heading", name="old age pension")).to_be_visible()
    await mari.goto(draft)
    await expect(mari.get_by_text("Everything fits together.")).to_be_visible()
    await mari.get_by_text("Line by line").click()
    for written in ("services/old_age_pension/service.yml", "+- intent: old_age_pension", "+        intent: old_age"):
        await expect(mari.locator("pre")).to_contain_text(written)


async def test_project_of_thirty_intents_when_uploaded_then_is_in_the_draft_and_the_rest_is_told(sit_down) -> None:
    mari = await sit_down(EDITOR)
    draft = mari.url
    await mari.get_by_role("link", name="A project of Rasa").click()
    project = {
        **rasa_files(),
        "data/late.yml": "nlu:\n- intent: topic_29\n  examples: |\n    - tell me about topic 29\n",
    }
    file = {"name": "agency.zip", "mimeType": "application/zip", "buffer": zipped(project)}
    await mari.get_by_label("Zip").set_input_files(file)
    await mari.get_by_role("button", name="Take it in").click()
    await expect(mari.get_by_text("30 new intents")).to_be_visible(timeout=MOST_ADDING_MS)
    await expect(mari.get_by_role("listitem").filter(has_text="data/nlu_more.yml:85: regex plate")).to_have_count(1)
    known = mari.get_by_role("listitem").filter(has_text="is an example of office_information here already")
    await expect(known).to_have_count(1)
    await mari.goto(draft)
    await expect(mari.get_by_role("listitem").filter(has_text="The project agency.zip")).to_have_count(1)
    await expect(mari.get_by_text("topic_7 has 3 different examples").first).to_be_visible()
    await mari.goto(f"{draft}/intents?q=topic")
    await expect(mari.get_by_role("row").filter(has_text="topic 7")).to_contain_text("3")


async def test_insight_drafts_and_projects_when_checked_by_axe_then_nothing_is_violated(sit_down, console) -> None:
    for _ in range(3):
        console.request_counts.count(RequestKind("pension", "et", "web"), "asked")
    await console.request_counts.close()
    mari = await sit_down(EDITOR)
    draft = mari.url
    for place in (draft, f"{draft}/project"):
        await mari.goto(place)
        await is_clean(mari)
    await mari.get_by_role("link", name="Insight", exact=True).click()
    await expect(mari.get_by_role("img", name="Asked: 0, 0, 0, 0, 0, 0, 3").first).to_be_visible()
    await is_clean(mari)
    for link in ("By institution, a week a page", "Social Insurance Board", "The week after"):
        await mari.get_by_role("link", name=link).click()
    await expect(mari.get_by_role("row").filter(has=mari.get_by_text("Pension", exact=True))).to_contain_text("3")
    await is_clean(mari)


async def test_draft_when_approved_and_published_for_a_time_then_waits_until_that_is_cancelled(sit_down) -> None:
    mari = await sit_down(EDITOR)
    draft = mari.url
    await greet_otherwise(mari, "Hello again.")
    await mari.goto(f"{draft}/training")
    await mari.get_by_role("button", name="Train and compare").click()
    await expect(mari.get_by_text("Nothing speaks against it.")).to_be_visible()
    rein = await sit_down(REVIEWER)
    await rein.get_by_label("What you have looked at").fill("each word")
    await rein.get_by_role("button", name="Approve").click()
    await expect(rein.get_by_text("Approved as it stands by Rein Raud")).to_be_visible()
    await rein.goto(f"{draft}/training")
    await rein.get_by_label("Why").fill("new year")
    await rein.get_by_label("Share of the conversations").fill("10")
    await rein.get_by_label("When").fill("2099-12-31T06:00")
    await rein.get_by_role("button", name="Publish").click()
    waits = rein.get_by_role("listitem").filter(has_text="31.12.2099 06:00")
    await expect(waits).to_have_count(1)
    await is_clean(rein)
    await rein.get_by_role("button", name="Cancel “new year”").click()
    await expect(waits).to_have_count(0)
    await expect(rein.get_by_text("(new year): cancelled, by Rein Raud")).to_be_visible()
