from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

PERSON = "EE60001019906"


@pytest.fixture
def speaker(kratt) -> Iterator[httpx.Client]:
    with kratt.client() as http:
        known = http.post("/v1/devices").json()
        http.headers["Authorization"] = f"Bearer {known['token']}"
        yield http
    with kratt.client() as own:
        kratt.log_in(own, PERSON)
        for device in own.get("/v1/devices").json():
            own.delete(f"/v1/devices/{device['device_id']}")


def ask(speaker: httpx.Client, text: str) -> str:
    outcome: str = speaker.post("/v1/turns", json={"text": text, "language": "en"}).json()["outcome"]
    return outcome


def new_code(speaker: httpx.Client) -> str:
    code: str = speaker.post("/v1/devices/code").json()["code"]
    return code


def hand_over(speaker: httpx.Client) -> str:
    url: str = speaker.post("/v1/handovers").json()["url"]
    return url


async def log_in(page: Page) -> None:
    await page.click("#log-in")
    await page.locator(f"button[value={PERSON}]").click()
    await expect(page.locator("#person")).to_contain_text("MARY ÄNN")


async def link(page: Page, code: str, name: str) -> None:
    await page.click("#speakers-open")
    await page.fill("#speaker-code", code)
    await page.fill("#speaker-name", name)
    await page.press("#speaker-name", "Enter")
    await expect(page.get_by_role("listitem", name=name)).to_be_visible()


async def test_speaker_when_linked_and_unlocked_on_the_page_then_it_answers_until_it_is_unlinked(
    open_page, speaker: httpx.Client
) -> None:
    page = await open_page()
    await expect(page.locator("#speakers-open")).to_be_hidden()
    await log_in(page)
    await link(page, new_code(speaker), "Kitchen")
    kitchen = page.get_by_role("listitem", name="Kitchen")
    await expect(kitchen).to_contain_text("Locked")
    assert ask(speaker, "when does my passport expire") == "asked_login"
    await kitchen.get_by_role("button", name="Unlock").click()
    await expect(kitchen).to_contain_text("Unlocked")
    async with page.expect_response(lambda response: response.request.method == "PATCH"):
        await kitchen.get_by_role("checkbox").check()
    await expect(kitchen.get_by_role("checkbox")).to_be_checked()
    assert ask(speaker, "when does my passport expire") == "answered"
    await kitchen.get_by_label("Name of the speaker").fill("Hall")
    await kitchen.get_by_role("button", name="Save the name").click()
    hall = page.get_by_role("listitem", name="Hall")
    await hall.get_by_role("button", name="Unlink").click()
    await expect(page.locator("#speaker-none")).to_be_visible()
    assert ask(speaker, "when does my passport expire") == "asked_login"


async def test_sensitive_request_when_the_speaker_does_not_say_it_then_the_open_page_answers_it(
    open_page, speaker: httpx.Client
) -> None:
    page = await open_page()
    await log_in(page)
    await link(page, new_code(speaker), "Kitchen")
    await page.get_by_role("listitem", name="Kitchen").get_by_role("button", name="Unlock").click()
    await expect(page.get_by_role("listitem", name="Kitchen")).to_contain_text("Unlocked")
    assert ask(speaker, "what prescriptions do i have") == "answered_elsewhere"
    await page.click("#speaker-close")
    await expect(page.locator(".message.you .text")).to_have_text("what prescriptions do i have")
    await expect(page.locator(".message.kratt[data-outcome=answered] .sources")).to_be_visible()


async def test_link_when_opened_then_the_speakers_dialogue_goes_on_there(open_page, speaker: httpx.Client) -> None:
    assert ask(speaker, "when is the tartu office open") == "answered"
    page = await open_page()
    await page.goto(hand_over(speaker))
    await expect(page.locator(".message.kratt[data-outcome=answered]")).to_contain_text("Tartu")
    assert await page.evaluate("location.hash") == ""


async def test_code_when_wrong_then_the_page_says_so_aloud_to_a_screen_reader(open_page) -> None:
    page = await open_page(failing="status of 404")
    await log_in(page)
    await page.click("#speakers-open")
    await page.fill("#speaker-code", "none")
    await page.fill("#speaker-name", "Kitchen")
    await page.press("#speaker-name", "Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This code does not work")


@pytest.mark.parametrize("locale", ["en-GB", "et-EE", "ru-RU"])
@pytest.mark.parametrize("size", [(1280, 900), (320, 640)])
async def test_speakers_when_shown_then_nothing_is_violated_or_cut_off(
    open_page, speaker: httpx.Client, locale: str, size: tuple[int, int]
) -> None:
    page = await open_page(viewport={"width": size[0], "height": size[1]}, locale=locale)
    await log_in(page)
    await link(page, new_code(speaker), "Kitchen")
    report = await Axe().run(page)
    assert (report.violations_count, report.generate_report()) == (0, report.generate_report())
    assert await page.evaluate("document.querySelector('#speakers').scrollWidth") <= size[0]
    await page.keyboard.press("Escape")
    await expect(page.locator("#speakers-open")).to_be_focused()
