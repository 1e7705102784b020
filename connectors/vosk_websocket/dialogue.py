"""A whole dialogue on one socket: it hears like vosk-server, and answers once somebody has finished speaking.

client                               here
{"config": {"dialogue": true}}  ->   (nothing)
sound                           ->   {"partial": ...} for each frame, or the result when somebody has finished; then
{"dtmf": "5"}                   ->   {"reply": {...}}, {"speech": {"rate_hertz", "bytes"}} and PCM for each piece of it,
                                     {"done": 1}
a sound while a reply is played ->   {"pause": 1}: play no further; and, once it is known what it was,
                                     {"clear": 1} and another reply, or {"resume": 1}: go on there
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from websockets.exceptions import ConnectionClosed

from assistant.core.audio import Pcm
from assistant.core.channels import Channel
from assistant.core.dictation import Segment
from assistant.core.secret_ids import new_secret_id
from assistant.core.turns import Reply, Transcript
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from assistant.pipeline.spoken_call import CallManner, SpokenCall
from assistant.pipeline.utterance import Ears
from connectors.vosk_websocket import NAME
from connectors.vosk_websocket.configuration import Configuration
from connectors.vosk_websocket.hearing import Frames
from connectors.vosk_websocket.results import Json, partial_json, result_json

SOUND_FRAME_BYTES = 32 * 1024


class Socket(Protocol):
    """Where replies go."""

    async def send(self, message: str | bytes) -> None:
        """Send a text or sound.

        Raises:
            ConnectionClosed: nobody is there any more.
        """


@dataclass
class Dialogue:
    """One call, and its `Handset`; its session goes by the name that the bridge gives the call, or by none."""

    turns: OutsideTurns
    ears: Ears
    socket: Socket
    _own_name: str = field(default_factory=new_secret_id)
    _frames: Frames | None = None
    _has_told: bool = False

    def __post_init__(self) -> None:
        """Nothing was said yet."""
        self._call = SpokenCall(self.turns, self.ears, self)

    async def take(self, frame: bytes, configuration: Configuration) -> None:
        """Hear one frame; answer, if somebody has finished with it.

        Raises:
            CallerError: it is no sound, or nobody may be answered now.
        """
        if self._frames is None:
            self._frames, frame = Frames.beginning_with(frame, configuration.rate_hertz)
        manner = self._manner(configuration)
        self._has_told = False
        for samples in self._frames.slices(frame):
            await self._call.hear(samples, self._frames.sound_format, manner)
        if not self._has_told:
            await self.socket.send(partial_json(self._call.partial))
        await self._call.tell_news(manner)

    async def press(self, key: str, configuration: Configuration) -> None:
        """Take a key; answer, if it ends what is said by keys.

        Raises:
            MalformedTurn: no telephone has such a key.
            CallerError: as `take`.
        """
        await self._call.press(key, self._manner(configuration))

    async def pause(self) -> None:
        """Give the recogniser back until sound comes again."""
        await self._call.pause()

    async def begin_anew(self) -> None:
        """The same, and the next sound may be of another format."""
        await self._call.begin_anew()
        self._frames = None

    async def tell_heard(self, transcript: Transcript) -> None:
        """The result is the reply to the frame that ended it."""
        self._has_told = True
        with contextlib.suppress(ConnectionClosed):  # no failure of the turn, which goes on
            await self.socket.send(result_json(Segment(transcript.words), words=True, alternatives=False))

    async def tell_reply(self, reply: Reply) -> None:
        """As `Handset`."""
        await self._tell({"reply": _reply(reply)})

    async def play(self, sound: Pcm) -> None:
        """As `Handset`."""
        await self._tell({"speech": {"rate_hertz": sound.rate_hertz, "bytes": len(sound.samples)}})
        for frame in _frames(sound.samples):
            await self.socket.send(frame)

    async def end_reply(self) -> None:
        """As `Handset`."""
        await self._tell({"done": 1})

    async def halt(self, unheard_seconds: float) -> None:
        """As `Handset`; the client knows better how much is left."""
        del unheard_seconds
        await self._tell({"pause": 1})

    async def go_on(self) -> None:
        """As `Handset`."""
        await self._tell({"resume": 1})

    async def clear(self) -> None:
        """As `Handset`."""
        await self._tell({"clear": 1})

    def _manner(self, configuration: Configuration) -> CallManner:
        sender = Sender(NAME, configuration.caller or self._own_name, Channel.TELEPHONE)
        rate = configuration.speech_rate_hertz or configuration.rate_hertz
        return CallManner(sender, configuration.language, rate, configuration.named_language)

    async def _tell(self, message: Json) -> None:
        await self.socket.send(json.dumps(message, ensure_ascii=False))


def _reply(reply: Reply) -> Json:
    return {
        "text": reply.text,
        "buttons": [{"title": button.title, "payload": button.payload} for button in reply.choices],
        "language": reply.language.value,
        "outcome": reply.outcome.value,
        "expects": reply.expected.kind if reply.expected else None,
    }


def _frames(samples: bytes) -> Iterator[bytes]:
    yield from (samples[first : first + SOUND_FRAME_BYTES] for first in range(0, len(samples), SOUND_FRAME_BYTES))
