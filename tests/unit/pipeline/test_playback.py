import pytest

from assistant.pipeline import playback
from assistant.pipeline.playback import Playback

pytestmark = pytest.mark.unit


def test_reply_when_halted_then_what_was_left_is_heard_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(playback, "_now", lambda: now)
    played = Playback()
    assert not played.is_going_on
    played.add(2.0)
    played.add(3.0)
    now = 101.0
    assert (played.is_going_on, played.unheard_seconds) == (True, 4.0)
    played.halt()
    now = 110.0
    assert (played.is_going_on, played.is_halted, played.unheard_seconds) == (False, True, 4.0)
    played.go_on()
    now = 113.0
    assert (played.is_going_on, played.unheard_seconds) == (True, 1.0)
    now = 115.0
    assert (played.is_going_on, played.unheard_seconds) == (False, 0.0)


def test_reply_when_ended_then_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playback, "_now", lambda: 100.0)
    played = Playback()
    played.add(2.0)
    played.halt()
    played.end()
    assert (played.is_going_on, played.is_halted, played.unheard_seconds) == (False, False, 0.0)
