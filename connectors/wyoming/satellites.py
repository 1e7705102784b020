"""All satellites: connected as long as Kratt runs, and again when a connection breaks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from assistant.core.errors import KrattError
from assistant.core.languages import Language
from assistant.pipeline.desk_news import DeskNews
from connectors.wyoming.registry import Place
from connectors.wyoming.satellite import Ground, Satellite, note_bug
from connectors.wyoming.wire import LONGEST_LINE_BYTES, Line

CONNECT_SECONDS = 5.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 30.0
"""Before the next attempt: twice as long after each that failed."""

_log = logging.getLogger("kratt.wyoming")


@dataclass
class Satellites:
    """The satellites of the registry, by name as far as they are connected."""

    places: Sequence[Place]
    ground: Ground
    first_wait_seconds: float = FIRST_WAIT_SECONDS
    connected: dict[str, Satellite] = field(default_factory=dict, init=False)

    @asynccontextmanager
    async def connecting(self) -> AsyncIterator[None]:
        """Keep them connected for the length of a block."""
        tasks = [asyncio.create_task(self._keep(place)) for place in self.places]
        for task in tasks:
            task.add_done_callback(note_bug)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def announce(self, text: str, language: Language, area: str | None = None) -> tuple[str, ...]:
        """Say something that nobody has asked for, on the satellites of an area, or on all.

        The names of those where it was heard to its end.
        """
        places = [place for place in self.places if area in {None, place.area} and place.name in self.connected]
        heard = await asyncio.gather(*(self.connected[place.name].announce(text, language) for place in places))
        return tuple(place.name for place, is_heard in zip(places, heard, strict=True) if is_heard)

    async def _keep(self, place: Place) -> None:
        wait, desk_news = self.first_wait_seconds, self.ground.turns.desk_news()
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._connect(place, desk_news)
            except (OSError, KrattError) as error:
                facts = {"satellite": place.name, "error": type(error).__name__}
                _log.warning("a satellite is not connected", extra={"facts": facts})
            if asyncio.get_running_loop().time() - began > LONGEST_WAIT_SECONDS:
                wait = self.first_wait_seconds  # it was there for a while
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    async def _connect(self, place: Place, desk_news: DeskNews | None) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(*place.address, limit=LONGEST_LINE_BYTES)
        line = Line(reader, writer)
        satellite = self.connected[place.name] = Satellite(place, line, self.ground, desk_news)
        _log.info("a satellite is connected", extra={"facts": {"satellite": place.name}})
        try:
            await satellite.run()
        finally:
            del self.connected[place.name]
            line.close()
