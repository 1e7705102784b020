"""Restrictions, consents and the mailbox, and what they change elsewhere."""

import pytest

from assistant.sandbox.population import JAAK, MARY

pytestmark = pytest.mark.unit

POPULATION, HEALTH = "EE/GOV/70008440/rr/restrictions", "EE/GOV/70009770/health/restrictions"
PRESCRIPTIONS = "EE/GOV/70009770/prescriptions/active"
SHOWN = "prescriptions?consentReference=c-1003"
CONSENTS, MAILBOX = "EE/GOV/70006317/consent/consents", "EE/GOV/70006317/mailbox/messages"
TEXTS = {"en": "Done", "et": "Tehtud", "ru": "Готово"}


async def test_restriction_when_set_then_listed_until_it_is_lifted(person) -> None:
    mary = person(MARY)
    status, receipt = await mary.post(POPULATION, "restrictions", scope="advertising", blocked=True)
    assert (status, receipt["state"]) == (201, "done")
    assert (await mary.get(POPULATION, "restrictions"))[1]["restrictions"] == [
        {"scope": "advertising", "since": "2027-02-26"}
    ]
    await mary.post(POPULATION, "restrictions", key="k2", scope="advertising", blocked=False)
    assert (await mary.get(POPULATION, "restrictions"))[1] == {"restrictions": []}


@pytest.mark.parametrize(
    ("subject", "scope", "blocked", "code"),
    [
        (JAAK, "advertising", True, "already_blocked"),
        (MARY, "advertising", False, "not_blocked"),
        (MARY, "health_records", True, "unknown_scope"),
        (MARY, "public_tasks", True, "unknown_scope"),
    ],
)
async def test_restriction_when_it_changes_nothing_then_refused(
    person, subject: str, scope: str, blocked: bool, code: str
) -> None:
    status, problem = await person(subject).post(POPULATION, "restrictions", scope=scope, blocked=blocked)
    assert (status, problem["code"]) == (422, code)


async def test_health_records_when_closed_then_prescriptions_are_and_their_closing_still_shows(person) -> None:
    mary = person(MARY)
    assert (await mary.get(PRESCRIPTIONS, SHOWN))[0] == 200
    await mary.post(HEALTH, "restrictions", scope="health_records", blocked=True)
    assert (await mary.get(PRESCRIPTIONS, SHOWN))[1]["code"] == "restricted_by_person"
    assert len((await mary.get(HEALTH, "restrictions"))[1]["restrictions"]) == 1
    assert (await mary.get(POPULATION, "restrictions"))[1] == {"restrictions": []}


async def test_consent_when_withdrawn_then_gone_once(person) -> None:
    mary = person(MARY)
    before = (await mary.get(CONSENTS, "consents?state=APPROVED"))[1]["consents"]
    await mary.post(CONSENTS, "withdrawals", consentReference="c-1001")
    after = (await mary.get(CONSENTS, "consents?state=APPROVED"))[1]["consents"]
    assert [each["consentReference"] for each in before] == ["c-1001", "c-1002", "c-1003"]
    assert [each["consentReference"] for each in after] == ["c-1002", "c-1003"]
    status, problem = await mary.post(CONSENTS, "withdrawals", key="k2", consentReference="c-1001")
    assert (status, problem["code"]) == (422, "no_such_consent")


async def test_consent_when_it_let_the_assistant_read_then_the_register_shows_no_more_after_it(person) -> None:
    mary = person(MARY)
    await mary.post(CONSENTS, "withdrawals", consentReference="c-1001")
    assert (await mary.get(PRESCRIPTIONS, SHOWN))[0] == 200
    await mary.post(CONSENTS, "withdrawals", key="k2", consentReference="c-1003")
    assert (await mary.get(PRESCRIPTIONS, SHOWN))[1]["code"] == "consent_required"


async def test_consent_when_it_is_somebody_elses_then_refused(person) -> None:
    status, problem = await person(JAAK).post(CONSENTS, "withdrawals", consentReference="c-1001")
    assert (status, problem["code"]) == (422, "no_such_consent")


async def test_message_when_sent_then_in_the_mailbox(person) -> None:
    message = {"title": TEXTS, "text": TEXTS, "reference": "100001"}
    await person(MARY).post(MAILBOX, "messages", **message)
    assert (await person(MARY).get(MAILBOX, "messages"))[1] == {"messages": [message]}
    assert (await person(JAAK).get(MAILBOX, "messages"))[1] == {"messages": []}
