"""Whether somebody begins to speak while a reply is read out, for channels whose client cannot tell (docs/adr/0034).

The widget's own gate is assistant/gateway/page/voice_gate.js.
"""

from collections import deque
from dataclasses import dataclass, field

from assistant.core.audio import BYTES_PER_SAMPLE, SPEECH_RATE_HERTZ, loudness_of

STEP_SECONDS = 0.01
STEP_BYTES = int(SPEECH_RATE_HERTZ * STEP_SECONDS) * BYTES_PER_SAMPLE
QUIETEST_VOICE = 0.01 * 32768
"""Nothing below is a voice close by."""
TIMES_THE_ROOM = 4.0
LEARNED_LOUDER = 0.01
"""How much of each louder step the room is believed to be; of a quieter one, all."""
WINDOW_STEPS, LOUD_STEPS = 7, 6
"""So many of so many steps are loud: a click is over by then."""
REST_STEPS = 30
"""So long it is quiet before the next voice."""


@dataclass
class VoiceGate:
    """Opens when nearly every hundredth of a second is much louder than the room has been. A cough opens it, too."""

    _rest: bytes = b""
    _room: float = QUIETEST_VOICE / TIMES_THE_ROOM
    _loud: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW_STEPS))
    _quiet_steps: int = REST_STEPS
    is_open: bool = False
    """Whether somebody speaks, or has until just now."""

    def opens_for(self, samples: bytes) -> bool:
        """Whether somebody has begun to speak within these mono s16 samples at SPEECH_RATE_HERTZ, cut anywhere.

        Not again until they have paused.
        """
        sound = self._rest + samples
        whole = len(sound) - len(sound) % STEP_BYTES
        self._rest = sound[whole:]
        opened = [self._step(loudness_of(sound[at : at + STEP_BYTES])) for at in range(0, whole, STEP_BYTES)]
        return any(opened)

    def _step(self, level: float) -> bool:
        is_loud = level > max(QUIETEST_VOICE, TIMES_THE_ROOM * self._room)
        self._room += (level - self._room) * (1.0 if level < self._room else LEARNED_LOUDER)
        self._loud.append(is_loud)
        self._quiet_steps = 0 if is_loud else self._quiet_steps + 1
        if self._quiet_steps >= REST_STEPS:
            self.is_open = False
        if self.is_open or sum(self._loud) < LOUD_STEPS:
            return False
        self.is_open = True
        return True
