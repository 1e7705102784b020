"""Which language somebody speaks, on streams that hear what a test says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from assistant.core.errors import Busy, SpeechToTextFailed
from assistant.core.languages import Language
from assistant.core.turns import Expected, Transcript, Word
from assistant.pipeline.first_words import FIRST_SECONDS, best_language, open_any_language
from assistant.pipeline.vocabulary import vocabulary

pytestmark = pytest.mark.unit

RATE = 16_000
TENTH = bytes(RATE // 10 * 2)
EXPECTED = Expected("yes_no")


@dataclass
class Stream:
    """Hears a word of its language after every second; is sure of it to its degree."""

    language: Language
    confidence: float
    sound: bytes = b""
    ended_by: str = ""

    async def accept(self, samples: bytes) -> str:
        self.sound += samples
        return " ".join(word.text for word in self._words())

    async def finish(self) -> Transcript:
        self.ended_by = self.ended_by or "finish"
        return Transcript(" ".join(word.text for word in self._words()), self.language, self._words())

    async def abandon(self) -> None:
        self.ended_by = self.ended_by or "abandon"

    def _words(self) -> tuple[Word, ...]:
        seconds = len(self.sound) // (RATE * 2)
        return tuple(Word(f"{self.language}{at}", at, at + 0.5, self.confidence) for at in range(seconds))


@dataclass
class Speech:
    confidences: dict[Language, float]
    most_streams: int = 9
    streams: list[Stream] = field(default_factory=list)
    phrases: list[Sequence[str]] = field(default_factory=list)

    def languages(self) -> frozenset[Language]:
        return frozenset(self.confidences)

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> Stream:
        if language not in self.confidences:
            raise SpeechToTextFailed("no model")
        if sum(not stream.ended_by for stream in self.streams) >= self.most_streams:
            raise Busy
        self.streams.append(Stream(language, self.confidences[language]))
        self.phrases.append(phrases)
        return self.streams[-1]


@pytest.mark.parametrize("likely", Language)
async def test_utterance_when_one_language_is_heard_more_surely_then_it_is_in_that_one_from_its_beginning(
    likely: Language,
) -> None:
    speech = Speech({Language.EN: 0.5, Language.ET: 0.9, Language.RU: 0.6})
    stream = await open_any_language(speech, likely, RATE, EXPECTED)
    partials = [await stream.accept(TENTH) for _ in range(40)]
    decided = 10 + round(FIRST_SECONDS * 10)  # the first word is there after a second
    assert not any(partials[: decided - 1])
    assert partials[decided - 1] == "et0 et1"
    assert (await stream.finish()).text == "et0 et1 et2 et3"
    assert [one.ended_by for one in speech.streams] == ["finish"] * 4
    assert len(speech.streams[-1].sound) == len(TENTH) * 40
    assert speech.phrases == [vocabulary(EXPECTED, one.language) for one in speech.streams]


async def test_utterance_when_it_is_over_before_it_is_decided_then_it_is_decided_by_what_there_is() -> None:
    speech = Speech({Language.EN: 0.5, Language.RU: 0.9})
    stream = await open_any_language(speech, Language.EN, RATE)
    assert await stream.accept(TENTH * 10) == ""
    assert await stream.finish() == Transcript("ru0", Language.RU, (Word("ru0", 0, 0.5, 0.9),))
    assert len(speech.streams) == 2  # nothing is decoded once more


@pytest.mark.parametrize("likely", [Language.EN, Language.ET])
async def test_utterance_when_nothing_is_heard_in_any_language_then_it_is_in_the_likely_one(likely: Language) -> None:
    stream = await open_any_language(Speech({Language.EN: 0.5, Language.ET: 0.9}), likely, RATE)
    assert await stream.accept(TENTH) == ""
    assert await stream.finish() == Transcript("", likely)


async def test_open_when_there_is_one_model_then_it_is_that_language_at_once() -> None:
    speech = Speech({Language.ET: 0.9})
    stream = await open_any_language(speech, Language.EN, RATE)
    assert await stream.accept(TENTH * 10) == "et0"
    assert len(speech.streams) == 1


async def test_open_when_there_is_no_model_then_it_fails() -> None:
    with pytest.raises(SpeechToTextFailed):
        await open_any_language(Speech({}), Language.EN, RATE)


async def test_open_when_there_is_no_place_for_all_languages_then_none_is_kept() -> None:
    speech = Speech({Language.EN: 0.5, Language.ET: 0.9}, most_streams=1)
    with pytest.raises(Busy):
        await open_any_language(speech, Language.EN, RATE)
    assert [stream.ended_by for stream in speech.streams] == ["abandon"]


@pytest.mark.parametrize("tenths", [0, 5, 30])
async def test_abandon_when_decided_or_not_then_all_streams_are_closed(tenths: int) -> None:
    speech = Speech({Language.EN: 0.5, Language.ET: 0.9})
    stream = await open_any_language(speech, Language.EN, RATE)
    for _ in range(tenths):
        await stream.accept(TENTH)
    await stream.abandon()
    assert all(one.ended_by for one in speech.streams)


def test_best_language_when_few_sure_words_stand_against_many_unsure_ones_then_seconds_and_sureness_both_count() -> (
    None
):
    def heard(language: Language, *words: tuple[float, float]) -> Transcript:
        return Transcript("", language, tuple(Word("", 0, seconds, confidence) for seconds, confidence in words))

    sure = heard(Language.EN, (0.6, 0.95), (0.5, 0.9))
    many = heard(Language.RU, *[(0.2, 0.5)] * 5)
    assert best_language({Language.RU: many, Language.EN: sure}) is Language.EN
