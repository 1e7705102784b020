"""Frames of JSON text on a carrier's WebSocket."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.core.errors import MalformedTurn, TooMuch

SEND_SECONDS = 10.0
MOST_FRAME_CHARACTERS = 64 * 1024

_OBJECT = TypeAdapter(dict[str, Any])

Frame = TypeVar("Frame", bound=BaseModel)


@dataclass(frozen=True)
class Protocol(Generic[Frame]):
    """A carrier's protocol by its `name`: the field `key` of each frame says of which of the `kinds` it is."""

    name: str
    key: str
    kinds: Mapping[str, type[Frame]]

    def read(self, text: str) -> Frame | None:
        """The frame; None for one of a kind that is none of ours, as carriers add some.

        Raises:
            MalformedTurn: it is no frame.
        """
        try:
            kind = _OBJECT.validate_json(text).get(self.key)
            if not isinstance(kind, str):
                raise MalformedTurn(f"not a frame of {self.name}")
            return self.kinds[kind].model_validate_json(text) if kind in self.kinds else None
        except ValidationError:
            raise MalformedTurn(f"not a frame of {self.name}") from None  # pydantic's message quotes what was said


@dataclass(frozen=True)
class Line(Generic[Frame]):
    """A carrier's socket and its protocol."""

    socket: WebSocket
    protocol: Protocol[Frame]

    async def send(self, frame: str) -> None:
        """Send a frame.

        Raises:
            TimeoutError: it is not taken.
        """
        async with asyncio.timeout(SEND_SECONDS):
            await self.socket.send_text(frame)

    async def receive(self, seconds: float) -> Frame | None:
        """The next frame; None for one of a kind that is none of ours.

        Raises:
            TimeoutError: none came for so long.
            WebSocketDisconnect: the carrier has gone.
            MalformedTurn: it is no frame.
            TooMuch: it is too long.
        """
        async with asyncio.timeout(seconds):
            message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text: str | None = message.get("text")
        if text is None:
            raise MalformedTurn("a frame is text")
        if len(text) > MOST_FRAME_CHARACTERS:
            raise TooMuch(f"a frame has at most {MOST_FRAME_CHARACTERS} characters")
        return self.protocol.read(text)
