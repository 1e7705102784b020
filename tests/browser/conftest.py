"""A real Chromium in front of a whole Kratt; its microphone plays a file."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from socket import create_server
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.core.audio import Pcm
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.settings import PROJECT
from tests.conftest import RunningKratt
from tests.serving import served

CHROMIUM = "/usr/bin/chromium"
SPOKEN = "when does my passport expire"
PAUSE_SECONDS = 1.0
HOSTILE = """
* { all: unset !important; font-size: 1px !important; display: none !important; color: lime !important }
html, body { display: block !important }
kratt-chat { opacity: 0 !important; transform: scale(0) !important; visibility: hidden !important }
"""

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
async def microphone_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A citizen who asks one question."""
    voice = EspeakVoice()
    pcm = await voice.speak(SPOKEN, Language.EN, Deadline.after(10))
    await voice.close()
    path = tmp_path_factory.mktemp("microphone") / "question.wav"
    pause = bytes(2 * int(PAUSE_SECONDS * pcm.rate_hertz))
    path.write_bytes(Pcm(pause + pcm.samples + pause, pcm.rate_hertz).to_wav())
    return path


@pytest.fixture(scope="session")
async def chromium(microphone_file: Path) -> AsyncIterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--disable-background-networking",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone_file}%noloop",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture
async def new_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """A page of a browser that nobody used before; what its console complains of fails the test.

    Not so the loads that fail as `failing` says, a regular expression, since the test makes them.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def new(*, failing: str = "nothing", **options: object) -> Page:
        def listen(line: ConsoleMessage) -> None:
            is_meant = re.search(f"^Failed to load resource: .*{failing}", line.text)
            if line.type == "error" and not is_meant:
                complaints.append(f"{line.text} ({line.location['url']})")

        context = await chromium.new_context(**{"locale": "en-GB", "permissions": ["microphone"], **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", listen)
        return page

    yield new
    for context in contexts:
        await context.close()
    assert complaints == []


@pytest.fixture
def open_page(new_page: OpenPage, kratt_url: str) -> OpenPage:
    """Opens our own page."""

    async def open_it(**options: object) -> Page:
        page = await new_page(**options)
        await page.goto(kratt_url)
        await page.wait_for_selector("body[data-state=idle]")
        return page

    return open_it


@pytest.fixture(scope="session")
async def site(kratt: RunningKratt) -> AsyncIterator[str]:
    """A web site of the state: another origin, of another site even, than Kratt's."""
    gateway = kratt.url
    policy = (
        f"default-src 'none'; style-src 'self'; script-src {gateway}; "
        f"img-src data:; connect-src {gateway} {gateway.replace('http', 'ws', 1)}"
    )
    page = (
        '<!doctype html><html lang="fr"><title>Agency</title><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/host.css"><h1>Agency</h1>'
        f'<script src="{gateway}/widget.js" data-language="en"></script>'
    )

    async def show(_: Request) -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def style(_: Request) -> Response:
        return Response(HOSTILE, media_type="text/css")

    chat_for_rasa = Mount("/rasa_chat", StaticFiles(directory=PROJECT / "tests" / "data" / "rasa_chat"))
    app = Starlette(routes=[Route("/", show), Route("/host.css", style), chat_for_rasa])
    with create_server(("127.0.0.1", urlsplit(kratt.embedder).port or 0)) as listener:
        async with served(app, listener):
            yield kratt.embedder


@pytest.fixture
def open_site(new_page: OpenPage, site: str) -> OpenPage:
    """Opens the site, and the widget on it."""

    async def open_it(**options: object) -> Page:
        page = await new_page(**options)
        await page.goto(site)
        await page.click("#launcher")
        await expect(page.locator("#question")).to_be_focused()
        return page

    return open_it
