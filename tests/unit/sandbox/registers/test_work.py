from datetime import date

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER

pytestmark = pytest.mark.unit

FUND = "EE/GOV/74000085/jobseekers"
REGISTRATIONS, APPOINTMENTS = f"{FUND}/registrations", f"{FUND}/appointments"
JOBS, PENSION = "EE/GOV/70000349/employment/jobs", "EE/GOV/70001975/pension/pillars"
ASKED = {"phone": "+3725550001", "email": "mary@example.ee", "benefitRequested": "no"}


async def _free(somebody) -> list[dict[str, str]]:
    return (await somebody.get_public(APPOINTMENTS, "appointments"))["appointments"]


async def test_appointments_when_a_weekend_comes_then_working_days_only(person) -> None:
    days = [date.fromisoformat(each["day"]) for each in await _free(person(MARY))]
    assert days == [date(2027, 3, 1), date(2027, 3, 2), date(2027, 3, 3)]


async def test_register_when_job_has_ended_then_active_and_the_time_is_taken(person) -> None:
    first = (await _free(person(MARY)))[0]
    assert (await person(MARY).post(REGISTRATIONS, "registrations", **ASKED, appointmentId=first["id"]))[0] == 201
    _, registration = await person(MARY).get(REGISTRATIONS, "registration")
    # The account of the registration before is kept when none is sent.
    assert registration == {"status": "active", "registeredOn": "2027-02-26", "bankAccount": "EE471000001020145685"}
    assert first not in await _free(person(MARY))
    again = await person(NEWCOMER).post(REGISTRATIONS, "registrations", **ASKED, appointmentId=first["id"])
    assert (again[0], again[1]["code"]) == (409, "appointment_taken")


@pytest.mark.parametrize(("subject", "code"), [(JAAK, "still_employed"), (MARI_LIIS, "already_registered")])
async def test_register_when_not_possible_then_refused(person, subject: str, code: str) -> None:
    first = (await _free(person(subject)))[0]
    status, problem = await person(subject).post(REGISTRATIONS, "registrations", **ASKED, appointmentId=first["id"])
    assert (status, problem["code"]) == (409, code)


async def test_latest_job_when_several_then_the_last(person) -> None:
    _, job = await person(MARY).get(JOBS, "jobs/latest")
    assert job == {"employer": "Rannapiiga AS", "startedOn": "2025-04-07", "endedOn": "2027-02-14", "active": False}
    assert len((await person(MARY).get(JOBS, "jobs"))[1]["jobs"]) == 2
    assert (await person(NEWCOMER).get(JOBS, "jobs/latest"))[0] == 404


async def test_pillar_when_one_is_asked_for_then_that_one(person) -> None:
    _, pillar = await person(JAAK).get(PENSION, "pillars/third_pillar")
    assert pillar == {"pillar": "third_pillar", "joined": True, "balance": "2150.00", "fund": "Põhjamaa Kasv"}
    assert pillar in (await person(JAAK).get(PENSION, "pillars"))[1]["pillars"]
