"""Events on the wire: a line of JSON, then as many bytes of further JSON and of payload as the line says."""

import asyncio
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, TypeAdapter, ValidationError
from wyoming.event import Event, Eventable, async_write_event

from assistant.core.errors import MalformedTurn, TooMuch

LONGEST_LINE_BYTES = 64 * 1024
"""What asyncio's reader, which others use, takes for a line by default."""
MOST_DATA_BYTES = 64 * 1024
MOST_PAYLOAD_BYTES = 1024 * 1024
"""Half a minute of speech at 16 kHz; clients send pieces of less than a second."""
SEND_SECONDS = 10.0
LINGER_SECONDS = 2.0

Data = dict[str, Any]
Body = TypeVar("Body", bound="EventBody")

_DATA: TypeAdapter[Data] = TypeAdapter(Data)


class _Header(BaseModel):
    """The line; `version` and whatever else it has do not matter."""

    type: StrictStr
    data: Data | None = None
    data_length: StrictInt | None = Field(None, ge=0)
    payload_length: StrictInt | None = Field(None, ge=0)


class EventBody(BaseModel):
    """The data of a kind of event; what a client has beyond that is passed over, as the protocol has it."""

    model_config = ConfigDict(strict=True)

    @classmethod
    def of(cls: type[Body], event: Event) -> Body:
        """The data of an event.

        Raises:
            MalformedTurn: they are not such.
        """
        try:
            return cls.model_validate(event.data)
        except ValidationError:
            raise MalformedTurn(f"not the data of {cls.__name__}") from None  # pydantic's message quotes the input


class Line:
    """One open connection, whichever side has opened it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read and write what is begun already."""
        self._reader = reader
        self._writer = writer

    @property
    def address(self) -> str:
        """The other side's; empty where it has none."""
        peer = self._writer.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) else ""

    async def receive(self, seconds: float) -> Event | None:
        """The next event; None once the other side has left.

        Raises:
            MalformedTurn: it is none.
            TooMuch: it is longer than any event needs to be.
            TimeoutError: it is not there, or not whole, after so many seconds.
            OSError: the connection is broken.
        """
        async with asyncio.timeout(seconds):
            try:
                return await self._event()
            except asyncio.IncompleteReadError:  # left in the middle of an event
                return None

    async def send(self, *messages: Eventable) -> None:
        """Send events.

        Raises:
            TimeoutError: the other side does not take them.
            OSError: the connection is broken.
        """
        async with asyncio.timeout(SEND_SECONDS):
            for message in messages:
                await async_write_event(message.event(), self._writer)

    async def linger(self) -> None:
        """Throw away what the other side still sends: a connection that is closed on it loses what was sent last."""
        if self._writer.can_write_eof():
            self._writer.write_eof()
        async with asyncio.timeout(LINGER_SECONDS):
            while await self._reader.read(LONGEST_LINE_BYTES):
                pass

    def close(self) -> None:
        """End it; what was sent still arrives."""
        self._writer.close()

    async def _event(self) -> Event | None:
        try:
            line = await self._reader.readline()
        except ValueError:
            raise TooMuch("a line is longer than any event's") from None
        if not line:
            return None
        try:
            header = _Header.model_validate_json(line)
            data = (header.data or {}) | await self._data(header.data_length or 0)
        except ValidationError:
            raise MalformedTurn("not an event") from None  # pydantic's message quotes the input
        return Event(header.type, data, await self._bytes(header.payload_length or 0, MOST_PAYLOAD_BYTES))

    async def _data(self, length: int) -> Data:
        return _DATA.validate_json(await self._bytes(length, MOST_DATA_BYTES)) if length else {}

    async def _bytes(self, length: int, most: int) -> bytes:
        if length > most:
            raise TooMuch(f"{length} bytes are more than the {most} that an event may have here")
        return await self._reader.readexactly(length)
