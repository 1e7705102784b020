import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.service_action import RunService
from actions.xroad.client import XRoadClient
from assistant.content.service_spec import Service
from assistant.core.errors import UnknownLanguage
from assistant.core.identity import Assurance

pytestmark = pytest.mark.unit

ID_CARD = {"documentType": "id_card", "number": "A1", "validUntil": "2028-01-02", "certificateValidUntil": "2028-01-01"}
PASSPORT = {"documentType": "passport", "number": "K1", "validUntil": "2027-05-05"}


def item(amount_field: str, amount: str) -> dict[str, Any]:
    return {"what": {"en": "A", "et": "B", "ru": "В"}, amount_field: amount, "dueDate": "2026-12-20"}


@pytest.fixture
def run(xroad: XRoadClient, terms: Any, secret: str, tracker: Any, turn_context: Any) -> Callable[..., Any]:
    """Runs a service for somebody logged in; `context` changes what the gateway signs, None leaves it out."""

    async def run_service(
        service: Service, slots: Mapping[str, Any] = {}, context: Mapping[str, Any] | None = {}
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        dispatcher = CollectingDispatcher()
        token = None if context is None else turn_context(**context)
        events = await RunService(service, terms, xroad, secret)(dispatcher, tracker(slots, token), None)
        return dispatcher.messages, events

    return run_service


def said(messages: list[dict[str, Any]]) -> list[str]:
    return [message["response"] for message in messages]


def facts(messages: list[dict[str, Any]]) -> dict[str, Any]:
    assert all(message["custom"] == {} for message in messages[:-1])
    last: dict[str, Any] = messages[-1]["custom"]
    return last


async def test_run_when_person_has_documents_then_says_each_with_facts_on_the_last(
    run: Any, documents: Service, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT, ID_CARD]}
    messages, events = await run(documents, {"document_type": None, "language": "et"})
    assert said(messages) == ["utter_document_expiry", "utter_document_expiry_with_certificate"]
    assert messages[0]["valid_until"] == "5. mai 2027"
    assert messages[1]["document"] == "id_card (et)"
    outcome = facts(messages)
    assert outcome.pop("act_ms") >= 0
    assert outcome == {"outcome": "answered", "service": "document_expiry", "sources": ["Police (et)"]}
    assert [(event["event"], event["name"], event["value"]) for event in events] == [("slot", "document_type", None)]


async def test_run_when_one_document_was_asked_about_then_says_only_that(
    run: Any, documents: Service, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT, ID_CARD]}
    messages, _ = await run(documents, {"document_type": "passport"})
    assert said(messages) == ["utter_document_expiry"]
    assert messages[0]["number"] == "K1"


async def test_run_when_another_form_is_open_then_takes_the_requests_own_values_and_leaves_the_forms(
    documents: Service,
    security_server: Any,
    xroad: XRoadClient,
    terms: Any,
    secret: str,
    tracker: Any,
    turn_context: Any,
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT, ID_CARD]}
    asked = tracker({"document_type": "id_card", "language": "en"}, turn_context())
    asked.active_loop = {"name": "office_information_form"}
    asked.latest_message["entities"] = [{"entity": "document_type", "value": "passport"}]
    dispatcher = CollectingDispatcher()
    events = await RunService(documents, terms, xroad, secret)(dispatcher, asked, None)
    assert [message["number"] for message in dispatcher.messages] == ["K1"]
    assert events == []


async def test_run_when_nothing_is_found_then_says_so(run: Any, documents: Service, security_server: Any) -> None:
    security_server.answers["/documents"] = {"documents": []}
    messages, _ = await run(documents)
    assert said(messages) == ["utter_document_expiry_none"]
    assert facts(messages)["outcome"] == "answered"


async def test_run_when_two_registers_answer_then_counts_and_adds_up(
    run: Any, debts: Service, security_server: Any
) -> None:
    security_server.answers["/fines"] = {"fines": [item("amount", "80.00")]}
    security_server.answers["/debts"] = {"debts": [item("amountDue", "125.40")]}
    messages, _ = await run(debts)
    assert said(messages) == ["utter_debts_and_fines", "utter_debts_and_fines_item", "utter_debts_and_fines_item"]
    assert (messages[0]["count"], messages[0]["total"]) == (2, "205.40 euros")
    assert [message["amount"] for message in messages[1:]] == ["80 euros", "125.40 euros"]
    assert facts(messages)["sources"] == ["Police (en)", "the register of debts (en)"]


