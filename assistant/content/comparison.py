"""What a new model does otherwise than the live one: figures, sentences, conversations."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.content import scores
from assistant.content.compile import FALLBACK
from assistant.content.conversations import Conversation
from assistant.content.cross_validation import CrossValidated
from assistant.content.evaluation import Figures, figures_by_language, share_of
from assistant.content.judging import Verdict
from assistant.content.spoken_requests import Heard
from assistant.core.languages import Language
from assistant.core.turns import Transcript, Understanding

FIGURES = ("accuracy", "acted_right", "wrong_acts", "macro_f1", "out_of_scope_recall", "false_acceptance", "success")
"""Those of an evaluation that are compared; docs/guides/evaluation.md says what each means."""
MOST_LOOKED_AT = 3
"""Of the intents that come first where none is sure enough: what Kratt offers to choose from."""

Meaning = Mapping[tuple[str, Language] | Transcript, Understanding]


@dataclass(frozen=True)
class Pair:
    """A figure with the live model, and with the new one; None of nothing."""

    before: float | None
    now: float | None

    @property
    def drop(self) -> float:
        """By how much it is lower now; 0 if one is not known."""
        return 0.0 if self.before is None or self.now is None else self.before - self.now


@dataclass(frozen=True)
class Changed:
    """A held-out request with its right intent, of which the two models make different things.

    `heard` is what a recogniser made of it; empty if it was typed.
    """

    text: str
    language: Language
    intent: str
    before: str
    now: str
    was_right: bool
    is_right: bool
    heard: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether it was right and is wrong now."""
        return self.was_right and not self.is_right

    def __str__(self) -> str:
        """As an editor reads it."""
        heard = f", heard as “{self.heard}”" if self.heard else ""
        return f"{self.language} “{self.text}”{heard} ({self.intent}): {self.before} -> {self.now}"


@dataclass(frozen=True)
class Broken:
    """A test conversation that goes on differently from `said` on, its turn from 1: not as it promises."""

    conversation: str
    said: str
    wanted: str
    got: str
    turn: int = 0

    def __str__(self) -> str:
        """As an editor reads it."""
        return f"{self.conversation}, turn {self.turn}: “{self.said}” is {self.got} now, not {self.wanted}"


