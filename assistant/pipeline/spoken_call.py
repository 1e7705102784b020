"""A call whose sound comes to us: heard, answered aloud, interrupted, and put through to a person."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import Protocol

from assistant.core.audio import Pcm, SoundFormat
from assistant.core.errors import MalformedTurn, ServiceUnavailable
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.turns import Button, Part, Reply, Transcript
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.desk_news import LOOK_SECONDS, DeskNews
from assistant.pipeline.end_of_speech import OVER
from assistant.pipeline.keypad import Keypad
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from assistant.pipeline.playback import Playback
from assistant.pipeline.speaking import Speech
from assistant.pipeline.take_turn import Caller
from assistant.pipeline.utterance import Ears, Utterance
from assistant.pipeline.voice_watch import VoiceWatch

KEYS = frozenset("0123456789ABCD*#")

_log = logging.getLogger("kratt.calls")


class Handset(Protocol):
    """The caller's side; what cannot reach it any more is the channel's own exception."""

    async def tell_heard(self, transcript: Transcript) -> None:
        """What was heard; what goes wrong here must not be the turn's failure."""

    async def tell_reply(self, reply: Reply) -> None:
        """A reply, whose sound comes next."""

    async def play(self, sound: Pcm) -> None:
        """A further piece of its sound."""

    async def end_reply(self) -> None:
        """All of it was sent."""

    async def halt(self, unheard_seconds: float) -> None:
        """Play no further; about so much is left, which may be wanted yet."""

    async def go_on(self) -> None:
        """Play what is left."""

    async def clear(self) -> None:
        """Drop what is left."""


@dataclass(frozen=True)
class CallManner:
    """Who calls, and how they are spoken to; `language` is heard where there is no model for the dialogue's."""

    sender: Sender
    language: Language
    speech_rate_hertz: int
    named_language: str | None = None


