"""The engine's parsed message, as the dialogue hears it."""

from types import SimpleNamespace
from typing import Any

import pytest

from actions.dialogue.heard import MOST_REQUESTS, Heard, Mention, hear

pytestmark = pytest.mark.unit

TEXT = "renew my passport and tell me about fines"
PASSPORT = {"entity": "renewed_document", "value": "passport", "start": 9, "end": 17}
LANGUAGE = {"entity": "language", "value": "en", "start": 0, "end": len(TEXT)}
FINES = {"entity": "debt_kind", "value": "fine", "start": 36, "end": 41}
RENEW = {"intent": "document_renew", "confidence": 0.93, "start": 0, "end": 17}
DEBTS = {"intent": "debts_and_fines", "confidence": 0.88, "start": 22, "end": 41}


def heard(**more: Any) -> Heard:
    intent = {"name": "document_renew", "confidence": 0.93}
    message = {"text": TEXT, "intent": intent, "entities": [LANGUAGE, PASSPORT, FINES], **more}
    tracker: Any = SimpleNamespace(latest_message=message, slots={"language": "en"})
    return hear(tracker, "en")


def test_hear_when_the_engine_tells_requests_then_each_has_its_own_words_and_values() -> None:
    first, second = heard(requests=[RENEW, DEBTS]).requests
    assert (first.text, first.intent, first.confidence) == ("renew my passport", "document_renew", 0.93)
    assert first.mentions == (Mention("renewed_document", "passport", 9, 17),)
    assert (second.text, second.intent, second.confidence) == ("tell me about fines", "debts_and_fines", 0.88)
    assert second.mentions == (Mention("debt_kind", "fine", 14, 19),)
    assert (first.language, first.today, first.requests) == (second.language, second.today, ())


@pytest.mark.parametrize("more", [{}, {"requests": None}, {"requests": []}, {"requests": [RENEW]}])
def test_hear_when_there_is_one_request_then_the_words_are_whole(more: dict[str, Any]) -> None:
    said = heard(**more)
    assert said.requests == ()
    assert (said.text, len(said.mentions)) == (TEXT, 2)


def test_hear_when_there_are_too_many_requests_then_the_first_are_taken() -> None:
    assert len(heard(requests=[RENEW, DEBTS] * 3).requests) == MOST_REQUESTS


def test_hear_when_it_was_spoken_then_each_word_is_as_sure_as_it_was_heard() -> None:
    ranking = [{"name": "nlu_fallback", "confidence": 0.5}, {"name": "vehicle", "confidence": 0.3}]
    said = heard(intent_ranking=ranking, heard={"confidences": [0.5] * 8, "alternatives": ["tell me"]})
    assert said.ranking == (("nlu_fallback", 0.5), ("vehicle", 0.3))
    assert (said.is_spoken, said.confidences, said.alternatives) == (True, (0.5,) * 8, ("tell me",))


def test_hear_when_it_was_typed_then_no_word_is_doubted() -> None:
    said = heard()
    assert (said.is_spoken, said.confidences, said.alternatives, said.ranking) == (False, None, (), ())
