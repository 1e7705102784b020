"""Speech over a WebSocket: sound in, events and PCM out.

client                                        gateway
{"type": "start", rate_hertz, language}  ->   {"type": "ready", "conversation_id"}
sound, as the start describes it         ->   {"type": "partial", "text"} whenever it changes
{"type": "until_silence"}                     (from now on, the gateway notices itself when the speaker has finished)
{"type": "stop"} | {"type": "cancel"}    ->   {"type": "transcript", ...}, {"type": "reply", ...},
                                              {"type": "speech", "rate_hertz", "bytes"}, PCM frames,
                                              the same for each further piece of the reply,
                                              {"type": "done"}; then the next start may come
(of a start that interrupts a reply)     ->   {"type": "false_interruption"} if nothing was said: the reply goes on
anything wrong                           ->   {"type": "error", "code", "message"}, and the socket closes
"""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocketState

from assistant.core.audio import (
    HIGHEST_RATE_HERTZ,
    LOWEST_RATE_HERTZ,
    MOST_CHANNELS,
    Encoding,
    Pcm,
    SoundFormat,
)
from assistant.core.errors import (
    Busy,
    CallerError,
    KrattError,
    MalformedTurn,
    NotAllowed,
    TooOften,
    UnknownConversation,
    UnknownDevice,
)
from assistant.core.languages import Language, parse_language
from assistant.core.ports import Session
from assistant.core.turns import Transcript
from assistant.gateway.callers import device_token, speaker_of
from assistant.gateway.conversations import remembering_headers, resume
from assistant.gateway.errors import UNEXPECTED, error_body
from assistant.gateway.intake import check_page, is_embedded
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.rates import count_turn_of_address
from assistant.gateway.wire import TranscriptBody, reply_body
from assistant.intake import language_of
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.end_of_speech import OVER
from assistant.pipeline.take_turn import Caller
from assistant.pipeline.utterance import Utterance

STALL_SECONDS = 15.0
"""A client that is recording and sends nothing for so long is gone."""
IDLE_SECONDS = 300.0
SEND_SECONDS = 10.0
SOUND_FRAME_BYTES = 32 * 1024

_POLICY_VIOLATION = 1008
_CLOSE_CODES: dict[type[KrattError], int] = {MalformedTurn: 1003, Busy: 1013, TooOften: 1013}
"""RFC 6455, section 7.4.1, and IANA's registry: unsupported data, try again later; policy violation for the rest."""

router = APIRouter()


