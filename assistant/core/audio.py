"""Sound as Kratt passes it between stages."""

import array
import io
import math
import sys
import wave
from dataclasses import dataclass
from enum import Enum

from assistant.core.errors import UnsupportedAudio

BYTES_PER_SAMPLE = 2
LOWEST_RATE_HERTZ = 8_000
HIGHEST_RATE_HERTZ = 48_000
MOST_CHANNELS = 2
SPEECH_RATE_HERTZ = 16_000
"""What recognisers of speech and detectors of voice listen to."""


class Encoding(str, Enum):
    """How a sample is written, by ffmpeg's names."""

    S16 = "pcm_s16le"
    F32 = "pcm_f32le"
    MULAW = "pcm_mulaw"
    """ITU-T G.711, as telephones in America and Japan send it."""
    ALAW = "pcm_alaw"
    """ITU-T G.711, as telephones elsewhere send it."""


BYTES_OF_ENCODING = {Encoding.S16: 2, Encoding.F32: 4, Encoding.MULAW: 1, Encoding.ALAW: 1}


@dataclass(frozen=True)
class SoundFormat:
    """How a client sends sound; the samples of two channels alternate."""

    rate_hertz: int
    encoding: Encoding = Encoding.S16
    channels: int = 1

    @property
    def bytes_per_frame(self) -> int:
        """Bytes of one sample of every channel."""
        return BYTES_OF_ENCODING[self.encoding] * self.channels


@dataclass(frozen=True)
class Manner:
    """How something is said: times the ordinary speed, times the ordinary loudness; None is the voice's own rate."""

    speed: float = 1.0
    volume: float = 1.0
    rate_hertz: int | None = None


ORDINARY = Manner()


@dataclass(frozen=True)
class Pcm:
    """Mono sound: signed 16-bit little-endian samples at `rate_hertz`."""

    samples: bytes
    rate_hertz: int

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.samples) / (BYTES_PER_SAMPLE * self.rate_hertz)

    def after_silence(self, seconds: float) -> "Pcm":
        """The sound behind so much silence."""
        return Pcm(bytes(int(seconds * self.rate_hertz) * BYTES_PER_SAMPLE) + self.samples, self.rate_hertz)

    def to_wav(self) -> bytes:
        """The sound as a WAV file."""
        data = io.BytesIO()
        with wave.open(data, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(BYTES_PER_SAMPLE)
            file.setframerate(self.rate_hertz)
            file.writeframes(self.samples)
        return data.getvalue()


def loudness_of(samples: bytes) -> float:
    """The root mean square of 16-bit little-endian samples."""
    values = array.array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return math.sqrt(sum(value * value for value in values) / len(values)) if values else 0.0


def check_rate(rate_hertz: int) -> None:
    """Check that speech at this rate can be recognised.

    Raises:
        UnsupportedAudio: the rate is out of range.
    """
    if not LOWEST_RATE_HERTZ <= rate_hertz <= HIGHEST_RATE_HERTZ:
        raise UnsupportedAudio(f"{rate_hertz} Hz is not within {LOWEST_RATE_HERTZ}-{HIGHEST_RATE_HERTZ} Hz")
