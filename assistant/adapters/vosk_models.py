"""Vosk's models and their recognisers, which are used again: with `vosk_speech` the home of the library."""

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from vosk import KaldiRecognizer, Model, SetLogLevel

from assistant.adapters.speech_models import damaged_part, missing_files
from assistant.core.audio import BYTES_PER_SAMPLE, SPEECH_RATE_HERTZ
from assistant.core.dictation import Alternative, Segment
from assistant.core.errors import KrattError, SettingsError
from assistant.core.turns import Word

BYTES_PER_SECOND = SPEECH_RATE_HERTZ * BYTES_PER_SAMPLE
UNKNOWN_WORD = "[unk]"
# A push-to-talk recording ends with the last syllable, and the network looks 0.25 s ahead. Measured on 60 sentences:
# without padding one last word was lost, with 0.1 s or more none.
END_OF_SPEECH = bytes(BYTES_PER_SECOND * 3 // 10)
# A recogniser that has heard ten minutes of sound begins anew after each segment, in the midst of an utterance
# (CleanUp in Vosk's recognizer.cc): it goes a longest utterance and its second pass before that.
RETIRED_BYTES = 500 * BYTES_PER_SECOND
LONGEST_WORD_SECONDS = 1.5
"""No word takes longer. A network that learned by mutual information is not told where words begin, and may count a
long pause to the word behind it, as ours does; where a word ends it knows."""
WORD = re.compile(r"[\w'’-]+")


class Reading(NamedTuple):
    """What an utterance may have been: its words, and its log-likelihood, with which readings of it are compared.

    `times`: each word, and the seconds at which it begins and ends.
    """

    text: str
    likelihood: float
    times: list[tuple[str, float, float]]


class Recogniser:
    """One of Vosk's recognisers, for one utterance after another; used by one thread at a time.

    It makes its graph while it decodes and keeps what it has made, so that the second utterance costs a third less than
    the first (benchmarks/recognisers.py). Of the first itself it keeps nothing: `FinalResult` drops the features and
    the adaptation to the speaker, while `Reset` lets words through; a test holds both.
    """

    def __init__(self, model: Model, grammar: str | None = None) -> None:
        self._vosk = KaldiRecognizer(model, SPEECH_RATE_HERTZ, *([grammar] if grammar else []))
        self._vosk.SetWords(True)
        self._earlier_bytes = 0
        self._bytes = 0

    @property
    def is_worn(self) -> bool:
        """Whether it must not be used again."""
        return self._earlier_bytes >= RETIRED_BYTES

    def accept(self, samples: bytes) -> list[Word]:
        """Decode mono s16 samples at SPEECH_RATE_HERTZ; the words of a segment, if one has ended."""
        return self._words(self._vosk.Result()) if self._feed(samples) else []

    def partial(self) -> list[str]:
        """The words of the present segment so far."""
        return str(json.loads(self._vosk.PartialResult()).get("partial", "")).split()

    def finish(self) -> list[Word]:
        """The words of the last segment; the next sound is another utterance."""
        words = self._words(self._vosk.FinalResult())
        self._forget()
        return words

    def list_alternatives(self, most: int) -> None:
        """Give segments so many alternatives instead of one reading with confidences; 0 for the one."""
        self._vosk.SetMaxAlternatives(most)

    def dictate(self, samples: bytes) -> Segment | None:
        """Decode more; a segment, if one has ended."""
        return self._segment(self._vosk.Result()) if self._feed(samples) else None

    def rest(self) -> Segment:
        """The segment so far, which ends; times go on to count from the first sound of the utterance."""
        return self._segment(self._vosk.FinalResult())

    def forget(self) -> None:
        """After `rest`: the next sound is another utterance."""
        self._forget()

    def readings(self, samples: bytes, most: int) -> list[Reading]:
        """What an utterance, decoded for this alone, may have been, best first.

        Their words have no confidences: Vosk 0.3.45 gives either several readings or how sure it is of one.
        """
        self._vosk.SetMaxAlternatives(most)
        has_ended = self._feed(samples)
        result = self._vosk.Result() if has_ended else self._vosk.FinalResult()
        if has_ended:
            self._vosk.FinalResult()
        self._vosk.SetMaxAlternatives(0)
        alternatives = json.loads(result).get("alternatives", [])
        found = [Reading(each["text"].strip(), each["confidence"], self._times(each)) for each in alternatives]
        self._forget()
        return found

    def _feed(self, samples: bytes) -> bool:
        self._bytes += len(samples)
        return bool(self._vosk.AcceptWaveform(samples))

    def _forget(self) -> None:
        self._earlier_bytes += self._bytes
        self._bytes = 0

    def _segment(self, result: str) -> Segment:
        decoded = json.loads(result)
        if "alternatives" not in decoded:
            return Segment(tuple(self._words(result)))
        return Segment(
            alternatives=tuple(
                Alternative(each["confidence"], tuple(Word(*times, 0.0) for times in self._times(each)))
                for each in decoded["alternatives"]
            )
        )

    def _words(self, result: str) -> list[Word]:
        decoded = json.loads(result)
        confidences = [min(1.0, word["conf"]) for word in decoded.get("result", [])]
        return [Word(*times, each) for times, each in zip(self._times(decoded), confidences, strict=True)]

    def _times(self, decoded: dict[str, Any]) -> list[tuple[str, float, float]]:
        # Vosk counts seconds from the first sound that a recogniser ever heard.
        begin = self._earlier_bytes / BYTES_PER_SECOND
        words = [(word["word"], word["start"], word["end"]) for word in decoded.get("result", [])]
        return [
            (word, round(max(start, end - LONGEST_WORD_SECONDS) - begin, 2), round(end - begin, 2))
            for word, start, end in words
        ]


class VoskModel:
    """A loaded model and its idle recognisers: as many as were ever needed at once; the last one used is the next."""

    def __init__(self, folder: Path) -> None:
        """Load it.

        Raises:
            SettingsError: it is no model or a damaged one; the detail names folder and files.
        """
        if missing := missing_files(folder):
            raise SettingsError(f"{folder} is not a speech model: it lacks {', '.join(missing)}")
        # A damaged graph shows only in a recogniser, so one is tried.
        with failing_as(
            SettingsError(f"{folder}: Vosk cannot load this speech model, {damaged_part(folder)} is damaged")
        ):
            SetLogLevel(-1)
            self._model = Model(str(folder))
            recogniser = Recogniser(self._model)
            recogniser.accept(END_OF_SPEECH)
            recogniser.finish()
        self._idle = [recogniser]

    def take(self) -> Recogniser:
        """A recogniser for an utterance, a new one if none is idle."""
        try:
            return self._idle.pop()
        except IndexError:
            return Recogniser(self._model)

    def among(self, phrases: Sequence[str]) -> Recogniser | None:
        """A recogniser that hears nothing but words of these phrases, in any order; None if the model knows none.

        It makes pairs of their words likely; what it cannot make out is UNKNOWN_WORD.
        """
        known = [phrase for phrase in phrases if phrase.strip() and all(map(self.knows, phrase.split()))]
        return Recogniser(self._model, json.dumps([*known, UNKNOWN_WORD])) if known else None

    def knows(self, word: str) -> bool:
        """Whether it can hear a word, as its dictionary spells it."""
        # A graph has symbols of its own (<eps>, #0), and in a grammar these end the whole process.
        return WORD.fullmatch(word) is not None and self._model.vosk_model_find_word(word) >= 0

    def give_back(self, recogniser: Recogniser) -> None:
        """Keep a recogniser that has finished its utterance for the next one."""
        if not recogniser.is_worn:
            self._idle.append(recogniser)


@contextlib.contextmanager
def failing_as(failure: KrattError) -> Iterator[None]:
    """Whatever Vosk raises as an error of ours."""
    try:
        yield
    except KrattError:
        raise
    except Exception:  # noqa: BLE001  # Vosk raises nothing narrower
        raise failure from None
