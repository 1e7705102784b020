"""What the engine made of held-out requests, held against what they mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.content.compile import FALLBACK
from assistant.content.held_out import HeldOut
from assistant.content.input_spec import Input
from assistant.content.scores import Judged, Tally
from assistant.content.service_spec import Service
from assistant.core.languages import Language
from assistant.core.turns import Entity, Understanding

SEVERAL = "several requests"
"""What stands for the act where the engine found more than the one request that a held-out text is."""
OUT_OF_SCOPE = "out_of_scope"
"""The intent of requests that no service is for. Kratt says so to these and to the fallback: it does not act."""


@dataclass(frozen=True)
class Utterance:
    """How a request was said and heard: `word_errors` of `words`, `seconds` of sound and of recognising it."""

    voice: str
    condition: str
    transcript: str
    words: int
    word_errors: int
    seconds: float
    recognition_seconds: float


@dataclass(frozen=True)
class Answer:
    """What the engine said of a request, and how long that took.

    `elsewhere` is what it said with another language named by the client; `utterance` is None for a typed request.
    """

    request: HeldOut
    understanding: Understanding
    milliseconds: float
    elsewhere: Understanding | None = None
    utterance: Utterance | None = None


@dataclass(frozen=True)
class Verdict:
    """A request and its one right intent; `first` is the engine's, `act` what Kratt does.

    OUT_OF_SCOPE as an act is nothing, SEVERAL more than was asked.

    `values` are those that the words name, `found` those that the service would go by, defaults aside. `language_kept`
    and `language_found`: whether it was taken to be in its language when the client named that one, and when another;
    None where the engine does not tell.
    """

    text: str
    language: Language
    intent: str
    first: str
    confidence: float
    act: str
    values: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    starts_service: bool = False
    language_kept: bool | None = None
    language_found: bool | None = None
    milliseconds: float = 0.0
    utterance: Utterance | None = None

    @property
    def is_right(self) -> bool:
        """Whether Kratt does what was asked, with the values that were named."""
        return self.act == self.intent and self.tally.right == self.tally.wanted == self.tally.found

    @property
    def is_acted_right(self) -> bool:
        """Whether Kratt does what was asked, whatever the values."""
        return self.act == self.intent

    @property
    def ranked(self) -> Judged:
        """The first intent, whether or not it is sure enough."""
        return Judged(self.text, self.intent, self.first, self.confidence)

    @property
    def acted(self) -> Judged:
        """What is done."""
        return Judged(self.text, self.intent, self.act, self.confidence)


def judge(answers: Iterable[Answer], services: Sequence[Service]) -> tuple[Verdict, ...]:
    """A verdict on each answer."""
    inputs = {service.service: service.inputs for service in services}
    return tuple(_verdict(each, inputs) for each in answers)


def _verdict(answer: Answer, inputs_of: Mapping[str, Sequence[Input]]) -> Verdict:
    request, understood, inputs = answer.request, answer.understanding, inputs_of.get(answer.request.intent, ())
    first = next((intent for intent in understood.ranking if intent.name != FALLBACK), None)
    # The fallback is put first where nothing is sure enough; its confidence is no probability.
    act = first.name if first and understood.intent is first else OUT_OF_SCOPE
    act = SEVERAL if understood.also else act
    found = values_found(understood.entities, inputs)
    return Verdict(
        text=request.text,
        language=request.language,
        intent=request.intent,
        first=first.name if first else "",
        confidence=first.confidence if first else 0.0,
        act=act,
        values=dict(request.values),
        found=found,
        tally=tally_of(request.values, found, {each.slot: each.default for each in inputs if each.default}),
        starts_service=act in inputs_of or act == SEVERAL,
        language_kept=_is_in(request.language, understood),
        language_found=_is_in(request.language, answer.elsewhere) if answer.elsewhere else None,
        milliseconds=round(answer.milliseconds, 2),
        utterance=answer.utterance,
    )


def _is_in(language: Language, understood: Understanding) -> bool | None:
    return None if understood.language is None else understood.language is language


def values_found(entities: Sequence[Entity], inputs: Sequence[Input]) -> dict[str, str]:
    """The fixed values that a service would take from a request, by input, as actions/dialogue/interpreting.py does."""
    found = {}
    for entry in inputs:
        named = {each.value for each in entities if each.name == entry.slot}
        values = [value for value in entry.one_of if value in named]
        if len(values) == 1 or (values and entry.first_wins):
            found[entry.slot] = values[0]
    return found


def tally_of(wanted: Mapping[str, str], found: Mapping[str, str], defaults: Mapping[str, str]) -> Tally:
    """Counts values; a default counts as found where nothing was, and is no error where nothing was named."""
    held = {slot: value for slot, value in found.items() if slot in wanted or defaults.get(slot) != value}
    held |= {slot: value for slot, value in defaults.items() if wanted.get(slot) == value and slot not in found}
    return Tally(len(wanted), len(held), sum(wanted.get(slot) == value for slot, value in held.items()))
