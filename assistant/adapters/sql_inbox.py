"""Unclear requests in the gateway's SQL database, and the groups of those that mean the same.

Who said one is a pseudonym: it counts people, and lets a citizen's own requests be told and forgotten. The words are
sealed: who reads the table without the operator's secret learns none (docs/adr/0025).
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    Column,
    Double,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.inbox import Closing, Group, GroupPage, Reason, Sample, Unclear
from assistant.core.languages import Language
from assistant.core.ports import Kept
from assistant.core.pseudonyms import pseudonym
from assistant.database import SqlDatabase, SqlTables
from assistant.sealing import CannotOpen, Sealer

DAY_SECONDS = 86_400.0
OPEN, DISMISSED, FILED = "open", "dismissed", "filed"
MOST_AT_ONCE = 1_000
"""Requests grouped in one transaction."""

_METADATA = MetaData()
_UNCLEAR = Table(
    "unclear_requests",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("day", Double, nullable=False, index=True),  # not the second: it would lead to the conversation's log lines
    Column("said", String(64), nullable=False),  # the same for the same words, and says none of them
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the words
    Column("language", String(2), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("intent", String(128), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("person", String(64), nullable=False, index=True),
    Column("group_id", Integer),
    Index("unclear_requests_of_group", "group_id", "person"),
)
_GROUPS = Table(
    "unclear_groups",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, of length 1; the words are those of its requests
    Column("state", String(16), nullable=False, index=True),
    Column("filed_under", String(128), nullable=False, default=""),
    Column("closed_by", String(128), nullable=False, default=""),
    Column("closed_day", Double),
)

_WORDS = (_UNCLEAR.c.said, _UNCLEAR.c.wrapped_key, _UNCLEAR.c.sealed)

Floats = npt.NDArray[np.float32]
Meanings = Callable[[Sequence[str]], Floats]
"""A row of length 1 for each text; rows of texts that mean the same have a large product."""
Assign = Callable[[Floats, Floats], tuple[Sequence[int], Sequence[int]]]
"""From new rows and those of groups: the number of each new row's group, and the rows that begin groups, which are
numbered on after the old ones."""


@dataclass(frozen=True)
class Grouping:
    """How requests that mean the same are found."""

    meanings: Meanings
    assign: Assign


@dataclass(frozen=True)
class _Grouped:
    """Requests with the place of their group in `groups`, followed by `founded`, the vectors of new ones."""

    places: Mapping[int, int]
    groups: Sequence[int]
    founded: Sequence[bytes]


class SqlInbox(SqlTables):
    """Keeps requests for `days`; `secret` makes the pseudonyms, `now` gives epoch seconds.

    Who reads pages brings a `grouping`: requests are put into groups when somebody looks.
    """

    metadata = _METADATA

    def __init__(
        self,
        database: SqlDatabase,
        secret: str,
        days: float,
        grouping: Grouping | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._grouping = grouping
        self._secret = secret
        self._sealer = Sealer(secret)
        self._seconds = days * DAY_SECONDS
        self._now = now
        self._one_grouping = asyncio.Lock()

    async def note(self, unclear: Unclear) -> None:
        """Keep one."""
        said = pseudonym(self._secret, "words", unclear.text)
        key = self._sealer.new_key(said)
        row = {
            "day": self._today(),
            "said": said,
            "wrapped_key": key,
            "sealed": self._sealer.seal(unclear.text, key, said, said),
            "language": unclear.language.value,
            "channel": unclear.channel,
            "reason": unclear.reason.value,
            "intent": unclear.intent,
            "confidence": unclear.confidence,
            "person": self._person(unclear.person),
        }
        await self._database.write(lambda connection: connection.execute(insert(_UNCLEAR).values(**row)))

    async def _group(self, grouping: Grouping) -> int:
        """Put requests that are in no group yet beside those that mean the same; how many there were."""
        wanted = select(_UNCLEAR.c.id, *_WORDS).where(_UNCLEAR.c.group_id.is_(None)).order_by(_UNCLEAR.c.id)
        # What was filed and is still not understood must come up again.
        leading = select(_GROUPS.c.id, _GROUPS.c.vector).where(_GROUPS.c.state.in_((OPEN, DISMISSED)))
        async with self._one_grouping:
            async with self._database.transaction() as connection:
                new = (await connection.execute(wanted.limit(MOST_AT_ONCE))).all()
                groups = (await connection.execute(leading)).all() if new else []
            if new:
                found = await asyncio.to_thread(self._grouped, new, groups, grouping)
                await self._database.write(partial(_keep_groups, found))
            return len(new)

    async def page(
        self, language: Language | None, reason: Reason | None, first: int, most: int, *, closed: bool = False
    ) -> GroupPage:
        """Groups that are open, those of most people first, or those last closed, from number `first` (0) on."""
        while self._grouping and await self._group(self._grouping):
            pass
        people, requests = func.count(_UNCLEAR.c.person.distinct()), func.count()
        wanted = _filtered(select(_UNCLEAR.c.group_id, people, requests, func.count().over()), language, reason)
        wanted = wanted.where(_GROUPS.c.state != OPEN if closed else _GROUPS.c.state == OPEN)
        order = (people.desc(), requests.desc(), _UNCLEAR.c.group_id)
        last = (func.max(_GROUPS.c.closed_day).desc(),) if closed else ()
        listed = wanted.group_by(_UNCLEAR.c.group_id).order_by(*last, *order)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(listed.offset(first).limit(most))).all()
            ids = [row[0] for row in rows]
            said, languages, intents, reasons = [await _frequent(connection, ids, name) for name in _TOLD]
            texts = await self._texts(connection, {id_: said[id_][0] for id_ in ids})
            closings = await _closings(connection, ids) if closed else {}
        groups = tuple(
            Group(
                id=id_,
                text=texts[id_],
                language=Language(languages[id_][0]),
                people=people,
                requests=requests,
                intents=tuple(intents[id_]),
                reasons=tuple(map(Reason, reasons[id_])),
                closing=closings.get(id_),
            )
            for id_, people, requests, _ in rows
        )
        return GroupPage(groups, rows[0][3] if rows else 0)

    async def samples(self, group_id: int, most: int) -> Sequence[Sample]:
        """Requests of a group, different ones, the latest first."""
        latest = select(func.max(_UNCLEAR.c.id)).where(_UNCLEAR.c.group_id == group_id).group_by(_UNCLEAR.c.said)
        wanted = select(_UNCLEAR).where(_UNCLEAR.c.id.in_(latest)).order_by(_UNCLEAR.c.id.desc()).limit(most)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(wanted)).all()
        return tuple(
            Sample(row.id, self._words(row), Language(row.language), Reason(row.reason), row.intent, row.confidence)
            for row in rows
        )

    async def close_groups(self, group_ids: Sequence[int], how: str, by: str) -> None:
        """Take groups out: `how` is the intent that they were filed under, or empty if they were dismissed."""
        values = {
            "state": FILED if how else DISMISSED,
            "filed_under": how,
            "closed_by": by,
            "closed_day": self._today(),
        }
        closed = update(_GROUPS).where(_GROUPS.c.id.in_(group_ids)).values(**values)
        await self._database.write(lambda connection: connection.execute(closed))

    async def reopen_groups(self, group_ids: Sequence[int]) -> None:
        """Undo that."""
        values = {"state": OPEN, "filed_under": "", "closed_by": "", "closed_day": None}
        opened = update(_GROUPS).where(_GROUPS.c.id.in_(group_ids)).values(**values)
        await self._database.write(lambda connection: connection.execute(opened))

    async def kept_of(self, subject: str) -> Kept:
        """What this person said that was not understood."""
        wanted = select(_UNCLEAR).where(_UNCLEAR.c.person == self._person(subject)).order_by(_UNCLEAR.c.id)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(wanted)).all()
        return [{"text": self._words(row), "language": row.language, "why": row.reason} for row in rows]

    async def forget(self, subject: str) -> int:
        """Delete it; how many requests there were."""
        theirs = delete(_UNCLEAR).where(_UNCLEAR.c.person == self._person(subject))

        async def forget(connection: AsyncConnection) -> int:
            number: int = (await connection.execute(theirs)).rowcount
            if number:
                await _drop_empty_groups(connection)
            return number

        return await self._database.write(forget)

    async def purge(self) -> None:
        """Delete what was kept long enough."""
        is_old = _UNCLEAR.c.day <= self._now() - self._seconds

        async def purge(connection: AsyncConnection) -> None:
            if (await connection.execute(delete(_UNCLEAR).where(is_old))).rowcount:
                await _drop_empty_groups(connection)

        await self._database.write(purge)

    async def _texts(self, connection: AsyncConnection, said: Mapping[int, str]) -> dict[int, str]:
        """The words of groups, by what is said most in each."""
        latest = select(func.max(_UNCLEAR.c.id)).where(_UNCLEAR.c.said.in_(said.values())).group_by(_UNCLEAR.c.said)
        rows = await connection.execute(select(*_WORDS).where(_UNCLEAR.c.id.in_(latest)))
        words = {row.said: self._words(row) for row in rows}
        return {group_id: words[each] for group_id, each in said.items()}

    def _words(self, row: Any) -> str:
        try:
            return self._sealer.open(row.sealed, row.wrapped_key, row.said, row.said)
        except CannotOpen:  # the operator's secret is another than when it was sealed
            return "?"

    def _grouped(self, new: Sequence[Any], groups: Sequence[Any], grouping: Grouping) -> _Grouped:
        vectors = grouping.meanings([self._words(row) for row in new])
        old = np.frombuffer(b"".join(row.vector for row in groups), np.float32).reshape(-1, vectors.shape[1])
        numbers, founders = grouping.assign(vectors, old)
        places = {row.id: number for row, number in zip(new, numbers, strict=True)}
        return _Grouped(places, [row.id for row in groups], [vectors[row].tobytes() for row in founders])

    def _person(self, subject: str) -> str:
        return pseudonym(self._secret, "inbox", subject)

    def _today(self) -> float:
        return self._now() // DAY_SECONDS * DAY_SECONDS


_TOLD = ("said", "language", "intent", "reason")


async def _frequent(connection: AsyncConnection, ids: Sequence[int], name: str) -> dict[int, list[str]]:
    """What groups have in a column, the most frequent first."""
    column = _UNCLEAR.c[name]
    counted = select(_UNCLEAR.c.group_id, column).where(_UNCLEAR.c.group_id.in_(ids), column != "")
    ordered = counted.group_by(_UNCLEAR.c.group_id, column).order_by(func.count().desc(), func.min(_UNCLEAR.c.id))
    by_group: dict[int, list[str]] = defaultdict(list)
    for group_id, value in await connection.execute(ordered):
        by_group[group_id].append(value)
    return by_group


async def _closings(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Closing]:
    rows = await connection.execute(select(_GROUPS).where(_GROUPS.c.id.in_(ids)))
    return {row.id: Closing(row.filed_under, row.closed_by, _date(row.closed_day)) for row in rows}


def _date(epoch_seconds: float) -> date:
    return datetime.fromtimestamp(epoch_seconds, UTC).date()


async def _keep_groups(found: _Grouped, connection: AsyncConnection) -> None:
    ids = list(found.groups)
    for vector in found.founded:
        result = await connection.execute(insert(_GROUPS).values(vector=vector, state=OPEN))
        ids.extend(result.inserted_primary_key or ())
    grouped = update(_UNCLEAR).where(_UNCLEAR.c.id == bindparam("request"), _UNCLEAR.c.group_id.is_(None))
    rows = [{"request": request, "its": ids[place]} for request, place in found.places.items()]
    await connection.execute(grouped.values(group_id=bindparam("its")), rows)


def _filtered(wanted: Select[Any], language: Language | None, reason: Reason | None) -> Select[Any]:
    wanted = wanted.join(_GROUPS, _GROUPS.c.id == _UNCLEAR.c.group_id)
    if language:
        wanted = wanted.where(_UNCLEAR.c.language == language.value)
    return wanted.where(_UNCLEAR.c.reason == reason.value) if reason else wanted


async def _drop_empty_groups(connection: AsyncConnection) -> None:
    in_use = select(_UNCLEAR.c.group_id).where(_UNCLEAR.c.group_id.is_not(None))
    await connection.execute(delete(_GROUPS).where(_GROUPS.c.id.not_in(in_use)))
