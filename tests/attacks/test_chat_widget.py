"""What a page of another origin can do by the chat widget's doors: nothing, unless it may carry the widget."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from assistant.adapters.sql_hand_overs import SqlHandOvers
from assistant.core.identity import Assurance
from assistant.core.ports import Counted
from assistant.database import SqlDatabase
from tests.unit.gateway.conftest import FakeRateLimiter, Gateway, Socket

pytestmark = pytest.mark.attack

SITE = "https://www.example.ee"
OTHER_SITE = "https://www.example.org"
EVIL = "https://evil.test"
PUBLIC = "https://kratt.test"
FROM_SITE = {"Origin": SITE}


@pytest.fixture
def gateway() -> Gateway:
    return Gateway(embedders=frozenset({SITE, OTHER_SITE}), public_url=PUBLIC)


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app()), base_url=PUBLIC) as http:
        yield http


async def log_in_window(client: httpx.AsyncClient, embedder: str = SITE) -> httpx.Response:
    """What the window ends in that a page opened for the login, in a browser of its own."""
    begun = await client.get("/v1/login", params={"embedder": embedder})
    return await client.get(begun.headers["location"])


def token_in(page: httpx.Response) -> str:
    return page.text.partition('data-token="')[2].partition('"')[0]


async def ask(client: httpx.AsyncClient, conversation: str = "", origin: str = SITE) -> dict[str, Any]:
    headers = {"Origin": origin} | ({"Kratt-Conversation": conversation} if conversation else {})
    answer: dict[str, Any] = (await client.post("/v1/turns", json={"text": "my passport"}, headers=headers)).json()
    return answer


async def claim(client: httpx.AsyncClient, token: str, origin: str = SITE, conversation: str = "") -> httpx.Response:
    headers = {"Origin": origin} | ({"Kratt-Conversation": conversation} if conversation else {})
    return await client.post("/v1/login/claim", json={"token": token}, headers=headers)


@pytest.mark.parametrize(
    "origin",
    [EVIL, "null", "http://www.example.ee", "https://example.ee", f"{SITE}.evil.test", f"{SITE}:8443", SITE + "/"],
)
async def test_page_when_it_may_not_carry_the_widget_then_it_sends_and_reads_nothing(
    client: httpx.AsyncClient, origin: str
) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = await client.options("/v1/turns", headers=asked)
    answer = await client.post("/v1/turns", json={"text": "hello"}, headers={"Origin": origin})
    read = await client.get("/v1/words", headers={"Origin": origin})
    assert answer.status_code == 403
    assert (await claim(client, "any", origin)).status_code == 403
    for each in (preflight, answer, read):
        assert "access-control-allow-origin" not in each.headers


async def test_page_when_it_may_carry_the_widget_then_browsers_send_no_cookie_from_there(
    client: httpx.AsyncClient,
) -> None:
    asked = {**FROM_SITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for answer in (await client.options("/v1/turns", headers=asked), await client.get("/v1/words", headers=FROM_SITE)):
        assert answer.headers["access-control-allow-origin"] == SITE
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/socket.io/", "/"])
async def test_page_when_it_asks_for_what_is_no_door_of_the_widget_then_browsers_let_it_read_nothing(
    client: httpx.AsyncClient, path: str
) -> None:
    assert "access-control-allow-origin" not in (await client.get(path, headers=FROM_SITE)).headers


async def test_cookie_when_a_page_sends_it_all_the_same_then_it_speaks_for_nobody(client: httpx.AsyncClient) -> None:
    await client.get((await client.get("/v1/login")).headers["location"])
    assert (await client.get("/v1/session")).json()["logged_in"]  # on our own page, by the cookie
    assert (await ask(client))["outcome"] == "asked_login"
    assert not (await client.get("/v1/session", headers=FROM_SITE)).json()["logged_in"]
    answer = await client.post("/v1/logout", headers=FROM_SITE)
    assert "set-cookie" not in answer.headers
    assert (await client.get("/v1/session")).json()["logged_in"]  # still


async def test_socket_when_a_page_opens_it_then_the_cookie_counts_for_nothing_and_none_is_set(
    client: httpx.AsyncClient, gateway: Gateway
) -> None:
    await client.get((await client.get("/v1/login")).headers["location"])
    (own,) = gateway.sessions.live
    async with Socket(gateway.app(), {"origin": SITE, "cookie": f"kratt_conversation={own}"}) as socket:
        assert "set-cookie" not in dict(socket.handshake.get("headers", ()))
        await socket.say({"type": "start", "language": "en", "rate_hertz": 16000})
        ready = await socket.event()
    assert ready["conversation_id"] != own


@pytest.mark.parametrize(
    "path", ["/v1/devices", "/v1/own-data", "/v1/waiting", "/v1/handovers/take", "/v1/devices/link"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
async def test_page_when_it_asks_for_what_only_our_own_may_then_it_is_refused(
    client: httpx.AsyncClient, path: str, method: str
) -> None:
    claimed = (await claim(client, token_in(await log_in_window(client)))).json()
    headers = {**FROM_SITE, "Kratt-Conversation": claimed["conversation_id"]}
    assert (await client.request(method, path, headers=headers)).status_code in {403, 405}


async def test_login_when_pushed_to_a_victim_then_nobody_but_a_page_that_may_carry_the_widget_is_given_it(
    client: httpx.AsyncClient,
) -> None:
    begun = await client.get("/v1/login", params={"embedder": EVIL})
    assert (begun.status_code, begun.json()["code"]) == (403, "not_allowed")
    # Opened by an attacker for a site that may: the browser gives the token to that origin alone.
    page = await log_in_window(client)
    assert f'data-origin="{SITE}"' in page.text
    token = token_in(page)
    assert (await claim(client, token, EVIL)).status_code == 403
    assert (await claim(client, token, OTHER_SITE)).status_code == 403
    assert (await claim(client, token)).status_code == 403  # dead
    by_no_page = await client.post("/v1/login/claim", json={"token": token_in(await log_in_window(client))})
    assert by_no_page.status_code == 403


async def test_login_when_its_window_is_done_then_the_browser_itself_is_not_logged_in(
    client: httpx.AsyncClient,
) -> None:
    await log_in_window(client)
    assert not (await client.get("/v1/session")).json()["logged_in"]


async def test_login_when_the_cookie_was_changed_to_another_page_then_that_page_must_be_allowed(
    client: httpx.AsyncClient,
) -> None:
    begun = await client.get("/v1/login", params={"embedder": SITE})
    cookie = client.cookies.get("kratt_login", path="/v1/login")
    client.cookies.clear()
    forged = str(cookie).strip('"').replace(SITE.replace(":", "%3A").replace("/", "%2F"), EVIL)
    headers = {"Cookie": f"kratt_login={forged}"}
    assert EVIL in forged
    assert (await client.get(begun.headers["location"], headers=headers)).status_code == 403


async def test_conversation_when_fixed_before_the_login_then_it_is_dead_after_it(client: httpx.AsyncClient) -> None:
    fixed = (await ask(client))["conversation_id"]
    claimed = (await claim(client, token_in(await log_in_window(client)), conversation=fixed)).json()
    assert claimed["given_name"] == "Mary Änn"
    assert (await ask(client, claimed["conversation_id"]))["outcome"] == "answered"
    assert (await ask(client, fixed))["outcome"] == "asked_login"


async def test_token_when_used_again_then_it_is_refused(client: httpx.AsyncClient) -> None:
    token = token_in(await log_in_window(client))
    assert [(await claim(client, token)).status_code for _ in range(2)] == [200, 403]


async def test_login_when_cancelled_then_the_page_gets_no_token(client: httpx.AsyncClient) -> None:
    begun = await client.get("/v1/login", params={"embedder": SITE})
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    page = await client.get(f"/v1/login/callback?error=user_cancel&state={state}")
    assert token_in(page) == ""
    assert "You are not logged in" in page.text


async def test_window_when_it_is_the_logins_then_it_alone_reaches_who_opened_it(client: httpx.AsyncClient) -> None:
    begun = await client.get("/v1/login", params={"embedder": SITE})
    end = await client.get(begun.headers["location"])
    own = await client.get("/v1/login")
    policies = [answer.headers["cross-origin-opener-policy"] for answer in (begun, end, own)]
    assert policies == ["unsafe-none", "unsafe-none", "same-origin"]
    assert "frame-ancestors 'none'" in end.headers["content-security-policy"]


@pytest.fixture
async def handing_over(gateway: Gateway) -> AsyncIterator[None]:
    database = SqlDatabase("sqlite+aiosqlite://", "KRATT_DATABASE")
    gateway.hand_overs = SqlHandOvers(database)
    await gateway.hand_overs.open()
    yield
    await database.close()


async def test_conversation_when_a_citizens_is_handed_over_then_nobody_else_gets_it_and_its_code_is_dead(
    handing_over: None, client: httpx.AsyncClient, gateway: Gateway
) -> None:
    claimed = (await claim(client, token_in(await log_in_window(client)))).json()
    headers = {**FROM_SITE, "Kratt-Conversation": claimed["conversation_id"]}
    code = (await client.post("/v1/handovers", headers=headers)).json()["token"]
    nobody = await client.post("/v1/handovers/take", json={"token": code})
    assert (nobody.status_code, nobody.json()["code"]) == (403, "not_allowed")
    thief = await gateway.sessions.start()
    thief = await gateway.sessions.log_in(thief.conversation_id, "EE38001085718", "Jaak", Assurance.HIGH)
    client.cookies.set("kratt_conversation", thief.conversation_id)
    assert (await client.post("/v1/handovers/take", json={"token": code})).status_code == 403
    assert (await client.post("/v1/handovers/take", json={"token": code})).status_code == 404
    assert (await gateway.sessions.find(thief.conversation_id)).dialogue_id == thief.dialogue_id


async def test_hand_over_when_a_page_that_may_not_carry_the_widget_asks_then_it_gets_no_code(
    handing_over: None, client: httpx.AsyncClient
) -> None:
    answer = await ask(client)
    headers = {"Origin": EVIL, "Kratt-Conversation": answer["conversation_id"]}
    assert (await client.post("/v1/handovers", headers=headers)).status_code == 403


async def test_code_when_guessed_then_each_guess_counts_for_its_address(
    handing_over: None, client: httpx.AsyncClient, gateway: Gateway
) -> None:
    assert isinstance(gateway.rate_limiter, FakeRateLimiter)
    gateway.rate_limiter.refuses.add(Counted.LOGIN_OF_ADDRESS)
    guessed = await client.post("/v1/handovers/take", json={"token": "00000000"})
    assert (guessed.status_code, guessed.json()["code"]) == (429, "too_often")
