"""Whether somebody is speaking, by WebRTC's detector: the only home of the library."""

import webrtcvad

from assistant.core.audio import BYTES_PER_SAMPLE, SPEECH_RATE_HERTZ
from assistant.core.ports import FRAME_SECONDS

FRAME_BYTES = int(SPEECH_RATE_HERTZ * FRAME_SECONDS) * BYTES_PER_SAMPLE
AGGRESSIVENESS = 2
"""Of 0-3: how readily sound is taken for noise. Measured in tests/integration/test_end_of_speech.py."""


class WebRtcVoice:
    """`VoiceActivity` of one utterance."""

    def __init__(self) -> None:
        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._rest = b""

    def frames(self, samples: bytes) -> list[bool]:
        """Whether each further frame holds a voice; samples that make no whole frame wait for the next ones."""
        sound = self._rest + samples
        whole = len(sound) - len(sound) % FRAME_BYTES
        self._rest = sound[whole:]
        starts = range(0, whole, FRAME_BYTES)
        return [self._detector.is_speech(sound[at : at + FRAME_BYTES], SPEECH_RATE_HERTZ) for at in starts]
