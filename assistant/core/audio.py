"""Sound as Kratt passes it between stages."""

from dataclasses import dataclass

BYTES_PER_SAMPLE = 2


@dataclass(frozen=True)
class Pcm:
    """Mono sound: signed 16-bit little-endian samples at `rate_hertz`."""

    samples: bytes
    rate_hertz: int

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.samples) / (BYTES_PER_SAMPLE * self.rate_hertz)
