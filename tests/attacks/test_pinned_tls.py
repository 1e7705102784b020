"""Services that ask to be pinned are believed only with a certificate of the authorities in our own file."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from assistant.adapters.phone_service import PhoneService
from assistant.adapters.tara_login import TaraLogin
from assistant.core.errors import ServiceUnavailable, SettingsError
from assistant.sandbox.tls import Pair, keep_certificates
from tests.serving import served

pytestmark = pytest.mark.attack


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pair, Pair]:
    """The real server's certificate, and an impostor's for the same name."""
    folder = tmp_path_factory.mktemp("tls")
    real, impostor = (keep_certificates(folder / name, "127.0.0.1").server for name in ("real", "impostor"))
    return real, impostor


@asynccontextmanager
async def listening(pair: Pair) -> AsyncIterator[str]:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def describe() -> dict[str, str]:
        return described

    @app.get("/oidc/jwks")
    async def keys() -> dict[str, list[str]]:
        return {"keys": []}

    @app.post("/authentication")
    async def begin() -> dict[str, str]:
        return {"sessionID": "s-1"}

    files = {"ssl_certfile": str(pair.certificate), "ssl_keyfile": str(pair.key)}
    described: dict[str, str] = {}
    async with served(app, **files) as address:
        url = address.replace("http://", "https://")
        described |= {"issuer": url, "token_endpoint": f"{url}/oidc/token", "jwks_uri": f"{url}/oidc/jwks"}
        yield url


async def ask_tara(url: str, authorities: str) -> None:
    login = TaraLogin(url, "kratt", "secret", "https://kratt.test/callback", authorities=authorities)
    try:
        await login.check()
    finally:
        await login.close()


async def ask_phones(url: str, authorities: str) -> None:
    service = PhoneService(url, authorities)
    try:
        await service.post("authentication", {})
    finally:
        await service.close()


Ask = Callable[[str, str], Awaitable[None]]


@pytest.mark.parametrize("ask", [ask_tara, ask_phones])
async def test_service_when_its_certificate_is_of_our_file_then_is_believed(
    servers: tuple[Pair, Pair], ask: Ask
) -> None:
    async with listening(servers[0]) as url:
        await ask(url, str(servers[0].certificate))


@pytest.mark.parametrize("ask", [ask_tara, ask_phones])
@pytest.mark.parametrize("named", ["nobody", "the real one"])
async def test_service_when_its_certificate_is_another_then_nothing_is_told_to_it(
    servers: tuple[Pair, Pair], ask: Ask, named: str
) -> None:
    real, impostor = servers
    async with listening(impostor) as url:
        with pytest.raises(ServiceUnavailable):
            await ask(url, str(real.certificate) if named == "the real one" else "")


@pytest.mark.parametrize(("ask", "setting"), [(ask_tara, "KRATT_TARA_TLS_CA"), (ask_phones, "KRATT_PHONE_TLS_CA")])
async def test_authorities_when_their_file_is_none_then_the_setting_is_named(
    tmp_path: Path, ask: Ask, setting: str
) -> None:
    (tmp_path / "empty.pem").touch()
    for file in ("missing.pem", "empty.pem"):
        with pytest.raises(SettingsError, match=f"^{setting}: "):
            await ask("https://127.0.0.1:1", str(tmp_path / file))