class Start(BaseModel):
    """An utterance begins."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["start"]
    language: str | None = None
    rate_hertz: int = Field(ge=1)
    encoding: Encoding = Encoding.S16
    channels: int = Field(1, ge=1, le=MOST_CHANNELS)
    conversation_id: str | None = Field(None, max_length=200)
    relock: bool = False
    speak: bool = True
    speech_rate_hertz: int | None = Field(None, ge=LOWEST_RATE_HERTZ, le=HIGHEST_RATE_HERTZ)
    until_silence: bool = False
    interrupts: bool = False
    """A sound was heard while a reply is read aloud: a word, or a cough."""

    @property
    def sound_format(self) -> SoundFormat:
        """How the sound comes."""
        return SoundFormat(self.rate_hertz, self.encoding, self.channels)


class UntilSilence(BaseModel):
    """The speaker will not say when they have finished: that is to be noticed."""

    type: Literal["until_silence"]


class End(BaseModel):
    """The speaker has finished, or takes it back."""

    type: Literal["stop", "cancel"]


Command = Start | UntilSilence | End
_COMMAND: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])


@router.websocket("/v1/speech")
async def hear(socket: WebSocket, parts: Parts) -> None:
    """Take utterances until the client leaves."""
    try:
        await check_page(socket, parts)
        if (token := device_token(socket)) is not None:
            await parts.devices.find(token)
    except (NotAllowed, UnknownDevice):
        await socket.close(_POLICY_VIOLATION)
        return
    session = await resume(socket, parts.sessions)
    headers = []
    # Only the handshake can hand a cookie out, and only to a browser, for a page of ours.
    if not session and "origin" in socket.headers and not is_embedded(socket, parts):
        session = await parts.sessions.start()
        headers = remembering_headers(session, is_https=parts.is_https)
    try:
        await socket.accept(headers=headers)
    except OSError:  # the client left in the middle of the handshake
        return
    language = language_of(socket, parts.default_language)
    await Line(socket, parts, language, session.conversation_id if session else None, token).run()


@dataclass
class Line:
    """One open socket; `language` is the conversation's by now, `conversation_id` the one that goes on.

    `device_token` is a speaker's, whose conversation it is then.
    """

    socket: WebSocket
    parts: GatewayParts
    language: Language
    conversation_id: str | None
    device_token: str | None = None

    async def run(self) -> None:
        """Serve utterance after utterance."""
        with contextlib.suppress(WebSocketDisconnect, TimeoutError):
            try:
                while True:
                    await self._take(await self._next_start())
            except KrattError as error:
                await self._refuse(error)

    async def _next_start(self) -> Start:
        while True:
            message = await self._receive(IDLE_SECONDS)
            if isinstance(message, Start):
                return message  # anything else is late news of an utterance that was closed at its longest

    async def _take(self, start: Start) -> None:
        if start.language is not None:
            self.language = parse_language(start.language)
        await count_turn_of_address(self.socket, self.parts)
        caller = await self._caller(start.conversation_id, relock=start.relock)
        await self.parts.take_turn.count_caller(caller)
        expected = self.parts.answer_turn.expectations.of(caller.session.dialogue_id)
        is_any = start.language is None
        utterance = await self.parts.ears.open(
            start.sound_format,
            self.language,
            expected,
            self,
            is_any_language=is_any,
            is_into_reply=start.interrupts,
        )
        try:
            await self.send({"type": "ready", "conversation_id": caller.session.conversation_id})
            if await self._record(utterance, start):
                if start.interrupts and not await utterance.ends_reply():
                    await self.send({"type": "false_interruption"})
                    return
                if caller.device_id:  # it may have been locked or unlinked while somebody spoke
                    caller = await self._caller(None)
                await self._answer(utterance, caller, start)
        finally:
            await utterance.abandon()

    async def _caller(self, named: str | None, *, relock: bool = False) -> Caller:
        if self.device_token is not None:
            return await speaker_of(self.device_token, named, self.parts, relock=relock)
        return Caller(await self._session(named))

    async def _session(self, named: str | None) -> Session:
        if named is None and self.conversation_id:
            with contextlib.suppress(UnknownConversation):  # ended meanwhile: a new one begins
                return await self.parts.sessions.find(self.conversation_id)
        session = await (self.parts.sessions.find(named) if named is not None else self.parts.sessions.start())
        self.conversation_id = session.conversation_id
        return session

    async def _record(self, utterance: Utterance, start: Start) -> bool:
        """Listen until the speaker stops, or has spoken as long as allowed; False if the utterance was taken back."""
        is_noticed = start.until_silence
        try:
            async with asyncio.timeout(self.parts.limits.speech_seconds + STALL_SECONDS):
                while not utterance.is_full:
                    message = await self._receive_sound(start.sound_format.bytes_per_frame)
                    if isinstance(message, End):
                        return message.type == "stop"
                    if isinstance(message, UntilSilence):
                        is_noticed = True
                        continue
                    if await utterance.take(message) in OVER and is_noticed:
                        utterance.noticed_ms = utterance.silent_ms
                        return True
        except TimeoutError:  # a sample now and then would keep one of the few streams for ever
            raise MalformedTurn("the client sends more slowly than anybody speaks") from None
        return True

    async def _receive_sound(self, bytes_per_frame: int) -> UntilSilence | End | bytes:
        try:
            message = await self._receive(STALL_SECONDS)
        except TimeoutError:
            raise MalformedTurn("the client fell silent without a stop") from None
        if isinstance(message, Start) or (isinstance(message, bytes) and len(message) % bytes_per_frame):
            raise MalformedTurn("neither whole samples nor an end")
        return message

    async def tell_partial(self, text: str) -> None:
        """As `HearsAlong`."""
        await self.send({"type": "partial", "text": text})

    async def tell_transcript(self, transcript: Transcript) -> None:
        """As `HearsAlong`."""
        heard = TranscriptBody.model_validate(transcript)
        with contextlib.suppress(WebSocketDisconnect, TimeoutError):  # no failure of the turn, which goes on
            await self.send({"type": "transcript", **heard.model_dump()})

    async def _answer(self, utterance: Utterance, caller: Caller, start: Start) -> None:
        request = Request(
            utterance,
            self.language,
            speak=start.speak,
            noticed_ms=utterance.noticed_ms,
            speech_rate_hertz=start.speech_rate_hertz,
        )
        answered = await self.parts.take_turn(request, caller)
        self.language = answered.reply.language
        if answered.session:
            self.conversation_id = answered.session.conversation_id
        await self.send({"type": "reply", **reply_body(answered).model_dump(mode="json")})
        if answered.speech:
            async with contextlib.aclosing(answered.speech.pieces()) as pieces:
                async for piece in pieces:
                    await self._send_sound(piece)
        await self.send({"type": "done"})

    async def _send_sound(self, sound: Pcm) -> None:
        await self.send({"type": "speech", "rate_hertz": sound.rate_hertz, "bytes": len(sound.samples)})
        for first in range(0, len(sound.samples), SOUND_FRAME_BYTES):
            async with asyncio.timeout(SEND_SECONDS):
                await self.socket.send_bytes(sound.samples[first : first + SOUND_FRAME_BYTES])

    async def _refuse(self, error: KrattError) -> None:
        code = error.code if isinstance(error, CallerError) else UNEXPECTED
        await self.send({"type": "error", **error_body(code, self.language, self.parts).model_dump()})
        await self.socket.close(_CLOSE_CODES.get(type(error), _POLICY_VIOLATION))

    async def send(self, event: dict[str, object]) -> None:
        """Send one event.

        Raises:
            TimeoutError: the client does not take it.
            WebSocketDisconnect: the client has left.
        """
        if self.socket.application_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnect  # found out by an earlier send
        async with asyncio.timeout(SEND_SECONDS):
            await self.socket.send_json(event)

    async def _receive(self, seconds: float) -> Command | bytes:
        async with asyncio.timeout(seconds):
            message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        frame: bytes | None = message.get("bytes")
        if frame is not None:
            return frame
        try:
            return _COMMAND.validate_json(message["text"])
        except ValidationError:
            raise MalformedTurn("not a command") from None  # pydantic's message quotes the input
