"""Speech that is written down and that nobody answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.core.turns import Word


@dataclass(frozen=True)
class Alternative:
    """One thing that a segment may have been; `confidence` orders them and is no probability, nor are its words'."""

    confidence: float
    words: tuple[Word, ...]

    @classmethod
    def joined(cls, alternatives: "Sequence[Alternative]") -> "Alternative":
        """Several behind each other."""
        words = tuple(word for alternative in alternatives for word in alternative.words)
        return cls(sum(alternative.confidence for alternative in alternatives), words)


@dataclass(frozen=True)
class Segment:
    """What was said up to a pause: words with times since the stream began, or alternatives, best first."""

    words: tuple[Word, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @classmethod
    def joined(cls, segments: "Sequence[Segment]") -> "Segment":
        """Several as one: words behind each other, and alternatives by their ranks."""
        words = tuple(word for segment in segments for word in segment.words)
        ranks = zip(*(segment.alternatives for segment in segments if segment.alternatives), strict=False)
        return cls(words, tuple(Alternative.joined(rank) for rank in ranks))


@dataclass(frozen=True)
class Dictated:
    """What sound has brought: the segments that have ended in it, and the words of the one that has not."""

    ended: tuple[Segment, ...]
    partial: str


class Dictation(Protocol):
    """A stream of sound without an end that is written down, and that nobody answers; used by one caller at a time."""

    async def accept(self, samples: bytes) -> Dictated:
        """Take mono s16 samples at SPEECH_RATE_HERTZ.

        Raises:
            SpeechToTextFailed: the recogniser failed.
        """

    async def finish(self) -> Segment:
        """End the present segment; the stream goes on."""

    async def close(self) -> None:
        """Give the stream's resources back."""
