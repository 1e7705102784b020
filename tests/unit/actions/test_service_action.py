import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.dialogue.answers import ReadAnswer
from actions.dialogue.fact_cache import FactCache
from actions.dialogue.flow import ServiceFlow
from actions.dialogue.hold import HoldDialogue
from actions.news import News
from actions.service_action import TakeTurn
from actions.turn_context import TurnContexts
from actions.values.saying import SpokenValues
from actions.writing.confirmed_write import WriteResult, WriteState
from assistant.content.service_spec import Service
from assistant.core.errors import UnknownLanguage
from assistant.core.identity import Assurance
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

SUBJECT, SOMEBODY_ELSE = "EE60001019906", "EE38001085718"
ID_CARD = {"documentType": "id_card", "number": "A1", "validUntil": "2028-01-02", "certificateValidUntil": "2028-01-01"}
PASSPORT = {"documentType": "passport", "number": "K1", "validUntil": "2027-05-05"}
HERE = {"details": {"en": "Here", "et": "Siin", "ru": "Тут"}}
PLACE_IN_TARTU = {"office_topic": "place", "office": "tartu"}
PRICE_OF_A_PASSPORT = {"office_topic": "price", "document_type": "passport"}


def item(amount_field: str, amount: str) -> dict[str, Any]:
    return {"what": {"en": "A", "et": "B", "ru": "В"}, amount_field: amount, "dueDate": "2026-12-20"}


@pytest.fixture
def take(
    documents: Service,
    debts: Service,
    offices: Service,
    reader: Any,
    follow_ups: Any,
    terms: Any,
    secret: str,
    tracker: Any,
    turn_context: Any,
) -> Callable[..., Any]:
    """Takes a turn of somebody logged in; `context` changes what the gateway signs, None leaves it out."""
    services = {each.service: each for each in (documents, debts, offices)}
    writer: Any = None  # these services write nothing
    flow = ServiceFlow(reader, writer, FactCache())
    action = TakeTurn(
        "action_continue",
        HoldDialogue(services, flow, ReadAnswer(services, flow)),
        News(services, follow_ups),
        {language: SpokenValues(language, terms) for language in Language},
        TurnContexts(secret),
    )

    async def take_turn(
        intent: str,
        mentions: Mapping[str, str] = {},
        *,
        slots: Mapping[str, Any] = {},
        context: Mapping[str, Any] | None = {},
        requests: Mapping[str, tuple[int, int]] = {},
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        dispatcher = CollectingDispatcher()
        token = None if context is None else turn_context(**context)
        asked = tracker(dict(slots), token, said=("some words", intent), mentions=mentions)
        asked.latest_message["requests"] = [
            {"intent": name, "confidence": 0.9, "start": start, "end": end} for name, (start, end) in requests.items()
        ]
        events = await action(dispatcher, asked, None)
        return dispatcher.messages, events

    return take_turn


def said(messages: list[dict[str, Any]]) -> list[str]:
    return [message["response"] for message in messages]


def facts(messages: list[dict[str, Any]]) -> dict[str, Any]:
    assert all(message["custom"] == {} for message in messages[:-1])
    last: dict[str, Any] = messages[-1]["custom"]
    return last


def stack_of(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    slot, listen = events
    assert (slot["event"], slot["name"]) == ("slot", "dialogue_stack")
    assert (listen["event"], listen["name"]) == ("followup", "action_listen")
    stack: list[dict[str, Any]] = slot["value"]
    return stack


async def test_turn_when_person_has_documents_then_says_each_with_facts_on_the_last(
    take: Any, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT, ID_CARD]}
    messages, events = await take("document_expiry", slots={"language": "et"})
    assert said(messages) == ["utter_document_expiry", "utter_document_expiry_with_certificate"]
    assert messages[0]["valid_until"] == "5. mai 2027"
    assert messages[1]["document"] == "id_card (et)"
    outcome = facts(messages)
    assert outcome.pop("act_ms") >= 0
    waits = [["document_expiry", "?done", 0]]
    assert outcome == {"outcome": "answered", "service": "document_expiry", "sources": ["Police (et)"], "open": waits}
    assert [frame["asked"] for frame in stack_of(events)] == ["?done"]


async def test_turn_when_a_register_sends_markup_for_the_voice_then_it_is_not_passed_on(
    take: Any, security_server: Any
) -> None:
    marked = 'K1<break time="5s"/><lang xml:lang="ru">2</lang>'
    security_server.answers["/documents"] = {"documents": [{**PASSPORT, "number": marked}]}
    messages, _ = await take("document_expiry")
    assert messages[0]["number"] == "K12"


async def test_turn_when_one_document_was_asked_about_then_says_only_that(take: Any, security_server: Any) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT, ID_CARD]}
    messages, _ = await take("document_expiry", {"document_type": "passport"})
    assert said(messages) == ["utter_document_expiry"]
    assert messages[0]["number"] == "K1"


