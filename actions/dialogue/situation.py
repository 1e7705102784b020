"""A question that is open, the words said to it, and what they may turn out to be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from actions.dialogue.filling import choices, spoken_values
from actions.dialogue.flow import Asking, Known
from actions.dialogue.frames import Frame
from actions.dialogue.heard import Heard
from actions.dialogue.questions import choices_of, hint, question
from actions.dialogue.saying import Utterance
from actions.values.choosing import Chosen, choose
from assistant.content.input_spec import Input
from assistant.content.own_responses import CONFIRM_IN_WORDS, CONFIRM_QUESTION, OFFER_STOP, TRY_AGAIN
from assistant.content.service_spec import Service
from assistant.core.outcomes import Outcome

Kind = Literal["answer", "confirm", "no", "aside", "leave", "request"]

MOST_TRIES = 3


@dataclass(frozen=True)
class Reading:
    """What the words are.

    `values` are the frame's with what the words say; `also` the same for the next ones, if they say several ("both");
    `said` is uttered first; `asked` is what the frame waits for now, `out` what that shall not be. With `is_unclear` a
    yes does not count before everything has been read back anew. `rest` are the words of a request that are not an
    answer, if only some of them are.
    """

    kind: Kind
    values: Mapping[str, str] = field(default_factory=dict)
    said: tuple[Utterance, ...] = ()
    asked: str | None = None
    tries: int = 0
    outcome: Outcome | None = None
    also: tuple[Mapping[str, str], ...] = ()
    out: tuple[str, ...] = ()
    is_unclear: bool = False
    rest: Heard | None = None


@dataclass(frozen=True)
class Situation:
    """A question that is open, and the words said to it; `entry` is the input asked for, None for a yes or a no."""

    service: Service
    frame: Frame
    entry: Input | None
    known: Known
    turn: Asking

    @classmethod
    def of(cls, service: Service, frame: Frame, known: Known, turn: Asking) -> "Situation":
        """The situation of a frame; what the citizen has left out is no answer any more, unless they name it now."""
        at = cls(service, frame, service.input(frame.asked or ""), known, turn)
        named = at.named_again()
        return at.without([value for value in frame.out if value not in named])

    def named_again(self) -> frozenset[str]:
        """The answers that the words name, be they left out before or not: "the bank after all"."""
        if self.entry is None or not self.frame.out:
            return frozenset()
        if not self.entry.choose:
            return frozenset(each.value for each in self.heard.mentions if each.slot == self.entry.slot)
        items = choices(self.service, self.entry, self.known.facts)
        found = choose(self.heard.text, items, self.heard.language, is_listed=False)
        return frozenset({found.key} if isinstance(found, Chosen) else ())

    def without(self, out: Collection[str]) -> "Situation":
        """The same question with fewer answers."""
        if self.entry is None or not out:
            return self
        if self.entry.choose:
            facts = self.known.facts.without(self.entry.choose, out)
            return replace(self, known=replace(self.known, facts=facts))
        left = tuple(value for value in self.entry.one_of if value not in out)
        return replace(self, entry=self.entry.model_copy(update={"one_of": left}))

    def asks(self, entry: Input) -> bool:
        """Whether that is the input asked for."""
        return self.frame.asked == entry.slot

    @property
    def heard(self) -> Heard:
        """The words."""
        return self.turn.heard

    @property
    def raw(self) -> dict[str, str]:
        """The values of now, by input."""
        return {slot: filled.raw for slot, filled in self.known.fillings.items()}

    @property
    def outcome(self) -> Outcome:
        """How a turn ends that leaves the question open."""
        return Outcome.ASKED_DETAIL if self.entry else Outcome.ASKED_CONFIRMATION

    def question(self) -> Utterance:
        """The question once more."""
        return self.question_for(self.entry) if self.entry else confirm_question(self.service)

    def question_for(self, entry: Input) -> Utterance:
        """The question for an input."""
        values = spoken_values(self.known.fillings, self.known.facts)
        return question(self.service, entry, values, self.known.facts, self.turn.words)

    def hint(self) -> tuple[Utterance, ...]:
        """What can be answered; at a read-back, what can be changed."""
        if self.entry:
            return hint(self.service, self.entry, self.known.facts, self.turn.words)
        language = self.turn.words.language
        labels = (e.label[language] for e in self.service.inputs if e.label and e.slot in self.known.fillings)
        return (choices_of(tuple(labels)),)

    def not_understood(self) -> Reading:
        """The question once more with what can be answered; at a read-back, what can be changed.

        Who was not understood there may have meant a change. A yes to what comes next is no yes to what was read back.
        """
        again = self.again(Utterance(TRY_AGAIN), *self.hint())
        return again if self.entry else replace(again, said=again.said[:-1], is_unclear=True)

    def aside(self, *said: Utterance) -> Reading:
        """Something said beside the question, which is asked again."""
        return Reading("aside", said=(*said, self.question()), outcome=self.outcome)

    def again(self, *said: Utterance) -> Reading:
        """The question once more; who is asked in vain again and again is told how to get out."""
        tries = self.frame.tries + 1
        way_out = (Utterance(OFFER_STOP),) if tries >= MOST_TRIES else ()
        return Reading("aside", said=(*said, *way_out, self.question()), tries=tries, outcome=self.outcome)


def confirm_question(service: Service) -> Utterance:
    """What is asked after reading back."""
    return Utterance(CONFIRM_IN_WORDS if service.confirm == "in_words" else CONFIRM_QUESTION)
