"""Editors as they are: they click twice, go back, are signed out while they write, and discard each other's drafts."""

import pytest
from playwright.async_api import expect

from assistant.content.editing.draft import Draft
from tests.browser.test_console_editors import SitDown, content, is_clean, sit_down
from tests.unit.console.conftest import EDITOR, PUBLISHER, Console, console

pytestmark = pytest.mark.browser

__all__ = ["console", "content", "sit_down"]  # fixtures

WRITTEN = "Hello there! How may I help you today?"


MOST_MS = 20_000
"""The first look at a draft reads all of it."""


def ours(console: Console) -> Draft:
    return console.parts.drafts.get("ours")


async def test_form_when_its_button_is_clicked_twice_then_is_sent_once(sit_down: SitDown, console: Console) -> None:
    mari = await sit_down(EDITOR)
    draft = mari.url
    await mari.goto(f"{draft}/intents")
    new = mari.get_by_role("region", name="A new intent")
    await new.get_by_label("Name").fill("praise")
    for language, text in {"en": "well done", "et": "tubli", "ru": "молодец"}.items():
        await new.get_by_label(f"Examples ({language})").fill(text)
        await new.get_by_label(f"Answer ({language})").fill(text)
    await new.get_by_role("button", name="Add").dblclick()
    await expect(mari.get_by_role("heading", level=1, name="praise")).to_be_visible(timeout=MOST_MS)
    assert [change.why for change in ours(console).own_changes()] == ["New: praise"]


async def test_words_when_their_editor_is_signed_out_meanwhile_then_are_still_there_and_are_saved(
    sit_down: SitDown, console: Console
) -> None:
    mari = await sit_down(EDITOR)
    await mari.goto(f"{mari.url}/answers/utter_deny")
    english = mari.locator("textarea[name=en]")
    signed_in = await mari.context.cookies()
    await mari.context.clear_cookies()
    await english.fill(WRITTEN)
    await expect(mari.locator("[data-beside=en]")).to_contain_text("You are signed out", timeout=MOST_MS)
    await mari.get_by_role("button", name="Save").click()
    await expect(mari.get_by_role("alert")).to_contain_text("You are signed out, so nothing was saved.")
    await expect(mari.get_by_role("link", name="Sign in with TARA")).to_have_attribute("target", "_blank")
    await is_clean(mari)
    await mari.context.add_cookies(signed_in)
    await mari.go_back()
    await expect(english).to_have_value(WRITTEN)
    await mari.get_by_role("button", name="Save").click()
    await expect(mari.get_by_role("heading", name="deny")).to_be_visible()
    assert [change.name for change in ours(console).own_changes()] == ["Mari Maasikas"]


async def test_draft_when_another_editor_discards_it_meanwhile_then_is_said_and_the_words_are_still_there(
    sit_down: SitDown, console: Console
) -> None:
    mari, peeter = await sit_down(EDITOR), await sit_down(PUBLISHER)
    await mari.goto(f"{mari.url}/answers/utter_deny")
    peeter.once("dialog", lambda dialog: dialog.accept())
    await peeter.get_by_role("button", name="Discard").click()
    await expect(peeter.get_by_role("heading", name="Drafts")).to_be_visible()
    english = mari.locator("textarea[name=en]")
    await english.fill(WRITTEN)
    await expect(mari.locator("[data-beside=en]")).to_have_text("there is no draft ours")
    await mari.get_by_role("button", name="Save").click()
    await expect(mari.get_by_role("alert")).to_have_text("there is no draft ours")
    await expect(mari.get_by_text("Your browser's Back button leads to what you wrote.")).to_be_visible()
    await peeter.get_by_label("Name of a new draft").fill("ours")
    await peeter.get_by_role("button", name="Begin").click()
    await expect(peeter.get_by_text("Nothing is changed yet.")).to_be_visible()
    await mari.go_back()
    await expect(english).to_have_value(WRITTEN)
    await mari.get_by_role("button", name="Save").click()
    await expect(mari.get_by_role("heading", name="deny")).to_be_visible()
    assert len(ours(console).own_changes()) == 1


async def test_page_when_it_comes_back_after_it_was_sent_then_an_old_form_overwrites_nothing(
    sit_down: SitDown, console: Console
) -> None:
    mari = await sit_down(EDITOR)
    await mari.goto(f"{mari.url}/answers/utter_deny")
    tab = await mari.context.new_page()
    await tab.goto(mari.url)  # a second tab, with the form as it was
    english = mari.locator("textarea[name=en]")
    await english.fill(WRITTEN)
    await mari.get_by_role("button", name="Save").click()
    await expect(mari.get_by_role("region", name="As citizens get it")).to_contain_text(WRITTEN)
    await tab.locator("textarea[name=en]").fill("Something else.")
    await expect(tab.locator("[data-beside=en]")).to_have_text("somebody else changed utter_deny (en) meanwhile")
    await tab.get_by_role("button", name="Save").click()
    await expect(tab.get_by_role("heading", name="Two people changed the same words")).to_be_visible()
    await mari.go_back()
    await mari.get_by_role("button", name="Save").click()
    await expect(mari.get_by_role("heading", name="deny")).to_be_visible()
    assert len(ours(console).own_changes()) == 1


async def test_text_when_it_is_huge_or_rubbish_then_is_refused_with_a_reason_and_the_draft_stays_whole(
    sit_down: SitDown, console: Console
) -> None:
    mari = await sit_down(EDITOR)
    draft = mari.url
    await mari.goto(f"{draft}/intents/greet")
    for rubbish, why in (("a" * 60_000, "at most 500 characters"), ("[hello](", "brackets that are no mark")):
        box = mari.get_by_label("New examples, one a line").first
        await box.fill(rubbish)
        await expect(mari.locator("[data-beside=lines]").first).to_contain_text(why, timeout=MOST_MS)
        await mari.get_by_role("button", name="Add").first.click()
        await expect(mari.get_by_role("alert")).to_contain_text(why)
        await mari.go_back()
    await mari.goto(draft)
    await expect(mari.get_by_text("Nothing is changed yet.")).to_be_visible()
    await expect(mari.get_by_text("Everything fits together.")).to_be_visible()
