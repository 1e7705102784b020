from typing import Any

import pytest

from assistant.core.errors import SpeechToTextFailed
from assistant.core.languages import Language
from assistant.pipeline.listen import Listen

pytestmark = pytest.mark.unit

World = Any  # the class lives in conftest.py, which no test module can import


async def test_recording_when_decoded_then_is_recognised_whole_at_its_rate(world: World) -> None:
    transcript = await Listen(world.sounds, world.speech)(b"RIFF", Language.ET)
    assert transcript == world.stream.transcript
    assert world.speech.opened == [(Language.ET, world.sounds.pcm.rate_hertz)]
    assert world.stream.samples == world.sounds.pcm.samples


async def test_recording_when_recogniser_fails_then_its_stream_is_given_back(world: World) -> None:
    world.stream.before = world.raising(SpeechToTextFailed())
    with pytest.raises(SpeechToTextFailed):
        await Listen(world.sounds, world.speech)(b"RIFF", Language.EN)
    assert world.stream.is_abandoned


async def test_stream_when_open_already_then_is_finished_by_us_and_abandoned_by_its_owner(world: World) -> None:
    transcript = await Listen(world.sounds, world.speech)(world.stream, Language.EN)
    assert transcript == world.stream.transcript
    assert not world.stream.is_abandoned
