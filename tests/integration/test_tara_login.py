import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from assistant.adapters.tara_login import TaraLogin
from assistant.core.errors import NotAllowed, ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Login, Person
from assistant.sandbox.app import create_app
from tests.serving import served

pytestmark = pytest.mark.integration

CALLBACK = "http://127.0.0.1:1/v1/login/callback"
SECRET = "s:e c/r%e+t õ"


@pytest.fixture(scope="module")
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture(scope="module")
async def tara_url(listening: socket.socket) -> AsyncIterator[str]:
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = create_app(issuer=url, client_id="kratt", client_secret=SECRET, redirect_uris=frozenset({CALLBACK}))
    async with served(app, listening):
        yield url


@pytest.fixture
async def login(tara_url: str) -> AsyncIterator[TaraLogin]:
    login = TaraLogin(tara_url, "kratt", SECRET, CALLBACK)
    yield login
    await login.close()


async def _answer(begun: Login, **choice: str) -> dict[str, str]:
    """What the citizen's browser brings back from the login page."""
    address, _, query = begun.url.partition("?")
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert (await browser.get(begun.url)).status_code == 200
        chosen = await browser.post(address, data={**dict(parse_qsl(query)), **choice})
    answer = {name: values[0] for name, values in parse_qs(urlsplit(chosen.headers["location"]).query).items()}
    assert answer["state"] == begun.state
    return answer


async def test_login_when_a_test_person_is_chosen_then_is_that_person(login: TaraLogin) -> None:
    begun = login.begin(Language.ET)
    code = (await _answer(begun, person="EE60001019906"))["code"]
    assert await login.finish(code, begun.nonce) == Person("EE60001019906", "MARY ÄNN", Assurance.HIGH)


async def test_login_when_the_code_was_used_already_then_is_refused(login: TaraLogin) -> None:
    begun = login.begin(Language.EN)
    code = (await _answer(begun, person="EE38001085718"))["code"]
    await login.finish(code, begun.nonce)
    with pytest.raises(NotAllowed):
        await login.finish(code, begun.nonce)


async def test_login_when_the_code_is_of_another_login_then_is_refused(login: TaraLogin) -> None:
    begun, of_another = login.begin(Language.EN), login.begin(Language.EN)
    code = (await _answer(of_another, person="EE38001085718"))["code"]
    with pytest.raises(NotAllowed, match="nonce"):
        await login.finish(code, begun.nonce)


async def test_login_when_our_secret_is_wrong_then_it_is_not_the_citizens_fault(tara_url: str) -> None:
    login = TaraLogin(tara_url, "kratt", "another secret", CALLBACK)
    begun = login.begin(Language.EN)
    code = (await _answer(begun, person="EE38001085718"))["code"]
    with pytest.raises(ServiceUnavailable, match="401"):
        await login.finish(code, begun.nonce)
    await login.close()


async def test_login_when_nobody_listens_then_is_unavailable_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    login = TaraLogin(url, "kratt", SECRET, CALLBACK)
    async with asyncio.timeout(2):
        with pytest.raises(ServiceUnavailable):
            await login.finish("code-1", "nonce-1")
    await login.close()
