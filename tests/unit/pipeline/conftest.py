"""Fakes of everything outside a turn; each answers well until a test tells it otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.outcomes import OUTCOME_RESPONSES, Outcome
from assistant.core.ports import DialogueAnswer, Message, Session
from assistant.core.turns import Intent, Transcript, Turn, Understanding, Word
from assistant.pipeline.answer_turn import Answer, AnswerTurn, Request
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.listen import Listen
from assistant.pipeline.speaking import Speak

Interlude = Callable[[], Awaitable[None]]
"""What happens before a fake answers: nothing, an exception, or a very long wait."""


async def nothing() -> None:
    """The fake simply answers."""


@dataclass
class FakeStream:
    transcript: Transcript
    before: Interlude = nothing
    samples: bytes = b""
    is_abandoned: bool = False

    async def accept(self, samples: bytes) -> str:
        self.samples += samples
        return ""

    async def finish(self) -> Transcript:
        await self.before()
        return self.transcript

    async def abandon(self) -> None:
        self.is_abandoned = True


@dataclass
class FakeSpeech:
    stream: FakeStream
    before: Interlude = nothing
    opened: list[tuple[Language, int]] = field(default_factory=list)
    phrases: list[Sequence[str]] = field(default_factory=list)

    def languages(self) -> frozenset[Language]:
        return frozenset(Language)

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> FakeStream:
        await self.before()
        self.opened.append((language, rate_hertz))
        self.phrases.append(phrases)
        return self.stream


@dataclass
class FakeSounds:
    pcm: Pcm
    before: Interlude = nothing

    async def decode(self, data: bytes) -> Pcm:
        await self.before()
        return self.pcm


@dataclass
class FakeDialogue:
    answer: DialogueAnswer
    before: Interlude = nothing
    asked: list[tuple[Turn, str, str]] = field(default_factory=list)

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        self.asked.append((turn, session.dialogue_id, turn_context))
        await self.before()
        return self.answer

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        return self.answer.understanding

    async def check(self) -> str:
        return self.answer.model


@dataclass
class FakeVoice:
    before: Interlude = nothing
    spoken: list[tuple[str, Language]] = field(default_factory=list)
    seconds_left: list[float] = field(default_factory=list)

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        await self.before()
        self.spoken.append((text, language))
        self.seconds_left.append(deadline.remaining_seconds)
        return Pcm(b"\1\0" * 8, 8000)

    async def check(self) -> None:
        await self.before()


@dataclass
class FakeSigner:
    error: Exception | None = None
    seconds_left: list[float] = field(default_factory=list)

    def sign(self, turn: Turn, session: Session, deadline: Deadline) -> str:
        if self.error:
            raise self.error
        self.seconds_left.append(deadline.remaining_seconds)
        return f"signed {turn.turn_id} {session.subject}"


@dataclass
class FakeMetrics:
    turns: list[tuple[Outcome, Mapping[str, float], bool]] = field(default_factory=list)

    def turn(
        self, channel: str, language: Language, outcome: Outcome, durations_ms: Mapping[str, float], *, is_heard: bool
    ) -> None:
        self.turns.append((outcome, durations_ms, is_heard))


@dataclass
class FakeWorld:
    """A pipeline with a fake at each of its ports, and the citizen in front of it."""

    stream: FakeStream
    sounds: FakeSounds
    speech: FakeSpeech
    dialogue: FakeDialogue
    voice: FakeVoice
    signer: FakeSigner
    session: Session
    turn_seconds: float = 10.0
    text_characters: int = 100
    expectations: Expectations = field(default_factory=Expectations)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)

    async def ask(
        self,
        said: str | bytes | FakeStream = "when does my passport expire",
        language: Language = Language.EN,
        *,
        speak: bool = False,
        **fields: Any,
    ) -> Answer:
        answer_turn = AnswerTurn(
            listen=Listen(self.sounds, self.speech),
            dialogue=self.dialogue,
            speak=Speak(self.voice),
            signer=self.signer,
            responses=RESPONSES,
            turn_seconds=self.turn_seconds,
            text_characters=self.text_characters,
            expectations=self.expectations,
            metrics=self.metrics,
        )
        request = Request(said, language, "web", speak=speak, **fields)
        return await answer_turn(request, self.session)

    @staticmethod
    def own_words(response: str, language: Language = Language.EN) -> str:
        return RESPONSES[response][language]

    @staticmethod
    def raising(error: Exception) -> Interlude:
        async def interlude() -> None:
            raise error

        return interlude

    @staticmethod
    async def hang() -> None:
        await asyncio.sleep(3600)


RESPONSES = {
    response: {language: f"{response} in {language}" for language in Language}
    for response in OUTCOME_RESPONSES.values()
}


@pytest.fixture
def world() -> FakeWorld:
    words = (Word("hello", 0.0, 0.5, 0.75), Word("kratt", 0.5, 1.0, 0.25))
    stream = FakeStream(Transcript("hello kratt", Language.EN, words))
    return FakeWorld(
        stream=stream,
        sounds=FakeSounds(Pcm(b"\0\0" * 160, 16000)),
        speech=FakeSpeech(stream),
        dialogue=FakeDialogue(
            DialogueAnswer(
                messages=(Message("Your passport expires on 5 May 2027.", "utter_document_expiry"),),
                understanding=Understanding((Intent("document_expiry", 0.98765), Intent("greet", 0.01))),
                model="model-1",
            )
        ),
        voice=FakeVoice(),
        signer=FakeSigner(),
        session=Session("secret-conversation", "dialogue-1"),
    )
