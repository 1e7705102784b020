"""When a speaker has finished: voice activity and the recogniser's own words, weighed with what was asked."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.core.turns import YES_NO, Expected

HESITATIONS = frozenset(
    ["uh", "um", "er", "erm", "hmm", "and", "or", "but", "ee", "noh", "ja", "või", "aga", "ну", "э", "и", "или", "но"]
)
"""Last words after which somebody goes on: they think, or have joined a second half."""


class Speech(StrEnum):
    """How far an utterance is."""

    AWAITED = "awaited"
    GOING_ON = "going_on"
    ENDED = "ended"
    MISSING = "missing"
    """Nobody has said a word for as long as one waits for the first."""


OVER = frozenset({Speech.ENDED, Speech.MISSING})


@dataclass(frozen=True)
class Patience:
    """Seconds to wait.

    `silence`: after the last voice, before the utterance counts as ended; the defaults here and below are those that
    Home Assistant uses by its three sensitivities. `start`: for the first word; apart from how long an utterance may
    take. `words`: without a new word from the recogniser while voice goes on: that is music, or other people.
    `brief`: how many words `silence` is for; whoever has said more gets at least the ordinary one.
    """

    silence: float = 0.7
    start: float = 6.0
    words: float = 3.0
    brief: int | None = None


ORDINARY = Patience()
SHORT = Patience(silence=0.25, brief=2)
"""For a yes or a no; or "yes please", or "i confirm", but not for another request that comes instead."""
SPELLED = Patience(silence=1.25)
"""For digits, addresses and names, which are said in groups."""

_SPELLED_KINDS = frozenset({"address", "email", "iban", "name", "personal_code", "phone", "plate"})


def patience_for(expected: Expected | None) -> Patience:
    """How long the answer to a question may pause."""
    if expected is None:
        return ORDINARY
    if expected.kind == YES_NO:
        return SHORT
    return SPELLED if expected.kind in _SPELLED_KINDS else ORDINARY


START_SECONDS = 0.2
"""Voice that makes a start; a click or a door is shorter."""
SETTLED_SECONDS = 0.3
"""The recogniser looks 0.25 s ahead: before that, its last word may be still to come."""
THINKING = 2.0
"""How many times as long the silence may be after a hesitation."""


class EndOfSpeech:
    """Follows one utterance; knows no clock, the sound that comes in is the time that passes."""

    def __init__(self, patience: Patience = ORDINARY) -> None:
        """Wait for the first word."""
        self._patience = patience
        self._text = ""
        self._passed = 0.0
        self._voiced = 0.0
        self._since_voice = 0.0
        self._since_word = 0.0
        self._has_started = False

    def hear(self, seconds: float, *, is_voice: bool) -> Speech:
        """So many seconds more, with or without a voice."""
        self._passed += seconds
        self._since_word += seconds
        if is_voice:
            self._voiced += seconds
            self._since_voice = 0.0
        else:
            # Voice that stops at once was none: what has been counted fades as fast as silence lasts.
            self._voiced = max(0.0, self._voiced - seconds)
            self._since_voice += seconds
        self._has_started = self._has_started or self._voiced >= START_SECONDS
        return self.state

    def read(self, text: str) -> Speech:
        """The words that the recogniser has so far."""
        if text != self._text:
            self._text = text
            self._since_word = 0.0
        self._has_started = self._has_started or bool(text)
        return self.state

    @property
    def silent_seconds(self) -> float:
        """How long ago the last voice was."""
        return self._since_voice

    @property
    def state(self) -> Speech:
        """How far the utterance is now."""
        if not self._text and self._passed >= self._patience.start + self._hoped_for:
            return Speech.MISSING
        if not self._has_started:
            return Speech.AWAITED
        return Speech.ENDED if self._text and self._is_over() else Speech.GOING_ON

    @property
    def _hoped_for(self) -> float:
        """Seconds that a voice is given for its first word, if it has begun just now."""
        return self._patience.words if START_SECONDS <= self._voiced < self._patience.words else 0.0

    def _is_over(self) -> bool:
        if self._since_word >= self._patience.words:
            return True
        said = self._text.split()
        is_brief = self._patience.brief is None or len(said) <= self._patience.brief
        silence = self._patience.silence if is_brief else ORDINARY.silence
        silence *= THINKING if said[-1] in HESITATIONS else 1.0
        return self._since_voice >= silence and self._since_word >= min(silence, SETTLED_SECONDS)
