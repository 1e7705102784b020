"""Speech to text by Vosk.

Vosk's native code lets go of the GIL: a bounded pool of threads uses all cores, and the event loop computes nothing.
"""

import contextlib
import logging
import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soxr

from assistant.adapters.decoding_threads import DecodingThreads
from assistant.adapters.vosk_dictation import DictationDecoding, VoskDictation
from assistant.adapters.vosk_models import (
    BYTES_PER_SECOND,
    END_OF_SPEECH,
    UNKNOWN_WORD,
    WORD,
    Reading,
    VoskModel,
    failing_as,
)
from assistant.core.audio import BYTES_PER_SAMPLE, SPEECH_RATE_HERTZ, check_rate
from assistant.core.errors import Busy, SettingsError, SpeechToTextFailed
from assistant.core.languages import Language
from assistant.core.turns import Transcript, Word

# Sound is decoded from this much on: a thread's turn costs as much as decoding a few milliseconds, and Vosk itself goes
# on in steps of 0.2 s.
LEAST_SECONDS = 0.1
# At most so much at a time: an abandoned stream stops soon, Vosk can end a segment where the speaker paused, and a long
# recording lets the others take their turns.
MOST_SECONDS = 0.25
# Sound that has waited so long for a thread comes late to whoever speaks now: nobody else may begin.
MOST_LAG_SECONDS = 0.5
# Least confidence of a word worth passing on, measured with models/speech/en (its README has the table): it costs none
# of 372 correct words of the domain and 2 % of those of non-native speakers, and drops 10-26 % of the misheard ones.
# Silence and white, pink and brown noise give no word above it.
CLEAR_CONFIDENCE = 0.4
# Below this confidence of the least sure word, other readings are asked for. Chosen among 0.5-0.9 on requests of
# tests.yml in one voice, by the cost of wrong and of missed acts (models/speech/en/README.md). 15 % of those are heard
# twice, and 48 % of the held-out requests, which are longer and in freer words.
SURE_CONFIDENCE = 0.6
MOST_ALTERNATIVES = 4
# Sound kept for a second pass; a longer utterance is no request whose intent hangs on a word.
KEPT_SECONDS = 15
KEPT_BYTES = KEPT_SECONDS * BYTES_PER_SECOND

NO_WORDINGS: Mapping[Language, Callable[[str], Sequence[str]]] = MappingProxyType({})

_log = logging.getLogger("kratt.speech")