@pytest.mark.parametrize(
    ("fines", "expected"),
    [
        (
            [item("amount", "80.00")],
            ["utter_debts_and_fines", "utter_debts_and_fines_item", "utter_register_unavailable"],
        ),
        # "You owe nothing" would be a guess: the other register was not heard.
        ([], ["utter_register_unavailable"]),
    ],
)
async def test_run_when_one_register_fails_then_answers_partly_and_names_it(
    fines: list[Any],
    expected: list[str],
    run: Any,
    debts: Service,
    security_server: Any,
) -> None:
    security_server.answers["/fines"] = {"fines": fines}
    security_server.answers["/debts"] = httpx.Response(404)
    messages, _ = await run(debts)
    assert said(messages) == expected
    assert messages[-1]["register"] == "the register of debts (en)"
    assert facts(messages)["outcome"] == "answered_partly"
    assert facts(messages)["sources"] == ["Police (en)"]


async def test_run_when_all_registers_fail_then_degrades_for_each(
    run: Any, debts: Service, security_server: Any
) -> None:
    security_server.answers["/fines"] = httpx.Response(404)
    security_server.answers["/debts"] = httpx.Response(200, text="<html></html>")
    messages, _ = await run(debts)
    assert [(message["response"], message["register"]) for message in messages] == [
        ("utter_register_unavailable", "the register of fines (en)"),
        ("utter_register_unavailable", "the register of debts (en)"),
    ]
    assert (facts(messages)["outcome"], facts(messages)["sources"]) == ("failed_register", [])


@pytest.mark.parametrize(
    "context",
    [
        {"subject": None},
        {"assurance": Assurance.NONE},
        {"assurance": Assurance.LOW},
        {"dialogue_id": "another"},
        None,
    ],
)
async def test_run_when_citizen_is_not_known_well_enough_then_asks_to_log_in_and_calls_nobody(
    context: dict[str, Any] | None, run: Any, documents: Service, security_server: Any
) -> None:
    messages, events = await run(documents, {"document_type": "passport"}, context)
    assert said(messages) == ["utter_login_required"]
    assert facts(messages)["outcome"] == "asked_login"
    assert facts(messages)["sources"] == []
    assert len(events) == 1
    assert security_server.requests == []


@pytest.mark.parametrize(
    ("slots", "path"),
    [
        ({"office_topic": "place", "office": "tartu"}, "/offices/tartu"),
        ({"office_topic": "price", "document_type": "passport", "office": "tartu"}, "/errands/passport"),
    ],
)
@pytest.mark.parametrize("context", [{}, None])
async def test_run_when_service_is_public_then_makes_the_call_of_the_topic_and_tells_nobody_who_asks(
    context: Any,
    slots: Any,
    path: str,
    run: Any,
    offices: Service,
    security_server: Any,
) -> None:
    security_server.answers[path] = {"details": {"en": "Here", "et": "Siin", "ru": "Тут"}}
    messages, events = await run(offices, slots, context)
    assert said(messages) == ["utter_office_information_item"]
    assert messages[0]["details"] == "Here"
    (request,) = security_server.requests
    assert "X-Road-UserId" not in request.headers
    assert [event["name"] for event in events] == ["office_topic", "office", "document_type"]


@pytest.mark.parametrize(
    "slots", [{}, {"office_topic": "place"}, {"office_topic": "gossip", "office": "tartu"}, {"office_topic": "price"}]
)
async def test_run_when_form_was_bypassed_then_declines_instead_of_finding_nothing(
    slots: Any, run: Any, offices: Service, security_server: Any
) -> None:
    with pytest.raises(ActionExecutionRejection):
        await run(offices, slots)
    assert security_server.requests == []


async def test_run_when_turn_is_nearly_over_then_does_not_start_calls(
    run: Any, documents: Service, security_server: Any
) -> None:
    messages, _ = await run(documents, context={"deadline_epoch_seconds": time.time() + 0.4})
    assert facts(messages)["outcome"] == "failed_register"
    assert security_server.requests == []


async def test_run_when_call_leaves_then_carries_the_subject_and_the_turn(
    run: Any, documents: Service, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": []}
    await run(documents)
    (request,) = security_server.requests
    assert request.url.path == "/r1/EE/GOV/70008747/itds/documents/v1/persons/EE60001019906/documents"
    assert (request.headers["X-Road-UserId"], request.headers["X-Road-Issue"]) == ("EE60001019906", "turn-1")


@pytest.mark.parametrize(("slot", "context", "expected"), [("ru", "et", "(ru)"), (None, "et", "(et)")])
async def test_run_when_language_slot_is_empty_then_context_says_the_language(
    slot: Any,
    context: str,
    expected: str,
    run: Any,
    documents: Service,
    security_server: Any,
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT]}
    messages, _ = await run(documents, {"language": slot}, {"language": context})
    assert messages[0]["document"] == f"passport {expected}"


async def test_run_when_nobody_says_the_language_then_none_is_made_up(run: Any, offices: Service) -> None:
    with pytest.raises(UnknownLanguage):
        await run(offices, {"language": None}, None)