async def test_turn_when_a_question_is_open_then_another_request_takes_its_own_values_and_returns(
    take: Any, security_server: Any
) -> None:
    security_server.answers |= {"/documents": {"documents": [PASSPORT, ID_CARD]}, "/errands/id_card": HERE}
    _, events = await take("office_information", {"office_topic": "price"})
    messages, events = await take(
        "document_expiry", {"document_type": "passport"}, slots={"dialogue_stack": stack_of(events)}
    )
    assert said(messages) == ["utter_document_expiry", "utter_return_to", "utter_ask_document_type"]
    assert messages[0]["number"] == "K1"
    # The passport belonged to the request between: the question is as open as before.
    assert [frame["values"] for frame in stack_of(events)] == [{"office_topic": "price"}]
    messages, _ = await take("inform", {"document_type": "id_card"}, slots={"dialogue_stack": stack_of(events)})
    assert said(messages) == ["utter_office_information_item"]
    assert security_server.requests[-1].url.path.endswith("/errands/id_card")


async def test_turn_when_the_engine_tells_two_requests_then_both_are_answered(take: Any, security_server: Any) -> None:
    security_server.answers |= {"/documents": {"documents": [PASSPORT, ID_CARD]}, "/offices/tartu": HERE}
    messages, _ = await take(
        "office_information",
        {**PLACE_IN_TARTU, "document_type": "passport"},  # "some words place tartu passport"
        requests={"office_information": (0, 22), "document_expiry": (23, 31)},
    )
    assert said(messages) == ["utter_office_information_item", "utter_document_expiry"]
    assert messages[1]["number"] == "K1"
    assert facts(messages)["outcome"] == "answered"


@pytest.mark.parametrize(
    ("intent", "mentions", "kind", "phrases"),
    [
        ("office_information", {"office_topic": "price"}, "choice", {"id_card (en)", "passport (en)"}),
        ("document_expiry", {}, None, set()),
    ],
)
async def test_turn_when_a_question_ends_it_then_tells_what_it_asks_for(
    intent: str, mentions: dict[str, str], kind: str | None, phrases: set[str], take: Any, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT]}
    messages, _ = await take(intent, mentions)
    expected = facts(messages).get("expected")
    assert (expected["kind"] if expected else None) == kind
    assert phrases <= set(expected["phrases"] if expected else ())


@pytest.mark.parametrize(
    ("intent", "mentions", "waits"),
    [
        ("office_information", {"office_topic": "price"}, [["office_information", "document_type", 0]]),
        ("document_expiry", {}, [["document_expiry", "?done", 0]]),
    ],
)
async def test_turn_when_it_ends_then_tells_what_services_wait_for(
    intent: str, mentions: dict[str, str], waits: list[list[object]], take: Any, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT]}
    messages, _ = await take(intent, mentions)
    assert facts(messages)["open"] == waits


async def test_turn_when_nothing_is_found_then_says_so(take: Any, security_server: Any) -> None:
    security_server.answers["/documents"] = {"documents": []}
    messages, _ = await take("document_expiry")
    assert said(messages) == ["utter_document_expiry_none"]
    assert facts(messages)["outcome"] == "answered"


