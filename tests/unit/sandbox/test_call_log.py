import pytest

from assistant.sandbox.call_log import CallLog
from assistant.sandbox.xroad_message import RestRequest, read_identifier

pytestmark = pytest.mark.unit

OFFICES = "EE/GOV/70008747/offices/offices"


def message(service: str, target: str) -> RestRequest:
    identifier = read_identifier(service)
    return RestRequest("GET", f"/r1/{service}{target}", (), read_identifier("EE/GOV/70009999/kratt"), identifier, ())


async def test_call_when_noted_then_is_told_with_what_was_asked_and_answered() -> None:
    log = CallLog()
    log.note(message(OFFICES, "/v1/offices?town=Tartu%20linn"), 200)
    log.note(message("EE/GOV/70008747/offices/listMethods", ""), 200)  # asks only what there is
    log.note(message(OFFICES, "/v1/offices/1"), 404)
    (route,) = log.router().routes
    told = await route.endpoint(after=1)
    assert [(each.number, each.service, each.path, each.status) for each in told] == [
        (2, OFFICES, "/v1/offices/1", 404)
    ]
    assert (await route.endpoint())[0].path == "/v1/offices?town=Tartu%20linn"
