from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from actions.xroad.identifiers import NO_PATH, EncodedPath, ServiceId, build_path, build_query
from actions.xroad.question import Question
from assistant.core.errors import ServiceRefused

pytestmark = pytest.mark.unit

SERVICE = ServiceId.parse("EE/GOV/70008747/itds/documents")


def question(path: EncodedPath = NO_PATH, **changes: Any) -> Question:
    return Question(SERVICE, path, **{"subject": None, "issue": None, **changes})


def test_target_when_service_itself_is_asked_then_ends_with_it() -> None:
    assert question().target == "/r1/EE/GOV/70008747/itds/documents"


def test_target_when_path_and_query_then_both_follow() -> None:
    asked = question(build_path("/v1/x", {}), query=build_query({"a": "1", "b": "2"}, {}))
    assert asked.target == "/r1/EE/GOV/70008747/itds/documents/v1/x?a=1&b=2"


def test_target_when_longer_than_xroad_advises_then_is_refused() -> None:
    long = dict.fromkeys(("a", "b", "c"), "õ" * 150)
    with pytest.raises(ServiceRefused):
        _ = question(build_path("/{a}/{b}/{c}", long)).target


def test_headers_when_nobody_is_named_then_there_are_none() -> None:
    assert question().headers == {}


def test_headers_when_all_are_named_then_each_is_there() -> None:
    assert question(subject="EE60001019906", issue="record-7", represented_party="COM/12345678").headers == {
        "X-Road-UserId": "EE60001019906",
        "X-Road-Issue": "record-7",
        "X-Road-Represented-Party": "COM/12345678",
    }


@pytest.mark.parametrize("name", ["subject", "issue", "represented_party"])
@pytest.mark.parametrize("value", ["", " ", "a b", "a\r\nb", "a\nb", "a\x00", "õ", "x" * 101])
def test_headers_when_a_value_does_not_fit_then_is_refused_without_quoting_it(name: str, value: str) -> None:
    with pytest.raises(ServiceRefused) as refusal:
        _ = question(**{name: value}).headers
    assert len(value) < 2 or value not in str(refusal.value)


def test_question_when_made_then_cannot_be_changed() -> None:
    asked = question(subject="EE60001019906")
    with pytest.raises(FrozenInstanceError):
        asked.subject = "EE38001085718"  # type: ignore[misc]
