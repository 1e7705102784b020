import random
import struct

import pytest

from assistant.core.audio import SPEECH_RATE_HERTZ
from assistant.pipeline.voice_gate import VoiceGate

pytestmark = pytest.mark.unit


def noise(seconds: float, level: float) -> bytes:
    count, chance = int(seconds * SPEECH_RATE_HERTZ), random.Random(7)  # no secret
    return struct.pack(f"<{count}h", *(int(chance.uniform(-1, 1) * level * 32767) for _ in range(count)))


QUIET, VOICE = noise(1, 0.002), noise(0.08, 0.3)


def test_gate_when_somebody_speaks_then_it_opens_within_80_milliseconds_and_once() -> None:
    gate = VoiceGate()
    assert not gate.opens_for(QUIET)
    assert gate.opens_for(VOICE)
    assert not gate.opens_for(VOICE)


def test_gate_when_they_have_paused_then_it_opens_anew() -> None:
    gate = VoiceGate()
    assert [gate.opens_for(each) for each in (VOICE, QUIET, VOICE)] == [True, False, True]


def test_gate_when_there_is_a_click_then_it_stays_shut() -> None:
    assert not VoiceGate().opens_for(QUIET + VOICE[: len(VOICE) // 2] + QUIET)


def test_gate_when_the_room_is_loud_then_it_takes_a_louder_voice() -> None:
    gate = VoiceGate()
    gate.opens_for(noise(3, 0.1))
    assert not gate.opens_for(QUIET[:0] + noise(0.5, 0.1))


def test_gate_when_samples_are_cut_anywhere_then_it_opens_at_the_same_place() -> None:
    sound, gate, opened = QUIET + VOICE, VoiceGate(), []
    for begin in range(0, len(sound), 333):
        if gate.opens_for(sound[begin : begin + 333]):
            opened.append(begin)
    assert len(opened) == 1
    assert len(QUIET) < opened[0] + 333 <= len(QUIET) + len(VOICE)