@dataclass
class SpokenCall:
    """One call. It takes one thing after the other: sound, keys, and between them what a person has said.

    What is sent is taken to be heard at once and for as long as it sounds.
    """

    turns: OutsideTurns
    ears: Ears
    handset: Handset
    partial: str = field(default="", init=False)
    """The words so far."""
    playback: Playback = field(default_factory=Playback, init=False)
    _caller: Caller | None = field(default=None, init=False)
    _utterance: Utterance | None = field(default=None, init=False)
    _keypad: Keypad = field(default_factory=Keypad, init=False)
    _choices: tuple[Button, ...] = field(default=(), init=False)
    _watch: VoiceWatch | None = field(default=None, init=False)
    _desk_news: DeskNews | None = field(default=None, init=False)
    _looks_at: float = field(default=0.0, init=False)

    async def hear(self, samples: bytes, sound_format: SoundFormat, manner: CallManner) -> None:
        """Hear whole samples of a format that is always the same; answer, if somebody has finished with them.

        Raises:
            CallerError: nobody may be answered now.
        """
        watch = self._watch = self._watch or VoiceWatch(self.ears, sound_format)
        has_begun = watch.opens_for(samples)
        if not self.playback.is_going_on or self._utterance:
            await self._hear(samples, sound_format, manner)
        elif has_begun:
            await self.handset.halt(self.playback.unheard_seconds)
            self.playback.halt()
            await self._hear(watch.latest, sound_format, manner)

    async def press(self, key: str, manner: CallManner) -> None:
        """Take a key; answer, if it ends what is said by keys.

        Raises:
            MalformedTurn: no telephone has such a key.
            CallerError: as `hear`.
        """
        if key not in KEYS:
            raise MalformedTurn("not a key")
        if (said := self._keypad.press(key, self._choices)) is not None:
            await self.pause()
            await self._answer(said, manner)

    async def tell_news(self, manner: CallManner) -> None:
        """Say what a person at the desk has said meanwhile, unless somebody is speaking."""
        now = asyncio.get_running_loop().time()
        if not self._desk_news or not self._desk_news.is_open or not self._caller or now < self._looks_at:
            return
        if self.partial or self.playback.is_halted or (self._watch and self._watch.gate.is_open):
            return
        self._looks_at = now + LOOK_SECONDS
        try:
            for news in await self._desk_news.look(self._caller):
                await self.pause()
                reply = Reply("", "", news.language, Outcome.HANDED_OVER, (Part(news.text),))
                await self._say(reply, await self.turns.spoken(news, manner.speech_rate_hertz))
                self._desk_news.note(news)
        except ServiceUnavailable:
            _log.warning("the desk cannot be asked")

    async def pause(self) -> None:
        """Give the recogniser back until sound comes again."""
        self.partial = ""
        if utterance := self._utterance:
            self._utterance = None
            await utterance.abandon()

    async def begin_anew(self) -> None:
        """The same, and the next sound may be of another format."""
        await self.pause()
        self._watch = None

    async def tell_partial(self, text: str) -> None:
        """As `HearsAlong`."""
        self.partial = text

    async def tell_transcript(self, transcript: Transcript) -> None:
        """As `HearsAlong`."""
        await self.handset.tell_heard(transcript)

    async def _hear(self, samples: bytes, sound_format: SoundFormat, manner: CallManner) -> None:
        utterance = self._utterance = self._utterance or await self._begin(sound_format, manner)
        state = await utterance.take(samples)
        if state not in OVER and not utterance.is_full:
            return
        is_halted = self.playback.is_halted
        if await utterance.ends_reply() if is_halted else self.partial or utterance.is_broken:
            utterance.noticed_ms = utterance.silent_ms
            await self._answer(utterance, manner)
            return
        await self.pause()  # a silent line is no turn, nor is a cough
        if is_halted:
            self.playback.go_on()
            await self.handset.go_on()

    async def _begin(self, sound_format: SoundFormat, manner: CallManner) -> Utterance:
        caller = self._caller or await self._call(manner)
        expected = self.turns.take_turn.answer_turn.expectations.of(caller.session.dialogue_id)
        language = self.turns.language_of(caller, manner.named_language)
        if language not in self.ears.speech.languages():
            language = manner.language
        is_into_reply = self.playback.is_halted
        return await self.ears.open(
            sound_format, language, expected, self, is_any_language=False, is_into_reply=is_into_reply
        )

    async def _call(self, manner: CallManner) -> Caller:
        self._caller = await self.turns.caller_of(manner.sender)
        return self._caller

    async def _answer(self, said: str | Utterance, manner: CallManner) -> None:
        await self._clear()
        caller = await self._call(manner)  # counted, and the session may have ended meanwhile
        language = self.turns.language_of(caller, manner.named_language)
        noticed_ms = None if isinstance(said, str) else said.noticed_ms
        request = Request(said, language, speak=True, noticed_ms=noticed_ms, speech_rate_hertz=manner.speech_rate_hertz)
        try:
            answer = await self.turns.take(request, caller)
        finally:
            await self.pause()
        if answer.reply.outcome is Outcome.HANDED_OVER:
            self._desk_news = self._desk_news or self.turns.desk_news()
            if self._desk_news:
                await self._desk_news.begin(caller)
        await self._say(answer.reply, answer.speech)

    async def _clear(self) -> None:
        """The caller has ended a reply that is not heard to its end."""
        if unheard_seconds := self.playback.unheard_seconds:
            self.playback.end()
            _log.info("interrupted", extra={"facts": {"unheard_ms": round(1000 * unheard_seconds)}})
            await self.handset.clear()

    async def _say(self, reply: Reply, speech: Speech | None) -> None:
        self._choices = reply.choices
        await self.handset.tell_reply(reply)
        if self._watch:
            self._watch.forget()
        if speech:
            async with contextlib.aclosing(speech.pieces()) as pieces:
                async for piece in pieces:
                    await self.handset.play(piece)
                    self.playback.add(piece.seconds)
        await self.handset.end_reply()
