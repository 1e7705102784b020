"""Samples of sound in any encoding to mono 16-bit ones at the rate of speech."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import soxr

from assistant.core.audio import SPEECH_RATE_HERTZ, Encoding, SoundFormat, check_rate

FULL_SCALE = 32_768  # of 16-bit samples, which reach from -FULL_SCALE to FULL_SCALE - 1

Samples = npt.NDArray[np.int16]


class SpeechSound:
    """`SoundIntake` of one utterance."""

    def __init__(self, sound_format: SoundFormat) -> None:
        """Take sound of this format.

        Raises:
            UnsupportedAudio: the rate is out of range.
        """
        check_rate(sound_format.rate_hertz)
        self._format = sound_format
        is_same = sound_format.rate_hertz == SPEECH_RATE_HERTZ
        self._resampler = (
            None if is_same else soxr.ResampleStream(sound_format.rate_hertz, SPEECH_RATE_HERTZ, 1, dtype="int16")
        )

    def take(self, frames: bytes) -> bytes:
        """Whole frames of the format as speech; the resampler is a few milliseconds late."""
        return self._resampled(self._mono(frames))

    def finish(self) -> bytes:
        """What the resampler still holds."""
        return self._resampled(np.zeros(0, np.int16), last=True)

    def _mono(self, frames: bytes) -> Samples:
        if self._format.encoding is Encoding.F32:
            return mono_samples(np.frombuffer(frames, "<f4").reshape(-1, self._format.channels))
        samples = INTEGERS[self._format.encoding](frames)
        if self._format.channels == 1:
            return samples
        return mono_samples(samples.reshape(-1, self._format.channels).astype(np.float32) / np.float32(FULL_SCALE))

    def _resampled(self, samples: Samples, *, last: bool = False) -> bytes:
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        return bytes(samples.tobytes())


def mono_samples(frames: npt.NDArray[np.float32]) -> Samples:
    """Frames (time, channel) of -1 to 1, mixed and scaled; whatever is no such number is silence or full scale."""
    mixed: npt.NDArray[np.float32] = np.nan_to_num(frames, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0).mean(axis=1)
    return (mixed * FULL_SCALE).round().clip(None, FULL_SCALE - 1).astype(np.int16)


def _mu_law_values() -> Samples:
    """The sample of each byte (ITU-T G.711, table 2a): sign, 3 bits of exponent, 4 of mantissa, all inverted."""
    code = ~np.arange(256) & 0xFF
    magnitude = (((code & 0x0F) * 8 + 132) << (code >> 4 & 7)) - 132
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _a_law_values() -> Samples:
    """The sample of each byte (ITU-T G.711, table 1a): as above, but every second bit is inverted."""
    code = np.arange(256) ^ 0x55
    exponent, mantissa = code >> 4 & 7, (code & 0x0F) * 16
    magnitude = np.where(exponent, mantissa + 264 << np.maximum(exponent, 1) - 1, mantissa + 8)
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


MU_LAW, A_LAW = _mu_law_values(), _a_law_values()
_MU_LAW_BY_VALUE = np.argsort(MU_LAW, kind="stable").astype(np.uint8)
_MU_LAW_STEPS = np.sort(MU_LAW).astype(np.int32)


def mu_law_of(samples: bytes) -> bytes:
    """16-bit samples as mu-law: of each, the nearest value that there is."""
    wanted = np.frombuffer(samples, "<i2").astype(np.int32)
    above = np.searchsorted(_MU_LAW_STEPS, wanted).clip(1, len(_MU_LAW_STEPS) - 1)
    is_below_nearer = wanted - _MU_LAW_STEPS[above - 1] <= _MU_LAW_STEPS[above] - wanted
    return bytes(_MU_LAW_BY_VALUE[above - is_below_nearer].tobytes())


INTEGERS: dict[Encoding, Callable[[bytes], Samples]] = {
    Encoding.S16: lambda frames: np.frombuffer(frames, "<i2"),
    Encoding.MULAW: lambda frames: MU_LAW[np.frombuffer(frames, np.uint8)],
    Encoding.ALAW: lambda frames: A_LAW[np.frombuffer(frames, np.uint8)],
}
