import httpx
import pytest

from assistant.adapters.process_health import ProcessHealth
from assistant.core.errors import ServiceUnavailable

pytestmark = pytest.mark.unit

URL = "http://actions.test/healthz"


async def check(answer: httpx.Response | httpx.HTTPError) -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == URL
        if isinstance(answer, httpx.HTTPError):
            raise answer
        return answer

    health = ProcessHealth(URL, httpx.MockTransport(reply))
    try:
        await health.check()
    finally:
        await health.close()


async def test_check_when_the_process_answers_then_all_is_well() -> None:
    await check(httpx.Response(200))


@pytest.mark.parametrize(
    ("answer", "what"),
    [(httpx.Response(500), "it answered 500"), (httpx.ConnectError("refused"), "no answer: ConnectError")],
)
async def test_check_when_the_process_is_down_or_broken_then_it_fails(
    answer: httpx.Response | httpx.HTTPError, what: str
) -> None:
    with pytest.raises(ServiceUnavailable, match=what):
        await check(answer)
