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
