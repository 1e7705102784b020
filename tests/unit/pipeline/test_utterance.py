from dataclasses import dataclass, field

import pytest

from assistant.core.audio import SPEECH_RATE_HERTZ, SoundFormat
from assistant.core.errors import SpeechToTextFailed
from assistant.core.languages import Language
from assistant.core.ports import SpeechStream
from assistant.core.turns import YES_NO, Expected, Transcript
from assistant.pipeline.end_of_speech import Speech
from assistant.pipeline.utterance import Ears, Utterance

pytestmark = pytest.mark.unit

SECOND = bytes(2 * SPEECH_RATE_HERTZ)


@dataclass
class FakeIntake:
    """Holds the last sample back, as a resampler does."""

    held: bytes = b""

    def take(self, frames: bytes) -> bytes:
        sound = self.held + frames
        self.held = sound[-2:]
        return sound[:-2]

    def finish(self) -> bytes:
        return self.held


class FakeVoiceActivity:
    def frames(self, samples: bytes) -> list[bool]:
        return [False] * round(len(samples) / 640)


@dataclass
class FakeSpeech:
    """Hears a word at once and nothing more; is broken from the piece of sound numbered `broken_from` on."""

    broken_from: int | None = None
    phrases: tuple[str, ...] = ()
    heard: bytes = b""
    pieces: int = 0
    is_open: bool = False

    def languages(self) -> frozenset[Language]:
        return frozenset({Language.EN})

    async def open_stream(self, language: Language, rate_hertz: int, phrases: tuple[str, ...] = ()) -> SpeechStream:
        if self.broken_from == 0:
            raise SpeechToTextFailed
        self.phrases, self.is_open = tuple(phrases), True
        return self

    async def accept(self, samples: bytes) -> str:
        self.pieces += 1
        if self.broken_from is not None and self.pieces >= self.broken_from:
            raise SpeechToTextFailed
        self.heard += samples
        return "yes"

    async def finish(self) -> Transcript:
        self.is_open = False
        return Transcript("yes", Language.EN)

    async def abandon(self) -> None:
        self.is_open = False


@dataclass
class Along:
    told: list[str] = field(default_factory=list)

    async def tell_partial(self, text: str) -> None:
        self.told.append(text)

    async def tell_transcript(self, transcript: Transcript) -> None:
        self.told.append(f"all: {transcript.text}")


async def opened(speech: FakeSpeech, along: Along, expected: Expected | None = None) -> Utterance:
    ears = Ears(speech, lambda _: FakeIntake(), FakeVoiceActivity, longest_seconds=2)
    return await ears.open(SoundFormat(SPEECH_RATE_HERTZ), Language.EN, expected, along, is_any_language=True)


async def test_utterance_when_finished_then_all_sound_was_heard_and_told_once() -> None:
    speech, along = FakeSpeech(), Along()
    utterance = await opened(speech, along)
    assert [await utterance.take(SECOND[:6400]) for _ in range(2)] == [Speech.GOING_ON] * 2
    assert (await utterance.finish()).text == "yes"
    assert along.told == ["yes", "all: yes"]
    assert speech.heard == SECOND[:12800]
    assert not speech.is_open


@pytest.mark.parametrize(("expected", "seconds"), [(Expected(YES_NO), 0.4), (None, 0.8)])
async def test_end_when_a_yes_was_asked_for_then_it_comes_sooner(expected: Expected | None, seconds: float) -> None:
    speech = FakeSpeech()
    utterance = await opened(speech, Along(), expected)
    passed = 0.0
    while await utterance.take(SECOND[:3200]) is not Speech.ENDED:
        passed += 0.1
    assert passed == pytest.approx(seconds - 0.1, abs=0.11)
    assert utterance.silent_ms >= 250
    assert ("yes please" in speech.phrases) is (expected is not None)


async def test_utterance_when_longer_than_allowed_then_the_rest_is_left_out() -> None:
    speech = FakeSpeech()
    utterance = await opened(speech, Along())
    await utterance.take(SECOND)
    assert not utterance.is_full
    await utterance.take(SECOND + SECOND)
    assert utterance.is_full
    await utterance.finish()
    assert len(speech.heard) == 2 * len(SECOND)


@pytest.mark.parametrize("broken_from", [0, 1, 2])
async def test_recogniser_when_it_breaks_then_that_is_told_only_when_the_transcript_is_wanted(broken_from: int) -> None:
    speech = FakeSpeech(broken_from)
    utterance = await opened(speech, Along())
    for _ in range(3):
        await utterance.take(SECOND[:640])
    with pytest.raises(SpeechToTextFailed):
        await utterance.finish()
    assert not speech.is_open
    await utterance.abandon()
