"""A citizen links their account in a real browser: from Amazon's page to the login, to the question, and back."""

import socket
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import expect

from tests.linking import ASKED, LINK, linking_world
from tests.serving import served
from tests.unit.gateway.conftest import PERSON

pytestmark = pytest.mark.browser


async def test_account_when_its_citizen_agrees_then_the_client_gets_a_code_that_links_it(
    new_page: Any, tmp_path: Path
) -> None:
    listener, amazons = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
    public = f"http://127.0.0.1:{listener.getsockname()[1]}"
    amazon = f"http://localhost:{amazons.getsockname()[1]}"  # another site, so that strict cookies stay at home
    back = f"{amazon}/back"
    asked = f"{public}{LINK}?{urlencode({**ASKED, 'redirect_uri': back})}"
    site = FastAPI()

    @site.get("/")
    async def start() -> HTMLResponse:
        return HTMLResponse(f'<!doctype html><html lang="en"><title>Amazon</title><a href="{asked}">Link</a>')

    @site.get("/back")
    async def end() -> HTMLResponse:
        return HTMLResponse('<!doctype html><html lang="en"><title>Amazon</title><h1>Linked</h1>')

    async with (
        linking_world(tmp_path, public, back) as world,
        served(world.app, listener),
        served(site, amazons),
    ):
        page = await new_page(quiet=False)  # the pages have no icon
        await page.goto(amazon)
        await page.click("a")
        await expect(page.get_by_role("heading")).to_have_text("Link Alexa to Kratt")
        await page.get_by_role("button", name="Link Alexa").click()
        await expect(page.get_by_role("heading")).to_have_text("Linked")
        told = parse_qs(urlsplit(page.url).query)
        assert told["state"] == [ASKED["state"]]
        assert (await world.exchanged(told["code"][0], redirect_uri=back)).status_code == 200
        assert [device.name for device in await world.devices.of(PERSON.subject)] == ["Alexa"]
