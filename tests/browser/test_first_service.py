"""docs/guides/first-service.md, followed in a browser; with SCREENSHOTS=folder its pictures are made anew."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from assistant.core.languages import Language
from assistant.settings import PROJECT
from tests.browser.test_console_editing import calls, content, ears, editor, is_clean, open_draft
from tests.unit.console.conftest import console

pytestmark = pytest.mark.browser

__all__ = ["calls", "console", "content", "ears", "editor"]  # fixtures
WORDS = (PROJECT / "docs" / "guides" / "add-a-service.md").read_text(encoding="utf-8")
FIRST = {
    "service": "document_number",
    "code": "70008747",
    "call": "documents",
    "xroad": "EE/GOV/70008747/itds/documents",
    "operation": "GET /v1/persons/{subject}/documents",
    "field": "number",
    "read": "number",
}
PURPOSE = {"en": "To tell you the numbers of your identity documents"}
PURPOSE |= {"et": "Öelda teile teie dokumentide numbrid", "ru": "Сообщить вам номера ваших документов"}


async def picture(page: Page, name: str) -> None:
    """A picture for the guide, if somebody wants some."""
    if folder := os.environ.get("SCREENSHOTS"):  # noqa: TID251  # of the test, not of Kratt
        await page.screenshot(path=Path(folder) / f"{name}.png")


def told(pattern: str, language: Language) -> str:
    """What the guide for the terminal says, in the file of a language."""
    file = WORDS.split(f"document_number/{pattern}.{language.value}.yml`")[1].split("```\n")[0]
    return file.split("```yaml\n")[1]


def examples(language: Language) -> str:
    return "\n".join(re.findall(r"^    - (.+)$", told("nlu", language), re.MULTILINE))


def answer(name: str, language: Language) -> str:
    found = re.search(rf'utter_document_number_{name}:\n    - text: "(.+)"', told("responses", language))
    assert found
    return found[1]


def localized(key: str) -> dict[str, str]:
    """The title, or the name of the institution or register, as the guide for the terminal has it."""
    block = WORDS.split(f"{key}:\n")[1]
    return dict(re.findall(r"^ +(en|et|ru): (.+)$", block, re.MULTILINE)[:3])


async def fill_in(page: Page) -> None:
    """The form of a new service."""
    values = dict(FIRST)
    for key in ("title", "institution", "register"):
        values |= {f"{key}.{each}": text for each, text in localized(key).items()}
    values |= {f"purpose.{each}": text for each, text in PURPOSE.items()}
    for each in Language:
        values |= {f"examples.{each}": examples(each), f"none.{each}": answer("none", each)}
        values[f"each.{each}"] = answer("item", each)
    for name, value in values.items():
        await page.locator(f"[name='{name}']").fill(value)


async def test_guide_when_followed_then_a_service_is_there_that_fits_together(editor) -> None:
    await editor.set_viewport_size({"width": 1000, "height": 700})
    await open_draft(editor, "document-number")
    await editor.get_by_role("link", name="Services").click()
    await fill_in(editor)
    await editor.get_by_role("heading", name="A new service").scroll_into_view_if_needed()
    await picture(editor, "new-service")
    await editor.get_by_role("button", name="Begin the service").click()
    complaint = editor.get_by_role("alert").filter(has_text="uses {document}, which no call reads")
    await complaint.scroll_into_view_if_needed()
    await picture(editor, "complaint")

    await editor.get_by_role("heading", name="Call documents").click()
    call = editor.get_by_role("group", name="Call documents")
    await call.get_by_label("Field that holds the list").fill("documents")
    reads = call.get_by_role("group", name="What is read", exact=True)
    await reads.get_by_label("name, row 2").fill("document")
    await reads.get_by_label("field of the register, row 2").fill("documentType")
    await reads.get_by_label("what it is, row 2").select_option("term")
    where = call.get_by_role("group", name="Only items whose field")
    await where.get_by_label("field of the register, row 1").fill("documentType")
    await where.get_by_label("is, row 1").fill("document_type")
    await reads.scroll_into_view_if_needed()
    await picture(editor, "reads")
    await editor.get_by_role("button", name="Save and add: input").click()
    entry = editor.get_by_role("group", name="Input input_1")
    await entry.get_by_label("Name", exact=True).fill("document_type")
    await entry.get_by_label("One of these values").fill("id_card, passport, driving_licence")
    await editor.get_by_role("button", name="Save", exact=True).first.click()
    await expect(editor.get_by_text("Nothing is wrong with it.")).to_be_visible()

    await editor.get_by_role("heading", name="Call documents").click()
    await editor.get_by_role("link", name="Try Call documents on the sandbox").click()
    await editor.get_by_role("button", name="Call the sandbox").click()
    await expect(editor.get_by_role("cell", name="KE0000123")).to_be_visible()
    await is_clean(editor)
    await editor.get_by_role("heading", name="What is read of it").scroll_into_view_if_needed()
    await picture(editor, "call")

    await editor.get_by_role("link", name="document number").click()
    await editor.get_by_role("link", name="what it says").click()
    await editor.get_by_role("link", name="document number each").click()
    await expect(editor.get_by_text("not said: the citizen is told where to ask").first).to_be_visible()
    await editor.get_by_role("heading", name="As citizens get it").scroll_into_view_if_needed()
    await picture(editor, "answer")
    await editor.get_by_role("link", name="document-number").click()
    await expect(editor.get_by_text("Everything fits together.")).to_be_visible()
    await picture(editor, "draft")
