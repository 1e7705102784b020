"""A citizen links their account in a real browser: from Amazon's page to the login, to the question, and back."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Page, expect

from assistant.adapters.tara_login import TaraLogin
from assistant.sandbox.app import create_app
from assistant.sandbox.population import JAAK, MARY
from tests.linking import ASKED, LINK, LinkingWorld, linking_world
from tests.serving import served

pytestmark = pytest.mark.browser

SECRET = "of the sandbox's login service"


@dataclass(frozen=True)
class Walk:
    """Amazon's page, and the world behind the link on it."""

    world: LinkingWorld
    amazon: str
    back: str

    async def begin(self, page: Page) -> None:
        """As far as the login service's own page."""
        await page.goto(self.amazon)
        await page.click("a")
        await expect(page.locator(f"button[value={MARY}]")).to_be_visible()

    async def tokens(self, page: Page) -> dict[str, Any]:
        """What Amazon's server changes the code for that came back to its page."""
        told = parse_qs(urlsplit(page.url).query)
        assert told["state"] == [ASKED["state"]]
        answer = await self.world.exchanged(told["code"][0], redirect_uri=self.back)
        assert answer.status_code == 200
        tokens: dict[str, Any] = answer.json()
        return tokens


@pytest.fixture
async def walk(tmp_path: Path) -> AsyncIterator[Walk]:
    """Three sites, so that strict cookies stay at home as they will: the gateway, the login service, Amazon."""
    listener, taras = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.2", 0))
    public, tara = (f"http://{host}:{port}" for host, port in (listener.getsockname(), taras.getsockname()))
    login = TaraLogin(tara, "kratt", SECRET, f"{public}/v1/login/callback")
    sandbox = create_app(
        issuer=tara,
        client_id="kratt",
        client_secret=SECRET,
        redirect_uris=frozenset({f"{public}/v1/login/callback"}),
    )
    async with (
        _amazon(public) as (amazon, back),
        served(sandbox, taras),
        linking_world(tmp_path, public, back, login) as world,
        served(world.app, listener),
    ):
        yield Walk(world, amazon, back)
    await login.close()


AMAZON = '<!doctype html><html lang="en"><title>Amazon</title><link rel="icon" href="data:,">'


@asynccontextmanager
async def _amazon(public: str) -> AsyncIterator[tuple[str, str]]:
    amazons = socket.create_server(("127.0.0.1", 0))
    amazon = f"http://localhost:{amazons.getsockname()[1]}"
    asked = f"{public}{LINK}?{urlencode({**ASKED, 'redirect_uri': f'{amazon}/back'})}"
    site = FastAPI()

    @site.get("/")
    async def start() -> HTMLResponse:
        return HTMLResponse(f'{AMAZON}<a href="{asked}">Link</a>')

    @site.get("/back")
    async def end() -> HTMLResponse:
        return HTMLResponse(f"{AMAZON}<h1>Linked</h1>")

    async with served(site, amazons):
        yield amazon, f"{amazon}/back"


async def test_account_when_its_citizen_agrees_then_the_client_gets_a_code_that_links_it(
    new_page: Any, walk: Walk
) -> None:
    page = await new_page()
    await walk.begin(page)
    assert page.url.startswith("http://127.0.0.2:")  # not before the citizen has logged in themselves
    await page.click(f"button[value={MARY}]")
    await expect(page.get_by_role("heading")).to_have_text("Link Alexa to Kratt")
    assert await walk.world.devices.of(MARY) == ()
    await page.get_by_role("button", name="Link Alexa").click()
    await expect(page.get_by_role("heading")).to_have_text("Linked")
    tokens = await walk.tokens(page)
    assert [device.name for device in await walk.world.devices.of(MARY)] == ["Alexa"]
    assert await walk.world.devices.of(JAAK) == ()
    assert await walk.world.link_account.caller(tokens["access_token"], is_woken=False)


async def test_account_when_its_citizen_gives_the_login_up_or_refuses_then_nothing_is_linked(
    new_page: Any, walk: Walk
) -> None:
    page = await new_page()
    await walk.begin(page)
    await page.click("button[name=cancel]")
    await page.wait_for_url("**/?login=cancelled")
    await page.goto(f"http://{urlsplit(page.url).netloc}{LINK}/consent")
    await expect(page.locator(f"button[value={MARY}]")).to_be_visible()  # nobody is logged in
    await walk.begin(page)
    await page.click(f"button[value={JAAK}]")
    await page.get_by_role("button", name="No").click()
    await expect(page.get_by_role("heading")).to_have_text("Linked")  # Amazon's own page says what it likes
    assert parse_qs(urlsplit(page.url).query) == {"error": ["access_denied"], "state": [ASKED["state"]]}
    assert await walk.world.devices.of(JAAK) == ()


async def test_account_when_another_person_logs_in_for_it_then_it_is_theirs_and_not_of_who_was_logged_in_before(
    new_page: Any, walk: Walk
) -> None:
    """A session that lies about in the browser links nothing: the login is always asked for anew."""
    page = await new_page()
    for person in (MARY, JAAK):
        await walk.begin(page)
        await page.click(f"button[value={person}]")
        await expect(page.get_by_role("heading")).to_have_text("Link Alexa to Kratt")
    await page.get_by_role("button", name="Link Alexa").click()
    await expect(page.get_by_role("heading")).to_have_text("Linked")
    await walk.tokens(page)
    assert [len(await walk.world.devices.of(each)) for each in (MARY, JAAK)] == [0, 1]
