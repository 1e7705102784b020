from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.form_validation import ValidateForm, next_missing
from assistant.content.service_spec import Service

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("slots", "missing"),
    [
        ({}, "office_topic"),
        ({"office_topic": "place"}, "office"),
        ({"office_topic": "place", "office": "tartu"}, None),
        ({"office_topic": "price"}, "document_type"),
        ({"office_topic": "price", "office": "tartu"}, "document_type"),
        ({"office_topic": "price", "document_type": "passport"}, None),
        ({"office": "tartu"}, "office_topic"),
    ],
)
def test_next_missing_when_some_inputs_are_given_then_is_what_the_topic_still_needs(
    slots: dict[str, str], missing: str | None, offices: Service
) -> None:
    assert next_missing(offices, slots) == missing


def test_next_missing_when_nothing_is_required_then_is_none(documents: Service) -> None:
    assert next_missing(documents, {}) is None


def slot(name: str, value: object) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


@pytest.mark.parametrize(
    ("heard", "kept", "requested"),
    [
        ({"office_topic": "place"}, {"office_topic": "place"}, "office"),
        ({"office_topic": "gossip"}, {"office_topic": None}, "office_topic"),
        ({"office_topic": ["place"]}, {"office_topic": None}, "office_topic"),
        (
            {"office_topic": "place", "office": "../secret"},
            {"office_topic": "place", "office": None},
            "office",
        ),
        ({"office_topic": "place", "office": "tartu"}, {"office_topic": "place", "office": "tartu"}, None),
        ({"language": "et"}, {}, "office_topic"),
        ({}, {}, "office_topic"),
    ],
)
async def test_validate_when_values_were_heard_then_keeps_known_ones_and_asks_for_the_next(
    heard: dict[str, Any], kept: dict[str, Any], requested: str | None, offices: Service, tracker: Any
) -> None:
    events = [{"event": "action", "name": "office_information_form"}, *(slot(*pair) for pair in heard.items())]
    action = ValidateForm(offices)
    assert action.name == "validate_office_information_form"
    result = await action(CollectingDispatcher(), tracker(heard, events=events), None)
    assert {event["name"]: event["value"] for event in result} == {**kept, "requested_slot": requested}
