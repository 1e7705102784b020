"""What a recogniser may have heard: the transcript, how sure each word of it is, and other readings of the sound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.engine.understanding.words import words_of


@dataclass(frozen=True)
class Hypothesis:
    """A text that may have been said, how likely that is, and how surely each word was heard."""

    text: str
    weight: float = 1.0
    certainty: tuple[float, ...] | None = None


def hypotheses(text: str, heard: object) -> list[Hypothesis]:
    """What to understand for a text: itself if it was typed; `heard` is what the gateway says of a spoken one.

    `heard` has `confidences`, one per word of the text, and `alternatives`, other readings of the sound, best first.
    The n-th reading counts 1/n: recognisers give their readings scores, but not in a unit that their makers define.
    Together they weigh what the words' mean confidence is: an intent is only as sure as the words that it goes by. So
    what was hardly heard is asked about, and in noise confidences stay probabilities (docs/guides/evaluation.md).
    """
    if not isinstance(heard, Mapping):
        return [Hypothesis(text)]
    others = [other for other in _list(heard, "alternatives") if isinstance(other, str) and other.strip()]
    confidences = [each if isinstance(each, (int, float)) else 1.0 for each in _list(heard, "confidences")]
    surely = sum(confidences) / len(confidences) if confidences else 1.0
    shares = [1 / rank for rank in range(1, len(others) + 2)]
    weights = [surely * share / sum(shares) for share in shares]
    first = Hypothesis(text, weights[0], _certainty(text, confidences))
    return [first, *(Hypothesis(other, weight) for other, weight in zip(others, weights[1:], strict=True))]


def _certainty(text: str, confidences: Sequence[float]) -> tuple[float, ...] | None:
    """How much each word counts that the encoder sees: "driver's" is one word of a recogniser, and two of its.

    A word that was hardly heard still counts half: with its confidence alone, requests of tests.yml lost more.
    """
    parts = [len(words_of(word)) for word in text.split()]
    if len(parts) != len(confidences):
        return None
    sure = ((1 + each) / 2 for each in confidences)
    return tuple(each for each, count in zip(sure, parts, strict=True) for _ in range(count))


def _list(heard: Mapping[Any, Any], key: str) -> Sequence[object]:
    value = heard.get(key)
    return value if isinstance(value, list) else ()
