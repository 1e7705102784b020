"""Sound of any format as mono 16-bit samples at the rate of speech; libsndfile is the other opinion on G.711."""

import io

import numpy as np
import pytest
import soundfile

from assistant.adapters.sound_samples import SpeechSound
from assistant.core.audio import SPEECH_RATE_HERTZ, Encoding, SoundFormat
from assistant.core.errors import UnsupportedAudio

pytestmark = pytest.mark.unit


def taken(frames: bytes, sound_format: SoundFormat) -> list[int]:
    sound = SpeechSound(sound_format)
    return np.frombuffer(sound.take(frames) + sound.finish(), "<i2").tolist()


@pytest.mark.parametrize(("encoding", "subtype"), [(Encoding.MULAW, "ULAW"), (Encoding.ALAW, "ALAW")])
def test_take_of_every_byte_of_g711_gives_the_same_samples_as_libsndfile(encoding: Encoding, subtype: str) -> None:
    every = bytes(range(256))
    raw = {"samplerate": SPEECH_RATE_HERTZ, "channels": 1, "format": "RAW", "subtype": subtype}
    expected, _ = soundfile.read(io.BytesIO(every), dtype="int16", **raw)
    assert taken(every, SoundFormat(SPEECH_RATE_HERTZ, encoding)) == expected.tolist()


def test_take_of_two_channels_mixes_them() -> None:
    frames = np.array([[100, 300], [-32_768, -32_768], [32_767, 32_767], [1_000, -1_000]], "<i2").tobytes()
    assert taken(frames, SoundFormat(SPEECH_RATE_HERTZ, channels=2)) == [200, -32_768, 32_767, 0]


def test_take_of_floats_scales_them_and_makes_the_impossible_possible() -> None:
    frames = np.array([0.5, -1.0, 1.0, 7.0, np.nan, np.inf, -np.inf], "<f4").tobytes()
    expected = [16_384, -32_768, 32_767, 32_767, 0, 32_767, -32_768]
    assert taken(frames, SoundFormat(SPEECH_RATE_HERTZ, Encoding.F32)) == expected


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 48_000])
@pytest.mark.parametrize("frame_samples", [1, 37, 441, 100_000])
def test_take_in_frames_of_any_size_keeps_every_moment(rate: int, frame_samples: int) -> None:
    tone = (10_000 * np.sin(2 * np.pi * 440 * np.arange(rate // 4) / rate)).astype("<i2")
    sound = SpeechSound(SoundFormat(rate))
    pieces = [tone[start : start + frame_samples].tobytes() for start in range(0, len(tone), frame_samples)]
    samples = np.frombuffer(b"".join(sound.take(piece) for piece in pieces) + sound.finish(), "<i2")
    assert len(samples) == pytest.approx(SPEECH_RATE_HERTZ / 4, abs=1)
    expected = 10_000 * np.sin(2 * np.pi * 440 * np.arange(len(samples)) / SPEECH_RATE_HERTZ)
    assert np.abs(samples - expected)[200:-200].max() < 100


@pytest.mark.parametrize("rate", [0, 7_999, 48_001])
def test_sound_at_another_rate_is_refused(rate: int) -> None:
    with pytest.raises(UnsupportedAudio):
        SpeechSound(SoundFormat(rate))
