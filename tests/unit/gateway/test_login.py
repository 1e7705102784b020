from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from assistant.core.errors import NotAllowed, ServiceUnavailable

pytestmark = pytest.mark.unit


async def begin(client: httpx.AsyncClient) -> str:
    """The address that the login service would send the browser back to."""
    answer = await client.get("/v1/login?language=et")
    assert answer.status_code == 302
    return answer.headers["location"]


async def test_login_when_finished_then_the_conversation_goes_on_under_a_new_id(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    before = (await client.post("/v1/turns", json={"text": "my passport"})).json()
    answer = await client.get(await begin(client))
    after = (await client.post("/v1/turns", json={"text": "my passport"})).json()
    assert (answer.status_code, answer.headers["location"]) == (302, "/?logged_in")
    assert (before["outcome"], after["outcome"]) == ("asked_login", "answered")
    assert before["conversation_id"] != after["conversation_id"]
    assert len({dialogue_id for _, dialogue_id in gateway.dialogue.turns}) == 1
    stolen = await client.post("/v1/turns", json={"text": "hi", "conversation_id": before["conversation_id"]})
    assert stolen.status_code == 404


async def test_login_when_begun_then_its_cookie_is_for_the_way_back_only(client: httpx.AsyncClient) -> None:
    cookie = (await client.get("/v1/login")).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/v1/login", "Max-Age=600"} <= set(cookie.split("; "))


@pytest.mark.parametrize("turns_before", [0, 1])
async def test_login_when_the_conversation_is_gone_then_a_new_one_begins(
    client: httpx.AsyncClient, gateway: Any, turns_before: int
) -> None:
    for _ in range(turns_before):
        await client.post("/v1/turns", json={"text": "hello"})
    back = await begin(client)
    gateway.sessions.live.clear()
    await client.get(back)
    assert (await client.get("/v1/session")).json() == {"logged_in": True, "given_name": "Mary Änn"}


async def test_login_when_cancelled_then_nobody_is_logged_in_and_the_page_says_nothing_of_theirs(
    client: httpx.AsyncClient,
) -> None:
    state = parse_qs(urlsplit(await begin(client)).query)["state"][0]
    answer = await client.get(f"/v1/login/callback?error=user_cancel&error_description=<b>&state={state}")
    assert (answer.status_code, answer.headers["location"]) == (302, "/?login=cancelled")
    assert not (await client.get("/v1/session")).json()["logged_in"]


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url + "x",  # another state
        lambda url: url.replace("code=good", "code=bad"),
        lambda url: url.replace("code=good", "code="),
        lambda _: "/v1/login/callback?code=good&state=",
        lambda _: "/v1/login/callback?code=good",
        lambda _: "/v1/login/callback?error=user_cancel&error_description=shouted",
        lambda _: "/v1/login/callback?code=good&state=ü",
    ],
)
async def test_login_when_the_answer_does_not_fit_then_it_is_refused(client: httpx.AsyncClient, change: Any) -> None:
    answer = await client.get(change(await begin(client)))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "shouted" not in answer.text
    assert not (await client.get("/v1/session")).json()["logged_in"]


@pytest.mark.parametrize(
    "cookie",
    ["", "nonsense", "state=s&nonce=n", "&".join(["state=s"] * 100), "state=%ED%A0%80&nonce=n&conversation_id="],
)
async def test_login_when_another_browser_began_it_then_it_is_refused(
    client: httpx.AsyncClient, gateway: Any, cookie: str
) -> None:
    back = await begin(client)
    client.cookies.clear()
    client.cookies.set("kratt_login", cookie, domain="kratt.test", path="/v1/login")
    answer = await client.get(back)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not gateway.sessions.live


@pytest.mark.parametrize(("failure", "status"), [(NotAllowed("signature"), 403), (ServiceUnavailable("down"), 503)])
async def test_login_when_it_fails_in_a_browser_then_a_person_can_read_it(
    client: httpx.AsyncClient, gateway: Any, failure: Exception, status: int
) -> None:
    async def fail(code: str, nonce: str) -> None:
        raise failure

    gateway.identity.finish = fail
    answer = await client.get(await begin(client), headers={"Accept": "text/html", "Accept-Language": "ru"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert '<link rel="icon" href="/page/icon.svg"' in answer.text
    assert "in ru" in answer.text
    assert 'href="/"' in answer.text


async def test_logout_when_logged_in_then_the_session_and_its_dialogue_are_over(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    await client.get(await begin(client))
    old = dict(gateway.sessions.live)
    assert (await client.post("/v1/logout")).json() == {"logged_in": False, "given_name": ""}
    assert not (await client.get("/v1/session")).json()["logged_in"]
    assert not old.keys() & gateway.sessions.live.keys()
    assert (await client.post("/v1/turns", json={"text": "my passport"})).json()["outcome"] == "asked_login"


async def test_logout_when_a_question_is_open_then_its_answers_are_forgotten(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    await client.post("/v1/turns", json={"text": "which office"})
    (session,) = gateway.sessions.live.values()
    expectations = client._transport.app.state.parts.answer_turn.expectations  # type: ignore[attr-defined]
    assert expectations.of(session.dialogue_id)
    await client.post("/v1/logout")
    assert not expectations.of(session.dialogue_id)


async def test_logout_when_nobody_is_there_then_it_is_done_already(client: httpx.AsyncClient, gateway: Any) -> None:
    client.cookies.set("kratt_conversation", "stale", domain="kratt.test")
    assert (await client.post("/v1/logout")).status_code == 200
    assert gateway.sessions.started == 0


async def test_session_when_asked_about_then_none_is_made(client: httpx.AsyncClient, gateway: Any) -> None:
    answer = await client.get("/v1/session")
    assert answer.json() == {"logged_in": False, "given_name": ""}
    assert (gateway.sessions.started, "set-cookie" in answer.headers) == (0, False)
