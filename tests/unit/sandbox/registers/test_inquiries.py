"""Inquiries about the use of data, and complaints when nobody answers."""

import pytest

from assistant.sandbox.population import JAAK, MARY

pytestmark = pytest.mark.unit

INQUIRIES, COMPLAINTS = "EE/GOV/70004235/inquiries/inquiries", "EE/GOV/70004235/inquiries/complaints"
QUESTION = {
    "institutionCode": "70001975",
    "institution": "Sotsiaalkindlustusamet",
    "usedAt": "2027-02-24T09:14:00+00:00",
    "action": "Perehüvitiste arvestamine",
    "system": "skais",
    "question": "Milleks?",
}


async def test_inquiries_when_listed_then_each_is_as_of_today(person) -> None:
    found = (await person(MARY).get(INQUIRIES, "inquiries"))[1]["inquiries"]
    assert {each["institution"]: each["state"] for each in found} == {
        "Tervisekassa": "answered",
        "Põhjala Pank": "unanswered",
        "Tallinna Haridusamet": "open",
    }


async def test_inquiry_when_sent_then_open_for_thirty_days(person) -> None:
    jaak = person(JAAK)
    status, receipt = await jaak.post(INQUIRIES, "inquiries", **QUESTION)
    assert (status, receipt["answerBy"]) == (201, "2027-03-28")
    found = (await jaak.get(INQUIRIES, "inquiries?state=open"))[1]["inquiries"]
    assert [each["institution"] for each in found] == ["Tartu Linnavalitsus", "Sotsiaalkindlustusamet"]
    assert found[1]["inquiryNumber"] == receipt["receiptNumber"]


async def test_complaint_when_nobody_answered_then_taken_once(person) -> None:
    mary = person(MARY)
    (late,) = (await mary.get(INQUIRIES, "inquiries?state=unanswered"))[1]["inquiries"]
    assert (await mary.post(COMPLAINTS, "complaints", inquiryNumber=late["inquiryNumber"]))[0] == 201
    assert (await mary.get(INQUIRIES, "inquiries?state=unanswered"))[1] == {"inquiries": []}
    status, problem = await mary.post(COMPLAINTS, "complaints", key="k2", inquiryNumber=late["inquiryNumber"])
    assert (status, problem["code"]) == (422, "answer_not_due")


@pytest.mark.parametrize(("subject", "number"), [(MARY, "90094"), (MARY, "90033"), (MARY, "1"), (JAAK, "90071")])
async def test_complaint_when_nothing_is_overdue_then_refused(person, subject: str, number: str) -> None:
    status, problem = await person(subject).post(COMPLAINTS, "complaints", inquiryNumber=number)
    assert (status, problem["code"]) == (422, "answer_not_due")