@dataclass(frozen=True)
class SpokenFigures:
    """Requests of a sample that were spoken, by language: the share of which the right thing is done, and of how many.

    `changed` are those of which the models make different things; `skipped`, `unknown` and `is_of_draft` as in
    `spoken_requests.Heard`.
    """

    figures: Mapping[str, Pair]
    numbers: Mapping[str, int]
    changed: tuple[Changed, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    is_of_draft: bool = False

    @property
    def lost(self) -> tuple[Changed, ...]:
        """The sentences that broke."""
        return tuple(each for each in self.changed if each.is_lost)


@dataclass(frozen=True)
class Comparison:
    """All of it. Figures go by language and ALL, F1 by intent.

    `taken_for` is what the new model does with requests of an intent that it gets wrong, and how often.
    `touched` are conversations in which something is understood otherwise, and no promise says how it should be.
    `refusals` is why the gate does not let the model through; `seconds` how long each stage took.
    So many conversations were `played` with registers; the others follow from their sentences. `folds` is how the
    examples that the new model learned fit each other, `spoken` what becomes of spoken requests; None of what was not
    asked for.
    """

    version: str
    against: str
    figures: Mapping[str, Mapping[str, Pair]]
    intents: Mapping[str, Pair]
    changed: tuple[Changed, ...]
    broken: tuple[Broken, ...]
    touched: tuple[str, ...]
    conversations: int
    refusals: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    played: int = 0
    taken_for: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    folds: CrossValidated | None = None
    spoken: SpokenFigures | None = None

    @property
    def lost(self) -> tuple[Changed, ...]:
        """The sentences that broke."""
        return tuple(each for each in self.changed if each.is_lost)


def figures_of_both(before: Sequence[Verdict], now: Sequence[Verdict]) -> dict[str, dict[str, Pair]]:
    """The figures of each language and of all."""
    old, new = figures_by_language(before), figures_by_language(now)
    return {language: {name: _pair(old[language], new[language], name) for name in FIGURES} for language in new}


def intents_of_both(before: Sequence[Verdict], now: Sequence[Verdict]) -> dict[str, Pair]:
    """The F1 of each intent, in all languages together."""
    old, new = (scores.f1_by_intent([each.acted for each in verdicts]) for verdicts in (before, now))
    return {intent: Pair(old.get(intent), new[intent]) for intent in new}


def spoken_of_both(before: Sequence[Verdict], now: Sequence[Verdict], heard: Heard) -> SpokenFigures:
    """The figures of requests that were spoken; what counts is the intent that is acted upon."""
    languages = {language.value: [each.language is language for each in now] for language in Language}
    figures = {
        name: Pair(*(share_of(each.is_acted_right for each in compress(some, chosen)) for some in (before, now)))
        for name, chosen in languages.items()
        if any(chosen)
    }
    changed = [
        Changed(
            *(new.text, new.language, new.intent, old.act, new.act),
            *(old.is_acted_right, new.is_acted_right),
            heard=heard.transcripts[new.text, new.language].text or "nothing",
        )
        for old, new in zip(before, now, strict=True)
        if old.act != new.act
    ]
    return SpokenFigures(
        figures,
        {name: sum(languages[name]) for name in figures},
        tuple(sorted(changed, key=_lost_first)),
        {language.value: why for language, why in heard.skipped.items()},
        heard.unknown,
        heard.is_of_draft,
    )


def taken_for(now: Sequence[Verdict]) -> dict[str, dict[str, int]]:
    """By the intent that is right: what is done instead and how often, the most frequent first."""
    found: dict[str, dict[str, int]] = {}
    for (right, done), count in scores.confusions([each.acted for each in now]):
        found.setdefault(right, {})[done] = count
    return found


def changed_requests(before: Sequence[Verdict], now: Sequence[Verdict]) -> tuple[Changed, ...]:
    """The requests that are not done as before; those that broke first."""
    found = [
        Changed(new.text, new.language, new.intent, _done(old), _done(new), old.is_right, new.is_right)
        for old, new in zip(before, now, strict=True)
        if _done(old) != _done(new)
    ]
    return tuple(sorted(found, key=_lost_first))


def broken_conversations(
    conversations: Mapping[str, Conversation], before: Meaning, now: Meaning
) -> tuple[tuple[Broken, ...], tuple[str, ...]]:
    """The conversations that break a promise which the live model keeps, and others in which something changes.

    What a text means does not depend on what was said before (decision 9): so the words can be asked apart.
    """
    broken: list[Broken] = []
    touched: list[str] = []
    for name, conversation in conversations.items():
        breaks = list(_breaks(name, conversation, before, now))
        broken += breaks[:1]
        if not breaks and any(
            _seen(before[exchange.say, conversation.language]) != _seen(now[exchange.say, conversation.language])
            for exchange in conversation.turns
        ):
            touched.append(name)
    return tuple(broken), tuple(touched)


def to_json(comparison: Comparison) -> str:
    """The text of a comparison's file."""
    return json.dumps(_SHAPE.dump_python(comparison, mode="json"), ensure_ascii=False, indent=1) + "\n"


def read_comparison(file: Path) -> Comparison | None:
    """A comparison that was kept; None if there is none."""
    try:
        return _SHAPE.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


_SHAPE = TypeAdapter(Comparison)


def _pair(before: Figures, now: Figures, name: str) -> Pair:
    return Pair(getattr(before, name), getattr(now, name))


def _lost_first(changed: Changed) -> tuple[object, ...]:
    return not changed.is_lost, changed.is_right, changed.language.value, changed.text


def _done(verdict: Verdict) -> str:
    values = " ".join(f"{slot}={value}" for slot, value in sorted(verdict.found.items()))
    return f"{verdict.act} {values}".rstrip()


def _breaks(name: str, conversation: Conversation, before: Meaning, now: Meaning) -> Iterable[Broken]:
    for turn, exchange in enumerate(conversation.turns, start=1):
        text = exchange.say, conversation.language
        was, got = _first(before[text]), _first(now[text])
        if exchange.intent and was == exchange.intent and got != exchange.intent:
            yield Broken(name, exchange.say, exchange.intent, got, turn)


def _first(understanding: Understanding) -> str:
    return understanding.intent.name if understanding.intent else ""


def _seen(understanding: Understanding) -> tuple[object, ...]:
    """All of it that the dialogue goes by."""
    values = tuple(sorted((each.name, each.value) for each in understanding.entities))
    first = tuple(each.name for each in understanding.ranking[:MOST_LOOKED_AT])
    is_sure = not first or first[0] != FALLBACK
    return first[:1] if is_sure else first, understanding.also, understanding.language, values
