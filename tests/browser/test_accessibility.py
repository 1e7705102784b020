import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

QUESTION = "when does my passport expire"
SIZES = {"desk": (1280, 900), "telephone": (320, 640), "zoomed": (640, 400)}


async def ask(page: Page) -> None:
    await page.fill("#question", QUESTION)
    await page.press("#question", "Enter")
    await expect(page.locator(".message.kratt[data-outcome=asked_login]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_page_when_checked_by_axe_then_nothing_is_violated(open_page, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    page = await open_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    before = await Axe().run(page)
    await ask(page)
    after = await Axe().run(page)
    assert (before.violations_count, before.generate_report()) == (0, before.generate_report())
    assert (after.violations_count, after.generate_report()) == (0, after.generate_report())


@pytest.mark.parametrize("locale", ["en-GB", "et-EE", "ru-RU"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_page_when_small_or_zoomed_then_nothing_is_cut_off(open_page, size: str, locale: str) -> None:
    width, height = SIZES[size]
    page = await open_page(viewport={"width": width, "height": height}, locale=locale)
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    for control in ("#log-in", "#question", "#send", "#read-aloud"):
        await page.locator(control).scroll_into_view_if_needed()
        await expect(page.locator(control)).to_be_in_viewport(ratio=0.9)


async def test_page_when_only_a_keyboard_is_there_then_everything_is_reached_in_reading_order(open_page) -> None:
    page = await open_page()
    reached = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        reached.append(
            await page.evaluate(
                "document.activeElement.lang || document.activeElement.id || document.activeElement.dataset.word"
            )
        )
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached[-1]
    examples = ["example_1", "example_2", "example_3"]
    composer = ["question", "send", "talk", "read-aloud"]
    assert reached == ["en", "et", "ru", "log-in", *examples, "go_on_here", *composer]


async def test_conversation_when_only_a_keyboard_is_there_then_it_can_be_had(open_page) -> None:
    page = await open_page()
    await page.focus("#question")
    await page.keyboard.type("what are the opening hours")
    await page.keyboard.press("Enter")
    choice = page.locator(".message.kratt[data-outcome=asked_detail] button").first
    await expect(choice).to_be_visible()
    await page.keyboard.press("Shift+Tab")
    await expect(page.locator(".message.kratt button").last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.kratt").last).to_have_attribute("data-outcome", "answered")


async def test_log_when_a_reply_comes_then_a_screen_reader_hears_it(open_page) -> None:
    page = await open_page()
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await ask(page)
    await expect(page.get_by_role("log").get_by_text(QUESTION)).to_be_visible()
    await expect(page.get_by_role("status")).to_be_empty()
