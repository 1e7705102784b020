import pytest

from assistant.core.languages import Language
from assistant.core.turns import YES_NO, Expected, Transcript, Word
from assistant.pipeline.end_of_speech import EndOfSpeech, Speech, patience_for
from assistant.pipeline.interruption import START_SECONDS, is_interruption, patience_with, wants_rest

pytestmark = pytest.mark.unit


def heard(text: str, confidence: float = 0.98) -> Transcript:
    return Transcript(text, Language.EN, tuple(Word(word, 0.0, 0.3, confidence) for word in text.split()))


@pytest.mark.parametrize("words", ["", "mhm", "uh", "угу ага", "ahaa", "hmm and", "go on", "jätka", "дальше"])
def test_words_when_they_only_show_that_somebody_listens_or_wants_more_then_they_interrupt_nothing(words: str) -> None:
    assert not is_interruption(heard(words))


@pytest.mark.parametrize(
    ("words", "is_wanted"),
    [
        ("", True),
        ("Mhm.", True),
        ("Go on, …", True),
        ("Продолжайте!", True),
        ("go on my screen", False),
        ("Stop.", False),
    ],
)
def test_rest_when_words_are_written_by_others_then_is_wanted_all_the_same(words: str, is_wanted: bool) -> None:
    assert wants_rest(words) is is_wanted


@pytest.mark.parametrize("words", ["stop", "yes", "uh what about tartu", "aitab", "стоп", "aga millal"])
def test_words_when_they_are_meant_for_us_then_they_interrupt(words: str) -> None:
    assert is_interruption(heard(words))


@pytest.mark.parametrize(
    ("words", "confidence"),
    [("i", 0.48), ("hello", 0.15), ("two", 0.5), ("offer", 0.4)],  # a cough and hums, as our English model hears them
)
def test_words_when_few_and_hardly_heard_then_they_were_none(words: str, confidence: float) -> None:
    assert not is_interruption(heard(words, confidence))


def test_words_when_many_then_they_interrupt_however_they_were_heard() -> None:
    assert is_interruption(heard("what about the narva office", 0.4))


def test_cough_when_nothing_follows_then_it_is_over_soon() -> None:
    patience = patience_for(Expected(YES_NO, ()))
    end = EndOfSpeech(patience_with(patience))
    end.hear(0.3, is_voice=True)
    assert end.hear(START_SECONDS - 0.4, is_voice=False) is Speech.GOING_ON
    assert end.hear(0.2, is_voice=False) is Speech.MISSING
    assert patience.start > START_SECONDS
