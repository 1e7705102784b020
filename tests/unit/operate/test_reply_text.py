import pytest

from assistant.gateway.wire import ReplyBody
from assistant.operate.reply_text import reply_text, turn_summary

pytestmark = pytest.mark.unit


def reply(**changes) -> ReplyBody:
    body = {
        "turn_id": "t",
        "conversation_id": "c",
        "language": "en",
        "outcome": "answered",
        "reply": [{"text": "Yes.", "buttons": []}],
        "transcript": None,
        "intent": {"name": "greet", "confidence": 0.987},
        "confidence": 0.987,
        "ranking": [],
        "entities": [],
        "sources": [],
        "durations_ms": {"understand": 12.3, "act": 4.6, "total": 16.9},
        "speech": None,
    }
    return ReplyBody.model_validate(body | changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Yes."),
        ({"reply": [{"text": "One.", "buttons": []}, {"text": "Two.", "buttons": []}]}, "One.\nTwo."),
        ({"reply": [{"text": "Which?", "buttons": [{"title": "This", "payload": "p"}]}]}, "Which?\n  [This]"),
        ({"sources": ["Police", "Taxes"]}, "Yes.\nsource: Police, Taxes"),
        ({"transcript": {"text": "is it", "confidence": 1.0, "words": []}}, "heard: is it\nYes."),
        ({"transcript": {"text": "", "confidence": 0.0, "words": []}}, "heard: (nothing)\nYes."),
    ],
)
def test_reply_text_when_a_reply_comes_then_everything_in_it_is_shown(changes, text):
    assert reply_text(reply(**changes)) == text


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({}, "answered · greet 0.99 · 17 ms (understand 12, act 5)"),
        (
            {"intent": None, "outcome": "failed_dialogue", "durations_ms": {"total": 2}},
            "failed_dialogue · no intent · 2 ms ()",
        ),
    ],
)
def test_turn_summary_when_a_reply_comes_then_it_is_one_line(changes, summary):
    assert turn_summary(reply(**changes)) == summary
