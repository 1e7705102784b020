"""A gateway that lets Alexa accounts be linked, on real tables, and what Amazon's side of it sends."""

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI

from assistant.adapters.sql_account_links import SqlAccountLinks
from assistant.adapters.sql_devices import SqlDevices
from assistant.core.ports import IdentityProvider
from assistant.database import SqlDatabase
from assistant.gateway.app import create_app
from assistant.gateway.parts import Linking
from assistant.pipeline.link_account import LinkAccount
from tests.unit.gateway.conftest import FakeIdentity, Gateway

PUBLIC = "https://kratt.test"
LINK = "/v1/login/link"
BACK = "https://pitangui.amazon.com/api/skill/link/M123"
CLIENT_SECRET = "a client secret of more than 32 signs"  # of the tests
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "alexa",
    "redirect_uri": BACK,
    "state": "of Amazon's",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass
class LinkingWorld:
    """The gateway, its tables, and a clock that only tests move."""

    app: FastAPI
    gateway: Gateway
    devices: SqlDevices
    link_account: LinkAccount
    clock: list[float] = field(default_factory=lambda: [1_800_000_000.0])

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=PUBLIC)

    async def consented(self, browser: httpx.AsyncClient, answer: str = "yes") -> dict[str, str]:
        """What Amazon is told once the citizen has logged in and answered."""
        begun = await browser.get(LINK, params=ASKED)
        login = await browser.get(begun.headers["location"])
        back = await browser.get(login.headers["location"])
        assert back.headers["location"].removesuffix("?unfamiliar_browser") == f"{LINK}/consent"
        page = await browser.get(back.headers["location"])
        assert (page.status_code, 'value="yes"' in page.text) == (200, True)
        done = await browser.post(f"{LINK}/consent", data={"answer": answer}, headers={"Origin": PUBLIC})
        assert done.status_code == 303
        location = done.headers["location"]
        assert location.startswith(f"{BACK}?")
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}

    async def tokens(self, secret: str = CLIENT_SECRET, **form: str) -> httpx.Response:
        """As Amazon's server asks for them."""
        async with self.browser() as server:
            return await server.post(f"{LINK}/token", data=form, auth=("alexa", secret))

    async def exchanged(self, code: str, **changed: str) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return await self.tokens(**{**form, **changed})

    async def refreshed(self, refresh_token: str) -> httpx.Response:
        return await self.tokens(grant_type="refresh_token", refresh_token=refresh_token)

    async def linked(self) -> dict[str, Any]:
        """The tokens of an account that has just been linked."""
        async with self.browser() as browser:
            told = await self.consented(browser)
        answer: dict[str, Any] = (await self.exchanged(told["code"])).json()
        return answer


@asynccontextmanager
async def linking_world(
    folder: Path, public: str = PUBLIC, back: str = BACK, identity: IdentityProvider | None = None
) -> AsyncIterator[LinkingWorld]:
    """The world for the length of a block, at the address `public`; accounts are linked to `back`.

    Citizens log in at `identity`; by default everybody is the same person at once.
    """
    database = SqlDatabase(f"sqlite+aiosqlite:///{folder / 'kratt.db'}", "KRATT_DATABASE")
    clock = [1_800_000_000.0]
    devices = SqlDevices(database, 120, "a secret", lambda: clock[0])
    links = SqlAccountLinks(database, "a secret", lambda: clock[0])
    await devices.open()
    await links.open()
    link_account = LinkAccount(links, devices, "Alexa")
    gateway = Gateway(devices=devices, public_url=public, identity=identity or FakeIdentity())
    parts = replace(gateway.parts(), linking=Linking(link_account, frozenset({back}), CLIENT_SECRET))
    try:
        yield LinkingWorld(create_app(parts), gateway, devices, link_account, clock)
    finally:
        await database.close()
