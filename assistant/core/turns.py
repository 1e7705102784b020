"""One request and its one reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.core.desk_now import NO_DESK, DeskNow
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome


@dataclass(frozen=True)
class Word:
    """One recognised word; times in seconds from the start of the recording, confidence 0-1."""

    text: str
    start_seconds: float
    end_seconds: float
    confidence: float


@dataclass(frozen=True)
class Transcript:
    """What the recogniser heard; `text` is lower-case and unpunctuated, empty for silence.

    `alternatives` are other readings of the same sound, best first; none where the recogniser was sure.
    """

    text: str
    language: Language
    words: tuple[Word, ...] = ()
    alternatives: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """Mean confidence of the words; 0 when nothing was heard."""
        return sum(word.confidence for word in self.words) / len(self.words) if self.words else 0.0


@dataclass(frozen=True)
class Turn:
    """One request of a citizen, as text; `transcript` is what it was recognised from, None if it was typed.

    `is_spoken`: its reply is listened to. `desk`: what may be promised of it.
    """

    turn_id: str
    channel: str
    language: Language
    text: str
    transcript: Transcript | None = None
    is_spoken: bool = False
    desk: DeskNow = NO_DESK


@dataclass(frozen=True)
class Intent:
    """An intent with the engine's confidence in it, 0-1."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Entity:
    """A value found in the text; `start` and `end` are character offsets."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Understanding:
    """What the engine made of a text: intents best first, and entities; `language` is the one to answer in.

    `also` are the intents of further requests in the same text.
    """

    ranking: tuple[Intent, ...] = ()
    entities: tuple[Entity, ...] = ()
    language: Language | None = None
    also: tuple[str, ...] = ()

    @property
    def intent(self) -> Intent | None:
        """The best intent, if there is any."""
        return self.ranking[0] if self.ranking else None


@dataclass(frozen=True)
class Button:
    """An answer to choose; pressing it sends `payload` as if typed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Part:
    """One thing said: a sentence or two, with the choices that belong to it."""

    text: str
    buttons: tuple[Button, ...] = ()
    spoken: str = ""
    """The text with the markup for a voice, where it has any."""


YES_NO, CHOICE = "yes_no", "choice"


@dataclass(frozen=True)
class Expected:
    """What a question asks for, so that the answer is listened to accordingly; any other request may come instead.

    `kind` is YES_NO, CHOICE, or the kind of an input's value (assistant/content/input_spec.py). `phrases` are the
    answers there are, if they can be counted: what a register lists may be among them.
    """

    kind: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenQuestion:
    """What a service waits for: an input of it, or one of the dialogue's own questions, which begin with "?".

    `tries` counts how often the answer was not understood.
    """

    service: str
    asked: str
    tries: int = 0


@dataclass(frozen=True)
class Reply:
    """What the citizen gets for a turn: exactly one, with exactly one outcome.

    `service` is what it was about, if about any; `sources` are the institutions whose registers were read; `expected`
    is what the last question asks for.
    `own_screen` are requests that were not answered here and wait on the citizen's own screen; `is_stopped`: the
    citizen said stop, or had themselves locked out, which is `is_locked_out`; `is_forgotten`: they are told that they
    are forgotten;
    `is_moving`: they want to go on on their own screen. `consent_url` is where they can give the consent that a
    register wants, empty if none is missed. `open_questions` are of the services under way, the one on top last; None
    if no service was looked at. `is_called_off`: the citizen wants something not to be done, or stops.
    `durations_ms`: one per stage, and `total`, their sum.
    """

    turn_id: str
    conversation_id: str
    language: Language
    outcome: Outcome
    parts: tuple[Part, ...]
    understanding: Understanding = Understanding()
    transcript: Transcript | None = None
    service: str = ""
    sources: tuple[str, ...] = ()
    expected: Expected | None = None
    own_screen: tuple[str, ...] = ()
    is_stopped: bool = False
    is_locked_out: bool = False
    is_forgotten: bool = False
    is_moving: bool = False
    consent_url: str = ""
    open_questions: tuple[OpenQuestion, ...] | None = None
    is_called_off: bool = False
    durations_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_question(self) -> bool:
        """Whether the citizen is expected to say something; who has to log in goes elsewhere."""
        return self.expected is not None or self.outcome in {Outcome.ASKED_DETAIL, Outcome.ASKED_CONFIRMATION}

    @property
    def text(self) -> str:
        """All parts as one text."""
        return " ".join(part.text for part in self.parts)

    @property
    def choices(self) -> tuple[Button, ...]:
        """What is offered to choose from, in order."""
        return tuple(button for part in self.parts for button in part.buttons)

    @property
    def spoken(self) -> str:
        """The same with the markup for a voice."""
        return " ".join(part.spoken or part.text for part in self.parts)