class VoskSpeech:
    """`SpeechToText` over one Vosk model per language."""

    def __init__(
        self,
        models: Mapping[Language, Path],
        streams: int,
        threads: DecodingThreads | None = None,
        sure_confidence: float = SURE_CONFIDENCE,
        wordings: Mapping[Language, Callable[[str], Sequence[str]]] = NO_WORDINGS,
    ) -> None:
        """Load the models; `wordings` put phrases into the words that a language's model has.

        An utterance with a word below `sure_confidence` is decoded once more, for other readings: at 0 none is. A
        language whose model is damaged is left out, and a line of the log names the folder.
        """
        self._models: dict[Language, VoskModel] = {}
        for language, folder in models.items():
            try:
                self._models[language] = VoskModel(folder)
            except SettingsError as error:
                _log.error("speech model left out", extra={"facts": {"language": language, "detail": error.detail}})
        self._damaged = sorted(models.keys() - self._models.keys())
        self._streams = streams
        self._sure_confidence = sure_confidence
        self._wordings = wordings
        self._open_streams = 0
        self._threads = threads or DecodingThreads()

    def languages(self) -> frozenset[Language]:
        """Languages whose model is loaded."""
        return frozenset(self._models)

    def lacking(self, language: Language, words: Iterable[str]) -> tuple[str, ...]:
        """Those of the words, in small letters, that the language's model cannot hear, whoever says them.

        Raises:
            SpeechToTextFailed: no model for the language.
        """
        model = self._models.get(language)
        if model is None:
            raise SpeechToTextFailed(f"no speech model for {language}")
        # Dictionaries of Russian write either letter where people say the second.
        return tuple(word for word in words if not (model.knows(word) or model.knows(word.replace("ё", "е"))))

    async def check(self) -> str:
        """The languages that can be spoken.

        Raises:
            SpeechToTextFailed: there is none, or a model is damaged.
        """
        if self._damaged:
            raise SpeechToTextFailed(f"damaged speech model: {', '.join(self._damaged)}")
        if not self._models:
            raise SpeechToTextFailed("no speech model")
        return ", ".join(sorted(self._models))

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> "VoskStream":
        """Start an utterance; it takes one of the streams until it is finished or abandoned.

        What it comes to is words of `phrases` where these are likelier than any others.

        Raises:
            UnsupportedAudio: the rate is out of range.
            SpeechToTextFailed: no model for the language, or a damaged one.
            Busy: as many streams as allowed are open, or decoding lags behind those that are.
        """
        check_rate(rate_hertz)
        with self._place(language) as place:
            model, said = self._models[language], self._worded(phrases, language)
            decoding = await self._threads.run(_Decoding, model, rate_hertz, self._sure_confidence, said)
            return VoskStream(language, decoding, self._threads, place.pop_all())

    async def open_dictation(
        self, language: Language, phrases: Sequence[str] = (), alternatives: int = 0
    ) -> VoskDictation:
        """Start a stream that is written down.

        Raises:
            MalformedTurn: no word of the phrases is known.
            SpeechToTextFailed: as `open_stream`.
            Busy: as `open_stream`.
        """
        with self._place(language) as place:
            model, said = self._models[language], self._worded(phrases, language)
            decoding = await self._threads.run(DictationDecoding, model, said, alternatives)
            return VoskDictation(decoding, self._threads, place.pop_all())

    def close(self) -> None:
        """End the threads; no stream can be opened afterwards."""
        self._threads.close()

    def _place(self, language: Language) -> contextlib.ExitStack:
        """One of the streams; closing it gives it back."""
        if language not in self._models:
            raise SpeechToTextFailed(f"no speech model for {language}: kratt speech pull {language}")
        if self._open_streams >= self._streams:
            raise Busy(f"{self._streams} utterances are being recognised already")
        if self._threads.lag_seconds > MOST_LAG_SECONDS:
            raise Busy(f"decoding lags {self._threads.lag_seconds:.1f} s behind the speakers")
        place = contextlib.ExitStack()
        self._open_streams += 1
        place.callback(self._give_back)
        return place

    def _give_back(self) -> None:
        self._open_streams -= 1

    def _worded(self, phrases: Sequence[str], language: Language) -> list[str]:
        """The phrases in words that the language's model may have."""
        wording = self._wordings.get(language, WORD.findall)
        return [" ".join(wording(phrase)) for phrase in phrases]


class VoskStream:
    """`SpeechStream` of one utterance; `place` gives its place among the streams back, once."""

    def __init__(
        self, language: Language, decoding: "_Decoding", threads: DecodingThreads, place: contextlib.ExitStack
    ) -> None:
        self._language = language
        self._decoding = decoding
        self._threads = threads
        self._place = place
        self._waiting = bytearray()
        self._partial = ""

    async def accept(self, samples: bytes) -> str:
        """Take PCM, cut anywhere; the partial transcript so far."""
        self._waiting += samples
        while len(self._waiting) >= self._decoding.bytes_in(LEAST_SECONDS):
            most = self._decoding.bytes_in(MOST_SECONDS)
            piece, self._waiting = bytes(self._waiting[:most]), self._waiting[most:]
            self._partial = await self._threads.run(self._decoding.accept, piece)
        return self._partial

    async def finish(self) -> Transcript:
        """The final transcript; the stream is closed afterwards."""
        with self._place:
            heard, readings = await self._threads.run(self._decoding.finish, bytes(self._waiting))
        words = clear_words(heard)
        text = " ".join(word.text for word in words)
        return Transcript(text, self._language, words, other_readings(text, readings))

    async def abandon(self) -> None:
        """Close the stream; a piece that is being decoded right now is the last."""
        self._decoding.close()
        self._place.close()


