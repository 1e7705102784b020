"""Whether somebody is speaking, by WebRTC's detector: the only home of the library."""

import numpy as np
import soxr
import webrtcvad

from assistant.core.audio import BYTES_PER_SAMPLE, check_rate
from assistant.core.ports import FRAME_SECONDS

NATIVE_RATES_HERTZ = frozenset({8_000, 16_000, 32_000, 48_000})
OTHER_RATE_HERTZ = 16_000
AGGRESSIVENESS = 2
"""Of 0-3: how readily sound is taken for noise. Measured in tests/integration/test_end_of_speech.py."""


class WebRtcVoice:
    """`VoiceActivity` of one utterance."""

    def __init__(self, rate_hertz: int) -> None:
        """Listen to samples at this rate.

        Raises:
            UnsupportedAudio: the rate is out of range.
        """
        check_rate(rate_hertz)
        self._rate = rate_hertz if rate_hertz in NATIVE_RATES_HERTZ else OTHER_RATE_HERTZ
        same_rate = self._rate == rate_hertz
        self._resampler = None if same_rate else soxr.ResampleStream(rate_hertz, self._rate, 1, dtype="int16")
        self._frame_bytes = int(self._rate * FRAME_SECONDS) * BYTES_PER_SAMPLE
        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._rest = b""

    def frames(self, samples: bytes) -> list[bool]:
        """Whether each further frame holds a voice; samples that make no whole frame wait for the next ones."""
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(np.frombuffer(samples, dtype="<i2")).tobytes()
        sound = self._rest + samples
        whole = len(sound) - len(sound) % self._frame_bytes
        self._rest = sound[whole:]
        starts = range(0, whole, self._frame_bytes)
        return [self._detector.is_speech(sound[at : at + self._frame_bytes], self._rate) for at in starts]
