"""A reply while it is read out: it can be halted anywhere, and go on there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from assistant.core.audio import BYTES_PER_SAMPLE, Pcm
from assistant.pipeline.speaking import Speech


class Reading:
    """The sound of a reply, chunk by chunk; whoever stops taking chunks may go on later, until it is closed."""

    def __init__(self, speech: Speech, chunk_bytes: int) -> None:
        """Nothing is read out yet."""
        self._pieces = speech.pieces()
        self._chunk_bytes = chunk_bytes
        self._coming: asyncio.Future[Pcm | None] | None = None
        self._piece: Pcm | None = None
        self._at = 0
        self.is_over = False

    async def chunks(self) -> AsyncIterator[Pcm]:
        """What was not read out yet."""
        while piece := self._piece or await self._next():
            self._piece = piece
            while self._at < len(piece.samples):
                begin, self._at = self._at, self._at + self._chunk_bytes
                yield Pcm(piece.samples[begin : self._at], piece.rate_hertz)
            self._piece, self._at = None, 0
        self.is_over = True

    def back(self, seconds: float) -> None:
        """Say the latest seconds once more: they were not heard. Of an earlier piece there are none any more."""
        if self._piece:
            self._at = max(0, self._at - int(seconds * self._piece.rate_hertz) * BYTES_PER_SAMPLE)

    async def aclose(self) -> None:
        """Nobody wants to hear the rest."""
        if self._coming:
            self._coming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._coming
        await self._pieces.aclose()

    async def _next(self) -> Pcm | None:
        # Whoever is halted while they wait for a piece finds it here when they go on.
        self._coming = self._coming or asyncio.ensure_future(anext(self._pieces, None))
        piece = await asyncio.shield(self._coming)
        self._coming = None
        return piece
