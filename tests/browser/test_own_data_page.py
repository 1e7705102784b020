import json
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

PERSON = "EE38001085718"


async def log_in(page: Page) -> None:
    await page.click("#log-in")
    await page.locator(f"button[value={PERSON}]").click()
    await expect(page.locator("#person")).to_be_visible()


async def test_own_data_when_exported_and_forgotten_on_the_page_then_is_a_file_and_the_citizen_is_logged_out(
    open_page, tmp_path: Path
) -> None:
    page = await open_page()
    await expect(page.locator("#own-data-open")).to_be_hidden()
    await log_in(page)
    await page.click("#own-data-open")
    async with page.expect_download() as saving:
        await page.click("#own-data-export")
    await (await saving.value).save_as(tmp_path / "own.json")
    assert json.loads((tmp_path / "own.json").read_text())["person"] == PERSON
    page.once("dialog", lambda dialog: dialog.dismiss())
    await page.click("#own-data-forget")
    await expect(page.locator("#person")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    await page.click("#own-data-forget")
    await expect(page.locator("#log-in")).to_be_visible()
    await expect(page.locator("#own-data-open")).to_be_hidden()


async def test_own_data_dialog_when_open_then_is_accessible(open_page) -> None:
    page = await open_page()
    await log_in(page)
    await page.click("#own-data-open")
    assert not (await Axe().run(page)).response["violations"]
