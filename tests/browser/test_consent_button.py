"""A consent that is missed: a button to the page where it is given, in a real browser."""

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Request, expect

from tests.browser.test_own_data_page import log_in

pytestmark = pytest.mark.browser


async def test_consent_when_it_is_missed_then_a_button_leads_there_without_a_referrer_and_it_counts(
    open_page, kratt
) -> None:
    page = await open_page()
    await log_in(page)
    await page.fill("#question", "what prescriptions do i have")
    await page.keyboard.press("Enter")
    button = page.locator(".message.kratt .consent")
    await expect(button).to_have_text("Give your consent")
    address = await button.get_attribute("href") or ""
    assert address.startswith("https://")
    assert address not in await page.locator("#log").inner_text()
    assert not (await Axe().run(page)).response["violations"]
    asked: list[Request] = []

    async def answer(route) -> None:
        asked.append(route.request)
        await route.fulfill(status=200, content_type="text/html", body="<title>Consents</title>")

    await page.context.route("https://consent.example/**", answer)
    async with page.context.expect_page() as opening:
        await button.click()
    opened = await opening.value
    await opened.wait_for_load_state()
    assert asked[0].url == address
    assert "referer" not in await asked[0].all_headers()
    assert await opened.evaluate("window.opener") is None
    async with httpx.AsyncClient(trust_env=False, base_url=kratt.settings.process_url("sandbox")) as sandbox:
        group = address.rpartition("/")[2]
        (await sandbox.put(f"/sandbox/consents/{group}", json={"state": "APPROVED"})).raise_for_status()
    await page.bring_to_front()
    await page.fill("#question", "what prescriptions do i have")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.kratt[data-outcome]").nth(1)).to_be_visible()
    await expect(button).to_have_count(1)


async def test_page_when_the_citizen_locks_themselves_out_then_nothing_of_before_is_shown(open_page) -> None:
    page = await open_page()
    await log_in(page)
    await page.fill("#question", "when does my passport expire")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.kratt[data-outcome]")).to_have_count(1)
    await page.fill("#question", "lock me out")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log-in")).to_be_visible()
    await expect(page.locator(".message")).to_have_count(1)
    await expect(page.locator(".message.kratt")).to_contain_text("Done.")
