"""What it brings the recogniser to know what was asked: `.venv/bin/python benchmarks/expected_answers.py`.

Answers of several kinds are said in synthetic voices by turns, in quiet and in stationary noise 12 dB below them, and
heard twice by the same model: as any words, and with the phrases that assistant/pipeline/vocabulary.py gives for the
question. Then held-out requests are said as if somebody asked something else instead of answering. Names are those
that the model knows, each question with eight of them. Right is a transcript that has every word.
"""

import asyncio
import random
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from assistant.adapters.citizen_voices import VOICES, CitizenVoices
from assistant.adapters.sound_files import decode_wav
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.held_out import read_held_out
from assistant.content.pronunciations import Wording, read_wording
from assistant.core.audio import Pcm
from assistant.core.languages import Language
from assistant.core.turns import YES_NO, Expected
from assistant.pipeline.vocabulary import vocabulary
from assistant.settings import PROJECT

from running import table  # isort: skip

DECIBELS = 12
EACH = 24
REQUESTS = 40
NAMES_ASKED = 8
SEED = 11

Asked = tuple[Expected, str]


def answers(names: Sequence[str], pick: random.Random) -> Iterator[Asked]:
    """Questions and what is answered."""
    dates = [each for each in vocabulary(Expected("date"), Language.EN) if " of " in each]
    digits, letters = (
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        "abcdefghijklmnopqrstuvwxyz",
    )
    agreement = ("yes", "no", "yes please", "no thanks", "i confirm", "cancel")
    amounts = ("two hundred euros", "fifty euros", "three hundred and twenty", "seventy five euros", "forty", "ninety")
    for number in range(EACH):
        choice = Expected("choice", tuple(pick.sample(names, NAMES_ASKED)))
        yield choice, choice.phrases[0] + ("", " please")[number % 2]
        yield Expected("date"), pick.choice(dates)
        yield Expected("plate"), " ".join([*pick.sample(digits, 3), *pick.sample(letters, 3)])
        yield Expected("phone"), " ".join(pick.choice(digits) for _ in range(7))
        yield Expected("money"), amounts[number % len(amounts)]
        yield Expected(YES_NO), agreement[number % len(agreement)]


async def said(text: str, number: int) -> Pcm:
    """The text in one of the voices, every second one in noise."""
    voices = VOICES[Language.EN]
    pcm = decode_wav(await CitizenVoices().say(text, voices[number % len(voices)]), 60)
    samples = np.frombuffer(pcm.samples, "<i2").astype(float)
    if number // len(voices) % 2:
        noise = np.random.default_rng(number).normal(size=len(samples))
        samples += noise * np.sqrt((samples**2).mean()) * 10 ** (-DECIBELS / 20)
    return Pcm(samples.clip(-32768, 32767).astype("<i2").tobytes(), pcm.rate_hertz)


async def heard(speech: VoskSpeech, sound: Pcm, phrases: Sequence[str]) -> str:
    """The transcript."""
    stream = await speech.open_stream(Language.EN, sound.rate_hertz, phrases)
    await stream.accept(sound.samples)
    return (await stream.finish()).text


async def measure(speech: VoskSpeech, wording: Wording) -> list[list[object]]:
    """A row for each kind of question, and one for other requests."""
    pick = random.Random(SEED)  # which answers are said
    asked = list(answers([name.lower() for name in wording.names], pick))
    requests = [each.text for each in read_held_out(PROJECT / "nlu_data") if each.language is Language.EN]
    kinds = list(dict.fromkeys(expected.kind for expected, _ in asked))
    others = [
        (next(expected for expected, _ in asked if expected.kind == kinds[number % len(kinds)]), text)
        for number, text in enumerate(pick.sample(requests, REQUESTS))
    ]
    counted: Counter[tuple[str, str]] = Counter()
    for number, (expected, text) in enumerate((*asked, *others)):
        sound = await said(text, number)
        words = " ".join(wording.words(text))
        row = expected.kind if number < len(asked) else "other requests"
        counted[row, "number"] += 1
        counted[row, "as any words"] += await heard(speech, sound, ()) == words
        counted[row, "as an answer"] += await heard(speech, sound, vocabulary(expected, Language.EN)) == words
    columns = ("number", "as any words", "as an answer")
    return [[row, *(counted[row, column] for column in columns)] for row in (*kinds, "other requests")]


def main() -> None:
    """Measure and print."""
    wording = read_wording(PROJECT / "nlu_data")
    folder = PROJECT / "models" / "speech" / "en"
    speech = VoskSpeech({Language.EN: folder}, 1, wordings={Language.EN: wording.words})
    try:
        rows = asyncio.run(measure(speech, wording))
    finally:
        speech.close()
    print(table(["what was asked", "said", "right as any words", "right as an answer"], rows))


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
