"""A sandbox of its own, over real HTTP, for the attacks on who somebody is."""

import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from assistant.operate.supervision import no_certificates
from assistant.sandbox.app import create_app
from assistant.sandbox.phone_certificates import Authority
from tests.serving import served

CALLBACK = "http://127.0.0.1:1/v1/login/callback"
SECRET = "s:e c/r%e+t õ"


@dataclass(frozen=True)
class LyingSandbox:
    """The sandbox's address, a client of it, and the file of the authority that its phones are certified by."""

    url: str
    http: httpx.AsyncClient
    authorities: Path

    async def tell(self, path: str, **body: object) -> None:
        """Let something of it behave in another way."""
        (await self.http.put(f"/sandbox/{path}", json=body)).raise_for_status()

    async def be_honest(self) -> None:
        for what in ("phones", "tara"):
            (await self.http.delete(f"/sandbox/{what}")).raise_for_status()


@pytest.fixture(scope="session")
async def identity_sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LyingSandbox]:
    authority = Authority.new()
    file = tmp_path_factory.mktemp("phones") / "authorities.pem"
    file.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_app(
            issuer=url,
            client_id="kratt",
            client_secret=SECRET,
            redirect_uris=frozenset({CALLBACK}),
            phone_authority=authority,
        )
        async with (
            served(app, listening),
            httpx.AsyncClient(base_url=url, trust_env=False, verify=no_certificates()) as http,
        ):
            yield LyingSandbox(url, http, file)


@pytest.fixture
async def lying(identity_sandbox: LyingSandbox) -> AsyncIterator[LyingSandbox]:
    yield identity_sandbox
    await identity_sandbox.be_honest()


@pytest.fixture
def speaker(kratt, mary: httpx.Client) -> Iterator[httpx.Client]:
    """The speaker in Mary's kitchen, unlocked, with her consent that it says personal things; `mary` is her page."""
    with kratt.client() as http:
        known = http.post("/v1/devices").json()
        http.headers["Authorization"] = f"Bearer {known['token']}"
        assert mary.post("/v1/devices/link", json={"code": known["code"], "name": "Kitchen"}).status_code == 200
        unlock = {"is_locked": False, "may_speak": True}
        assert mary.patch(f"/v1/devices/{known['device_id']}", json=unlock).status_code == 200
        yield http
        mary.delete(f"/v1/devices/{known['device_id']}")
