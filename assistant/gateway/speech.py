"""Speech over a WebSocket: sound in, events and PCM out.

client                                        gateway
{"type": "start", rate_hertz, language}  ->   {"type": "ready", "conversation_id"}
sound, as the start describes it         ->   {"type": "partial", "text"} whenever it changes
{"type": "until_silence"}                     (from now on, the gateway notices itself when the speaker has finished)
{"type": "stop"} | {"type": "cancel"}    ->   {"type": "transcript", ...}, {"type": "reply", ...},
                                              {"type": "speech", "rate_hertz", "bytes"}, PCM frames,
                                              the same for each further piece of the reply,
                                              {"type": "done"}; then the next start may come
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
    SPEECH_RATE_HERTZ,
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
    SpeechToTextFailed,
    TooOften,
    UnknownConversation,
    UnknownDevice,
)
from assistant.core.languages import Language, parse_language
from assistant.core.ports import FRAME_SECONDS, Session, SoundIntake, SpeechStream, VoiceActivity
from assistant.core.turns import Expected, Transcript
from assistant.gateway.callers import device_token, speaker_of
from assistant.gateway.conversations import remembering_headers, resume
from assistant.gateway.errors import UNEXPECTED, error_body
from assistant.gateway.intake import check_origin
from assistant.gateway.parts import GatewayParts, Parts
from assistant.gateway.rates import count_turn_of_address
from assistant.gateway.wire import TranscriptBody, reply_body
from assistant.intake import language_of
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.end_of_speech import EndOfSpeech, Patience, Speech, patience_for
from assistant.pipeline.first_words import open_any_language
from assistant.pipeline.take_turn import Caller
from assistant.pipeline.vocabulary import vocabulary

STALL_SECONDS = 15.0
"""A client that is recording and sends nothing for so long is gone."""
IDLE_SECONDS = 300.0
SEND_SECONDS = 10.0
HEAR_SECONDS = 10.0
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
        await check_origin(socket, parts)
        if (token := device_token(socket)) is not None:
            await parts.devices.find(token)
    except (NotAllowed, UnknownDevice):
        await socket.close(_POLICY_VIOLATION)
        return
    session = await resume(socket, parts.sessions)
    headers = []
    if not session and "origin" in socket.headers:  # only the handshake can hand a cookie out, and only to a browser
        session = await parts.sessions.start()
        headers = remembering_headers(session, is_https=parts.is_https)
    await socket.accept(headers=headers)
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
        sound = self.parts.sound_intake(start.sound_format)
        utterance = await _Utterance.open(self, expected, is_any_language=start.language is None)
        try:
            await self.send({"type": "ready", "conversation_id": caller.session.conversation_id})
            if await self._record(utterance, start, sound, patience_for(expected)):
                if rest := sound.finish():
                    await utterance.accept(rest)
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

    async def _record(self, utterance: "_Utterance", start: Start, sound: SoundIntake, patience: Patience) -> bool:
        """Listen until the speaker stops, or has spoken as long as allowed; False if the utterance was taken back."""
        seconds, bytes_per_frame = self.parts.limits.speech_seconds, start.sound_format.bytes_per_frame
        room = int(seconds * start.rate_hertz) * bytes_per_frame
        end, is_noticed = _End(self.parts.voice_activity(), patience), start.until_silence
        try:
            async with asyncio.timeout(seconds + STALL_SECONDS):
                while room > 0:
                    message = await self._receive_sound(bytes_per_frame)
                    if isinstance(message, End):
                        return message.type == "stop"
                    if isinstance(message, UntilSilence):
                        is_noticed = True
                        continue
                    samples = sound.take(message[:room])
                    room -= len(message)
                    partial = await utterance.accept(samples)
                    if end.has_come(samples, partial) and is_noticed:
                        utterance.noticed_ms = end.silent_ms
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

    async def _answer(self, utterance: "_Utterance", caller: Caller, start: Start) -> None:
        request = Request(
            utterance,
            self.language,
            speak=start.speak,
            noticed_ms=utterance.noticed_ms,
            speech_rate_hertz=start.speech_rate_hertz,
        )
        answered = await self.parts.take_turn(request, caller)
        self.language = answered.reply.language
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


class _End:
    """Notices the end of an utterance in its sound and in its words so far."""

    def __init__(self, voice: VoiceActivity, patience: Patience) -> None:
        self._voice = voice
        self._speech = EndOfSpeech(patience)

    def has_come(self, samples: bytes, partial: str) -> bool:
        for is_voice in self._voice.frames(samples):
            self._speech.hear(FRAME_SECONDS, is_voice=is_voice)
        return self._speech.read(partial) in {Speech.ENDED, Speech.MISSING}

    @property
    def silent_ms(self) -> float:
        return self._speech.silent_seconds * 1000


@dataclass
class _Utterance:
    """A speech stream that tells the client what it hears, and fails only when it is asked for the transcript.

    So a recogniser that is missing or broken becomes a turn that ends in words, like any other failed stage.
    """

    line: Line
    stream: SpeechStream | None
    partial: str = ""
    noticed_ms: float | None = None

    @classmethod
    async def open(cls, line: Line, expected: Expected | None, *, is_any_language: bool) -> "_Utterance":
        """Begin; who cannot be heard for now is told so before they have spoken.

        Raises:
            Busy: too many people are speaking.
        """
        speech = line.parts.speech
        try:
            async with asyncio.timeout(HEAR_SECONDS):
                if is_any_language:
                    return cls(line, await open_any_language(speech, line.language, SPEECH_RATE_HERTZ, expected))
                phrases = vocabulary(expected, line.language)
                return cls(line, await speech.open_stream(line.language, SPEECH_RATE_HERTZ, phrases))
        except (SpeechToTextFailed, TimeoutError):
            return cls(line, None)

    async def accept(self, samples: bytes) -> str:
        if not self.stream:
            return ""
        try:
            async with asyncio.timeout(HEAR_SECONDS):
                partial = await self.stream.accept(samples)
        except (SpeechToTextFailed, TimeoutError):
            await self.abandon()
            self.stream = None
            return ""
        if partial != self.partial:
            self.partial = partial
            await self.line.send({"type": "partial", "text": partial})
        return partial

    async def finish(self) -> Transcript:
        if not self.stream:
            raise SpeechToTextFailed("the recogniser is missing or broken")
        transcript = await self.stream.finish()
        heard = TranscriptBody.model_validate(transcript)
        with contextlib.suppress(WebSocketDisconnect, TimeoutError):  # no failure of the turn, which goes on
            await self.line.send({"type": "transcript", **heard.model_dump()})
        return transcript

    async def abandon(self) -> None:
        if self.stream:
            await self.stream.abandon()
