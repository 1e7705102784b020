"""One call: what is said and typed is answered in its order, while the carrier goes on telling what happens."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from assistant.core.channels import Channel
from assistant.core.errors import Busy, KrattError, MalformedTurn, NotAllowed, TooMuch, UnknownLanguage
from assistant.core.languages import Language, parse_language
from assistant.core.outcomes import Outcome
from assistant.core.turns import Button
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.desk_news import DeskNews, News
from assistant.pipeline.interruption import wants_rest
from assistant.pipeline.keypad import Keypad
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from connectors.carriers.access import Access
from connectors.carriers.line import Line
from connectors.conversation_relay import NAME
from connectors.conversation_relay.frames import (
    PROTOCOL,
    Dtmf,
    Failure,
    Interrupt,
    Prompt,
    Setup,
    end_frame,
    language_frame,
    text_frame,
)
from connectors.conversation_relay.heard import unheard

SETUP_SECONDS, IDLE_SECONDS = 10.0, 900.0
"""A call in which nothing happens for so long is given back to the carrier."""
MOST_WAITING = 4
"""Things said that wait for the answer to the one before; one more is not taken."""

_CLOSE_CODES: dict[type[KrattError], int] = {MalformedTurn: 1003, TooMuch: 1009, NotAllowed: 1008}
_SILENCE = "silence"

_log = logging.getLogger("kratt.conversation_relay")


@dataclass(frozen=True)
class _Said:
    """What the caller said or typed, and the language in which the carrier heard it, if it told one of ours."""

    words: str
    language: Language | None = None


@dataclass
class Call:
    """An accepted socket. `language` is what the carrier speaks now; `reading` is the reply that it reads out."""

    socket: WebSocket
    turns: OutsideTurns
    access: Access
    is_signed: bool
    language: Language
    reading: str = ""
    unheard: str = ""
    keypad: Keypad = field(default_factory=Keypad)
    choices: tuple[Button, ...] = ()
    saying: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: asyncio.Queue[_Said] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    is_at_desk: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether the caller talks with a person."""
    news: DeskNews | None = None

    def __post_init__(self) -> None:
        """Nothing was said yet."""
        self._line = Line(self.socket, PROTOCOL)

    async def run(self) -> None:
        """Serve the call until the carrier ends it, or it is no call."""
        self.news = self.turns.desk_news()
        try:
            sender = await self._begin()
            async with self.turns.alone(sender):
                await _first_of(self._listen(), self._answer_all(sender), self._tell_news(sender))
        except WebSocketDisconnect:
            return
        except KrattError as error:
            _log.warning("call refused", extra={"facts": {"code": error.code, "detail": error.detail}})
            await self.socket.close(_CLOSE_CODES.get(type(error), 1011))
        except TimeoutError:  # nothing came, or nothing is taken any more
            with contextlib.suppress(TimeoutError, WebSocketDisconnect):
                await self._line.send(end_frame(_SILENCE))
                await self.socket.close()

    async def _begin(self) -> Sender:
        try:
            setup = await self._line.receive(SETUP_SECONDS)
        except TimeoutError:
            raise MalformedTurn("no setup came") from None
        if not isinstance(setup, Setup):
            raise MalformedTurn("a call begins with its setup")
        if not self.is_signed and not self.access.has_key(setup.custom_parameters):
            raise NotAllowed("the call has neither a signature nor the key")
        return Sender(NAME, setup.session_id, Channel.TELEPHONE)

    async def _listen(self) -> None:
        while True:
            match await self._line.receive(IDLE_SECONDS):
                case Prompt(last=True) as prompt:
                    self.keypad.clear()
                    await self._take(_Said(prompt.voice_prompt.strip(), _language(prompt.lang)))
                case Dtmf(digit=digit):
                    if words := self.keypad.press(digit, self.choices):
                        await self._take(_Said(words))
                case Interrupt() as interrupt:
                    self._note(interrupt)
                case Failure():
                    _log.warning("the carrier reports an error")
                case Setup():
                    raise MalformedTurn("a call begins once")

    async def _take(self, said: _Said) -> None:
        rest, self.unheard = self.unheard, ""
        if rest and wants_rest(said.words):
            await self._say([rest])
        elif not said.words:
            return
        elif self.waiting.full():
            await self._say([self.turns.words(Busy(), self.language)])
        else:
            self.waiting.put_nowait(said)

    def _note(self, interrupt: Interrupt) -> None:
        self.unheard = unheard(self.reading, interrupt.utterance_until_interrupt)
        counts = {"words": len(self.reading.split()), "unheard_words": len(self.unheard.split())}
        milliseconds = interrupt.duration_until_interrupt_ms
        _log.info("interrupted", extra={"facts": {**counts, "after_ms": milliseconds}})

    async def _answer_all(self, sender: Sender) -> None:
        while True:
            said = await self.waiting.get()
            self.language = said.language or self.language
            try:
                caller = await self.turns.caller_of(sender)
                language = said.language or self.turns.language_of(caller)
                reply = (await self.turns.take(Request(said.words, language, is_read_aloud=True), caller)).reply
            except KrattError as error:
                await self._say([self.turns.words(error, self.language)])
                continue
            await self._speak_in(reply.language)
            is_at_desk = reply.outcome is Outcome.HANDED_OVER
            if is_at_desk and self.news:
                await self.news.begin(caller)
            self.choices = reply.choices
            await self._say([part.text for part in reply.parts])
            if is_at_desk:
                self.is_at_desk.set()

    async def _tell_news(self, sender: Sender) -> None:
        """Say what a person at the desk says, whenever one was called."""

        async def tell(told: News) -> bool:
            await self._speak_in(told.language)
            await self._say([told.text])
            return True

        while True:
            await self.is_at_desk.wait()
            self.is_at_desk.clear()
            if self.news:
                await self.news.follow(lambda: self.turns.find_caller(sender), tell)

    async def _speak_in(self, language: Language) -> None:
        if language is not self.language:
            self.language = language
            await self._line.send(language_frame(language))

    async def _say(self, texts: list[str]) -> None:
        async with self.saying:
            self.reading = " ".join(texts) or self.reading
            for number, text in enumerate(texts, start=1):
                is_last = number == len(texts)
                await self._line.send(text_frame(text if is_last else f"{text} ", last=is_last))


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Do all of these until one ends, with what it raises; the others are given up."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _language(locale: str | None) -> Language | None:
    try:
        return parse_language(locale) if locale else None
    except UnknownLanguage:
        return None
