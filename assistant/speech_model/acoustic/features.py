"""What the network hears: 40 cepstra of the mel scale, 100 times a second, as Kaldi computes them.

The numbers are those of the model's conf/mfcc.conf and Kaldi's feature-window.h, mel-computations.h and feature-mfcc.h.
"""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Sound in the range of signed 16-bit numbers, at RATE_HERTZ."""
Features = npt.NDArray[np.float32]
"""(frames, SIZE)."""

RATE_HERTZ = 16_000
SIZE = 40
FRAMES_PER_SECOND = 100

MFCC_OPTIONS = {
    "use-energy": "false",
    "sample-frequency": str(RATE_HERTZ),
    "num-mel-bins": str(SIZE),
    "num-ceps": str(SIZE),
    "low-freq": "20",
    "high-freq": "-400",
    "allow-upsample": "true",
    "allow-downsample": "true",
}
"""conf/mfcc.conf, which tells Vosk to compute the same."""

_WINDOW, _SHIFT, _FFT = 400, RATE_HERTZ // FRAMES_PER_SECOND, 512
_LOWEST_HERTZ, _HIGHEST_HERTZ = 20.0, RATE_HERTZ / 2 - 400.0
_PRE_EMPHASIS = 0.97
_LIFTER = 22.0
_LEAST_ENERGY = np.float32(np.finfo(np.float32).eps)


def mfcc(samples: Samples) -> Features:
    """One row for each 10 ms whose window of 25 ms lies within the sound: at least one window must."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_SHIFT]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    frames -= np.float32(_PRE_EMPHASIS) * before
    frames *= _SHAPE
    spectrum = np.fft.rfft(frames, _FFT)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    return np.log(np.maximum(power @ _MEL, _LEAST_ENERGY)) @ _COSINES


def _mel(hertz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return 1127.0 * np.log1p(np.asarray(hertz, np.float64) / 700.0)


def _mel_filters() -> npt.NDArray[np.float32]:
    edges = np.linspace(_mel(_LOWEST_HERTZ), _mel(_HIGHEST_HERTZ), SIZE + 2)
    bins = _mel(np.arange(_FFT // 2 + 1) * RATE_HERTZ / _FFT)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.maximum(np.minimum(rising, falling), 0.0).astype(np.float32)


def _cosines() -> npt.NDArray[np.float32]:
    order, band = np.arange(SIZE)[None], np.arange(SIZE)[:, None]
    transform = np.sqrt(2 / SIZE) * np.cos(np.pi / SIZE * (band + 0.5) * order)
    transform[:, 0] = np.sqrt(1 / SIZE)
    return np.asarray(transform * (1 + 0.5 * _LIFTER * np.sin(np.pi * order / _LIFTER)), np.float32)


_SHAPE = ((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / (_WINDOW - 1))) ** 0.85).astype(np.float32)
_MEL = _mel_filters()
_COSINES = _cosines()
