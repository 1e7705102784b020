"""A reply spoken piece by piece."""

import asyncio
from dataclasses import dataclass, field

import pytest

from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import TextToSpeechFailed
from assistant.core.languages import Language
from assistant.pipeline.speaking import MOST_CHARACTERS, Speak, Speech

pytestmark = pytest.mark.unit

RATE = 1000


@dataclass
class FakeVoice:
    """One sample a character; `fails_at` is the text it cannot say, `waits_at` the one it never finishes."""

    fails_at: str = ""
    waits_at: str = ""
    begun: list[str] = field(default_factory=list)
    manners: list[Manner] = field(default_factory=list)
    was_cancelled: bool = False

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        self.begun.append(text)
        self.manners.append(manner)
        if text == self.fails_at:
            raise TextToSpeechFailed("down")
        if text == self.waits_at:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.was_cancelled = True
                raise
        return Pcm(b"\1\0" * len(text), RATE)

    async def check(self) -> None: ...


async def spoken(voice: FakeVoice, text: str, failures: list[Exception] | None = None) -> Speech:
    failed = [].append if failures is None else failures.append
    speech = await Speak(voice)(text, Language.EN, Deadline.after(5), failed)
    assert speech
    return speech


async def test_reply_when_its_first_sentence_is_there_then_the_others_are_not_waited_for() -> None:
    voice = FakeVoice(waits_at="Two.")
    speech = await spoken(voice, "One. Two.")
    assert voice.begun == ["One."]
    assert len(speech.first.samples) == 8


async def test_pieces_when_one_is_heard_then_the_next_is_being_made() -> None:
    voice = FakeVoice()
    pieces = (await spoken(voice, "One. Two. Three.")).pieces()
    await anext(pieces)
    await asyncio.sleep(0)
    assert voice.begun == ["One.", "Two."]
    await pieces.aclose()


async def test_pieces_when_nobody_listens_any_longer_then_nothing_is_made() -> None:
    voice = FakeVoice(waits_at="Two.")
    pieces = (await spoken(voice, "One. Two. Three.")).pieces()
    await anext(pieces)
    await asyncio.sleep(0)
    await pieces.aclose()
    assert voice.was_cancelled
    assert voice.begun == ["One.", "Two."]


async def test_whole_when_taken_then_pieces_follow_each_other_with_pauses() -> None:
    sound = await (await spoken(FakeVoice(), "One. Two.")).whole()
    pause = bytes(2 * 300)
    assert sound == Pcm(b"\1\0" * 4 + pause + b"\1\0" * 4, RATE)


async def test_piece_when_it_fails_then_what_was_said_stands_and_the_failure_is_told() -> None:
    failures: list[Exception] = []
    speech = await spoken(FakeVoice(fails_at="Two."), "One. Two. Three.", failures)
    assert len((await speech.whole()).samples) == 8
    assert [type(failure) for failure in failures] == [TextToSpeechFailed]


async def test_first_piece_when_it_fails_then_there_is_no_speech() -> None:
    with pytest.raises(TextToSpeechFailed):
        await spoken(FakeVoice(fails_at="One."), "One. Two.")


async def test_text_when_it_has_no_word_then_there_is_no_speech() -> None:
    assert await Speak(FakeVoice())(" ... ", Language.EN, Deadline.after(5), [].append) is None


async def test_later_pieces_when_voices_differ_then_all_have_the_rate_of_the_first() -> None:
    voice = FakeVoice()
    await (await spoken(voice, "One. Two.")).whole()
    assert [manner.rate_hertz for manner in voice.manners] == [None, RATE]


async def test_emphasis_when_spoken_then_it_is_slower_and_louder() -> None:
    voice = FakeVoice()
    await (await spoken(voice, "It is <emphasis>now</emphasis>")).whole()
    plain, stressed = voice.manners
    assert stressed.speed < plain.speed
    assert stressed.volume > plain.volume


async def test_text_when_it_is_a_book_then_it_ends_somewhere() -> None:
    voice = FakeVoice()
    await (await spoken(voice, "A sentence of words. " * 1000)).whole()
    assert sum(map(len, voice.begun)) <= MOST_CHARACTERS
