"""A question that is open, the words said to it, and what they may turn out to be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from actions.dialogue.filling import choices, spoken_values
from actions.dialogue.flow import Asking, Known
from actions.dialogue.frames import Frame
from actions.dialogue.heard import Heard
from actions.dialogue.questions import asked_with_help, choices_of, question, yes_or_no_about
from actions.dialogue.saying import Utterance
from actions.values.choosing import Chosen, choose
from assistant.content.input_spec import Input
from assistant.content.own_responses import (
    CHANGE_WHAT,
    CONFIRM_EXACTLY,
    CONFIRM_IN_WORDS,
    CONFIRM_QUESTION,
    OFFER_STOP,
    STILL_NOT_UNDERSTOOD,
    TRY_AGAIN,
    TYPE_INSTEAD,
)
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

    def not_understood(self) -> Reading:
        """The question once more, in other words each time; at a read-back, what can be changed.

        Who was not understood there may have meant a change. A yes to what comes next is no yes to what was read back.
        """
        said = Utterance(STILL_NOT_UNDERSTOOD if self.frame.tries else TRY_AGAIN)
        return replace(self._again(said), is_unclear=self.entry is None)

    def unfit(self, reason: Utterance) -> Reading:
        """The question once more for a value that cannot be: the first time as it was, for it was understood."""
        if self.frame.tries:
            return self._again(reason)
        return replace(self.aside(reason), tries=1)

    def aside(self, *said: Utterance) -> Reading:
        """Something said beside the question, which is asked again."""
        return Reading("aside", said=(*said, self.question()), outcome=self.outcome)

    def reconfirm(self) -> Reading:
        """What is asked when a yes was no yes that counts: for the words that do, then for all once more."""
        tries, language = self.frame.tries + 1, self.turn.words.language
        is_in_words = self.service.confirm == "in_words"
        exact = Utterance(CONFIRM_EXACTLY) if is_in_words else yes_or_no_about(self.service, language)
        return Reading("aside", said=(exact if tries % 2 else self.question(),), tries=tries, outcome=self.outcome)

    def _again(self, said: Utterance) -> Reading:
        """The question in other words; who is asked in vain again and again is told how else to answer, or to stop."""
        tries = self.frame.tries + 1
        typed = (Utterance(TYPE_INSTEAD),) if self.heard.is_spoken and tries == MOST_TRIES - 1 else ()
        way_out = (Utterance(OFFER_STOP),) if tries >= MOST_TRIES else ()
        return Reading("aside", said=(said, *typed, *way_out, self._reworded(tries)), tries=tries, outcome=self.outcome)

    def _reworded(self, tries: int) -> Utterance:
        """What is asked after so many tries: never the same twice in a row (docs/adr/0019)."""
        words = self.turn.words
        if self.entry is None:
            labels = tuple(
                e.label[words.language] for e in self.service.inputs if e.label and e.slot in self.known.fillings
            )
            return choices_of(labels) if tries % 2 else Utterance(CHANGE_WHAT, choices_of(labels).values)
        if tries % MOST_TRIES == 0:
            return self.question()
        is_again = tries % MOST_TRIES > 1
        return asked_with_help(self.service, self.entry, self.known.facts, words, self.heard, is_again=is_again)


def confirm_question(service: Service) -> Utterance:
    """What is asked after reading back."""
    return Utterance(CONFIRM_IN_WORDS if service.confirm == "in_words" else CONFIRM_QUESTION)
