"""A whole dialogue on one socket: it hears like vosk-server, and answers once somebody has finished speaking.

client                               here
{"config": {"dialogue": true}}  ->   (nothing)
sound                           ->   {"partial": ...} for each frame, or the result when somebody has finished; then
{"dtmf": "5"}                   ->   {"reply": {...}}, {"speech": {"rate_hertz", "bytes"}} and PCM for each piece of it,
                                     {"done": 1}
a sound while a reply is played ->   {"pause": 1}: play no further; and, once it is known what it was,
                                     {"clear": 1} and another reply, or {"resume": 1}: go on there
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from websockets.exceptions import ConnectionClosed

from assistant.core.channels import Channel
from assistant.core.dictation import Segment
from assistant.core.errors import MalformedTurn, ServiceUnavailable
from assistant.core.outcomes import Outcome
from assistant.core.secret_ids import new_secret_id
from assistant.core.turns import Button, Part, Reply, Transcript
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.desk_news import LOOK_SECONDS, DeskNews, News
from assistant.pipeline.end_of_speech import OVER
from assistant.pipeline.keypad import Keypad
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from assistant.pipeline.speaking import Speech
from assistant.pipeline.take_turn import Caller
from assistant.pipeline.utterance import Ears, Utterance
from connectors.vosk_websocket import NAME
from connectors.vosk_websocket.configuration import Configuration
from connectors.vosk_websocket.hearing import Frames
from connectors.vosk_websocket.playback import Playback
from connectors.vosk_websocket.results import Json, partial_json, result_json
from connectors.vosk_websocket.voice_watch import VoiceWatch

KEYS = frozenset("0123456789ABCD*#")
SOUND_FRAME_BYTES = 32 * 1024

_log = logging.getLogger("kratt.vosk_websocket")


class Socket(Protocol):
    """Where replies go."""

    async def send(self, message: str | bytes) -> None:
        """Send a text or sound.

        Raises:
            ConnectionClosed: nobody is there any more.
        """


@dataclass
class Dialogue:
    """One call; its session goes by the name that the bridge gives the call, or by none."""

    turns: OutsideTurns
    ears: Ears
    socket: Socket
    _own_name: str = field(default_factory=new_secret_id)
    _caller: Caller | None = None
    _frames: Frames | None = None
    _utterance: Utterance | None = None
    _partial: str = ""
    _keypad: Keypad = field(default_factory=Keypad)
    _choices: tuple[Button, ...] = ()
    _playback: Playback = field(default_factory=Playback)
    _watch: VoiceWatch | None = None
    _has_told: bool = False
    _desk_news: DeskNews | None = None
    _looks_at: float = 0.0

    async def take(self, frame: bytes, configuration: Configuration) -> None:
        """Hear one frame; answer, if somebody has finished with it.

        Raises:
            CallerError: it is no sound, or nobody may be answered now.
        """
        if self._frames is None:
            self._frames, frame = Frames.beginning_with(frame, configuration.rate_hertz)
        self._watch = self._watch or VoiceWatch(self.ears, self._frames.sound_format)
        self._has_told = False
        for samples in self._frames.slices(frame):
            has_begun = self._watch.opens_for(samples)
            if self._playback.is_going_on and not self._utterance:
                if has_begun:
                    self._playback.halt()
                    await self._tell({"pause": 1})
                    await self._hear(self._watch.latest, self._frames, configuration)
            else:
                await self._hear(samples, self._frames, configuration)
        if not self._has_told:
            await self.socket.send(partial_json(self._partial))
        if not self._partial and not self._watch.gate.is_open and not self._playback.is_halted:
            await self._tell_news(configuration)

    async def press(self, key: str, configuration: Configuration) -> None:
        """Take a key; answer, if it ends what is said by keys.

        Raises:
            MalformedTurn: no telephone has such a key.
            CallerError: as `take`.
        """
        if key not in KEYS:
            raise MalformedTurn("not a key")
        if (said := self._keypad.press(key, self._choices)) is not None:
            await self.pause()
            await self._answer(said, configuration)

    async def pause(self) -> None:
        """Give the recogniser back until sound comes again."""
        self._partial = ""
        if utterance := self._utterance:
            self._utterance = None
            await utterance.abandon()

    async def begin_anew(self) -> None:
        """The same, and the next sound may be of another format."""
        await self.pause()
        self._frames = self._watch = None

    async def tell_partial(self, text: str) -> None:
        """What was said so far goes with the frame's reply."""
        self._partial = text

    async def tell_transcript(self, transcript: Transcript) -> None:
        """The result is the reply to the frame that ended it."""
        self._has_told = True
        with contextlib.suppress(ConnectionClosed):  # no failure of the turn, which goes on
            await self.socket.send(result_json(Segment(transcript.words), words=True, alternatives=False))

    async def _hear(self, samples: bytes, frames: Frames, configuration: Configuration) -> None:
        utterance = self._utterance = self._utterance or await self._begin(frames, configuration)
        state = await utterance.take(samples)
        if state not in OVER and not utterance.is_full:
            return
        is_halted = self._playback.is_halted
        if await utterance.ends_reply() if is_halted else self._partial or utterance.is_broken:
            utterance.noticed_ms = utterance.silent_ms
            await self._answer(utterance, configuration)
            return
        await self.pause()  # a silent line is no turn, nor is a cough
        if is_halted:
            self._playback.go_on()
            await self._tell({"resume": 1})

    async def _begin(self, frames: Frames, configuration: Configuration) -> Utterance:
        caller = self._caller or await self._call(configuration)
        expected = self.turns.take_turn.answer_turn.expectations.of(caller.session.dialogue_id)
        language = self.turns.language_of(caller, configuration.named_language)
        if language not in self.ears.speech.languages():
            language = configuration.language
        return await self.ears.open(
            frames.sound_format,
            language,
            expected,
            self,
            is_any_language=False,
            is_into_reply=self._playback.is_halted,
        )

    async def _call(self, configuration: Configuration) -> Caller:
        name = configuration.caller or self._own_name
        self._caller = await self.turns.caller_of(Sender(NAME, name, Channel.TELEPHONE))
        return self._caller

    async def _answer(self, said: str | Utterance, configuration: Configuration) -> None:
        await self._clear()
        caller = await self._call(configuration)  # counted, and the session may have ended meanwhile
        language = self.turns.language_of(caller, configuration.named_language)
        noticed_ms = None if isinstance(said, str) else said.noticed_ms
        rate = configuration.speech_rate_hertz or configuration.rate_hertz
        request = Request(said, language, speak=True, noticed_ms=noticed_ms, speech_rate_hertz=rate)
        try:
            answer = await self.turns.take(request, caller)
        finally:
            await self.pause()
        if answer.reply.outcome is Outcome.HANDED_OVER:
            self._desk_news = self._desk_news or self.turns.desk_news()
            if self._desk_news:
                await self._desk_news.begin(caller)
        await self._say(answer.reply, answer.speech)

    async def _tell_news(self, configuration: Configuration) -> None:
        """Say what a person at the desk has said meanwhile: here, as the socket takes one thing after the other."""
        now = asyncio.get_running_loop().time()
        if not self._desk_news or not self._desk_news.is_open or not self._caller or now < self._looks_at:
            return
        self._looks_at = now + LOOK_SECONDS
        try:
            for news in await self._desk_news.look(self._caller):
                await self._say_news(news, configuration)
                self._desk_news.note(news)
        except ServiceUnavailable:
            _log.warning("the desk cannot be asked")

    async def _say_news(self, news: News, configuration: Configuration) -> None:
        await self.pause()
        rate = configuration.speech_rate_hertz or configuration.rate_hertz
        reply = Reply("", "", news.language, Outcome.HANDED_OVER, (Part(news.text),))
        await self._say(reply, await self.turns.spoken(news, rate))

    async def _clear(self) -> None:
        """The caller has ended a reply that is not heard to its end."""
        if unheard_seconds := self._playback.unheard_seconds:
            self._playback.end()
            _log.info("interrupted", extra={"facts": {"unheard_ms": round(1000 * unheard_seconds)}})
            await self._tell({"clear": 1})

    async def _say(self, reply: Reply, speech: Speech | None) -> None:
        self._choices = reply.choices
        await self._tell({"reply": _reply(reply)})
        if self._watch:
            self._watch.forget()
        if speech:
            async with contextlib.aclosing(speech.pieces()) as pieces:
                async for piece in pieces:
                    await self._tell({"speech": {"rate_hertz": piece.rate_hertz, "bytes": len(piece.samples)}})
                    for frame in _frames(piece.samples):
                        await self.socket.send(frame)
                    self._playback.add(piece.seconds)
        await self._tell({"done": 1})

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
