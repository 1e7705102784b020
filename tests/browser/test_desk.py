"""A citizen's page and an agent's in real Chromium: they talk, and nothing that either writes becomes markup."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.desk_gateway import SILENTLY, WANTED, DeskGateway, desk_gateway

pytestmark = pytest.mark.browser

MARKUP = '<img src=x onerror="document.title=1"><b>bold</b>'


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[DeskGateway]:
    async with desk_gateway(tmp_path) as running:
        yield running


@pytest.fixture
async def pages(chromium: Browser) -> AsyncIterator[list[Page]]:
    """Pages of people who have nothing to do with each other; what a console complains of fails the test."""
    complaints: list[str] = []
    contexts = [await chromium.new_context(locale="en-GB") for _ in range(3)]
    opened = []
    for context in contexts:
        context.set_default_timeout(15_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(page)
    yield opened
    for context in contexts:
        await context.close()
    assert complaints == []


async def sign_in(page: Page, gateway: DeskGateway, name: str) -> None:
    await page.goto(f"{gateway.url}/desk")
    await page.fill("#token", gateway.tokens[name])
    await page.press("#token", "Enter")
    await expect(page.locator("#agent")).to_have_text(name)


async def say(page: Page, text: str) -> None:
    await expect(page.locator("body")).to_have_attribute("data-state", "idle")
    await page.fill("#question", text)
    await page.press("#question", "Enter")


async def assert_clean(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_citizen_and_agent_when_they_talk_then_each_reads_the_other_as_text(
    gateway: DeskGateway, pages: list[Page]
) -> None:
    citizen, agent, _ = pages
    await sign_in(agent, gateway, "Tiiu")
    await expect(agent.locator("#empty")).to_be_visible()
    await assert_clean(agent)
    await citizen.goto(gateway.url)
    for text in ("about my car", WANTED, f"are you there? {MARKUP}"):
        await say(citizen, text)

    await agent.locator("#queue button").focus()
    await agent.keyboard.press("Enter")
    await expect(agent.locator("#case-title")).to_be_focused()
    await expect(agent.locator("#words .kratt")).to_contain_text([f"are you there? {MARKUP}"])
    await agent.locator("#past summary").click()
    await expect(agent.locator("#transcript")).to_contain_text("about my car")
    await expect(citizen.locator(".message.standing")).to_contain_text(["A person is reading your words now."])

    await agent.fill("#text", f"Yes, I am. {MARKUP}")
    await agent.press("#text", "Enter")
    person = citizen.locator(".message.person")
    await expect(person.locator(".text")).to_have_text([f"Yes, I am. {MARKUP}"])
    await expect(person.locator(".who")).to_have_text(["A person"])
    assert await citizen.locator("#log img, #log b").count() == 0
    assert await agent.locator("#words img, #words b").count() == 0
    for page in (citizen, agent):
        await assert_clean(page)

    await citizen.reload()  # the network, or a finger
    await expect(citizen.locator(".message.person .text")).to_have_text([f"Yes, I am. {MARKUP}"])
    await agent.click("#close")
    await expect(citizen.locator(".message.standing").last).to_contain_text("The person has ended the conversation")
    await expect(agent.locator("#case")).to_be_hidden()
    await say(citizen, "hello kratt")
    await expect(citizen.locator(".message.kratt").last).to_contain_text("You said: hello kratt")


async def test_agents_when_both_take_a_case_then_one_is_told_and_a_citizen_who_leaves_is_seen_to_leave(
    gateway: DeskGateway, pages: list[Page]
) -> None:
    citizen, tiiu, rein = pages
    await sign_in(tiiu, gateway, "Tiiu")
    await sign_in(rein, gateway, "Rein")
    await citizen.goto(gateway.url)
    await say(citizen, SILENTLY)
    await expect(rein.locator("#queue li")).to_have_count(1)
    await rein.route("**/queue", lambda route: route.abort())  # Rein's screen does not know yet
    await tiiu.click("#queue button")
    await expect(tiiu.locator("#no-talk")).to_be_visible()
    await rein.click("#queue button")
    await expect(rein.locator("#case")).to_be_hidden()
    await rein.unroute("**/queue")
    await expect(rein.locator("#queue li")).to_have_count(0)
    await say(citizen, "back to kratt")
    await expect(tiiu.locator("#case")).to_be_hidden()
    await expect(tiiu.locator("#status")).to_have_text("The conversation has ended, or is not yours any more.")


async def test_agent_when_the_token_is_wrong_then_nothing_is_shown(gateway: DeskGateway, pages: list[Page]) -> None:
    page = pages[0]
    await page.goto(f"{gateway.url}/desk")
    await assert_clean(page)
    await page.fill("#token", "wrong")
    await page.press("#token", "Enter")
    await expect(page.locator("#problem")).to_have_text("This token lets nobody in.")
    await expect(page.locator("#desk")).to_be_hidden()