def clear_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words that are words and were heard clearly enough."""
    return tuple(word for word in words if word.text != UNKNOWN_WORD and word.confidence >= CLEAR_CONFIDENCE)


def other_readings(text: str, readings: Sequence[str]) -> tuple[str, ...]:
    """The readings, best first, that are not the text; none if nothing was heard clearly."""
    known = (" ".join(word for word in reading.split() if word != UNKNOWN_WORD) for reading in readings)
    others = dict.fromkeys(reading for reading in known if reading and reading != text)
    return tuple(others)[:MOST_ALTERNATIVES] if text else ()


class _Decoding:
    """A recogniser, and what it has heard of an utterance; whichever thread has work for it, one at a time."""

    def __init__(self, model: VoskModel, rate_hertz: int, sure_confidence: float, phrases: Sequence[str] = ()) -> None:
        with failing_as(SpeechToTextFailed("Vosk did not start")):
            self._recogniser = model.take()
        self._model = model
        self._sure_confidence = sure_confidence
        self._phrases = phrases
        self._kept = bytearray()
        self._rate_hertz = rate_hertz
        same_rate = rate_hertz == SPEECH_RATE_HERTZ
        self._resampler = None if same_rate else soxr.ResampleStream(rate_hertz, SPEECH_RATE_HERTZ, 1, dtype="int16")
        self._half_sample = b""
        self._words: list[Word] = []
        self._closed = False
        self._lock = threading.Lock()

    def bytes_in(self, seconds: float) -> int:
        """What so much sound of this utterance comes to."""
        return int(seconds * self._rate_hertz) * BYTES_PER_SAMPLE

    def accept(self, samples: bytes) -> str:
        """Decode more; the words so far."""
        with self._lock, failing_as(SpeechToTextFailed("Vosk failed while decoding")):
            self._decode(self._at_speech_rate(samples))
            words = [*(word.text for word in self._words), *self._recogniser.partial()]
        return " ".join(word for word in words if word != UNKNOWN_WORD)

    def finish(self, samples: bytes) -> tuple[list[Word], list[str]]:
        """Decode the rest; every word heard, and what else it may have been, if a word was not heard surely."""
        with self._lock, failing_as(SpeechToTextFailed("Vosk failed while finishing")):
            self._decode(self._at_speech_rate(samples, last=True) + END_OF_SPEECH)
            self._closed = True
            self._words += self._recogniser.finish()
            heard = (self._words, []) if len(self._kept) > KEPT_BYTES else self._heard_again()
            # One that was closed within an utterance, or broke, is not used again.
            self._model.give_back(self._recogniser)
        return heard

    def close(self) -> None:
        """Decode nothing more; does not wait."""
        self._closed = True

    def _heard_again(self) -> tuple[list[Word], list[str]]:
        """The words, or those of an expected answer if it is likelier; and the other readings."""
        is_sure = all(word.confidence >= self._sure_confidence for word in self._words)
        answer = None if is_sure and self._is_of_phrases else self._answer()
        if is_sure and answer is None:
            return self._words, []
        readings = self._recogniser.readings(bytes(self._kept), MOST_ALTERNATIVES + 1)
        texts = [reading.text for reading in readings]
        likelihood = readings[0].likelihood if readings else -math.inf
        if answer is None or answer.likelihood < likelihood:
            return self._words, texts
        # Of the two the answer is as much likelier as its likelihood is greater.
        confidence = 1 / (1 + math.exp(likelihood - answer.likelihood))
        heard = " ".join(word.text for word in self._words)
        return [Word(*times, confidence) for times in answer.times], [heard, *texts]

    @property
    def _is_of_phrases(self) -> bool:
        return {word.text for word in self._words} <= {word for phrase in self._phrases for word in phrase.split()}

    def _answer(self) -> Reading | None:
        """The likeliest reading in words of the phrases alone."""
        recogniser = self._model.among(self._phrases) if self._words else None
        readings = recogniser.readings(bytes(self._kept), MOST_ALTERNATIVES) if recogniser else []
        return next((each for each in readings if each.text and UNKNOWN_WORD not in each.text), None)

    def _at_speech_rate(self, samples: bytes, *, last: bool = False) -> bytes:
        samples = self._half_sample + samples
        whole = len(samples) - len(samples) % BYTES_PER_SAMPLE
        self._half_sample = samples[whole:]
        if self._resampler is None:
            return samples[:whole]
        resampled = self._resampler.resample_chunk(np.frombuffer(samples[:whole], dtype="<i2"), last=last)
        return bytes(resampled.tobytes())

    def _decode(self, samples: bytes) -> None:
        if self._closed:
            raise SpeechToTextFailed("the stream is closed")
        if len(self._kept) <= KEPT_BYTES:
            self._kept += samples
        self._words += self._recogniser.accept(samples)
