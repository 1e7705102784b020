"""Nobody is logged in by a TARA that lies, in whatever way; every lie over real HTTP."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from assistant.adapters.tara_login import TaraLogin
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import Login
from assistant.sandbox.population import JAAK, MARY
from assistant.sandbox.tara_lies import TaraLie

pytestmark = pytest.mark.attack

CALLBACK = "http://127.0.0.1:1/v1/login/callback"
SECRET = "s:e c/r%e+t õ"
ON_THE_WAY_BACK = {TaraLie.OTHER_STATE, TaraLie.NO_STATE}
IN_THE_TOKEN = sorted(set(TaraLie) - ON_THE_WAY_BACK)


@pytest.fixture
async def login(lying) -> AsyncIterator[TaraLogin]:
    login = TaraLogin(lying.url, "kratt", SECRET, CALLBACK)
    yield login
    await login.close()


async def chosen(lying: Any, begun: Login, person: str = MARY) -> dict[str, str]:
    """What the citizen's browser brings back from the login page."""
    address, _, query = begun.url.partition("?")
    response = await lying.http.post(address, data={**dict(parse_qsl(query)), "person": person})
    fields = parse_qs(urlsplit(response.headers["location"]).query, keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


async def finish(lying: Any, login: TaraLogin, person: str = MARY) -> str:
    begun = login.begin(Language.EN)
    return (await login.finish((await chosen(lying, begun, person))["code"], begun.nonce)).subject


@pytest.mark.parametrize("lie", IN_THE_TOKEN)
async def test_login_when_tara_lies_then_is_refused(lying, login: TaraLogin, lie: TaraLie) -> None:
    await lying.tell("tara", lie=lie)
    if lie is TaraLie.OTHER_PERSON_ON_REPLAY:
        assert await finish(lying, login) == MARY
    with pytest.raises(NotAllowed) as caught:
        await finish(lying, login, JAAK)
    assert JAAK[2:] not in str(caught.value)
    await lying.be_honest()
    assert await finish(lying, login, JAAK) == JAAK


@pytest.mark.parametrize("lie", sorted(ON_THE_WAY_BACK))
async def test_login_when_the_state_that_comes_back_is_another_then_the_page_can_tell(
    lying, login: TaraLogin, lie: TaraLie
) -> None:
    """The gateway compares it with its cookie: tests/unit/gateway/test_login.py."""
    await lying.tell("tara", lie=lie)
    begun = login.begin(Language.EN)
    assert (await chosen(lying, begun))["state"] != begun.state


async def test_login_when_taras_key_rolls_over_then_the_new_one_is_fetched_once(lying, login: TaraLogin) -> None:
    assert await finish(lying, login) == MARY
    for _ in range(2):
        (await lying.http.post("/sandbox/tara/keys")).raise_for_status()
    assert len((await lying.http.get("/oidc/jwks")).json()["keys"]) == 2
    assert await finish(lying, login, JAAK) == JAAK


async def test_login_when_the_token_is_redeemed_twice_then_only_once(lying, login: TaraLogin) -> None:
    begun = login.begin(Language.EN)
    code = (await chosen(lying, begun))["code"]
    assert (await login.finish(code, begun.nonce)).subject == MARY
    with pytest.raises(NotAllowed):
        await login.finish(code, begun.nonce)
