import pytest

from assistant.core.errors import AccessBlocked, AccessNotRecorded, AccessRestricted, ServiceUnavailable
from assistant.core.outcomes import Outcome

pytestmark = pytest.mark.unit


async def test_request_when_nothing_is_missing_then_is_answered(citizen) -> None:
    assert await citizen.says("my cars", "vehicle") == ["vehicle", "vehicle_item", "vehicle_item"]
    assert citizen.turn.outcome is Outcome.ANSWERED
    assert citizen.turn.sources == ("Transport Administration",)
    assert citizen.values_of("vehicle_item")["inspection_until"] == "1 May 2027"


async def test_request_when_it_names_an_item_then_only_that_is_told(citizen) -> None:
    assert await citizen.says("is the skoda inspected", "vehicle") == ["vehicle", "vehicle_item"]
    assert citizen.values_of("vehicle_item")["plate"] == "456DEF"


@pytest.mark.parametrize(("text", "intent"), [("and the volvo", "inform"), ("and the other car", "correct")])
async def test_follow_up_when_it_names_another_item_then_tells_that(citizen, text, intent) -> None:
    await citizen.says("is the skoda inspected", "vehicle")
    assert await citizen.says(text, intent) == ["vehicle", "vehicle_item"]
    assert citizen.values_of("vehicle_item")["plate"] == "123ABC"


async def test_small_talk_when_the_answer_is_given_then_is_answered_and_nothing_stays_open(citizen) -> None:
    await citizen.says("my cars", "vehicle")
    assert await citizen.says("thanks", "thank") == ["thank"]
    assert citizen.turn.outcome is None
    assert citizen.stack == ()


async def test_request_when_the_citizen_is_unknown_then_no_register_is_read(citizen) -> None:
    citizen.subject = None
    assert await citizen.says("my cars", "vehicle") == ["login_required"]
    assert citizen.turn.outcome is Outcome.ASKED_LOGIN
    assert citizen.registers.asked == []


@pytest.mark.parametrize(
    ("error", "response", "value", "outcome"),
    [
        (ServiceUnavailable(), "register_unavailable", "in 5 minutes", Outcome.FAILED_REGISTER),
        (ServiceUnavailable(retry_after_seconds=3600), "register_unavailable", "in 1 hour", Outcome.FAILED_REGISTER),
        (AccessRestricted(), "restricted", "in 5 minutes", Outcome.ANSWERED),
        (AccessBlocked(), "blocked", "in 5 minutes", Outcome.ANSWERED),
        (AccessNotRecorded(), "record_unavailable", "in 5 minutes", Outcome.FAILED_REGISTER),
    ],
)
async def test_request_when_the_register_gives_nothing_then_says_why(citizen, error, response, value, outcome) -> None:
    citizen.registers.answers["cars"] = error
    assert await citizen.says("my cars", "vehicle") == [response]
    assert citizen.turn.outcome is outcome
    assert citizen.values_of(response) == {"register": "register of cars", "again": value}


async def test_request_when_something_is_missing_then_it_is_asked_with_choices(citizen) -> None:
    assert await citizen.says("what does it cost", "documents") == ["ask_document_type"]
    assert citizen.turn.outcome is Outcome.ASKED_DETAIL
    assert citizen.turn.said[-1].buttons == ("passport", "id card")
    assert await citizen.says("the passport", "inform", document_type="passport") == ["documents_item"]


async def test_answer_when_it_is_not_understood_then_choices_are_told_and_at_last_the_way_out(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    assert await citizen.says("mumble") == ["try_again", "choices"]
    assert citizen.turn.said[-1].buttons == ("passport", "id card")
    assert await citizen.says("mumble") == ["still_not_understood", "is_it"]
    assert await citizen.says("mumble") == ["still_not_understood", "offer_stop", "ask_document_type"]
    assert await citizen.says("mumble") == ["still_not_understood", "offer_stop", "choices"]
    assert await citizen.says("the second one") == ["documents_item"]


@pytest.mark.parametrize("intent", ["why_ask", "what_for"])
async def test_question_when_asked_why_then_tells_and_asks_again(citizen, intent) -> None:
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("why do you ask", intent)
    assert responses == [f"{intent}_{'input' if intent == 'why_ask' else 'service'}", "ask_document_type"]
    assert citizen.turn.said[0].values["purpose"] == "To do documents"
    assert citizen.turn.said[0].values["label"] == "document"


async def test_question_when_something_else_is_asked_then_answers_and_returns(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("my cars", "vehicle")
    assert responses == ["vehicle", "vehicle_item", "vehicle_item", "return_to", "ask_document_type"]
    assert citizen.turn.outcome is Outcome.ANSWERED
    assert await citizen.says("passport", "inform", document_type="passport") == ["documents_item"]


async def test_question_when_small_talk_comes_between_then_stands_again(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    assert await citizen.says("hello", "greet") == ["greet", "ask_document_type"]


async def test_question_when_answered_no_then_is_left(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    assert await citizen.says("no", "deny") == ["stop"]
    assert citizen.stack == ()


async def test_stack_when_somebody_else_logs_in_then_is_forgotten(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    citizen.subject = "EE38001085718"
    assert await citizen.says("the volvo", "inform") == ["inform"]
    assert citizen.stack == ()
