import httpx
import pytest

from assistant.adapters.tried_registers import TriedRegisters
from assistant.core.errors import ServiceUnavailable
from assistant.core.try_outs import RegisterCall

pytestmark = pytest.mark.unit

CALL = {"number": 7, "method": "GET", "service": "EE/GOV/1/a/b", "path": "/v1/x", "status": 200}
ASKED: list[httpx.Request] = []


def registers(*answers: httpx.Response) -> TriedRegisters:
    left = list(answers)
    ASKED.clear()

    def answer(request: httpx.Request) -> httpx.Response:
        ASKED.append(request)
        return left.pop(0)

    return TriedRegisters("http://s", "http://a", "EE/GOV/2/kratt", httpx.MockTransport(answer))


async def test_calls_when_asked_for_then_come_in_order_behind_a_number() -> None:
    assert await registers(httpx.Response(200, json=[CALL])).after(6) == (RegisterCall(**CALL),)
    assert str(ASKED[0].url) == "http://s/sandbox/calls?after=6"


async def test_registers_when_begun_anew_then_what_the_person_has_closed_is_open_again() -> None:
    await registers(*(httpx.Response(204),) * 3, httpx.Response(201)).begin_anew("EE1")
    assert [str(each.url) for each in ASKED] == [
        *("http://s/sandbox/reset", "http://s/sandbox/faults", "http://s/sandbox/phones"),
        "http://a/xroad/restrictions/v1/persons/EE1/restrictions",
    ]
    assert (ASKED[3].headers["X-Road-UserId"], ASKED[3].headers["X-Road-Client"]) == ("EE1", "EE/GOV/2/kratt")


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(200, json=[{"number": "x"}])])
async def test_calls_when_the_sandbox_answers_otherwise_then_says_so(answer: httpx.Response) -> None:
    with pytest.raises(ServiceUnavailable):
        await registers(answer).after(0)
