from collections import Counter

import numpy as np
import pytest

from assistant.adapters.citizen_voices import VOICES
from assistant.content.held_out import HeldOut
from assistant.content.pronunciations import Wording
from assistant.core.audio import Pcm
from assistant.core.errors import DialogueFailed
from assistant.core.languages import Language
from assistant.core.turns import Transcript, Understanding
from assistant.operate.evaluation_spoken import SayEverything, sayings, words_of
from assistant.operate.surroundings import CLEAN, NOISY

pytestmark = pytest.mark.unit

REQUESTS = [HeldOut(f"{language} {n}", language, "greet", {}) for language in Language for n in range(3)]
RATE = 100


class FakeSpeech:
    """Hears English only, and one word in every sound."""

    def languages(self) -> frozenset[Language]:
        return frozenset({Language.EN})

    async def open_stream(self, language: Language, rate_hertz: int) -> "FakeStream":
        assert rate_hertz == RATE
        return FakeStream()


class FakeStream:
    def __init__(self) -> None:
        self.samples = b""

    async def accept(self, samples: bytes) -> str:
        self.samples += samples
        return ""

    async def finish(self) -> Transcript:
        return Transcript("one" if np.frombuffer(self.samples, "<i2").any() else "", Language.EN)

    async def abandon(self) -> None:
        """Nothing is held."""


class FakeVoices:
    async def say(self, text: str, voice: str) -> bytes:
        return text.encode()


class FakeSounds:
    async def decode(self, data: bytes) -> Pcm:
        return Pcm(np.arange(1, 2 * RATE + 1, dtype="<i2").tobytes(), RATE)


async def test_spoken_when_a_language_is_heard_then_its_requests_are_said_in_noise_and_some_in_quiet():
    asked: list[str] = []

    async def parse(transcript: Transcript) -> Understanding:
        asked.append(transcript.text)
        return Understanding()

    wording = Wording(spellings={"2": "two"})
    say = SayEverything(parse, FakeVoices(), FakeSounds(), FakeSpeech(), wording, 2, lambda _: None)
    answers = await say(REQUESTS)
    english = [each for each in REQUESTS if each.language is Language.EN]
    assert [each.request for each in answers] == [english[0], *english]
    said = [each.utterance for each in answers if each.utterance]
    assert [each.condition for each in said] == ["clean", "cafe 20 dB", "cafe 12 dB", "cafe 6 dB"]
    assert asked == ["one"] * 4
    assert [(each.words, each.word_errors) for each in said] == [(2, 2), (2, 2), (2, 1), (2, 2)]
    assert {each.seconds for each in said} == {2.0}


async def test_spoken_when_the_engine_fails_then_that_is_told_and_nothing_else():
    async def parse(transcript: Transcript) -> Understanding:
        raise DialogueFailed("it is down")

    say = SayEverything(parse, FakeVoices(), FakeSounds(), FakeSpeech(), Wording(), 2, lambda _: None)
    with pytest.raises(DialogueFailed, match="it is down"):
        await say(REQUESTS)


@pytest.mark.parametrize("language", Language)
def test_sayings_when_there_are_enough_then_every_voice_is_in_every_condition_alike(language: Language):
    voices = VOICES[language]
    round_of_all = [HeldOut(str(n), language, "greet", {}) for n in range(len(voices) * len(NOISY) * 3)]
    counted = Counter((each.voice, each.condition) for each in sayings(round_of_all, voices))
    assert counted == {(voice, condition): 3 for voice in voices for condition in (CLEAN, *NOISY)}


@pytest.mark.parametrize(
    ("language", "words"), [(Language.EN, ("my", "i", "d", "card")), (Language.RU, ("uh", "my", "id", "card"))]
)
def test_words_when_a_request_is_written_then_they_are_the_recognisers(language: Language, words: tuple[str, ...]):
    wording = Wording(spellings={"uh": "", "id": "i d"})
    assert words_of(HeldOut("Uh, my ID card!", language, "greet", {}), wording) == words
