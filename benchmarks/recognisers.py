"""What it brings to use a recogniser again: `.venv/bin/python benchmarks/recognisers.py`.

The English `spoken` conversations of nlu_data/**/tests.yml, said by two voices, are decoded request by request, in
pieces of 0.2 s with a partial result after each: each with a new recogniser of Vosk, as servers do that have one for
each connection, and all with one of Kratt's `Recogniser`. Both ways are taken ROUNDS times, in turn; figures are
medians.
"""

import json
import resource
import statistics
from argparse import ArgumentParser
from collections.abc import Callable, Sequence

import numpy as np
import soxr
from citizens import said_aloud, samples_of, spoken_conversations
from running import table
from vosk import KaldiRecognizer, Model, SetLogLevel

from assistant.adapters.vosk_models import END_OF_SPEECH, Recogniser
from assistant.core.audio import BYTES_PER_SAMPLE, SPEECH_RATE_HERTZ
from assistant.settings import PROJECT

VOICES = ("flite slt", "flite rms")
ROUNDS = 3
PIECE = SPEECH_RATE_HERTZ // 5 * BYTES_PER_SAMPLE

Hear = Callable[[bytes], str]
"""Decodes one utterance; its words."""


def requests() -> list[bytes]:
    """What is said, as s16 samples at SPEECH_RATE_HERTZ."""
    said = [turn.say for conversation in spoken_conversations() for turn in conversation.turns]
    recordings = [samples_of(said_aloud(text, VOICES[at % 2])) for at, text in enumerate(said)]
    sounds = [
        soxr.resample(np.frombuffer(each.samples, "<i2"), each.rate_hertz, SPEECH_RATE_HERTZ) for each in recordings
    ]
    return [sound.astype("<i2").tobytes() + END_OF_SPEECH for sound in sounds]


def with_a_new_one(model: Model) -> Hear:
    """Vosk as it is usually used."""

    def hear(sound: bytes) -> str:
        recogniser = KaldiRecognizer(model, SPEECH_RATE_HERTZ)
        recogniser.SetWords(True)
        results = []
        for start in range(0, len(sound), PIECE):
            if recogniser.AcceptWaveform(sound[start : start + PIECE]):
                results.append(recogniser.Result())
            recogniser.PartialResult()
        return " ".join(json.loads(each)["text"] for each in (*results, recogniser.FinalResult())).strip()

    return hear


def with_the_same(model: Model) -> Hear:
    """As Kratt uses it."""
    recogniser = Recogniser(model)

    def hear(sound: bytes) -> str:
        words = []
        for start in range(0, len(sound), PIECE):
            words += recogniser.accept(sound[start : start + PIECE])
            recogniser.partial()
        return " ".join(word.text for word in (*words, *recogniser.finish()))

    return hear


def processor_seconds(hear: Hear, sounds: Sequence[bytes]) -> tuple[float, list[str]]:
    """What a second of sound takes, and the words."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    words = [hear(sound) for sound in sounds]
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used * SPEECH_RATE_HERTZ * BYTES_PER_SAMPLE / sum(map(len, sounds)), words


def main() -> None:
    """Decode, and print."""
    SetLogLevel(-1)
    model = Model(str(PROJECT / "models" / "speech" / "en"))
    sounds = requests()
    ways = {"a new recogniser for each": with_a_new_one(model), "one recogniser for all": with_the_same(model)}
    rounds = [{name: processor_seconds(hear, sounds) for name, hear in ways.items()} for _ in range(ROUNDS)]
    rows = [(name, statistics.median(each[name][0] for each in rounds) * 1000) for name in ways]
    new, same = (rounds[-1][name][1] for name in ways)
    print(table([f"{len(sounds)} requests", "ms of processor for a second of sound"], rows))
    print(f"\nheard alike: {sum(map(str.__eq__, new, same))} of {len(sounds)}")


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