async def test_turn_when_two_registers_answer_then_counts_and_adds_up(take: Any, security_server: Any) -> None:
    security_server.answers["/fines"] = {"fines": [item("amount", "80.00")]}
    security_server.answers["/debts"] = {"debts": [item("amountDue", "125.40")]}
    messages, _ = await take("debts_and_fines")
    assert said(messages) == ["utter_debts_and_fines", "utter_debts_and_fines_item", "utter_debts_and_fines_item"]
    assert (messages[0]["count"], messages[0]["total"]) == ("2", "205.40 euros")
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
async def test_turn_when_one_register_fails_then_answers_partly_and_names_it(
    fines: list[Any], expected: list[str], take: Any, security_server: Any
) -> None:
    security_server.answers["/fines"] = {"fines": fines}
    security_server.answers["/debts"] = httpx.Response(404)
    messages, _ = await take("debts_and_fines")
    assert said(messages) == expected
    assert messages[-1]["register"] == "the register of debts (en)"
    assert facts(messages)["outcome"] == "answered_partly"
    assert facts(messages)["sources"] == ["Police (en)"]


async def test_turn_when_all_registers_fail_then_degrades_for_each(take: Any, security_server: Any) -> None:
    security_server.answers["/fines"] = httpx.Response(404)
    security_server.answers["/debts"] = httpx.Response(200, text="<html></html>")
    messages, _ = await take("debts_and_fines")
    assert [(message["response"], message["register"]) for message in messages] == [
        ("utter_register_unavailable", "the register of fines (en)"),
        ("utter_register_unavailable", "the register of debts (en)"),
    ]
    assert (facts(messages)["outcome"], facts(messages)["sources"]) == ("failed_register", [])


@pytest.mark.parametrize(
    ("context", "response"),
    [
        ({"subject": None}, "utter_login_required"),
        ({"assurance": Assurance.NONE}, "utter_login_required"),
        ({"assurance": Assurance.LOW}, "utter_login_required"),
        ({"dialogue_id": "another"}, "utter_ask_elsewhere"),
        ({"channel": "nobody_knows"}, "utter_ask_elsewhere"),
        (None, "utter_ask_elsewhere"),
    ],
)
async def test_turn_when_citizen_is_not_known_well_enough_then_asks_to_log_in_and_calls_nobody(
    context: dict[str, Any] | None, response: str, take: Any, security_server: Any, permission: Any
) -> None:
    messages, events = await take("document_expiry", {"document_type": "passport"}, context=context)
    assert said(messages) == [response]
    assert facts(messages)["outcome"] == "asked_login"
    assert facts(messages)["sources"] == []
    assert stack_of(events) == []
    assert (security_server.requests, permission.granted) == ([], [])


@pytest.mark.parametrize(
    ("mentions", "path"),
    [(PLACE_IN_TARTU, "/offices/tartu"), ({**PRICE_OF_A_PASSPORT, "office": "tartu"}, "/errands/passport")],
)
@pytest.mark.parametrize("context", [{}, None])
async def test_turn_when_service_is_public_then_makes_the_call_of_the_topic_and_tells_nobody_who_asks(
    context: Any, mentions: Any, path: str, take: Any, security_server: Any, permission: Any
) -> None:
    security_server.answers[path] = HERE
    messages, _ = await take("office_information", mentions, context=context)
    assert said(messages) == ["utter_office_information_item"]
    assert messages[0]["details"] == "Here"
    (request,) = security_server.requests
    assert "X-Road-UserId" not in request.headers
    assert SUBJECT not in str(request.headers) + str(request.url)
    assert permission.granted == []


@pytest.mark.parametrize(
    ("mentions", "question"),
    [
        ({}, "utter_ask_office_topic"),
        ({"office_topic": "place"}, "utter_ask_office"),
        ({"office_topic": "gossip", "office": "tartu"}, "utter_ask_office_topic"),
        ({"office_topic": "price"}, "utter_ask_document_type"),
    ],
)
async def test_turn_when_something_is_missing_then_it_is_asked_instead_of_finding_nothing(
    mentions: Any, question: str, take: Any, security_server: Any
) -> None:
    messages, events = await take("office_information", mentions, context=None)
    assert said(messages) == [question]
    assert facts(messages)["outcome"] == "asked_detail"
    assert messages[0]["buttons"][0]["title"] == messages[0]["buttons"][0]["payload"]
    assert len(stack_of(events)) == 1
    assert security_server.requests == []


