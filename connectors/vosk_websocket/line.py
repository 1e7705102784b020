"""One connection of a client of vosk-server.

client                                      here
{"config": {...}}                      ->   (nothing)
sound, in frames of any length         ->   exactly one reply for each: {"partial": ...}, or the result that has ended
{"reset": 1}                           ->   a result; the stream goes on
{"eof": 1}                             ->   a result, and the socket closes with 1000
anything wrong                         ->   the socket closes with another code; never any other JSON
"""

import asyncio
import json
from dataclasses import dataclass

from websockets.asyncio.server import ServerConnection

from assistant.core.dictation import Segment
from assistant.core.errors import MalformedTurn
from connectors.vosk_websocket.configuration import Configuration
from connectors.vosk_websocket.dialogue import Dialogue
from connectors.vosk_websocket.hearing import Hearing
from connectors.vosk_websocket.results import partial_json, result_json

STALL_SECONDS = 10.0
"""A client that sends nothing for so long keeps no recogniser."""
IDLE_SECONDS = 300.0
_GOING_AWAY = 1001


@dataclass
class Line:
    """An open socket, and what its client wishes."""

    connection: ServerConnection
    hearing: Hearing
    dialogue: Dialogue
    configuration: Configuration

    async def run(self) -> None:
        """Serve the client until it leaves, has sent its `eof`, or is idle for too long.

        Raises:
            KrattError: why the socket has to be closed.
            ConnectionClosed: the client has left.
        """
        try:
            while (message := await self._next()) is not None:
                if isinstance(message, bytes):
                    await self._hear(message)
                elif await self._is_last(message):
                    return
        finally:
            await self.dialogue.pause()
            await self.hearing.close()

    async def _next(self) -> str | bytes | None:
        try:
            async with asyncio.timeout(STALL_SECONDS):
                return await self.connection.recv()
        except TimeoutError:
            await self.dialogue.pause()
            await self.hearing.pause()
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                return await self.connection.recv()
        except TimeoutError:
            await self.connection.close(_GOING_AWAY)
            return None

    async def _hear(self, frame: bytes) -> None:
        if self.configuration.is_dialogue:
            await self.dialogue.take(frame, self.configuration)
            return
        heard = await self.hearing.take(frame, self.configuration)
        if heard.ended:
            await self._tell(Segment.joined(heard.ended))
        else:
            await self.connection.send(partial_json(heard.partial))

    async def _is_last(self, text: str) -> bool:
        """Whether the client has sent its `eof`; does what else it asks."""
        match _command(text):
            case {"config": config}:
                await self._configure(config)
            case {"reset": wish} if wish:
                await self._tell(await self.hearing.finish())
            case {"eof": wish} if wish:
                await self._tell(await self.hearing.finish())
                return True
            case {"dtmf": str(key)} if self.configuration.is_dialogue:
                await self.dialogue.press(key, self.configuration)
            case _:
                raise MalformedTurn("no command of this protocol")
        return False

    async def _configure(self, config: object) -> None:
        changed = self.configuration.changed(config)
        if changed.of_stream != self.configuration.of_stream:
            await self.dialogue.begin_anew()
            await self.hearing.begin_anew()
        self.configuration = changed

    async def _tell(self, segment: Segment) -> None:
        has_alternatives = self.configuration.alternatives > 0
        await self.connection.send(result_json(segment, words=self.configuration.words, alternatives=has_alternatives))


def _command(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedTurn("not JSON") from None
