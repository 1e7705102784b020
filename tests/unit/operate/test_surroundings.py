import numpy as np
import pytest

from assistant.core.audio import Pcm
from assistant.operate.surroundings import (
    CLEAN,
    NOISY,
    Samples,
    at_rate,
    babble_of,
    heard_in,
    noise_at,
    reverberant,
    room_response,
    samples_of,
)

pytestmark = pytest.mark.unit

RATE = 16_000
CAFES = [condition for condition in NOISY if not condition.is_reverberant]


def tone(hertz: float, seconds: float = 0.5, rate: int = RATE, loudness: float = 3_000.0) -> Samples:
    return loudness * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def pcm(samples: Samples) -> Pcm:
    return Pcm(samples.round().astype("<i2").tobytes(), RATE)


def noise(seconds: float = 0.7) -> Samples:
    return np.random.default_rng(1).standard_normal(int(seconds * RATE))


def decibels(signal: Samples, other: Samples) -> float:
    return float(10 * np.log10(np.square(signal).mean() / np.square(other).mean()))


def test_conditions_when_listed_then_there_are_two_places_at_three_levels():
    assert [each.name for each in NOISY] == [
        f"{place} {level} dB" for place in ("cafe", "room") for level in (20, 12, 6)
    ]


@pytest.mark.parametrize("condition", CAFES, ids=lambda each: each.name)
@pytest.mark.parametrize("loudness", [300.0, 32_000.0])
def test_cafe_when_recorded_then_the_noise_is_as_loud_as_it_says(condition, loudness: float):
    said = pcm(tone(440, loudness=loudness))
    heard, clean = samples_of(heard_in(condition, said, noise(), seed=3)), samples_of(said)
    assert len(heard) == len(clean)
    # What was said may be quieter, lest the sum be clipped: its part is that of the tone's own direction.
    signal = clean * (heard @ clean) / (clean @ clean)
    assert decibels(signal, heard - signal) == pytest.approx(condition.decibels, abs=0.1)
    assert abs(heard).max() <= 32_767


@pytest.mark.parametrize("level", [20.0, 12.0, 6.0, -3.0])
def test_noise_when_put_at_a_level_then_it_is_at_that_level(level: float):
    signal = tone(300)
    assert decibels(signal, noise_at(level, noise(), signal)) == pytest.approx(level, abs=1e-9)


def test_recording_when_made_again_then_it_is_the_same_and_with_another_seed_it_is_not():
    said, others = pcm(tone(440)), noise()
    for condition in NOISY:
        first = heard_in(condition, said, others, seed=5)
        assert heard_in(condition, said, others, seed=5) == first
        assert heard_in(condition, said, others, seed=6) != first


def test_recording_when_it_is_quiet_then_nothing_is_changed():
    said = pcm(tone(440))
    assert heard_in(CLEAN, said, noise(), seed=1) is said


@pytest.mark.parametrize("direct", [0.0, -10.0])
@pytest.mark.parametrize("seconds", [0.3, 0.7])
def test_room_when_measured_then_its_reverberation_is_as_long_and_as_loud_as_it_says(seconds: float, direct: float):
    response = room_response(RATE, seconds, direct, np.random.default_rng(2))
    energy = np.square(response)
    assert 10 * np.log10(energy[0] / energy[1:].sum()) == pytest.approx(direct, abs=1e-9)
    # T60 as ISO 3382 reads it off: a line through the backward integral from -5 to -35 dB.
    left = 10 * np.log10(np.cumsum(energy[:0:-1])[::-1] / energy[1:].sum())
    inside = np.flatnonzero((left < -5) & (left > -35))
    slope = np.polyfit(inside / RATE, left[inside], 1)[0]
    assert -60 / slope == pytest.approx(seconds, rel=0.1)


def test_room_when_heard_in_it_then_every_sample_comes_back_later():
    click = np.zeros(100)
    click[10] = 2.0
    response = np.array([1.0, 0.0, 0.5])
    heard = reverberant(click, response)
    assert len(heard) == 102
    assert heard[[10, 11, 12]] == pytest.approx([2.0, 0.0, 1.0])


def test_babble_when_made_then_each_talker_is_as_loud_and_lasts():
    babble = babble_of([tone(200, 0.2, loudness=10), tone(300, 0.5, loudness=9_000)])
    assert len(babble) == RATE // 2
    spectrum = np.abs(np.fft.rfft(babble))
    assert spectrum[100] == pytest.approx(spectrum[150], rel=0.01)


@pytest.mark.parametrize("rate", [8_000, 22_050])
def test_rate_when_another_then_the_tone_stays(rate: int):
    assert at_rate(rate, tone(440), RATE) == pytest.approx(tone(440, rate=rate), abs=60)
    assert at_rate(RATE, tone(440), RATE) == pytest.approx(tone(440))
