"""Sound of the caller while a reply is played, watched for a voice."""

from dataclasses import dataclass, field

from assistant.core.audio import SoundFormat
from assistant.pipeline.utterance import Ears
from assistant.pipeline.voice_gate import VoiceGate

KEPT_SECONDS = 0.5
"""The beginning of a word is softer than what opens the gate."""


@dataclass
class VoiceWatch:
    """Hears all of a line, as it has to know how loud the room is; keeps the latest of it since the last `forget`."""

    ears: Ears
    sound_format: SoundFormat
    gate: VoiceGate = field(default_factory=VoiceGate)
    _latest: bytes = b""

    def __post_init__(self) -> None:
        """Begin with silence."""
        self._intake = self.ears.sound_intake(self.sound_format)
        self._most = int(KEPT_SECONDS * self.sound_format.rate_hertz) * self.sound_format.bytes_per_frame

    def opens_for(self, samples: bytes) -> bool:
        """Whether somebody has begun to speak within these whole samples."""
        self._latest = (self._latest + samples)[-max(self._most, len(samples)) :]
        return self.gate.opens_for(self._intake.take(samples))

    @property
    def latest(self) -> bytes:
        """What was heard last, the samples that have opened the gate among it."""
        return self._latest

    def forget(self) -> None:
        """What was heard so far belongs to a turn."""
        self._latest = b""
