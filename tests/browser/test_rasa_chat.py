"""A chat made for Rasa, as web sites have it: Socket.IO's own client (npm, MIT), on a page of another origin."""

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenPage
from tests.conftest import RunningKratt

pytestmark = pytest.mark.integration


@pytest.fixture
async def chat(kratt: RunningKratt, site: str, new_page: OpenPage) -> Page:
    page = await new_page()
    await page.goto(f"{site}/rasa_chat/index.html#{kratt.url}")
    await page.wait_for_function("session !== null")
    return page


async def answer(page: Page, message: str) -> str:
    """What comes for it."""
    before = await page.evaluate("answers.length")
    await page.evaluate("say", message)
    await page.wait_for_function("(before) => answers.length > before", arg=before)
    text: str = await page.evaluate("answers.at(-1)")
    return text


async def test_chat_when_it_was_made_for_rasa_then_talks_to_kratt_and_goes_on_after_a_lost_connection(
    chat: Page,
) -> None:
    first = await answer(chat, "when is the tartu office open")
    assert "Tartu" in first
    session = await chat.evaluate("session")
    await chat.evaluate("() => { chat.disconnect(); chat.connect(); }")
    await chat.wait_for_function("chat.connected")
    assert await answer(chat, "say that again") == first
    assert await chat.evaluate("session") == session
    assert await chat.evaluate("[...transports]") == ["websocket"]  # begun by polling
