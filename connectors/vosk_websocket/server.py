"""The port of vosk-server: 2700, at any path."""

import contextlib
import http
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import APIRouter
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from assistant.core.errors import Busy, KrattError, MalformedTurn, SettingsError, StageError, TooOften, UnsupportedAudio
from assistant.intake import household_of
from assistant.pipeline.outside_turns import OutsideTurns
from assistant.pipeline.utterance import Ears
from connectors.vosk_websocket.configuration import Configuration
from connectors.vosk_websocket.dialogue import Dialogue
from connectors.vosk_websocket.hearing import Hearing
from connectors.vosk_websocket.line import Line

LARGEST_FRAME_BYTES = 16 * 1024 * 1024
"""Jigasi sends a whole utterance in one frame."""
MOST_CONNECTIONS = 64
MOST_FRAMES_WAITING = 2
"""Of one client: more stay in the network until those before them were heard."""
CLOSE_SECONDS = 3.0
"""While frames wait, the library does not see that the client has gone: so long it waits with a recogniser in hand."""
SUBPROTOCOL = Subprotocol("ws")
"""Asked for by Asterisk's res_speech_vosk, by no specification."""

_CLOSE_CODES: dict[type[KrattError], int] = {
    MalformedTurn: 1003,
    UnsupportedAudio: 1003,
    Busy: 1013,
    TooOften: 1013,
    StageError: 1011,
}
_POLICY_VIOLATION = 1008
"""RFC 6455, section 7.4.1, and IANA's registry."""

_log = logging.getLogger("kratt.vosk_websocket")
_log_of_library = logging.getLogger("kratt.vosk_websocket.library")
_log_of_library.setLevel(logging.WARNING)  # it notes every connection


@dataclass(frozen=True)
class Address:
    """Where to listen; pages of the gateway at `public_url` may connect, and those that come from this very port."""

    host: str
    port: int
    public_url: str = ""


@dataclass
class VoskServer:
    """Takes connections, as many at a time as it can serve."""

    turns: OutsideTurns
    ears: Ears
    address: Address
    _open: set[ServerConnection] = field(default_factory=set)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen for the length of the block, at the port that is told.

        Raises:
            SettingsError: the port cannot be had.
        """
        try:
            server = await serve(
                self.serve_client,
                self.address.host,
                self.address.port,
                select_subprotocol=_select_subprotocol,
                process_request=self._refuse_pages,
                compression=None,  # sound hardly shrinks
                server_header=None,
                max_size=LARGEST_FRAME_BYTES,
                max_queue=MOST_FRAMES_WAITING,
                close_timeout=CLOSE_SECONDS,
                logger=_log_of_library,
            )
        except OSError as error:
            raise SettingsError(f"KRATT_VOSK_PORT: {self.address.port}: {error.strerror}") from None
        async with server:
            yield next(iter(server.sockets)).getsockname()[1]

    async def serve_client(self, connection: ServerConnection) -> None:
        """Serve one client; whatever is wrong is told by the code that the socket closes with."""
        self._open.add(connection)
        try:
            with contextlib.suppress(ConnectionClosed):
                try:
                    await self._serve(connection)
                except KrattError as error:
                    await connection.close(_close_code(error), error.code)
        finally:
            self._open.discard(connection)

    async def _serve(self, connection: ServerConnection) -> None:
        if len(self._open) > MOST_CONNECTIONS:
            raise Busy(f"{MOST_CONNECTIONS} clients are connected already")
        await self.turns.take_turn.count_address(household_of(connection.remote_address[0]))
        languages = sorted(self.ears.speech.languages(), key=lambda each: each is not self.turns.default_language)
        configuration = Configuration(next(iter(languages), self.turns.default_language))
        dialogue = Dialogue(self.turns, self.ears, connection)
        await Line(connection, Hearing(self.ears), dialogue, configuration).run()

    def _refuse_pages(self, connection: ServerConnection, request: Request) -> Response | None:
        # Who is no browser sends no origin, or that of the address it connects to.
        origin = request.headers.get("Origin")
        own = {urlsplit(self.address.public_url).netloc, request.headers.get("Host")}
        if origin is None or urlsplit(origin).netloc in own:
            return None
        return connection.respond(http.HTTPStatus.FORBIDDEN, "a page of another origin asks\n")


def build_vosk(server: VoskServer) -> APIRouter:
    """A connector without routes that listens on its own port for as long as the gateway runs."""

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        try:
            async with server.listening():
                yield
        except SettingsError as error:  # uvicorn writes a traceback, of which JSON lines keep no words
            _log.critical("the port of vosk-server cannot be opened", extra={"facts": {"detail": error.detail}})
            raise

    return APIRouter(lifespan=lifespan)


def _select_subprotocol(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return SUBPROTOCOL if SUBPROTOCOL in offered else None


def _close_code(error: KrattError) -> int:
    codes = (_CLOSE_CODES[kind] for kind in type(error).__mro__ if kind in _CLOSE_CODES)
    return next(codes, _POLICY_VIOLATION)
