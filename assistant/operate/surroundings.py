"""What a recording sounds like elsewhere than in a quiet place: among people who talk, and across a room.

All of it is synthetic and drawn by a seed, so everybody measures with the same noise. Samples are floats in the range
of 16-bit numbers, at any one rate.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from assistant.core.audio import Pcm

Samples = npt.NDArray[np.float64]

LOUDEST = 32_767.0
REVERBERATION_SECONDS = (0.3, 0.7)
"""Until reverberation has fallen by 60 dB (T60); from a furnished living room to a bare one or a service hall."""
NEAR_DECIBELS, FAR_DECIBELS = 0.0, -10.0
"""Direct sound over reverberation: of the citizen, an arm's length or two away, and of others across the room."""


@dataclass(frozen=True)
class Condition:
    """Where a request is said; `decibels` is the signal-to-noise ratio against babble, None in quiet."""

    name: str
    decibels: float | None = None
    is_reverberant: bool = False


CLEAN = Condition("clean")
NOISY = tuple(
    Condition(f"{place} {decibels} dB", decibels, is_reverberant=place == "room")
    for place, decibels in product(("cafe", "room"), (20, 12, 6))
)


def samples_of(sound: Pcm) -> Samples:
    """The samples of a sound."""
    return np.frombuffer(sound.samples, "<i2").astype(np.float64)


def heard_in(condition: Condition, sound: Pcm, babble: Samples, seed: int) -> Pcm:
    """The sound as a microphone there would record it; `babble` is at the rate of the sound and as long as it likes."""
    if condition.decibels is None:
        return sound
    random = np.random.default_rng(seed)
    samples, rate = samples_of(sound), sound.rate_hertz
    noise = np.roll(babble, random.integers(len(babble)))
    if condition.is_reverberant:
        seconds = random.uniform(*REVERBERATION_SECONDS)
        samples = reverberant(samples, room_response(rate, seconds, NEAR_DECIBELS, random))
        noise = reverberant(noise, room_response(rate, seconds, FAR_DECIBELS, random))
    mixed = samples + noise_at(condition.decibels, np.resize(noise, len(samples)), samples)
    mixed *= min(1.0, LOUDEST / np.abs(mixed).max())
    return Pcm(mixed.round().astype("<i2").tobytes(), rate)


def noise_at(decibels: float, noise: Samples, signal: Samples) -> Samples:
    """The noise, so loud that its mean power over the whole lies so many decibels below the signal's."""
    return noise * math.sqrt(_power(signal) / _power(noise) / 10 ** (decibels / 10))


def babble_of(talkers: Iterable[Samples]) -> Samples:
    """People talking at once, each as loud as the others and over again until the last has finished."""
    equal = [talker / np.sqrt(_power(talker)) for talker in talkers]
    longest = max(map(len, equal))
    return np.asarray(sum(np.resize(talker, longest) for talker in equal))


def room_response(
    rate_hertz: int, reverberation_seconds: float, direct_decibels: float, random: np.random.Generator
) -> Samples:
    """A room's impulse response: the direct sound, then noise that decays exponentially (Polack's model).

    `direct_decibels` is the energy of the direct sound over that of the rest.
    """
    seconds = np.arange(1, int(reverberation_seconds * rate_hertz)) / rate_hertz
    tail = random.standard_normal(len(seconds)) * 10 ** (-3 * seconds / reverberation_seconds)
    tail *= 10 ** (-direct_decibels / 20) / np.sqrt(np.square(tail).sum())
    return np.concatenate(([1.0], tail))


def reverberant(samples: Samples, response: Samples) -> Samples:
    """The samples as they sound through a room, its echo after the last of them included."""
    length = len(samples) + len(response) - 1
    size = 1 << (length - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)[:length]


def at_rate(rate_hertz: int, samples: Samples, own_rate_hertz: int) -> Samples:
    """The samples at another rate: their spectrum, cut or padded."""
    length = round(len(samples) * rate_hertz / own_rate_hertz)
    if length == len(samples):
        return samples
    return np.fft.irfft(np.fft.rfft(samples), length) * (length / len(samples))


def _power(samples: Samples) -> float:
    return float(np.square(samples).mean())
