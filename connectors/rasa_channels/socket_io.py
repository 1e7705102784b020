"""Rasa's Socket.IO channel at /socket.io (Engine.IO 4).

client                                      gateway
session_request {session_id | null}    ->   session_confirm "<id>"
user_uttered {message, session_id,     ->   bot_uttered {text, quick_replies?}, one for each message; what went wrong
              metadata | customData}        is told as one, too, and its code is in the acknowledgement
"""

import asyncio
import json
import logging
from dataclasses import dataclass, field
from typing import Any

import jwt
import socketio
from fastapi import APIRouter
from pydantic import BaseModel, StrictStr, ValidationError
from starlette.requests import HTTPConnection

from assistant.core.channels import Channel
from assistant.core.errors import Busy, KrattError, MalformedTurn
from assistant.core.languages import Language
from assistant.intake import address_of
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from connectors.rasa_channels import MOST_BYTES, NAME, Access
from connectors.rasa_channels.door import Door
from connectors.rasa_channels.messages import Json, named_language, socket_messages
from connectors.rasa_channels.session_names import SessionNames

PATH = "/socket.io"
MOST_WAITING = 4
"""Messages of one client that wait for the answer to the one before."""
_JWT_ALGORITHM = "HS256"

_log = logging.getLogger("kratt.socket_io")
_log.setLevel(logging.ERROR)  # below that, the library writes what was said


class _Uttered(BaseModel):
    """What a chat sends; rasa-webchat writes its metadata into `customData`, Rasa itself reads `metadata`."""

    message: StrictStr
    session_id: StrictStr | None = None
    metadata: Any = None
    customData: Any = None  # noqa: N815  # rasa-webchat's name

    @property
    def language(self) -> str | None:
        """The language that the metadata name."""
        return named_language(_opened(self.metadata)) or named_language(_opened(self.customData))


@dataclass
class _Client:
    """One open connection; `name` is its session's. Its messages are answered one after the other."""

    address: str
    name: str
    language: Language
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


def build_socket_io(turns: OutsideTurns, access: Access) -> APIRouter:
    """The channel at PATH."""

    def lets_in(_origin: str | None, environ: Json) -> bool:
        return access.lets_in(HTTPConnection(environ["asgi.scope"]))

    server = socketio.AsyncServer(
        async_mode="asgi",
        cors_allowed_origins=lets_in,
        cors_credentials=False,
        max_http_buffer_size=MOST_BYTES,
        logger=_log,
        engineio_logger=_log,
    )
    server.register_namespace(Chats(turns, access.jwt_key))
    router = APIRouter()
    router.mount(PATH, Door(socketio.ASGIApp(server, socketio_path=None), turns.take_turn))
    return router


class Chats(socketio.AsyncNamespace):  # type: ignore[misc]  # untyped
    """All open chats of one gateway."""

    def __init__(self, turns: OutsideTurns, jwt_key: str = "") -> None:
        """Nobody is there yet."""
        super().__init__("/")
        self._turns = turns
        self._jwt_key = jwt_key
        self._names = SessionNames(turns.secret)
        self._clients: dict[str, _Client] = {}

    async def on_connect(self, sid: str, _environ: object = None, auth: object = None, *_: object) -> bool:
        """Let a client in, if it needs no token or has one.

        The library calls this, and `on_disconnect`, also for a client's event of that name, with the client's data.
        """
        if self._jwt_key and not _is_signed(auth, self._jwt_key):
            return False
        environ = self.server.get_environ(sid, self.namespace)
        address = address_of(HTTPConnection(environ["asgi.scope"]))
        self._clients[sid] = _Client(address, self._names.new(), self._turns.default_language)
        return True

    async def on_disconnect(self, sid: str, *_: object) -> None:
        """Forget the connection; the session lives on."""
        self._clients.pop(sid, None)

    async def on_session_request(self, sid: str, data: object = None, *_: object) -> None:
        """Go on with the session that is asked for, or begin one; who made an id up gets another."""
        if (client := self._clients.get(sid)) is None:
            return
        await self._go_on(sid, client, data.get("session_id") if isinstance(data, dict) else None)
        await self.emit("session_confirm", client.name, to=sid)

    async def on_user_uttered(self, sid: str, data: object = None, *_: object) -> Json:
        """Answer a message, once those before it are answered."""
        if (client := self._clients.get(sid)) is None:
            return {}
        try:
            await self._turns.take_turn.count_address(client.address)
            if client.waiting >= MOST_WAITING:
                raise Busy("messages of the same client wait already")
            client.waiting += 1
            try:
                async with client.turn:
                    await self._answer(sid, client, _uttered(data))
            finally:
                client.waiting -= 1
        except KrattError as error:
            await self.emit("bot_uttered", {"text": self._turns.words(error, client.language)}, to=sid)
            return {"code": error.code}
        return {}

    async def _answer(self, sid: str, client: _Client, uttered: _Uttered) -> None:
        await self._go_on(sid, client, uttered.session_id)
        caller = await self._turns.caller_of(Sender(NAME, client.name, Channel.EXTERNAL_CHAT))
        client.language = self._turns.language_of(caller, uttered.language)
        reply = (await self._turns.take(Request(uttered.message, client.language), caller)).reply
        client.language = reply.language
        for message in socket_messages(reply):
            await self.emit("bot_uttered", message, to=client.name)

    async def _go_on(self, sid: str, client: _Client, name: object) -> None:
        """Let the client be in the session of this name, if it is one; all its windows show the same replies."""
        if isinstance(name, str) and name != client.name and self._names.has_made(name):
            await self.leave_room(sid, client.name)
            client.name = name
        await self.enter_room(sid, client.name)


def _uttered(data: object) -> _Uttered:
    try:
        return _Uttered.model_validate(data)
    except ValidationError:
        raise MalformedTurn("not a message") from None  # pydantic's message quotes the input


def _opened(metadata: object) -> object:
    """Metadata may be JSON in a text."""
    if not isinstance(metadata, str):
        return metadata
    try:
        return json.loads(metadata)
    except ValueError:
        return None


def _is_signed(auth: object, key: str) -> bool:
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str):
        return False
    try:
        jwt.decode(token.removeprefix("Bearer "), key, algorithms=[_JWT_ALGORITHM])
    except jwt.InvalidTokenError:
        return False
    return True
