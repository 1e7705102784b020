import pytest

from assistant.core.errors import DialogueFailed
from assistant.core.languages import Language
from assistant.core.outcomes import OUTCOME_RESPONSES, Outcome
from assistant.core.ports import DialogueAnswer, Message
from assistant.core.turns import Expected, Part, Understanding
from assistant.pipeline.present import (
    act_milliseconds,
    consent_url_of,
    expected_of,
    is_called_off,
    open_questions_of,
    outcome_of,
    own_words,
    parts_of,
    sources_of,
)

pytestmark = pytest.mark.unit


def _answer(*messages: Message, awaiting: str | None = None, failed_action: bool = False) -> DialogueAnswer:
    return DialogueAnswer(messages, Understanding(), awaiting, failed_action)


GREETING = Message("Hello.", "utter_greet")
QUESTION = Message("Which office?", "utter_ask_office")


@pytest.mark.parametrize(
    ("messages", "outcome"),
    [
        ((GREETING,), Outcome.ANSWERED),
        ((Message("free words"),), Outcome.ANSWERED),
        ((Message("?", "utter_out_of_scope"),), Outcome.UNANSWERABLE_OUT_OF_SCOPE),
        ((Message("?", "utter_not_understood"),), Outcome.UNANSWERABLE_NOT_UNDERSTOOD),
        ((Message("?", "utter_speak_to_person"),), Outcome.HANDED_OVER),
        ((Message("?", "utter_login_required"),), Outcome.ASKED_LOGIN),
        ((Message("?", facts={"outcome": "answered_partly"}),), Outcome.ANSWERED_PARTLY),
        ((Message("?", facts={"outcome": "failed_register"}), GREETING), Outcome.FAILED_REGISTER),
        ((), Outcome.FAILED_ACTIONS),
        ((Message("\n"),), Outcome.FAILED_ACTIONS),
    ],
)
def test_outcome_when_engine_answered_then_is_an_actions_word_or_else_the_last_messages(
    messages: tuple[Message, ...], outcome: Outcome
) -> None:
    assert outcome_of(_answer(*messages)) is outcome


@pytest.mark.parametrize(
    ("messages", "outcome"),
    [
        ((GREETING, QUESTION), Outcome.ASKED_DETAIL),
        ((Message("?", facts={"outcome": "answered_partly"}),), Outcome.ANSWERED_PARTLY),
        ((Message("?", facts={"outcome": "asked_login"}), QUESTION), Outcome.ASKED_LOGIN),
        ((), Outcome.FAILED_ACTIONS),
    ],
)
def test_outcome_when_a_slot_is_awaited_then_only_an_actions_own_word_counts_more(
    messages: tuple[Message, ...], outcome: Outcome
) -> None:
    assert outcome_of(_answer(*messages, awaiting="office")) is outcome


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"expected": {"kind": "choice", "phrases": ["mari", "juku"]}}, Expected("choice", ("mari", "juku"))),
        ({"expected": {"kind": "date", "phrases": []}}, Expected("date")),
        ({}, None),
        ({"expected": {"kind": "date"}}, None),
        ({"expected": "date"}, None),
    ],
)
def test_expected_when_the_last_message_asks_then_is_what_the_action_says_of_it(
    facts: dict[str, object], expected: Expected | None
) -> None:
    earlier = Message("!", facts={"expected": {"kind": "plate", "phrases": []}})
    assert expected_of(_answer(earlier, Message("?", facts=facts))) == expected
    assert expected_of(_answer()) is None


def test_outcome_when_an_action_failed_then_counts_more_than_what_was_said() -> None:
    assert outcome_of(_answer(GREETING, failed_action=True)) is Outcome.FAILED_ACTIONS


def test_outcome_when_an_action_names_none_of_ours_then_raises_without_quoting_it() -> None:
    with pytest.raises(DialogueFailed) as caught:
        outcome_of(_answer(Message("x", facts={"outcome": "canary"})))
    assert "canary" not in str(caught.value)


def test_parts_when_a_message_has_no_words_then_is_left_out() -> None:
    assert parts_of(_answer(Message(""), GREETING, Message(" \n"))) == (Part("Hello."),)


@pytest.mark.parametrize(
    ("facts", "sources"),
    [
        ([{"sources": ["A", "B"]}, {"sources": ["B", "C"]}], ("A", "B", "C")),
        ([{"sources": []}, {}], ()),
        ([{"sources": "A"}, {"sources": None}, {"sources": {"A": 1}}], ()),
    ],
)
def test_sources_when_several_registers_were_read_then_each_is_named_once(
    facts: list[dict[str, object]], sources: tuple[str, ...]
) -> None:
    assert sources_of(_answer(*(Message("x", facts=each) for each in facts))) == sources


@pytest.mark.parametrize(
    ("facts", "questions"),
    [
        ([{"open": [["pension", "year", 2], ["tax", "?confirm", 0]]}], ("pension year 2", "tax ?confirm 0")),
        ([{"open": []}, {}], ()),
        ([{"open": [["pension"], "tax", ["tax", 1, 1], {"a": 1}]}], ()),
        ([{"open": "pension"}, {"open": None}], None),
        ([{}], None),
    ],
)
def test_open_questions_when_an_action_tells_them_then_are_those_of_its_shape(
    facts: list[dict[str, object]], questions: tuple[str, ...] | None
) -> None:
    found = open_questions_of(_answer(*(Message("x", facts=each) for each in facts)))
    told = None if found is None else tuple(f"{each.service} {each.asked} {each.tries}" for each in found)
    assert told == questions


@pytest.mark.parametrize(
    ("response", "is_it"),
    [("utter_stop", True), ("utter_not_sent", True), ("utter_not_wanted", True), ("utter_greet", False)],
)
def test_answer_when_the_citizen_calls_it_off_then_is_told_by_what_is_said(response: str, *, is_it: bool) -> None:
    assert is_called_off(_answer(Message("x", response))) is is_it


@pytest.mark.parametrize(
    ("facts", "milliseconds"),
    [([{"act_ms": 1}, {}, {"act_ms": 2.5}], 3.5), ([{"act_ms": "9"}, {"act_ms": None}], 0.0), ([], 0.0)],
)
def test_act_time_when_actions_report_theirs_then_is_their_sum(
    facts: list[dict[str, object]], milliseconds: float
) -> None:
    assert act_milliseconds(_answer(*(Message("x", facts=each) for each in facts))) == milliseconds


def test_own_words_when_gateway_must_speak_then_are_the_responses_in_the_language() -> None:
    responses = {
        response: {language: f"{response} {language}" for language in Language}
        for response in OUTCOME_RESPONSES.values()
    }
    assert own_words(Outcome.FAILED_DEADLINE, Language.RU, responses) == (Part("utter_failed_deadline ru"),)


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("https://consent.example/abc", True),
        ("http://consent.example/abc", False),
        ("javascript:alert(1)//https://x", False),
        ("data:text/html,x", False),
        ("//consent.example", False),
        ("https://a b", False),
        ("https://x\nhttps://y", False),
        (None, False),
        ("", False),
    ],
)
def test_consent_when_its_address_is_none_to_open_then_none_is_told(address: object, is_told: bool) -> None:
    assert consent_url_of(_answer(Message("x", facts={"consent_url": address}))) == (address if is_told else "")
