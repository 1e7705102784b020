from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.unit

MARY, JAAK = "EE60001019906", "EE38001085718"


@pytest.fixture
async def logged_in(client: httpx.AsyncClient, gateway: Any) -> httpx.AsyncClient:
    for store in gateway.stores.values():
        store.kept |= {MARY: [{"what": "hers"}], JAAK: [{"what": "his"}]}
    await client.get((await client.get("/v1/login")).headers["Location"])
    return client


async def test_own_data_when_exported_then_is_a_file_of_what_every_store_keeps(logged_in: httpx.AsyncClient) -> None:
    answer = await logged_in.get("/v1/own-data")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kratt-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["person"] == MARY
    assert answer.json()["kept"] == {"first": [{"what": "hers"}], "second": [{"what": "hers"}]}


async def test_own_data_when_forgotten_then_every_store_forgot_nobody_else_and_the_cookie_goes(
    logged_in: httpx.AsyncClient, gateway: Any
) -> None:
    answer = await logged_in.delete("/v1/own-data")
    assert answer.json() == {"forgotten": {"first": 1, "second": 1}}
    assert [list(store.kept) for store in gateway.stores.values()] == [[JAAK], [JAAK]]
    assert 'kratt_conversation=""' in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_own_data_when_nobody_is_logged_in_then_is_refused(client: httpx.AsyncClient, method: str) -> None:
    await client.post("/v1/turns", json={"text": "hello"})
    answer = await client.request(method, "/v1/own-data")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_own_data_when_a_store_is_down_then_is_no_half_truth(
    logged_in: httpx.AsyncClient, gateway: Any, method: str
) -> None:
    gateway.stores["second"].fails = True
    answer = await logged_in.request(method, "/v1/own-data")
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    gateway.stores["second"].fails = False
    assert (await logged_in.delete("/v1/own-data")).json()["forgotten"]["second"] == 1


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_own_data_when_a_page_of_another_origin_asks_then_is_refused(
    logged_in: httpx.AsyncClient, gateway: Any, method: str
) -> None:
    answer = await logged_in.request(method, "/v1/own-data", headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403
    assert MARY in gateway.stores["first"].kept


async def test_turn_when_it_says_that_the_citizen_is_forgotten_then_every_store_has_forgotten(
    logged_in: httpx.AsyncClient, gateway: Any
) -> None:
    gateway.dialogue.forgets = True
    assert (await logged_in.post("/v1/turns", json={"text": "yes"})).status_code == 200
    assert [list(store.kept) for store in gateway.stores.values()] == [[JAAK], [JAAK]]


async def test_turn_when_a_store_does_not_forget_then_the_citizen_is_not_told_that_it_did(
    logged_in: httpx.AsyncClient, gateway: Any
) -> None:
    gateway.dialogue.forgets, gateway.stores["second"].fails = True, True
    answer = await logged_in.post("/v1/turns", json={"text": "yes"})
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
