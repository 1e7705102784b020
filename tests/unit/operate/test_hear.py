"""Examples are spoken in every voice, and what was heard is kept."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.content.project import Content
from assistant.core.audio import Pcm
from assistant.core.errors import SettingsError, TextToSpeechFailed
from assistant.core.languages import Language
from assistant.core.turns import Transcript
from assistant.operate.hear import HearExamples

pytestmark = pytest.mark.unit

EN = Language.EN
EXAMPLES = ("where is my car", "is my car stolen", "sell my car")


@dataclass
class FakeVoice:
    """Speaks letters as bytes."""

    name: str
    spoken: list[str] = field(default_factory=list)

    async def speak(self, text, language, deadline) -> Pcm:
        self.spoken.append(text)
        return Pcm(f"{self.name} {text}".encode(), 16_000)

    async def check(self) -> None:
        """Always there."""


class FakeStream:
    """Hears "car" as the voice's name."""

    async def accept(self, samples: bytes) -> str:
        self.name, self.text = samples.decode().split(" ", 1)
        return ""

    async def finish(self) -> Transcript:
        await asyncio.sleep(0)
        return Transcript(self.text.replace("car", self.name), EN)

    async def abandon(self) -> None:
        """Nothing to give back."""


class FakeSpeech:
    """Hears English."""

    def languages(self) -> frozenset[Language]:
        return frozenset([EN])

    async def open_stream(self, language, rate_hertz) -> FakeStream:
        return FakeStream()


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path, (), {}, intents={"vehicle": {EN: EXAMPLES}})


async def test_hear_when_asked_then_speaks_each_example_in_each_voice_and_writes_what_differs(content) -> None:
    voices = [FakeVoice("car"), FakeVoice("calf")]
    told: list[tuple[int, int]] = []
    hear = HearExamples(content, FakeSpeech(), voices)
    path, count = await hear(EN, lambda done, total: told.append((done, total)))
    assert [sorted(voice.spoken) for voice in voices] == [sorted(EXAMPLES)] * 2
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        "version: '3.1'",
        "nlu:",
        "- intent: vehicle",
        "  examples: |",
        "    - is my calf stolen",
        "    - sell my calf",
        "    - where is my calf",
    ]
    assert count == 3
    assert told[-1] == (6, 6)


async def test_hear_when_quick_then_voices_take_turns(content) -> None:
    voices = [FakeVoice("calf"), FakeVoice("cow")]
    await HearExamples(content, FakeSpeech(), voices, is_quick=True)(EN, lambda done, total: None)
    assert [voice.spoken for voice in voices] == [[EXAMPLES[0], EXAMPLES[2]], [EXAMPLES[1]]]


async def test_hear_when_the_language_has_no_model_then_says_how_to_get_one(content) -> None:
    with pytest.raises(SettingsError, match="kratt speech pull et"):
        await HearExamples(content, FakeSpeech(), [FakeVoice("car")])(Language.ET, lambda done, total: None)


async def test_hear_when_a_voice_fails_then_that_is_the_error(content) -> None:
    class BrokenVoice(FakeVoice):
        async def speak(self, text, language, deadline) -> Pcm:
            raise TextToSpeechFailed("the voice crashed")

    with pytest.raises(TextToSpeechFailed):
        await HearExamples(content, FakeSpeech(), [BrokenVoice("car")])(EN, lambda done, total: None)
