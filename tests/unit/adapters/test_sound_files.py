"""WAV files of every common kind, and everything that is none."""

import io
import struct

import numpy as np
import pytest
import soundfile

from assistant.adapters.sound_files import SoundFiles, decode_wav
from assistant.core.audio import Pcm
from assistant.core.errors import TooMuch, UnsupportedAudio

pytestmark = pytest.mark.unit

RATE_HERTZ = 16_000
TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(1_600) / RATE_HERTZ)


def wav(samples: np.ndarray = TONE, rate: int = RATE_HERTZ, subtype: str = "PCM_16", container: str = "WAV") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, subtype=subtype, format=container)
    return file.getvalue()


def floats(pcm: Pcm) -> np.ndarray:
    return np.frombuffer(pcm.samples, "<i2") / 32_768


@pytest.mark.parametrize(
    ("subtype", "error"),
    [
        ("PCM_U8", 0.01),
        ("PCM_16", 0.0001),
        ("PCM_24", 0.0001),
        ("PCM_32", 0.0001),
        ("FLOAT", 0.0001),
        ("DOUBLE", 0.0001),
        ("ULAW", 0.02),
        ("ALAW", 0.02),
    ],
)
def test_decode_of_a_common_sample_format_gives_the_sound(subtype: str, error: float) -> None:
    pcm = decode_wav(wav(subtype=subtype), 60)
    assert pcm.rate_hertz == RATE_HERTZ
    assert np.abs(floats(pcm) - TONE).max() < error


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000])
def test_decode_of_a_common_rate_keeps_it(rate: int) -> None:
    pcm = decode_wav(wav(rate=rate), 60)
    assert (pcm.rate_hertz, len(pcm.samples)) == (rate, 3_200)


@pytest.mark.parametrize("rate", [7_999, 48_001, 96_000])
def test_decode_of_another_rate_refuses_it(rate: int) -> None:
    with pytest.raises(UnsupportedAudio):
        decode_wav(wav(rate=rate), 60)


def test_decode_of_stereo_gives_the_mean_of_both_sides() -> None:
    pcm = decode_wav(wav(np.stack([TONE, -TONE / 2], axis=1)), 60)
    assert np.abs(floats(pcm) - TONE / 4).max() < 0.0001


def test_decode_of_more_channels_refuses_them() -> None:
    with pytest.raises(UnsupportedAudio, match="6 channels"):
        decode_wav(wav(np.zeros((160, 6))), 60)


@pytest.mark.parametrize("container", ["RF64", "WAVEX"])
def test_decode_of_a_wav_variant_gives_the_sound(container: str) -> None:
    assert np.abs(floats(decode_wav(wav(container=container), 60)) - TONE).max() < 0.0001


@pytest.mark.parametrize(("container", "subtype"), [("FLAC", "PCM_16"), ("AIFF", "PCM_16"), ("OGG", "VORBIS")])
def test_decode_of_another_file_type_refuses_it(container: str, subtype: str) -> None:
    with pytest.raises(UnsupportedAudio, match="not a WAV"):
        decode_wav(wav(container=container, subtype=subtype), 60)


@pytest.mark.parametrize("subtype", ["IMA_ADPCM", "MS_ADPCM"])
def test_decode_of_a_compressed_wav_refuses_it(subtype: str) -> None:
    with pytest.raises(UnsupportedAudio, match="ADPCM"):
        decode_wav(wav(subtype=subtype), 60)


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"\0" * 5_000, b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0AVI LIST", b"\xff\xfb" * 900]
)
def test_decode_of_no_wav_file_refuses_it(data: bytes) -> None:
    with pytest.raises(UnsupportedAudio):
        decode_wav(data, 60)


@pytest.mark.parametrize("length", range(0, 42, 3))
def test_decode_of_a_truncated_header_refuses_it(length: int) -> None:
    with pytest.raises(UnsupportedAudio):
        decode_wav(wav()[:length], 60)


def test_decode_of_truncated_samples_gives_what_is_there() -> None:
    pcm = decode_wav(wav()[: 44 + 1_001], 60)
    assert pcm.samples == decode_wav(wav(), 60).samples[:1_000]


def test_decode_of_a_streamed_header_without_length_gives_all() -> None:
    data = bytearray(wav())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    assert decode_wav(bytes(data), 60) == decode_wav(wav(), 60)


def test_decode_of_a_wav_without_samples_gives_silence_of_no_length() -> None:
    assert decode_wav(wav(np.zeros(0)), 60) == Pcm(b"", RATE_HERTZ)


def test_decode_of_a_float_wav_with_no_numbers_gives_sound_within_range() -> None:
    wild = np.array([np.nan, np.inf, -np.inf, 3.0, -3.0, 0.5], dtype=np.float32)
    samples = np.frombuffer(decode_wav(wav(wild, subtype="FLOAT"), 60).samples, "<i2")
    assert samples.tolist() == [0, 32_767, -32_768, 32_767, -32_768, 16_384]


def test_decode_of_a_long_file_refuses_it_by_its_header() -> None:
    minutes = wav(np.zeros(RATE_HERTZ * 61), subtype="PCM_U8")
    with pytest.raises(TooMuch, match="60 seconds"):
        decode_wav(minutes, 60)
    assert decode_wav(minutes, 61).seconds == 61


def test_decode_of_a_nonsense_rate_refuses_it() -> None:
    data = bytearray(wav())
    struct.pack_into("<I", data, 24, 0)
    with pytest.raises(UnsupportedAudio):
        decode_wav(bytes(data), 60)


async def test_sound_files_decode_away_from_the_loop() -> None:
    files = SoundFiles(60)
    try:
        assert await files.decode(wav()) == decode_wav(wav(), 60)
    finally:
        files.close()


def test_decode_of_our_own_wav_gives_the_same_sound() -> None:
    pcm = Pcm(bytes(range(200)), 22_050)
    assert decode_wav(pcm.to_wav(), 60) == pcm
