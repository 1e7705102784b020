from typing import Any

import httpx
import pytest

from assistant.core.languages import Language
from tests.unit.gateway.conftest import Gateway
from tests.unit.gateway.test_login import begin

pytestmark = pytest.mark.unit


async def log_in(client: httpx.AsyncClient) -> httpx.Response:
    return await client.get(await begin(client))


async def test_login_when_the_browser_is_known_then_its_cookie_is_kept_from_scripts_and_for_long(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(2):
        answer = await log_in(client)
        assert answer.headers["location"] == "/?logged_in"
    (cookie,) = (each for each in answer.headers.get_list("set-cookie") if each.startswith("kratt_browser="))
    assert {"HttpOnly", "SameSite=lax", "Path=/v1/login", "Max-Age=34560000"} <= set(cookie.split("; "))
    assert "Secure" not in cookie  # the test's gateway has no https


async def test_login_when_the_gateway_has_https_then_the_cookie_is_for_it_alone() -> None:
    gateway = Gateway(public_url="https://kratt.test")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app()), base_url=gateway.public_url) as client:
        cookies = (await log_in(client)).headers.get_list("set-cookie")
    assert all("Secure" in cookie for cookie in cookies if cookie.startswith("kratt_browser="))


async def test_login_when_the_browser_is_another_then_the_page_is_told(client: httpx.AsyncClient) -> None:
    await log_in(client)
    client.cookies.clear()
    assert (await log_in(client)).headers["location"] == "/?logged_in&unfamiliar_browser"


async def test_browser_when_many_citizens_use_it_then_it_keeps_an_id_of_each_of_the_latest(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    for _ in range(7):
        gateway.logins.known.clear()  # somebody else
        await log_in(client)
        assert client.cookies["kratt_browser"].endswith(gateway.logins.known[0])
    assert len(set(client.cookies["kratt_browser"].split("."))) == 5


@pytest.mark.parametrize("language", list(Language))
async def test_login_for_a_page_of_another_origin_when_the_browser_is_another_then_its_script_is_told(
    language: Language,
) -> None:
    site = "https://www.example.ee"
    gateway = Gateway(embedders=frozenset({site}))
    gateway.logins.known.append("an id of another browser")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app()), base_url=gateway.public_url) as client:
        begun = await client.get("/v1/login", params={"language": language.value, "embedder": site})
        window = await client.get(begun.headers["location"])
        assert 'data-unfamiliar="yes"' in window.text
        begun = await client.get("/v1/login", params={"embedder": site})
        assert "data-unfamiliar" not in (await client.get(begun.headers["location"])).text


async def test_login_when_it_cannot_be_noted_then_nobody_gets_in(client: httpx.AsyncClient, gateway: Any) -> None:
    gateway.logins.fails = True
    answer = await log_in(client)
    assert (answer.status_code, "kratt_conversation" in answer.cookies) == (503, False)
    assert not (await client.get("/v1/session")).json()["logged_in"]
