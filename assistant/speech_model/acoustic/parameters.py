"""What a network learns: all numbers in one vector, their gradient in another, and AdamW, which follows it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_MOMENTUM, _SPREAD = 0.9, 0.98
_TINY = 1e-8


class Parameters:
    """Named arrays; `values` and `gradients` are views of two vectors, so that layers may write into them."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """All zero."""
        sizes = {name: int(np.prod(shape)) for name, shape in shapes.items()}
        self.vector, self.gradient = (np.zeros(sum(sizes.values()), np.float32) for _ in range(2))
        ends = np.cumsum(list(sizes.values()))
        places = {name: slice(end - sizes[name], end) for name, end in zip(shapes, ends, strict=True)}
        self.values = {name: self.vector[place].reshape(shapes[name]) for name, place in places.items()}
        self.gradients = {name: self.gradient[place].reshape(shapes[name]) for name, place in places.items()}


class AdamW:
    """Loshchilov and Hutter 2019, "Decoupled weight decay regularization"."""

    def __init__(self, parameters: Parameters, decay: float, steepest: float) -> None:
        """A gradient longer than `steepest` is cut to that length."""
        self._parameters, self._decay, self._steepest = parameters, decay, steepest
        self.mean, self.square = (np.zeros_like(parameters.vector) for _ in range(2))
        self.steps = 0

    def step(self, rate: float) -> None:
        """Move down the gradient."""
        values, gradient = self._parameters.vector, self._parameters.gradient
        self.steps += 1
        gradient *= min(1.0, self._steepest / (float(np.linalg.norm(gradient)) + _TINY))
        self.mean += (1 - _MOMENTUM) * (gradient - self.mean)
        np.square(gradient, out=gradient)
        self.square += (1 - _SPREAD) * (gradient - self.square)
        spread = np.sqrt(self.square / (1 - _SPREAD**self.steps))
        spread += _TINY
        values *= 1 - rate * self._decay
        values -= rate / (1 - _MOMENTUM**self.steps) * self.mean / spread
