"""Sound written down by Vosk, segment after segment, for as long as it comes."""

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import replace

from assistant.adapters.decoding_threads import DecodingThreads
from assistant.adapters.vosk_models import BYTES_PER_SECOND, END_OF_SPEECH, UNKNOWN_WORD, VoskModel, failing_as
from assistant.core.audio import BYTES_PER_SAMPLE
from assistant.core.dictation import Alternative, Dictated, Segment
from assistant.core.errors import MalformedTurn, SpeechToTextFailed
from assistant.core.turns import Word

_LATE_SECONDS = len(END_OF_SPEECH) / BYTES_PER_SECOND
LEAST_BYTES = BYTES_PER_SECOND // 10 // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE
MOST_BYTES = BYTES_PER_SECOND // 4 // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE
"""What is decoded at a time; why so much: see `vosk_speech`."""


class VoskDictation:
    """`Dictation`; `place` gives its place among the streams back, once."""

    def __init__(self, decoding: "DictationDecoding", threads: DecodingThreads, place: contextlib.ExitStack) -> None:
        self._decoding = decoding
        self._threads = threads
        self._place = place
        self._waiting = bytearray()
        self._partial = ""

    async def accept(self, samples: bytes) -> Dictated:
        """Take more sound."""
        self._waiting += samples
        ended: list[Segment] = []
        while len(self._waiting) >= LEAST_BYTES:
            piece, self._waiting = bytes(self._waiting[:MOST_BYTES]), self._waiting[MOST_BYTES:]
            segment, self._partial = await self._threads.run(self._decoding.accept, piece)
            ended += [segment] if segment else []
        return Dictated(tuple(ended), self._partial)

    async def finish(self) -> Segment:
        """End the present segment."""
        rest, self._waiting, self._partial = bytes(self._waiting), bytearray(), ""
        return await self._threads.run(self._decoding.finish, rest)

    async def close(self) -> None:
        """Give the recogniser back once it has ended what it was at."""
        with self._place:
            await self._threads.run(self._decoding.close)


class DictationDecoding:
    """A recogniser at work; whichever thread has work for it, one at a time."""

    def __init__(self, model: VoskModel, phrases: Sequence[str], alternatives: int) -> None:
        """Take a recogniser, or make one that hears nothing but these phrases.

        Raises:
            MalformedTurn: no word of the phrases is known.
            SpeechToTextFailed: Vosk does not start.
        """
        with failing_as(SpeechToTextFailed("Vosk did not start")):
            recogniser = model.among(phrases) if phrases else model.take()
            if recogniser is None:
                raise MalformedTurn("the speech model knows none of the phrases")
            recogniser.list_alternatives(alternatives)
        self._recogniser = recogniser
        self._home = None if phrases else model
        self._lock = threading.Lock()
        self._is_closed = False
        self._late_seconds = 0.0
        """Silence that was put behind segments, by which later words are late."""

    def accept(self, samples: bytes) -> tuple[Segment | None, str]:
        """Decode more; a segment if one has ended, and the words of the next one so far."""
        with self._lock, failing_as(SpeechToTextFailed("Vosk failed while decoding")):
            segment = self._recogniser.dictate(samples)
            partial = " ".join(word for word in self._recogniser.partial() if word != UNKNOWN_WORD)
            return self._told(segment) if segment else None, partial

    def finish(self, samples: bytes) -> Segment:
        """Decode the rest, and end the segment."""
        with self._lock, failing_as(SpeechToTextFailed("Vosk failed while finishing")):
            ended = self._recogniser.dictate(samples + END_OF_SPEECH)
            last = self._recogniser.rest()
            segment = self._told(Segment.joined([ended, last]) if ended else last)
            self._late_seconds += _LATE_SECONDS
            return segment

    def close(self) -> None:
        """Let another stream have the recogniser."""
        with self._lock, failing_as(SpeechToTextFailed("Vosk failed while finishing")):
            if self._home and not self._is_closed:
                self._recogniser.rest()
                self._recogniser.forget()
                self._recogniser.list_alternatives(0)
                self._home.give_back(self._recogniser)
            self._is_closed = True

    def _told(self, segment: Segment) -> Segment:
        """The segment without what the recogniser could not make out, at the times of the client's own sound."""
        others = (Alternative(each.confidence, self._words(each.words)) for each in segment.alternatives)
        return Segment(self._words(segment.words), tuple(others))

    def _words(self, words: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(
            replace(
                word,
                start_seconds=round(word.start_seconds - self._late_seconds, 2),
                end_seconds=round(word.end_seconds - self._late_seconds, 2),
            )
            for word in words
            if word.text != UNKNOWN_WORD
        )
