"""What is done with the chat widget again and again, on the page that `open_site` opens."""

from playwright.async_api import Locator, Page, expect

PERSON = "EE60001019906"


async def ask(page: Page, text: str) -> None:
    await page.fill("#question", text)
    await page.press("#question", "Enter")


async def log_in(page: Page, button: str = "#log-in") -> None:
    async with page.expect_popup() as opened:
        await page.click(button)
    window = await opened.value
    await window.locator(f"button[value={PERSON}]").click()
    await expect(page.locator("#person")).to_have_text("MARY ÄNN")
    assert window.is_closed()


def replies(page: Page, outcome: str) -> Locator:
    return page.locator(f".message.kratt[data-outcome={outcome}]")


async def state(page: Page, name: str, seconds: float = 5) -> None:
    await expect(page.locator("#panel")).to_have_attribute("data-state", name, timeout=seconds * 1000)
