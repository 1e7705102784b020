"""Who looked at whose data: `findUsage` of the registers that report, as the data tracker's description has it."""

import pytest

from assistant.sandbox.population import JAAK, MARY, NEWCOMER
from assistant.sandbox.registers.trackers import SERVICES

pytestmark = pytest.mark.unit

POPULATION = "EE/GOV/70008440/rr/findUsage"
ABOUT_MARY = f"findUsage?userCode={MARY}"


async def test_usages_when_asked_then_newest_first(person) -> None:
    status, found = await person(MARY).ask_tracker(POPULATION, ABOUT_MARY)
    assert (status, found["totalUsages"]) == (200, 4)
    times = [usage["logtime"] for usage in found["usages"]]
    assert times == sorted(times, reverse=True)
    assert found["usages"][0] == {
        "logtime": "2027-02-24T09:14:00+00:00",
        "action": "Perehüvitiste arvestamine",
        "receiverCode": "70001975",
        "receiverName": "Sotsiaalkindlustusamet",
        "receiverSystem": "skais",
    }


async def test_usages_when_counted_over_all_registers_then_there_is_something_to_page_through(person) -> None:
    answers = [(await person(MARY).ask_tracker(service, ABOUT_MARY))[1] for service in SERVICES]
    assert sum(answer["totalUsages"] for answer in answers) >= 7
    assert all(answer["totalUsages"] for answer in answers)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("periodStart=2027-02-10T00:00:00Z", 3),
        ("periodStart=2027-02-10T00:00:00", 3),
        ("periodEnd=2027-02-10T23:59:59Z", 2),
        ("periodStart=2027-02-10T00:00:00Z&periodEnd=2027-02-20T00:00:00Z", 2),
        ("periodStart=2028-01-01T00:00:00Z", 0),
    ],
)
async def test_usages_when_a_period_is_given_then_only_those_within(person, query: str, count: int) -> None:
    _, found = await person(MARY).ask_tracker(POPULATION, f"{ABOUT_MARY}&{query}")
    assert (found["totalUsages"], len(found["usages"])) == (count, count)


async def test_usages_when_paged_then_total_stays(person) -> None:
    _, first = await person(MARY).ask_tracker(POPULATION, f"{ABOUT_MARY}&limit=3")
    _, second = await person(MARY).ask_tracker(POPULATION, f"{ABOUT_MARY}&offset=3&limit=3")
    assert (first["totalUsages"], second["totalUsages"]) == (4, 4)
    assert (len(first["usages"]), len(second["usages"])) == (3, 1)


@pytest.mark.parametrize(
    ("asker", "query", "status"),
    [
        (JAAK, ABOUT_MARY, 403),
        (MARY, "findUsage", 400),
        (MARY, "findUsage?userCode=EE12345678901", 400),
        (MARY, f"{ABOUT_MARY}&periodStart=yesterday", 400),
        (MARY, f"{ABOUT_MARY}&limit=-1", 400),
        (MARY, f"{ABOUT_MARY}&order=asc", 400),
    ],
)
async def test_usages_when_asked_wrongly_then_refused(person, asker: str, query: str, status: int) -> None:
    assert (await person(asker).ask_tracker(POPULATION, query))[0] == status


async def test_usages_when_nobody_looked_then_empty(person) -> None:
    _, found = await person(NEWCOMER).ask_tracker(POPULATION, f"findUsage?userCode={NEWCOMER}")
    assert found == {"totalUsages": 0, "usages": []}


@pytest.mark.parametrize("service", SERVICES)
async def test_tracker_when_asked_about_itself_then_period_and_heartbeat(person, service: str) -> None:
    assert (await person(MARY).ask_tracker(service, "usagePeriod"))[1] == {"periodStart": "2025-02-26T00:00:00+00:00"}
    assert (await person(MARY).ask_tracker(service, "heartbeat"))[1] == {"status": "OK"}
