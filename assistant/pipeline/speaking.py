"""A reply spoken piece by piece: the first is there at once, each further one is made while the one before is heard."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.ports import TextToSpeech
from assistant.pipeline.spoken.pieces import Piece, pieces_of

PIECE_SECONDS = 5.0
"""What a voice may take for a piece after the first, which has the turn's own deadline."""
MOST_CHARACTERS = 5_000
"""About five minutes; nobody listens longer."""
STRESSED_SPEED, STRESSED_VOLUME = 0.85, 1.25

Failed = Callable[[Exception], None]


class Speech:
    """The sound of a reply, in pieces of one rate; it can be taken once."""

    def __init__(self, first: Pcm, rest: AsyncIterator[Pcm]) -> None:
        """Take the first piece, and what makes the others."""
        self.first = first
        self._rest = rest

    async def pieces(self) -> AsyncGenerator[Pcm]:
        """All pieces in order; the next one is begun before the one before it is taken."""
        following = asyncio.ensure_future(anext(self._rest, None))
        try:
            yield self.first
            while piece := await following:
                following = asyncio.ensure_future(anext(self._rest, None))
                yield piece
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following

    async def whole(self) -> Pcm:
        """All pieces as one sound."""
        samples = [piece.samples async for piece in self.pieces()]
        return Pcm(b"".join(samples), self.first.rate_hertz)


@dataclass(frozen=True)
class Speak:
    """Speaks texts with their markup."""

    voice: TextToSpeech

    async def __call__(
        self, text: str, language: Language, deadline: Deadline, failed: Failed, manner: Manner = ORDINARY
    ) -> Speech | None:
        """The text as sound once its first piece is there; None if there is no word in it.

        A later piece that cannot be spoken ends the sound, and `failed` is told why.

        Raises:
            TextToSpeechFailed: the first piece cannot be spoken.
        """
        pieces = _shortened(pieces_of(text, language))
        if (begin := next(pieces, None)) is None:
            return None
        first = await self._say(begin, deadline, manner)
        # Voices of several languages may differ in rate, a sound must not.
        return Speech(first, self._rest(pieces, failed, replace(manner, rate_hertz=first.rate_hertz)))

    async def _rest(self, pieces: Iterable[Piece], failed: Failed, manner: Manner) -> AsyncIterator[Pcm]:
        for piece in pieces:
            try:
                async with asyncio.timeout(PIECE_SECONDS):
                    sound = await self._say(piece, Deadline.after(PIECE_SECONDS), manner)
            except Exception as error:  # noqa: BLE001  # the turn boundary: what was said so far stands
                failed(error)
                return
            yield sound

    async def _say(self, piece: Piece, deadline: Deadline, manner: Manner) -> Pcm:
        if piece.is_stressed:
            speed, volume = manner.speed * STRESSED_SPEED, manner.volume * STRESSED_VOLUME
            manner = replace(manner, speed=speed, volume=volume)
        sound = await self.voice.speak(piece.text, piece.language, deadline, manner)
        return sound.after_silence(piece.pause_seconds)


def _shortened(pieces: Iterator[Piece]) -> Iterator[Piece]:
    room = MOST_CHARACTERS
    for piece in pieces:
        room -= len(piece.text)
        if room < 0:
            return
        yield piece
