from dataclasses import replace

import numpy as np
import pytest

from assistant.speech_model.acoustic.augmentation import UNCHANGED, Augmentation
from assistant.speech_model.acoustic.features import RATE_HERTZ

pytestmark = pytest.mark.unit

SOUND = (np.random.default_rng(7).standard_normal(RATE_HERTZ) * 3000).astype(np.float32)
OTHERS = [SOUND[::-1].copy()]


@pytest.mark.parametrize("seed", range(25))
def test_augmentation_when_anything_is_changed_then_it_is_sound_still(seed):
    changed = Augmentation()(SOUND, np.random.default_rng(seed), OTHERS)
    assert changed.dtype == np.float32
    assert 0.8 * RATE_HERTZ < len(changed) < 2.3 * RATE_HERTZ
    assert 100 < np.abs(changed).max() < 33_000


def test_augmentation_when_the_seed_is_the_same_then_so_is_the_sound():
    first, second = (Augmentation()(SOUND, np.random.default_rng(3), OTHERS) for _ in range(2))
    assert (first == second).all()


def test_augmentation_when_it_comes_by_telephone_then_high_tones_are_gone():
    heard = replace(UNCHANGED, telephone=1.0, quieter_decibels=(0, 0))(SOUND, np.random.default_rng(0))
    spectrum = np.abs(np.fft.rfft(heard)) ** 2
    assert spectrum[4_100:].mean() < 1e-4 * spectrum[500:3_500].mean()


@pytest.mark.parametrize("decibels", [3.0, 20.0])
def test_augmentation_when_there_is_noise_then_it_is_as_loud_as_wanted(decibels):
    quiet = replace(UNCHANGED, quieter_decibels=(0, 0))(SOUND, np.random.default_rng(5))
    noisy = replace(UNCHANGED, noise=1.0, noise_decibels=(decibels, decibels), quieter_decibels=(0, 0))
    heard = noisy(SOUND, np.random.default_rng(5))
    share = (heard @ quiet) / (quiet @ quiet)  # of what was said, in what is heard
    noise = heard - share * quiet
    assert 10 * np.log10((share * quiet).var() / noise.var()) == pytest.approx(decibels, abs=1.0)
