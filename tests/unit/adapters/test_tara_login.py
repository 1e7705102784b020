import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
import pytest

from assistant.adapters import tara_login
from assistant.adapters.tara_login import TaraLogin
from assistant.core.errors import NotAllowed, ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Login, Person
from assistant.sandbox.app import create_app

pytestmark = pytest.mark.unit

ISSUER = "https://tara.test"
CALLBACK = "https://kratt.test/v1/login/callback"
SECRET = "s:e c/r%e+t õ"  # every character that forgets about form encoding stumbles over
MARY = Person("EE60001019906", "MARY ÄNN", Assurance.HIGH)


def _new_tara() -> httpx.AsyncBaseTransport:
    return httpx.ASGITransport(
        create_app(issuer=ISSUER, client_id="kratt", client_secret=SECRET, redirect_uris=frozenset({CALLBACK}))
    )


@pytest.fixture(scope="module")
def sandbox() -> httpx.AsyncBaseTransport:
    return _new_tara()  # makes a key, which takes longer than all these tests


class Wire(httpx.AsyncBaseTransport):
    """Keeps what goes over it; what is behind it can be exchanged."""

    def __init__(self, tara: httpx.AsyncBaseTransport) -> None:
        self.tara = tara
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return await self.tara.handle_async_request(request)

    def count(self, path: str) -> int:
        return [request.url.path for request in self.asked].count(path)


@pytest.fixture
def wire(sandbox: httpx.AsyncBaseTransport) -> Wire:
    return Wire(sandbox)


@pytest.fixture
async def login(wire: Wire) -> AsyncIterator[TaraLogin]:
    login = TaraLogin(f"{ISSUER}/", "kratt", SECRET, CALLBACK, transport=wire)
    yield login
    await login.close()


async def _code(begun: Login, tara: httpx.AsyncBaseTransport) -> str:
    """What the citizen's browser brings back."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(begun.url).query).items()}
    async with httpx.AsyncClient(transport=tara) as browser:
        page = await browser.get(begun.url)
        assert page.status_code == 200
        chosen = await browser.post(begun.url.partition("?")[0], data={**query, "person": MARY.subject})
    answer = parse_qs(urlsplit(chosen.headers["location"]).query)
    assert answer["state"] == [begun.state]
    return answer["code"][0]


@pytest.mark.parametrize("language", Language)
def test_begin_when_called_then_sends_the_browser_to_tara_with_all_that_it_asks_for(
    login: TaraLogin, wire: Wire, language: Language
) -> None:
    begun = login.begin(language)
    address, _, query = begun.url.partition("?")
    assert address == "https://tara.test/oidc/authorize"
    assert parse_qs(query, strict_parsing=True) == {
        "response_type": ["code"],
        "scope": ["openid"],
        "client_id": ["kratt"],
        "redirect_uri": [CALLBACK],
        "state": [begun.state],
        "nonce": [begun.nonce],
        "acr_values": ["substantial"],
        "ui_locales": [language.value],
    }
    assert wire.asked == []


async def test_check_when_asked_often_then_tara_is_asked_once_a_minute(
    login: TaraLogin, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await login.check()
    assert wire.count("/.well-known/openid-configuration") == 1
    monkeypatch.setattr(tara_login, "CHECKED_SECONDS", -1.0)
    await login.check()
    assert wire.count("/.well-known/openid-configuration") == 2


async def test_check_when_tara_is_down_then_it_fails(login: TaraLogin, wire: Wire) -> None:
    wire.tara = httpx.MockTransport(lambda _: httpx.Response(503))
    with pytest.raises(ServiceUnavailable):
        await login.check()


def test_begin_when_called_again_then_no_secret_repeats(login: TaraLogin) -> None:
    begun = [login.begin(Language.EN) for _ in range(10)]
    secrets = [secret for each in begun for secret in (each.state, each.nonce)]
    assert len(set(secrets)) == 20
    assert min(len(base64.urlsafe_b64decode(secret + "==")) for secret in secrets) >= 16


async def test_finish_when_the_citizen_logged_in_then_is_the_person(login: TaraLogin, wire: Wire) -> None:
    begun = login.begin(Language.EN)
    assert await login.finish(await _code(begun, wire.tara), begun.nonce) == MARY


async def test_finish_when_redeeming_then_proves_who_we_are_form_encoded(login: TaraLogin, wire: Wire) -> None:
    begun = login.begin(Language.EN)
    await login.finish(await _code(begun, wire.tara), begun.nonce)
    [request] = [request for request in wire.asked if request.method == "POST"]
    scheme, _, credentials = request.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(credentials).decode()) == ("Basic", f"kratt:{quote_plus(SECRET)}")
    assert "client_secret" not in request.content.decode()


async def test_finish_when_a_code_is_used_twice_then_is_refused(login: TaraLogin, wire: Wire) -> None:
    begun = login.begin(Language.EN)
    code = await _code(begun, wire.tara)
    await login.finish(code, begun.nonce)
    with pytest.raises(NotAllowed):
        await login.finish(code, begun.nonce)


async def test_finish_when_many_log_in_then_tara_is_asked_about_itself_once(login: TaraLogin, wire: Wire) -> None:
    for _ in range(3):
        begun = login.begin(Language.EN)
        await login.finish(await _code(begun, wire.tara), begun.nonce)
    assert (wire.count("/.well-known/openid-configuration"), wire.count("/oidc/jwks")) == (1, 1)
    assert wire.count("/oidc/token") == 3


async def test_finish_when_what_is_known_is_old_then_tara_is_asked_again(
    login: TaraLogin, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tara_login, "PROVIDER_SECONDS", -1.0)
    for _ in range(2):
        begun = login.begin(Language.EN)
        await login.finish(await _code(begun, wire.tara), begun.nonce)
    assert wire.count("/oidc/jwks") == 2


async def test_finish_when_taras_key_has_rolled_over_then_learns_the_new_one(login: TaraLogin, wire: Wire) -> None:
    begun = login.begin(Language.EN)
    await login.finish(await _code(begun, wire.tara), begun.nonce)
    wire.tara = _new_tara()
    begun = login.begin(Language.EN)
    assert await login.finish(await _code(begun, wire.tara), begun.nonce) == MARY
    assert wire.count("/oidc/jwks") == 2


class Late(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError


@pytest.mark.parametrize(
    "tara",
    [
        pytest.param(Late(), id="late"),
        pytest.param(httpx.MockTransport(lambda _: httpx.Response(503)), id="closed"),
        pytest.param(httpx.MockTransport(lambda _: httpx.Response(200, text="<html>")), id="HTML"),
    ],
)
async def test_finish_when_tara_is_not_there_then_is_unavailable_in_time(
    login: TaraLogin, wire: Wire, tara: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tara_login, "REQUEST_SECONDS", 0.003)
    wire.tara = tara
    with pytest.raises(ServiceUnavailable):
        await login.finish("code-1", "nonce-1")
