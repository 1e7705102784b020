"""Speech to text by Vosk: the only home of the library.

Vosk's native code lets go of the GIL: a bounded pool of threads uses all cores, and the event loop computes nothing.
"""

import asyncio
import contextlib
import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soxr
from vosk import KaldiRecognizer, Model, SetLogLevel

from assistant.adapters.speech_models import missing_files
from assistant.core.audio import BYTES_PER_SAMPLE, check_rate
from assistant.core.errors import Busy, KrattError, SettingsError, SpeechToTextFailed
from assistant.core.languages import Language
from assistant.core.turns import Expected, Transcript, Word

MODEL_RATE_HERTZ = 16_000
CHUNK_BYTES = MODEL_RATE_HERTZ // 4 * BYTES_PER_SAMPLE
# A push-to-talk recording ends with the last syllable, and the network looks 0.25 s ahead. Measured on 60 sentences:
# without padding one last word was lost, with 0.1 s or more none.
END_OF_SPEECH = bytes(MODEL_RATE_HERTZ * 3 // 10 * BYTES_PER_SAMPLE)
# Least confidence of a word worth passing on, measured with models/speech/en (its README has the table): it costs none
# of 372 correct words of the domain and 2 % of those of non-native speakers, and drops 10-26 % of the misheard ones.
# Silence and white, pink and brown noise give no word above it.
CLEAR_CONFIDENCE = 0.4
UNKNOWN_WORD = "[unk]"
# Below this confidence of the least sure word, other readings are asked for. Chosen among 0.5-0.9 on requests of
# tests.yml in one voice, by the cost of wrong and of missed acts (models/speech/en/README.md). 15 % of those are heard
# twice, and 48 % of the held-out requests, which are longer and in freer words.
SURE_CONFIDENCE = 0.6
MOST_ALTERNATIVES = 4
# Sound kept for a second pass; a longer utterance is no request whose intent hangs on a word.
KEPT_SECONDS = 15
KEPT_BYTES = KEPT_SECONDS * MODEL_RATE_HERTZ * BYTES_PER_SAMPLE

_log = logging.getLogger("kratt.speech")


class VoskSpeech:
    """`SpeechToText` over one Vosk model per language."""

    def __init__(
        self,
        models: Mapping[Language, Path],
        streams: int,
        threads: int | None = None,
        sure_confidence: float = SURE_CONFIDENCE,
    ) -> None:
        """Load the models; `threads` decode at the same time, by default one per core.

        An utterance with a word below `sure_confidence` is decoded once more, for other readings: at 0 none is. A
        language whose model is damaged is left out, and a line of the log names the folder.
        """
        SetLogLevel(-1)
        self._models: dict[Language, Model] = {}
        for language, folder in models.items():
            try:
                self._models[language] = _load(folder)
            except SettingsError as error:
                _log.error("speech model left out", extra={"facts": {"language": language, "detail": error.detail}})
        self._damaged = sorted(models.keys() - self._models.keys())
        self._streams = streams
        self._sure_confidence = sure_confidence
        self._open_streams = 0
        self._threads = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="vosk")

    def languages(self) -> frozenset[Language]:
        """Languages whose model is loaded."""
        return frozenset(self._models)

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

    async def open_stream(self, language: Language, rate_hertz: int, expected: Expected | None = None) -> "VoskStream":
        """Start an utterance; it takes one of the streams until it is finished or abandoned.

        Raises:
            UnsupportedAudio: the rate is out of range.
            SpeechToTextFailed: no model for the language, or a damaged one.
            Busy: as many streams as allowed are open.
        """
        check_rate(rate_hertz)
        if language not in self._models:
            raise SpeechToTextFailed(f"no speech model for {language}: kratt speech pull {language}")
        if self._open_streams >= self._streams:
            raise Busy(f"{self._streams} utterances are being recognised already")
        with contextlib.ExitStack() as place:
            self._open_streams += 1
            place.callback(self._give_back)
            model, loop = self._models[language], asyncio.get_running_loop()
            decoding = await loop.run_in_executor(self._threads, _Decoding, model, rate_hertz, self._sure_confidence)
            return VoskStream(language, decoding, self._threads, place.pop_all())

    def close(self) -> None:
        """End the threads; no stream can be opened afterwards."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _give_back(self) -> None:
        self._open_streams -= 1


class VoskStream:
    """`SpeechStream` of one utterance; `place` gives its place among the streams back, once."""

    def __init__(
        self, language: Language, decoding: "_Decoding", threads: ThreadPoolExecutor, place: contextlib.ExitStack
    ) -> None:
        self._language = language
        self._decoding = decoding
        self._threads = threads
        self._place = place

    async def accept(self, samples: bytes) -> str:
        """Take PCM, cut anywhere; the partial transcript so far."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._decoding.accept, samples)

    async def finish(self) -> Transcript:
        """The final transcript; the stream is closed afterwards."""
        with self._place:
            heard, readings = await asyncio.get_running_loop().run_in_executor(self._threads, self._decoding.finish)
        words = clear_words(heard)
        text = " ".join(word.text for word in words)
        return Transcript(text, self._language, words, other_readings(text, readings))

    async def abandon(self) -> None:
        """Close the stream; a chunk that is being decoded right now is the last."""
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
    """One recogniser, and what it has heard; whichever thread has work for it, one at a time."""

    def __init__(self, model: Model, rate_hertz: int, sure_confidence: float) -> None:
        with _failing_as(SpeechToTextFailed("Vosk did not start")):
            self._recogniser = KaldiRecognizer(model, MODEL_RATE_HERTZ)
        self._model = model
        self._sure_confidence = sure_confidence
        self._kept = bytearray()
        self._recogniser.SetWords(True)
        same_rate = rate_hertz == MODEL_RATE_HERTZ
        self._resampler = None if same_rate else soxr.ResampleStream(rate_hertz, MODEL_RATE_HERTZ, 1, dtype="int16")
        self._half_sample = b""
        self._words: list[Word] = []
        self._closed = False
        self._lock = threading.Lock()

    def accept(self, samples: bytes) -> str:
        """Decode more; the words so far."""
        with self._lock, _failing_as(SpeechToTextFailed("Vosk failed while decoding")):
            samples = self._half_sample + samples
            whole = len(samples) - len(samples) % BYTES_PER_SAMPLE
            self._half_sample = samples[whole:]
            self._decode(self._at_model_rate(samples[:whole]))
            partial = json.loads(self._recogniser.PartialResult()).get("partial", "").split()
        return " ".join(word for word in [*(word.text for word in self._words), *partial] if word != UNKNOWN_WORD)

    def finish(self) -> tuple[list[Word], list[str]]:
        """Decode the rest; every word heard, and the readings of a second pass if a word was not heard surely."""
        with self._lock, _failing_as(SpeechToTextFailed("Vosk failed while finishing")):
            self._decode(self._at_model_rate(b"", last=True) + END_OF_SPEECH)
            self._words += _words(self._recogniser.FinalResult())
            readings = self._readings()
            self._closed = True
        return self._words, readings

    def close(self) -> None:
        """Decode nothing more; does not wait."""
        self._closed = True

    def _readings(self) -> list[str]:
        is_sure = all(word.confidence >= self._sure_confidence for word in self._words)
        if is_sure or self._closed or len(self._kept) > KEPT_BYTES:
            return []
        # A recogniser that gives several readings gives no confidences (Vosk 0.3.45), so it cannot be the first one.
        recogniser = KaldiRecognizer(self._model, MODEL_RATE_HERTZ)
        recogniser.SetMaxAlternatives(MOST_ALTERNATIVES + 1)
        has_ended = recogniser.AcceptWaveform(bytes(self._kept))
        result = recogniser.Result() if has_ended else recogniser.FinalResult()
        return [reading["text"] for reading in json.loads(result).get("alternatives", [])]

    def _at_model_rate(self, samples: bytes, *, last: bool = False) -> bytes:
        if self._resampler is None:
            return samples
        resampled = self._resampler.resample_chunk(np.frombuffer(samples, dtype="<i2"), last=last)
        return bytes(resampled.tobytes())

    def _decode(self, samples: bytes) -> None:
        if len(self._kept) <= KEPT_BYTES:
            self._kept += samples
        # In pieces, so that an abandoned stream stops soon and Vosk can end a segment where the speaker paused.
        for start in range(0, len(samples), CHUNK_BYTES):
            if self._closed:
                raise SpeechToTextFailed("the stream is closed")
            if self._recogniser.AcceptWaveform(samples[start : start + CHUNK_BYTES]):
                self._words += _words(self._recogniser.Result())


def _load(folder: Path) -> Model:
    if missing := missing_files(folder):
        raise SettingsError(f"{folder} is not a speech model: it lacks {', '.join(missing)}")
    # A damaged graph shows only in a recogniser, so one is tried.
    with _failing_as(SettingsError(f"{folder}: Vosk cannot load this speech model, it is damaged")):
        model = Model(str(folder))
        recogniser = KaldiRecognizer(model, MODEL_RATE_HERTZ)
        recogniser.AcceptWaveform(END_OF_SPEECH)
        recogniser.FinalResult()
    return model


def _words(result: str) -> list[Word]:
    return [
        Word(word["word"], round(word["start"], 2), round(word["end"], 2), min(1.0, word["conf"]))
        for word in json.loads(result).get("result", [])
    ]


@contextlib.contextmanager
def _failing_as(failure: KrattError) -> Iterator[None]:
    try:
        yield
    except KrattError:
        raise
    except Exception:  # noqa: BLE001  # Vosk raises nothing narrower
        raise failure from None
