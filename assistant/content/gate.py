"""The gate: a model that is worse than the live one is not published, and the sentences that broke are named."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from assistant.content.comparison import Broken, Changed, Comparison
from assistant.content.evaluation import ALL
from assistant.content.judging import OUT_OF_SCOPE

MOST_NAMED = 8
"""Sentences in one refusal; the comparison has them all."""

PERCENT = 100


@dataclass(frozen=True)
class Limits:
    """The largest drops that are let through, as shares 0-1; no test conversation may break.

    `accuracy` is what is right at the threshold, by language; `intent` an intent's F1; `out_of_scope` the out-of-scope
    requests that are not acted upon, by language. `spoken` is what is right of a sample that is spoken, by language.
    """

    accuracy: float = 0.02
    intent: float = 0.2
    out_of_scope: float = 0.04
    spoken: float = 0.05

    @classmethod
    def of_points(cls, accuracy: float, intent: float, out_of_scope: float, spoken: float) -> Self:
        """The same in points of per cent, as settings have them."""
        return cls(accuracy / PERCENT, intent / PERCENT, out_of_scope / PERCENT, spoken / PERCENT)


def refusals(comparison: Comparison, limits: Limits) -> tuple[str, ...]:
    """Why the model is not let through; nothing, if it is."""
    broken = _of_conversations(comparison.broken)
    return (
        *_of_languages(comparison, limits),
        *_of_intents(comparison, limits),
        *_of_spoken(comparison, limits),
        *broken,
    )


def with_played(comparison: Comparison, broken: tuple[Broken, ...], played: int) -> Comparison:
    """The comparison after so many conversations were played, with those that broke and what the gate says to them."""
    refused = (*comparison.refusals, *_of_conversations(broken))
    return replace(comparison, broken=(*comparison.broken, *broken), refusals=refused, played=played)


def _of_languages(comparison: Comparison, limits: Limits) -> Iterable[str]:
    for language, figures in comparison.figures.items():
        if language == ALL:
            continue
        lost = [each for each in comparison.lost if each.language.value == language]
        for name, most, what in (
            ("acted_right", limits.accuracy, "requests that are done right"),
            ("out_of_scope_recall", limits.out_of_scope, "requests out of scope that are turned away"),
        ):
            pair = figures[name]
            if pair.drop > most:
                named = lost if name == "acted_right" else [each for each in lost if each.intent == OUT_OF_SCOPE]
                yield (
                    f"{language}: {what} fell from {_percent(pair.before)} to {_percent(pair.now)}, by more than "
                    f"{_percent(most)}. {_sentences(named)}"
                )


def _of_intents(comparison: Comparison, limits: Limits) -> Iterable[str]:
    for intent, pair in comparison.intents.items():
        if pair.drop > limits.intent:
            lost = [each for each in comparison.lost if intent in {each.intent, each.now.partition(" ")[0]}]
            yield (
                f"{intent}: F1 fell from {_percent(pair.before)} to {_percent(pair.now)}, by more than "
                f"{_percent(limits.intent)}. {_sentences(lost)}"
            )


def _of_spoken(comparison: Comparison, limits: Limits) -> Iterable[str]:
    spoken = comparison.spoken
    for language, pair in spoken.figures.items() if spoken else ():
        if spoken and pair.drop > limits.spoken:
            lost = [each for each in spoken.lost if each.language.value == language]
            yield (
                f"{language}: spoken requests that are done right fell from {_percent(pair.before)} to "
                f"{_percent(pair.now)}, by more than {_percent(limits.spoken)}. {_sentences(lost)}"
            )


def _of_conversations(broken: Iterable[Broken]) -> Iterable[str]:
    return (f"a test conversation breaks. {each}" for each in broken)


def _sentences(lost: list[Changed]) -> str:
    more = f"; and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
    return f"What broke: {'; '.join(map(str, lost[:MOST_NAMED]))}{more}" if lost else ""


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
