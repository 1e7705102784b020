"""When somebody has finished, by numbers alone: seconds of voice and silence, and words as a recogniser has them."""

import pytest

from assistant.core.turns import Expected
from assistant.pipeline.end_of_speech import ORDINARY, SHORT, SPELLED, EndOfSpeech, Patience, Speech, patience_for

pytestmark = pytest.mark.unit

FRAME = 0.02


def play(end: EndOfSpeech, *parts: tuple[str, float]) -> tuple[Speech, float]:
    """Voice ("v"), silence ("-") and words ("v:word"), each for so many seconds; the state, and when it was reached."""
    passed = 0.0
    for kind, seconds in parts:
        sound, _, text = kind.partition(":")
        if text:
            end.read(text)
        for _ in range(round(seconds / FRAME)):
            passed += FRAME
            state = end.hear(FRAME, is_voice=sound == "v")
            if state in {Speech.ENDED, Speech.MISSING}:
                return state, round(passed, 2)
    return end.state, round(passed, 2)


@pytest.mark.parametrize(
    ("patience", "words", "silence"),
    [
        (SHORT, "yes", 0.25),
        (SHORT, "when does my passport", 0.7),
        (ORDINARY, "when does my passport expire", 0.7),
        (SPELLED, "pikk five", 1.25),
    ],
)
def test_end_when_silence_follows_words_then_it_is_as_long_as_the_question_asks(
    patience: Patience, words: str, silence: float
) -> None:
    state, seconds = play(EndOfSpeech(patience), ("v", 1.0), (f"-:{words}", 3.0))
    assert state is Speech.ENDED
    assert seconds == pytest.approx(1.0 + silence, abs=2 * FRAME)


@pytest.mark.parametrize(
    ("expected", "patience"),
    [
        (None, ORDINARY),
        ("yes_no", SHORT),
        ("choice", ORDINARY),
        ("date", ORDINARY),
        ("plate", SPELLED),
        ("address", SPELLED),
    ],
)
def test_patience_when_something_is_asked_then_is_that_of_its_answers(expected: str | None, patience: Patience) -> None:
    assert patience_for(Expected(expected) if expected else None) is patience


def test_end_when_a_pause_is_shorter_then_the_speaker_goes_on() -> None:
    end = EndOfSpeech()
    state, _ = play(end, ("v:when does", 1.0), ("-", 0.6), ("v:when does my passport", 1.0), ("-", 0.6))
    assert state is Speech.GOING_ON


@pytest.mark.parametrize("words", ["my passport and", "i live at uh", "mu pass ja", "мой паспорт и", "ну"])
def test_end_when_the_last_word_is_a_hesitation_then_the_silence_may_be_twice_as_long(words: str) -> None:
    assert play(EndOfSpeech(), (f"v:{words}", 1.0), ("-", 1.3))[0] is Speech.GOING_ON
    assert play(EndOfSpeech(), (f"v:{words}", 1.0), ("-", 1.5))[0] is Speech.ENDED


def test_end_when_nobody_speaks_then_it_is_told_long_before_the_longest_utterance() -> None:
    assert play(EndOfSpeech(), ("-", 60.0)) == (Speech.MISSING, pytest.approx(ORDINARY.start, abs=FRAME))


def test_end_when_somebody_begins_late_then_they_are_not_cut_off() -> None:
    late = ORDINARY.start - 0.4
    assert play(EndOfSpeech(), ("-", late), ("v", 0.8), ("v:when does", 1.0))[0] is Speech.GOING_ON
    # Whoever has said no word by then is no more than a noise.
    assert play(EndOfSpeech(), ("-", late), ("v", 0.8), ("-", 60.0)) == (
        Speech.MISSING,
        pytest.approx(late + 1.4, abs=0.1),
    )
    flickering = [("v", 0.3), ("-", 0.3)] * 99
    assert play(EndOfSpeech(), *flickering)[1] <= ORDINARY.start + ORDINARY.words


def test_end_when_there_is_voice_but_never_a_word_then_it_is_no_speech() -> None:
    assert play(EndOfSpeech(), ("v", 60.0)) == (Speech.MISSING, pytest.approx(ORDINARY.start, abs=FRAME))


def test_end_when_music_goes_on_behind_the_words_then_it_does_not_wait_for_silence() -> None:
    state, seconds = play(EndOfSpeech(), ("v:when does my passport expire", 60.0))
    assert (state, seconds) == (Speech.ENDED, pytest.approx(ORDINARY.words, abs=FRAME))


def test_end_when_the_voice_is_not_noticed_then_words_alone_make_a_start() -> None:
    state, seconds = play(EndOfSpeech(), ("-", 1.0), ("-:yes", 3.0))
    assert state is Speech.ENDED
    assert seconds < 2.0


def test_end_when_the_recogniser_has_a_late_word_then_it_is_not_cut_off() -> None:
    end = EndOfSpeech(SHORT)
    assert play(end, ("v:yes", 0.5), ("-", 0.2), ("-:yes please", 0.2))[0] is Speech.GOING_ON


def test_start_when_a_door_bangs_then_it_is_still_awaited() -> None:
    assert play(EndOfSpeech(), ("v", 0.1), ("-", 0.5), ("v", 0.1), ("-", 0.5))[0] is Speech.AWAITED
