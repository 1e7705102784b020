import json

import httpx
import pytest

from assistant.adapters.actions_data import ActionsData
from assistant.core.errors import ServiceUnavailable

pytestmark = pytest.mark.unit

MARY = "EE60001019906"


async def test_data_when_asked_for_then_whose_it_is_travels_in_the_body_with_the_token() -> None:
    asked: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"records": [{"kind": "write"}] if request.url.path.endswith("kept") else 3})

    data = ActionsData("http://actions.test/", "token-1", httpx.MockTransport(answer))
    assert list(await data.kept_of(MARY)) == [{"kind": "write"}]
    assert await data.forget(MARY) == 3
    await data.close()
    assert [request.url.path for request in asked] == ["/citizen/kept", "/citizen/forget"]
    assert all(json.loads(request.content) == {"subject": MARY} for request in asked)
    assert all(request.headers["Authorization"] == "Bearer token-1" for request in asked)


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(401), httpx.ConnectError("down")])
async def test_data_when_the_action_server_fails_then_says_so_without_the_person(
    answer: httpx.Response | Exception,
) -> None:
    async def fail(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    data = ActionsData("http://actions.test", "token-1", httpx.MockTransport(fail))
    with pytest.raises(ServiceUnavailable) as failed:
        await data.forget(MARY)
    assert MARY not in str(failed.value)
