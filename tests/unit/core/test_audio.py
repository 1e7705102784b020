import io
import struct
import wave

import pytest

from assistant.core.audio import Pcm, check_rate, loudness_of
from assistant.core.errors import UnsupportedAudio

pytestmark = pytest.mark.unit


def test_wav_when_read_then_holds_the_sound() -> None:
    sound = Pcm(bytes(range(200)), 22_050)
    with wave.open(io.BytesIO(sound.to_wav())) as file:
        assert file.getparams()[:4] == (1, 2, 22_050, 100)
        assert file.readframes(100) == sound.samples


def test_seconds_when_sixteen_thousand_samples_at_16_khz_then_is_one() -> None:
    assert Pcm(bytes(32_000), 16_000).seconds == 1


@pytest.mark.parametrize("rate_hertz", [8_000, 16_000, 44_100, 48_000])
def test_rate_when_within_range_then_passes(rate_hertz: int) -> None:
    check_rate(rate_hertz)


@pytest.mark.parametrize("rate_hertz", [0, 7_999, 48_001])
def test_rate_when_out_of_range_then_is_refused(rate_hertz: int) -> None:
    with pytest.raises(UnsupportedAudio, match=f"{rate_hertz} Hz"):
        check_rate(rate_hertz)


def test_loudness_when_samples_are_louder_then_is_higher() -> None:
    assert loudness_of(b"") == loudness_of(bytes(640)) == 0.0
    assert loudness_of(struct.pack("<4h", 300, -300, 300, -300)) == pytest.approx(300)
