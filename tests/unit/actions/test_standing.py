from datetime import date
from typing import Any

import httpx
import pytest

from actions import standing
from actions.standing import Standings
from actions.xroad.identifiers import ServiceId
from assistant.core.errors import CapacityLacking, PersonDeceased, StandingUnknown

pytestmark = pytest.mark.unit

SERVICE = ServiceId.parse("EE/GOV/70008440/rr/standing")
CHILD, COMPANY = "EE61204040018", "16000017"
LIVES = {"alive": True, "capacity": "full"}


@pytest.fixture
def standings(xroad: Any) -> Standings:
    return Standings(xroad, SERVICE)


@pytest.mark.parametrize(
    ("told", "refused_read", "refused_act"),
    [
        (LIVES, None, None),
        ({"alive": False, "capacity": "full"}, PersonDeceased, PersonDeceased),
        ({"alive": True, "capacity": "minor"}, None, CapacityLacking),
        ({"alive": True, "capacity": "restricted"}, None, CapacityLacking),
        ({"alive": "yes", "capacity": "full"}, None, StandingUnknown),
        ({"alive": True, "capacity": "some"}, None, StandingUnknown),
        ([LIVES], None, StandingUnknown),
        ({}, None, StandingUnknown),
    ],
)
async def test_citizen_when_the_register_tells_something_then_reads_or_acts_accordingly(
    standings: Standings, security_server: Any, asker: Any, told: object, refused_read: Any, refused_act: Any
) -> None:
    security_server.answers["/standing"] = told
    for is_act, refused in ((False, refused_read), (True, refused_act)):
        error = await standings.refusal(asker(turn_id=f"turn {is_act}"), "record-1", is_act=is_act)
        assert type(error) is (refused or type(None))


async def test_register_when_asked_several_times_in_a_turn_then_once_and_in_the_next_anew(
    standings: Standings, security_server: Any, asker: Any
) -> None:
    security_server.answers["/standing"] = LIVES
    for turn in ("turn-1", "turn-1", "turn-2"):
        await standings.refusal(asker(turn_id=turn), "record-1", is_act=True)
    assert len(security_server.requests) == 2
    assert {each.headers["X-Road-Issue"] for each in security_server.requests} == {"record-1"}


@pytest.mark.parametrize(("represented", "asked"), [(CHILD, 2), (COMPANY, 1)])
async def test_represented_when_a_person_then_is_asked_about_and_a_company_is_not(
    standings: Standings, security_server: Any, asker: Any, represented: str, asked: int
) -> None:
    security_server.answers[f"{CHILD}/standing"] = {"alive": False, "capacity": "minor"}
    security_server.answers["/standing"] = LIVES
    error = await standings.refusal(asker(represented=represented), "record-1", is_act=False)
    assert (isinstance(error, PersonDeceased), len(security_server.requests)) == (represented == CHILD, asked)


async def test_mandate_when_nobody_can_tell_then_is_not_used(
    standings: Standings, security_server: Any, asker: Any
) -> None:
    security_server.answers["/standing"] = httpx.ConnectError("down")
    error = await standings.refusal(asker(represented=CHILD), "record-1", is_act=False)
    assert isinstance(error, StandingUnknown)


@pytest.mark.parametrize(
    ("subject", "today", "is_minor"),
    [
        ("EE61204040018", date(2030, 4, 3), True),
        ("EE61204040018", date(2030, 4, 4), False),
        ("LV61204040018", date(2020, 1, 1), False),
    ],
)
async def test_person_when_the_register_does_not_know_them_then_the_code_tells_the_age(
    standings: Standings, security_server: Any, asker: Any, monkeypatch: Any, subject: str, today: date, is_minor: bool
) -> None:
    monkeypatch.setattr(standing, "citizens_today", lambda: today)
    problem = {"Content-Type": "application/problem+json"}
    security_server.answers["/standing"] = httpx.Response(404, json={"code": "no_record"}, headers=problem)
    error = await standings.refusal(asker(subject=subject), "record-1", is_act=True)
    assert isinstance(error, CapacityLacking) is is_minor
