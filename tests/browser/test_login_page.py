import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

QUESTION = "when does my passport expire"
PERSON = "EE60001019906"


async def ask_for_login(page: Page) -> None:
    await page.fill("#question", QUESTION)
    await page.press("#question", "Enter")
    await page.locator(".message.kratt[data-outcome=asked_login] a").click()


async def test_login_when_a_question_waits_then_it_is_answered_with_the_citizens_data(open_page) -> None:
    page = await open_page()
    await ask_for_login(page)
    await page.locator(f"button[value={PERSON}]").click()
    await expect(page.locator("#person")).to_contain_text("MARY ÄNN")
    await expect(page.locator(".message.you .text")).to_have_text(QUESTION)
    await expect(page.locator(".message.kratt[data-outcome=answered] .sources")).not_to_be_empty()
    assert await page.evaluate("location.search") == ""
    await page.reload()
    await expect(page.locator("#person")).to_contain_text("MARY ÄNN")
    await expect(page.locator(".message")).to_have_count(0)  # asked once


async def test_logout_when_pressed_then_nothing_of_the_citizen_is_left_on_the_screen(open_page) -> None:
    page = await open_page()
    await ask_for_login(page)
    await page.locator(f"button[value={PERSON}]").click()
    await expect(page.locator(".message.kratt[data-outcome=answered]")).to_be_visible()
    await page.click("#log-out")
    await expect(page.locator("#person")).to_be_hidden()
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#log-in")).to_be_focused()
    await page.fill("#question", QUESTION)
    await page.press("#question", "Enter")
    await expect(page.locator(".message.kratt[data-outcome=asked_login]")).to_be_visible()


async def test_login_when_cancelled_then_the_question_is_back_in_the_box(open_page) -> None:
    page = await open_page()
    await ask_for_login(page)
    await page.locator("button[name=cancel]").click()
    await expect(page.locator("#question")).to_have_value(QUESTION)
    await expect(page.locator("#log-in")).to_be_visible()
    await expect(page.locator(".message")).to_have_count(0)


async def test_login_when_forged_then_a_person_can_read_that_it_failed(open_page, kratt_url: str) -> None:
    page = await open_page(failing="status of 403")
    await page.goto(f"{kratt_url}/v1/login/callback?code=stolen&state=guessed")
    await expect(page.locator("main[data-code=not_allowed]")).to_contain_text("log in again")
    await page.get_by_role("link").click()
    await expect(page.locator("body")).to_have_attribute("data-state", "idle")


async def log_in(page: Page) -> None:
    await page.click("#log-in")
    await page.locator(f"button[value={PERSON}]").click()
    await expect(page.locator("#person")).to_contain_text("MARY ÄNN")


async def letters(page: Page) -> list[dict[str, Any]]:
    """What went to the citizen's mailbox, once no more goes there."""
    found: list[dict[str, Any]] | None = None
    async with asyncio.timeout(30):
        while True:
            kept = (await page.evaluate("fetch('/v1/own-data').then((answer) => answer.json())"))["kept"]
            notices = [each for each in kept["acts"] if each["kind"] == "notice"]
            if notices == found and all(each["state"] == "sent" for each in notices):
                return notices
            found = notices
            await asyncio.sleep(3)


@pytest.mark.parametrize(
    ("locale", "words"), [("en-GB", "with this browser before"), ("et-EE", "selle brauseriga"), ("ru-RU", "браузер")]
)
async def test_login_when_the_browser_is_another_then_the_citizen_is_told_once_here_and_in_the_mailbox(
    open_page, locale: str, words: str
) -> None:
    known = await open_page(locale=locale)
    await log_in(known)  # the citizen's first, or one more browser
    other = await open_page(locale=locale)
    before = len(await letters(known))
    await log_in(other)
    await expect(other.locator(".message.warning .text")).to_contain_text(words)
    assert await other.evaluate("location.search") == ""
    assert "kratt_browser" not in await other.evaluate("document.cookie")
    assert len(await letters(known)) == before + 1
    for page in (known, other):
        await page.click("#log-out")
        await expect(page.locator(".message")).to_have_count(0)
        await log_in(page)
        await expect(page.locator(".message.warning")).to_have_count(0)
    assert len(await letters(known)) == before + 1
