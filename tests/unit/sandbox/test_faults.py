import pytest
from pydantic import ValidationError

from assistant.sandbox.faults import Fault, FaultKind, Faults
from assistant.sandbox.provider import Answer, answer_json
from assistant.sandbox.xroad_error import XroadError

pytestmark = pytest.mark.unit

CARS, BOATS = ("EE", "GOV", "1", "traffic", "renewals"), ("EE", "GOV", "2", "sea", "renewals")
GOOD = answer_json({"done": True})


class FakeProvider:
    def __init__(self) -> None:
        self.acted = 0

    async def __call__(self) -> Answer:
        self.acted += 1
        return GOOD


async def strike(fault: Fault, provider: FakeProvider) -> Answer | None:
    faults = Faults(frozenset({CARS}))
    await faults.put("renewals", fault)
    try:
        return await faults.strike(CARS, "POST", provider)
    except XroadError:
        return None


STOPPING = [kind for kind in FaultKind if kind not in {"delay", "truncated", "wrong_echo", "duplicate_header"}]


@pytest.mark.parametrize("kind", STOPPING)
@pytest.mark.parametrize(("when", "acted"), [("before", 0), ("after", 1)])
async def test_strike_when_fault_hides_the_answer_then_register_acted_only_if_it_came_after(
    kind: FaultKind, when: str, acted: int
) -> None:
    provider = FakeProvider()
    assert await strike(Fault.model_validate({"fault": kind, "when": when}), provider) != GOOD
    assert provider.acted == acted


@pytest.mark.parametrize("when", ["before", "after"])
async def test_strike_when_delay_then_register_acts_and_answers(when: str) -> None:
    provider = FakeProvider()
    assert await strike(Fault.model_validate({"fault": "delay", "when": when}), provider) == GOOD
    assert provider.acted == 1


async def test_strike_when_limited_then_only_so_often_and_only_that_method() -> None:
    faults, provider = Faults(frozenset({CARS})), FakeProvider()
    await faults.put("traffic/renewals", Fault(fault=FaultKind.DISCONNECT, times=2, method="POST"))
    answers = [await faults.strike(CARS, method, provider) for method in ("GET", "POST", "GET", "POST", "POST")]
    assert answers == [GOOD, None, GOOD, None, GOOD]


@pytest.mark.parametrize(("named", "struck"), [("renewals", {CARS, BOATS}), ("sea/renewals", {BOATS})])
async def test_put_when_service_named_by_its_end_then_all_that_end_so(named: str, struck: set[tuple[str, ...]]) -> None:
    faults = Faults(frozenset({CARS, BOATS}))
    await faults.put(named, Fault(fault=FaultKind.DISCONNECT))
    assert {each for each in (CARS, BOATS) if await faults.strike(each, "GET", FakeProvider()) is None} == struck


async def test_strike_when_code_given_then_xroad_says_it() -> None:
    faults = Faults(frozenset({CARS}))
    await faults.put("renewals", Fault(fault=FaultKind.XROAD_ERROR, code="server.clientproxy.maintenance_mode"))
    with pytest.raises(XroadError) as raised:
        await faults.strike(CARS, "GET", FakeProvider())
    assert raised.value.code == "server.clientproxy.maintenance_mode"


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "truncated", "when": "before"},
        {"fault": "html", "times": 0},
        {"fault": "html", "method": "BREW"},
        {"fault": "xroad_error", "code": "Server.ServerProxy"},
        {"fault": "html", "tmes": 1},
    ],
)
def test_fault_when_it_makes_no_sense_then_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Fault.model_validate(fault)
