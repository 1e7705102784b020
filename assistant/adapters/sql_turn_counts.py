"""Counts of turns in the gateway's SQL database, by day."""

from dataclasses import astuple

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, func, select

from assistant.adapters.daily_counts import DAY_SECONDS, DailyCounts
from assistant.core.turn_counts import TurnKind

_METADATA = MetaData()
_COUNTS = Table(
    "turn_counts",
    _METADATA,
    Column("day", Double, primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("language", String(2), primary_key=True),
    Column("intent", String(128), primary_key=True),
    Column("outcome", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
)
_KIND = (_COUNTS.c.channel, _COUNTS.c.language, _COUNTS.c.intent, _COUNTS.c.outcome)


class SqlTurnCounts(DailyCounts):
    """Counts turns."""

    metadata = _METADATA
    table = _COUNTS

    def count(self, kind: TurnKind) -> None:
        """One more of these."""
        self._counts.add([(self.today(), *astuple(kind))])

    async def since(self, days: int) -> dict[TurnKind, int]:
        """How many there were of each kind on the last `days` days."""
        is_recent = _COUNTS.c.day > self.today() - days * DAY_SECONDS
        wanted = select(*_KIND, func.sum(_COUNTS.c.number)).where(is_recent).group_by(*_KIND)
        async with self._database.transaction() as connection:
            return {TurnKind(*row[:-1]): row[-1] for row in await connection.execute(wanted)}