async def test_turn_when_slots_bear_the_names_of_inputs_then_they_count_for_nothing(
    take: Any, security_server: Any
) -> None:
    messages, _ = await take("office_information", slots={**PLACE_IN_TARTU, "subject": SOMEBODY_ELSE})
    assert said(messages) == ["utter_ask_office_topic"]
    assert security_server.requests == []


async def test_turn_when_it_is_nearly_over_then_does_not_start_calls(take: Any, security_server: Any) -> None:
    messages, _ = await take("document_expiry", context={"deadline_epoch_seconds": time.time() + 0.4})
    assert facts(messages)["outcome"] == "failed_register"
    assert security_server.requests == []


async def test_turn_when_call_leaves_then_carries_the_subject_and_the_record(take: Any, security_server: Any) -> None:
    security_server.answers["/documents"] = {"documents": []}
    await take("document_expiry")
    (request,) = security_server.requests
    assert request.url.path == "/r1/EE/GOV/70008747/itds/documents/v1/persons/EE60001019906/documents"
    assert (request.headers["X-Road-UserId"], request.headers["X-Road-Issue"]) == (SUBJECT, "record-of-documents")


@pytest.mark.parametrize(("slot", "context", "expected"), [("ru", "et", "(ru)"), (None, "et", "(et)")])
async def test_turn_when_language_slot_is_empty_then_context_says_the_language(
    slot: Any, context: str, expected: str, take: Any, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT]}
    messages, _ = await take("document_expiry", slots={"language": slot}, context={"language": context})
    assert messages[0]["document"] == f"passport {expected}"


async def test_turn_when_nobody_says_the_language_then_none_is_made_up(take: Any) -> None:
    with pytest.raises(UnknownLanguage):
        await take("office_information", slots={"language": None}, context=None)


@pytest.mark.parametrize("intent", ["greet", "thank"])
async def test_turn_when_it_is_small_talk_then_what_is_said_decides_the_outcome(intent: str, take: Any) -> None:
    messages, events = await take(intent)
    assert said(messages) == [f"utter_{intent}"]
    assert facts(messages).keys() == {"act_ms", "open"}
    assert stack_of(events) == []


async def test_turn_when_the_stack_is_somebody_elses_then_nothing_of_it_is_used(
    take: Any, security_server: Any
) -> None:
    security_server.answers["/documents"] = {"documents": [PASSPORT, ID_CARD]}
    _, events = await take("document_expiry", {"document_type": "passport"})
    stack = stack_of(events)
    assert SUBJECT not in str(stack)
    messages, events = await take("inform", slots={"dialogue_stack": stack}, context={"subject": SOMEBODY_ELSE})
    assert said(messages) == ["utter_inform"]
    assert stack_of(events) == []


async def test_turn_when_there_is_news_of_an_act_then_it_is_said_first_and_once(take: Any, follow_ups: Any) -> None:
    result = WriteResult("key", SUBJECT, "document_expiry", "submit", "en", WriteState.REFUSED)
    follow_ups.results = {SUBJECT: [result]}
    messages, _ = await take("greet")
    assert said(messages) == ["utter_follow_up_refused", "utter_greet"]
    assert messages[0]["title"] == "Documents (en)"
    assert facts(messages).keys() == {"act_ms", "open"}
    messages, _ = await take("greet")
    assert said(messages) == ["utter_greet"]


async def test_turn_when_the_context_is_refused_then_the_log_says_why_and_not_who(
    take: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await take("document_expiry", context={"dialogue_id": "another"})
    (record,) = [entry for entry in caplog.records if entry.message == "turn context refused"]
    assert record.facts == {  # type: ignore[attr-defined]
        "action": "action_continue",
        "code": "not_allowed",
        "detail": "the turn context is for another dialogue",
    }
    assert SUBJECT not in str([vars(each) for each in caplog.records])
