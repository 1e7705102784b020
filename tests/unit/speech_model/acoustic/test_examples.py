from itertools import islice

import numpy as np
import pytest

from assistant.speech_model.acoustic.examples import Examples, Pronouncing, batch_of
from assistant.speech_model.acoustic.features import RATE_HERTZ, mfcc
from assistant.speech_model.acoustic.flat_start import Gaussians
from assistant.speech_model.acoustic.phone_model import NOISE
from assistant.speech_model.acoustic.prompts import prompts
from assistant.speech_model.acoustic.store import SpeechStore
from assistant.speech_model.sentences import Sentence

pytestmark = pytest.mark.unit

WAYS = {"hum": [(2,)], "beep": [(3,)]}


def sound_of(random):
    """A hum and a beep of 0.3 s each with silences around them; and the frame in which each begins."""
    hum, beep = (3000 * np.sin(np.arange(4_800) * 2 * np.pi * hertz / RATE_HERTZ) for hertz in (150, 2_000))
    silences = random.integers(2_000, 6_000, size=3)
    sound = np.concatenate([np.zeros(silences[0]), hum, np.zeros(silences[1]), beep, np.zeros(silences[2])])
    noisy = sound + random.standard_normal(len(sound)) * 100
    return noisy.astype(np.float32), silences[0] // 480, (silences[0] + 4_800 + silences[1]) // 480


@pytest.fixture
def store(tmp_path):
    """Twelve of them."""
    random = np.random.default_rng(0)
    store = SpeechStore(tmp_path, "store")
    for number in range(12):
        store.add(number, "hum beep", sound_of(random)[0])
    return store


def test_batches_when_taken_again_then_they_are_the_same(store):
    examples = Examples([(store, 0.5)], Pronouncing(WAYS), seconds=4, at_once=24)
    first, second = (list(examples.batches(5)) for _ in range(2))
    assert sum(len(batch.spoken) for batch in first) == 12
    for one, other in zip(first, second, strict=True):
        assert (one.features == other.features).all()
        assert one.features.shape[0] * one.features.shape[1] <= 400 or len(one.spoken) == 1
        assert one.lengths.max() == -(-one.features.shape[1] // 3)


def test_pronouncing_when_words_are_unknown_then_they_are_noise_unless_alone():
    said = Pronouncing(WAYS, unknown=1.0)
    assert said(["hum", "beep"], np.random.default_rng(0)) == [(NOISE,), (NOISE,)]
    assert said(["hum"], np.random.default_rng(0)) == [(2,)]


def test_gaussians_when_fitted_then_they_know_where_the_hum_and_the_beep_are():
    random = np.random.default_rng(0)
    said = [sound_of(random) for _ in range(20)]
    batch = batch_of([(mfcc(sound), [[2], [3]]) for sound, _, _ in said])
    gaussians = Gaussians(pdfs=8)
    gaussians.fit([batch])
    units = gaussians.visits(batch).reshape(20, -1, 4, 2).sum(axis=3).argmax(axis=2)
    for found, (_, *begins) in zip(units, said, strict=True):
        for unit, begin in zip((2, 3), begins, strict=True):
            frames = np.flatnonzero(found == unit)
            assert len(frames) > 2
            assert begin - 2 <= frames.min() <= frames.max() <= begin + 12


def test_prompts_when_drawn_then_they_are_sentences_words_and_words_in_no_order():
    sentences = [Sentence(("my", "tax"), 1.0), Sentence(("my", "two", "cars"), 1.0), Sentence(("x",) * 15, 1.0)]
    drawn = list(islice(prompts(sentences, 1), 200))
    assert drawn == list(islice(prompts(sentences, 1), 200))
    assert {("my", "tax"), ("my", "two", "cars"), ("my",), ("cars",)} <= set(drawn)
    assert any(len(words) > 3 for words in drawn)
    assert "x" not in {word for words in drawn for word in words}
