"""The queue for places and the register of studies."""

import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, newborn, school_child
from assistant.sandbox.registers.family import toddler

pytestmark = pytest.mark.unit

QUEUE, STUDIES = "EE/GOV/75014920/schools/queue", "EE/GOV/70000740/ehis/studies"
FROM = "2027-09-01"


async def test_institutions_when_asked_then_those_for_the_age_of_the_child(person) -> None:
    parent = person(MARY)
    for child, kind in ((school_child(parent.today), "school"), (newborn(parent.today), "kindergarten")):
        found = (await parent.acting_for(child).get(QUEUE, "institutions"))[1]["institutions"]
        assert {each["kind"] for each in found} == {kind}


async def test_application_when_accepted_then_the_child_is_last_in_the_queue(person) -> None:
    parent = person(MARY)
    parent = parent.acting_for(newborn(parent.today))
    receipt = (await parent.post(QUEUE, "applications", institution="LA01", wantedFrom=FROM))[1]
    assert receipt == {"receiptNumber": "100001", "state": "received", "position": 15}
    (place,) = (await parent.get(QUEUE, "places"))[1]["places"]
    assert (place["institution"], place["position"], place["wantedFrom"]) == ("LA01", 15, FROM)


async def test_application_when_in_the_queue_already_or_of_another_age_then_refused(person) -> None:
    parent = person(MARI_LIIS)
    parent = parent.acting_for(toddler(parent.today))
    for institution, code in (("LA01", "already_in_queue"), ("KO01", "not_offered"), ("XX99", "not_offered")):
        body = {"institution": institution, "wantedFrom": FROM}
        assert (await parent.post(QUEUE, "applications", key=institution, **body))[1]["code"] == code


async def test_queue_when_it_is_not_ones_child_then_refused(person) -> None:
    stranger = person(JAAK)
    status, problem = await stranger.acting_for(newborn(stranger.today)).get(QUEUE, "places")
    assert (status, problem["code"]) == (403, "no_representation")


async def test_studies_when_the_child_goes_to_school_then_where_and_in_which_grade(person) -> None:
    parent = person(MARY)
    (study,) = (await parent.acting_for(school_child(parent.today)).get(STUDIES, "studies"))[1]["studies"]
    assert (study["institution"]["en"], study["grade"]["en"]) == ("Lilleküla School", "the third grade")
    assert (await parent.acting_for(newborn(parent.today)).get(STUDIES, "studies"))[1] == {"studies": []}
