"""The service of one port: speech to text, dialogue and text to speech.

client                                               gateway
describe                                         ->  info
transcribe, audio-start, audio-chunk*, audio-stop -> transcript-start, transcript-chunk*, transcript, transcript-stop
transcript {text, language, context}             ->  handled-start, handled-chunk*, handled, handled-stop | not-handled
synthesize {text, voice}                         ->  audio-start, audio-chunk*, audio-stop
synthesize-start, synthesize-chunk*, synthesize-stop -> the same sentence by sentence, then synthesize-stopped
ping                                             ->  pong
anything wrong                                   ->  error {text, code}, and the connection closes
"""

import contextlib
from dataclasses import dataclass, field
from typing import Any

from wyoming.error import Error
from wyoming.event import Event
from wyoming.handle import Handled, HandledChunk, HandledStart, HandledStop, NotHandled
from wyoming.info import Info
from wyoming.ping import Pong

from assistant.core.channels import Channel
from assistant.core.errors import Busy, KrattError, MalformedTurn
from assistant.core.languages import Language, parse_language
from assistant.core.secret_ids import new_secret_id
from assistant.core.turns import Reply
from assistant.intake import household_of
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from assistant.pipeline.speaking import Speak
from assistant.pipeline.take_turn import Caller
from assistant.pipeline.utterance import Ears
from connectors.wyoming import NAME
from connectors.wyoming.hearing import Sound, Told, listen
from connectors.wyoming.speaking import LanguagesOfTexts, Speaker, Text, Voice
from connectors.wyoming.wire import EventBody, Line

IDLE_SECONDS = 60.0
"""Clients open a connection for each request."""
MOST_CONNECTIONS = 256

Context = dict[str, Any]
_CONVERSATION = "conversation_id"
_IDS = (_CONVERSATION, "satellite_id", "device_id")
"""By which a context tells one dialogue from others, the most exact first."""


class Transcribe(EventBody):
    """The data of `transcribe`; the model's name says nothing that the language does not."""

    language: str | None = None
    context: Context | None = None


class Said(Text):
    """The data of `transcript`: words to answer."""

    language: str | None = None
    context: Context | None = None


@dataclass
class Service:
    """What all connections share."""

    turns: OutsideTurns
    ears: Ears
    speak: Speak
    info: Info
    languages: LanguagesOfTexts = field(default_factory=LanguagesOfTexts)
    connections: int = field(default=0, init=False)

    async def serve(self, line: Line) -> None:
        """Serve one connection until it ends."""
        client = Client(self, line)
        self.connections += 1
        try:
            await client.run()
        finally:
            self.connections -= 1
            line.close()


class Client:
    """One connection: its requests are served one after the other."""

    def __init__(self, service: Service, line: Line) -> None:
        """Nothing is known of it yet."""
        self._service = service
        self._line = line
        self._turns = service.turns
        self._language = service.turns.default_language
        self._own_id = new_secret_id()
        self._transcribe = Transcribe()
        self._is_late = False
        """Whether sound still comes of an utterance that is over."""
        self._speaker = Speaker(Voice(service.speak, line), self._language_of, self._count)

    async def run(self) -> None:
        """Serve request after request, until the client leaves or something is wrong."""
        with contextlib.suppress(OSError, _Left):  # a TimeoutError is one, too
            try:
                if self._service.connections > MOST_CONNECTIONS:
                    raise Busy(f"there are {MOST_CONNECTIONS} connections already")
                while True:
                    await self._take(await self._receive(IDLE_SECONDS))
            except KrattError as error:
                await self._line.send(Error(self._turns.words(error, self._language), error.code))
                await self._line.linger()

    async def _receive(self, seconds: float) -> Event:
        """The next event but for those that are answered at any time."""
        while event := await self._line.receive(seconds):
            if event.type == "describe":
                await self._line.send(self._service.info)
            elif event.type == "ping":
                await self._line.send(Pong(event.data.get("text")))
            else:
                return event
        raise _Left

    async def _take(self, event: Event) -> None:
        match event.type:
            case "transcribe":
                self._transcribe = Transcribe.of(event)
            case "audio-start":
                await self._hear(Sound.of(event))
            case "audio-chunk" | "audio-stop":
                if not self._is_late:
                    raise MalformedTurn("sound that was not announced")
                self._is_late = event.type == "audio-chunk"
            case "transcript":
                await self._answer(Said.of(event))
            case _:
                await self._speaker.take(event)

    async def _hear(self, sound: Sound) -> None:
        asked, self._transcribe = self._transcribe, Transcribe()
        await self._count()
        expected = None
        if sender := _sender(asked.context):
            caller = await self._caller(sender)
            self._language = self._turns.language_of(caller, asked.language)
            expected = self._turns.take_turn.answer_turn.expectations.of(caller.session.dialogue_id)
        elif asked.language:
            self._language = parse_language(asked.language)
        utterance = await self._service.ears.open(
            sound.sound_format,
            self._language,
            expected,
            Told(self._line, asked.language),
            is_any_language=asked.language is None,
        )
        try:
            self._is_late = await listen(utterance, sound, self._receive, self._service.ears.longest_seconds)
            await utterance.finish()
        finally:
            await utterance.abandon()

    async def _answer(self, said: Said) -> None:
        await self._count()
        sender = _sender(said.context) or f"{_CONVERSATION} {self._own_id}"
        caller = await self._caller(sender)
        self._language = self._turns.language_of(caller, said.language)
        request = Request(said.text, self._language, is_read_aloud=True)
        reply = (await self._turns.take(request, caller)).reply
        self._language = reply.language
        self._service.languages.note(reply.text, reply.language)
        context = {_CONVERSATION: sender.partition(" ")[2]} if sender.startswith(_CONVERSATION) else {}
        await self._tell(reply, context)

    async def _tell(self, reply: Reply, context: Context) -> None:
        context["continue_conversation"] = reply.is_question
        if reply.outcome.family in {"failed", "unanswerable"}:
            await self._line.send(NotHandled(reply.text, context))
            return
        chunks = [HandledChunk(part.text + " ") for part in reply.parts[:-1]]
        await self._line.send(HandledStart(context), *chunks, HandledChunk(reply.parts[-1].text))
        await self._line.send(Handled(reply.text, context), HandledStop())

    async def _caller(self, sender: str) -> Caller:
        return await self._turns.caller_of(Sender(NAME, sender, Channel.SHARED_SPEAKER))

    def _language_of(self, text: str) -> Language:
        return self._service.languages.of(text) or self._turns.default_language

    async def _count(self) -> None:
        await self._turns.take_turn.count_address(household_of(self._line.address))


class _Left(Exception):
    """The client has left."""


def _sender(context: Context | None) -> str | None:
    """A name for whoever is in the dialogue that a context tells of, if it does."""
    for kind in _IDS:
        if isinstance(value := (context or {}).get(kind), str) and value:
            return f"{kind} {value}"
    return None
