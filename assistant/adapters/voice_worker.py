r"""What the processes of all voices do: read requests, write sound.

    stdin   {"text": "Tere!", "voice": "et+f3", "speed": 1.0, "volume": 1.0}\n, times the ordinary
    stdout  {"rate_hertz": 22050, "bytes": 40960}\n and that many bytes of PCM: mono, signed 16-bit, native order
            {"error": "..."}\n

A worker ends when its stdin does, so it never outlives the gateway.
"""

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from assistant.core.audio import Manner, Pcm


class VoiceFailed(Exception):
    """The engine refused; the message is for the operator."""


Speak = Callable[[str, str, Manner], Pcm]
"""A text, the engine's name of the voice, and the manner; raises `VoiceFailed`."""


@dataclass(frozen=True)
class VoiceWorker:
    """Speaks for one process at the other end of the pipes."""

    speak: Speak

    def serve(self, requests: BinaryIO, answers: BinaryIO) -> None:
        """Answer requests until there are no more."""
        for line in requests:
            request = json.loads(line)
            try:
                sound = self.speak(request["text"], request["voice"], Manner(request["speed"], request["volume"]))
                header: dict[str, object] = {"rate_hertz": sound.rate_hertz, "bytes": len(sound.samples)}
            except VoiceFailed as error:
                sound, header = Pcm(b"", 0), {"error": str(error)}
            answers.write(json.dumps(header).encode() + b"\n" + sound.samples)
            answers.flush()

    def run(self) -> None:
        """Serve on stdin and stdout."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the gateway's; it closes our stdin when it is done
        self.serve(sys.stdin.buffer, sys.stdout.buffer)
