"""Makes a recording sound as if it were made elsewhere: other speeds, rooms, microphones, telephones and noises.

All of it is synthetic, so nobody's rooms or noises are needed. Sound is float32 in the range of 16-bit numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import soxr

from assistant.speech_model.acoustic.features import RATE_HERTZ, Samples

Random = np.random.Generator
_Spectrum = npt.NDArray[np.complex64]
_LOUDEST = 32_767.0


@dataclass(frozen=True)
class Augmentation:
    """How often each change is made, and within which limits; probabilities, then uniform ranges."""

    speed: float = 0.7
    speeds: tuple[float, float] = (0.88, 1.13)
    room: float = 0.3
    microphone: float = 0.2
    telephone: float = 0.1
    noise: float = 0.5
    noise_decibels: tuple[float, float] = (3.0, 30.0)
    quieter_decibels: tuple[float, float] = (0.0, 32.0)
    silence_seconds: tuple[float, float] = (0.0, 0.5)
    tight: float = 0.25
    """How often no silence is put around it."""

    def __call__(self, samples: Samples, random: Random, others: Sequence[Samples] = ()) -> Samples:
        """A changed copy; `others` are what other people say, for babble."""
        if random.random() < self.speed:
            rate = RATE_HERTZ * random.uniform(*self.speeds)
            samples = soxr.resample(samples, rate, RATE_HERTZ, quality="LQ")
        if random.random() >= self.tight:
            before, after = (int(random.uniform(*self.silence_seconds) * RATE_HERTZ) for _ in range(2))
            samples = np.pad(samples, (before, after))
        samples = self._carried(samples, random)
        if random.random() < self.noise:
            samples = _mixed(samples, _noise(len(samples), random, others), random.uniform(*self.noise_decibels))
        loudness = _LOUDEST * 10 ** (-random.uniform(*self.quieter_decibels) / 20)
        samples = samples * np.float32(loudness / (np.abs(samples).max() + 1.0))
        # As Kaldi does, so that silence is never digital.
        return samples + random.standard_normal(len(samples), np.float32)

    def _carried(self, samples: Samples, random: Random) -> Samples:
        """Through a room, a microphone and a line: one multiplication in the frequency domain."""
        filters: list[Callable[[int], _Spectrum | npt.NDArray[np.float32]]] = []
        if random.random() < self.room:
            filters.append(partial(_spectrum, _room_response(random)))
        if random.random() < self.microphone:
            filters.append(partial(_microphone, random))
        if random.random() < self.telephone:
            filters.append(_telephone)
        if not filters:
            return samples
        size = _fast_size(len(samples) + RATE_HERTZ // 2)
        spectrum = _spectrum(samples, size)
        for each in filters:
            spectrum = np.multiply(spectrum, each(size), dtype=np.complex64)
        return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)


UNCHANGED = Augmentation(speed=0.0, room=0.0, microphone=0.0, telephone=0.0, noise=0.0, tight=1.0)


def _spectrum(samples: Samples, size: int) -> _Spectrum:
    return np.fft.rfft(samples, size).astype(np.complex64, copy=False)


def _fast_size(least: int) -> int:
    """The next number 2^a or 3 * 2^a: transforms of those sizes are fast."""
    power = 1 << (least - 1).bit_length()
    return power // 4 * 3 if power // 4 * 3 >= least else power


def _room_response(random: Random) -> Samples:
    """Direct sound, some early reflections and a decaying tail: T60 of 0.12 to 0.6 s, near and far."""
    reverberation = random.uniform(0.12, 0.6)
    length = int(min(reverberation, 0.45) * RATE_HERTZ)
    decay = np.exp(np.arange(length, dtype=np.float32) * np.float32(-6.9 / reverberation / RATE_HERTZ))
    tail = np.asarray(random.standard_normal(length, np.float32) * decay)
    duller = np.float32(random.uniform(0.0, 0.6))
    tail[1:] = (1 - duller) * tail[1:] + duller * tail[:-1]
    # Energy of the tail against that of the direct sound: 0.0025 beside a microphone, 1.4 across a room.
    tail *= np.float32(random.uniform(0.05, 1.2) / np.sqrt(np.square(tail).sum()))
    tail[: int(random.uniform(0, 0.004) * RATE_HERTZ)] = 0.0
    tail[0] = 1.0
    for _ in range(random.integers(0, 5)):
        tail[int(random.uniform(0.001, 0.02) * RATE_HERTZ)] += np.float32(random.uniform(-0.4, 0.4))
    return tail


def _frequencies(size: int) -> npt.NDArray[np.float32]:
    return np.fft.rfftfreq(size, 1 / RATE_HERTZ).astype(np.float32)


def _microphone(random: Random, size: int) -> npt.NDArray[np.float32]:
    """A tilted band, from 50 to 350 Hz up to 3.3 to 7.9 kHz, with soft edges."""
    frequencies = np.maximum(_frequencies(size), 1.0)
    lowest, highest = random.uniform(50, 350), random.uniform(3_300, 7_900)
    tilt = (np.maximum(frequencies, 100) / 1_000) ** np.float32(random.uniform(-0.5, 0.5))
    edges = np.sqrt((1 + (lowest / frequencies) ** 6) * (1 + (frequencies / highest) ** 12))
    return np.asarray(tilt / edges, np.float32)


def _telephone(size: int) -> npt.NDArray[np.float32]:
    """Sampled 8,000 times a second: nothing from 3.4 to 4 kHz on."""
    return np.clip((4_000 - _frequencies(size)) / 300, 0.0, 1.0).astype(np.float32)


def _mixed(samples: Samples, noise: Samples, decibels: float) -> Samples:
    """Sound and noise with so many decibels between them."""
    loudness = np.sqrt(np.square(samples).mean()) / (np.sqrt(np.square(noise).mean()) + 1e-9)
    return np.asarray(samples + noise * np.float32(loudness * 10 ** (-decibels / 20)), np.float32)


def _noise(length: int, random: Random, others: Sequence[Samples]) -> Samples:
    kinds: list[Callable[[], Samples]] = [
        *(partial(_coloured, length, random, exponent) for exponent in (0.0, 0.5, 1.0)),
        partial(_hum, length, random),
        partial(_music, length, random),
        partial(_knocks, length, random),
    ]
    if others:
        kinds += [partial(_babble, length, random, others)] * 2
    return kinds[int(random.integers(len(kinds)))]()


def _coloured(length: int, random: Random, exponent: float) -> Samples:
    """White, pink (0.5) or brown (1.0) noise, sometimes louder and softer in bands."""
    size = _fast_size(length)
    spectrum = np.fft.rfft(random.standard_normal(size, np.float32))
    spectrum /= np.maximum(_frequencies(size), 20.0) ** np.float32(exponent)
    if random.random() < 0.4:
        bands = np.sin(np.linspace(0, random.uniform(2, 40), len(spectrum), dtype=np.float32))
        spectrum *= 1 + np.float32(random.uniform(0.2, 0.9)) * bands
    return np.fft.irfft(spectrum, size)[:length].astype(np.float32)


def _hum(length: int, random: Random) -> Samples:
    """Mains, motors and fans: seven harmonics and some hiss."""
    time = np.arange(length, dtype=np.float32) / RATE_HERTZ
    base = random.choice([50.0, 60.0, 100.0, 120.0])
    sound = 0.3 * random.standard_normal(length, np.float32)
    for harmonic in range(1, 8):
        sound += np.sin(np.float32(2 * np.pi * base * harmonic) * time + np.float32(random.uniform(0, 6))) / harmonic
    return sound


def _music(length: int, random: Random) -> Samples:
    """Chords of up to three tones that fade, four harmonics each."""
    sound = np.zeros(length, np.float32)
    step = int(RATE_HERTZ * random.uniform(0.15, 0.6))
    time = np.arange(step, dtype=np.float32) / RATE_HERTZ
    for begin in range(0, length, step):
        chord = np.zeros(step, np.float32)
        for _ in range(random.integers(1, 4)):
            tone = 55 * 2 ** (random.integers(0, 48) / 12)
            for harmonic in range(1, 5):
                chord += np.sin(np.float32(2 * np.pi * tone * harmonic) * time) / harmonic
        sound[begin : begin + step] = (chord * np.exp(-3 * time))[: length - begin]
    return sound


def _knocks(length: int, random: Random) -> Samples:
    """Keys, clicks and knocks: short bursts of noise, up to four a second."""
    sound = 0.02 * random.standard_normal(length, np.float32)
    for _ in range(1 + random.integers(0, 1 + 4 * length // RATE_HERTZ)):
        burst = min(int(random.uniform(0.003, 0.08) * RATE_HERTZ), length)
        begin = random.integers(0, length - burst + 1)
        fading = np.exp(-np.linspace(0, 6, burst, dtype=np.float32)) * np.float32(random.uniform(0.2, 1))
        sound[begin : begin + burst] += fading * random.standard_normal(burst, np.float32)
    return sound


def _babble(length: int, random: Random, others: Sequence[Samples]) -> Samples:
    """Two to seven others at once, over and over."""
    sound = np.zeros(length, np.float32)
    for _ in range(random.integers(2, 8)):
        other = others[int(random.integers(len(others)))]
        sound += np.float32(random.uniform(0.3, 1)) * np.resize(np.roll(other, random.integers(len(other))), length)
    return sound
