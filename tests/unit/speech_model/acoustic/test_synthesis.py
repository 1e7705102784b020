"""Synthetic speech to train from: several voices speak at a time, and each prompt keeps its own sound."""

from pathlib import Path

import numpy as np
import pytest

from assistant.speech_model.acoustic.features import RATE_HERTZ
from assistant.speech_model.acoustic.store import SpeechStore
from assistant.speech_model.acoustic.synthesis import store_synthetic_speech
from assistant.speech_model.acoustic.voices import Voices
from assistant.speech_model.sentences import Sentence

pytestmark = pytest.mark.unit

ESPEAK = Voices(["en"], [1.0], ["f2", "m3"])
SENTENCES = [Sentence(("yes",), 1.0), Sentence(("renew", "my", "passport"), 2.0)]
HOURS = 0.01


def spoken(folder: Path, *hours: float) -> SpeechStore:
    """A store that was filled in one go or in several."""
    for each in hours:
        store_synthetic_speech(each, ESPEAK, SENTENCES, SpeechStore(folder, "synthetic"), lambda line: None)
    return SpeechStore(folder, "synthetic")


def test_speech_when_interrupted_then_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole, parts = spoken(tmp_path / "whole", HOURS), spoken(tmp_path / "parts", HOURS / 2, HOURS)
    assert HOURS <= whole.hours < HOURS + 10 / 3600
    assert parts.utterances == whole.utterances
    for each, same in zip(parts.utterances, whole.utterances, strict=True):
        assert np.array_equal(parts.sound(each), whole.sound(same))


def test_speech_when_several_voices_speak_then_sounds_are_as_long_as_their_words(tmp_path: Path) -> None:
    seconds: dict[int, list[float]] = {}
    for each in spoken(tmp_path, HOURS).utterances:
        seconds.setdefault(len(each.text.split()), []).append(each.length / RATE_HERTZ)
    assert np.mean(seconds[1]) < np.mean(seconds[3])
