import logging

import httpx
import pytest
from starlette.responses import PlainTextResponse

from assistant.shield import Shield

pytestmark = pytest.mark.unit


async def fail(scope: object, receive: object, send: object) -> None:
    raise RuntimeError("words of a citizen")


def shielded(app: object) -> Shield:
    return Shield(app, {"X-Own": "yes"}, lambda _: PlainTextResponse("sorry", 500), logging.getLogger("kratt.test"))


async def test_request_when_it_fails_then_is_apologised_for_and_its_words_are_not_logged(caplog) -> None:
    transport = httpx.ASGITransport(shielded(fail))
    async with httpx.AsyncClient(transport=transport, base_url="http://kratt") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.text, answer.headers["x-own"]) == (500, "sorry", "yes")
    assert answer.headers["cache-control"] == "no-store"
    assert "words of a citizen" not in caplog.text


async def test_start_when_it_fails_then_the_server_learns_of_it() -> None:
    with pytest.raises(RuntimeError, match="words"):
        await shielded(fail)({"type": "lifespan"}, fail, fail)
