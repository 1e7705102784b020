"""The state's memory: one SQLite file with the records of all registers.

A call is one transaction: a write and the note that it was done stand or fall together.
"""

import sqlite3
import threading
import weakref
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from assistant.sandbox.records import Record

PUBLIC = ""
"""The owner of what belongs to nobody."""

_ANY_DAY = date(2000, 1, 1)
_SCHEMA = """CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    register TEXT NOT NULL,
    owner TEXT NOT NULL,
    key TEXT,
    body TEXT NOT NULL,
    UNIQUE (register, owner, key)
)"""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Table(Generic[R]):
    """One kind of record: each belongs to an owner, a person's subject or PUBLIC.

    `key` names the attribute, a text, by which a record of one owner is found. Without it records are only added.
    """

    name: str
    model: type[R]
    key: str | None = None

    def of(self, owner: str, *records: R) -> "Rows":
        """Records of one owner, for a seed."""
        return Rows(self, owner, records)

    def key_of(self, record: R) -> str | None:
        """The record's key."""
        return str(getattr(record, self.key)) if self.key else None


@dataclass(frozen=True)
class Rows:
    """Records of one owner in one table."""

    table: Table[Any]
    owner: str
    records: tuple[Record, ...]


Seed: TypeAlias = Callable[[date], Iterable[Rows]]
"""What a register holds at first. Days count from the moment of reading (`Day`); the argument is for personal codes."""


class Records:
    """All records, for the length of one transaction."""

    def __init__(self, connection: sqlite3.Connection, today: date) -> None:
        self._connection = connection
        self.today = today

    def all(self, table: Table[R], owner: str = PUBLIC) -> list[R]:
        """An owner's records, the oldest first."""
        found = self._select("register = ? AND owner = ? ORDER BY id", table.name, owner)
        return [self._read(table, body) for (_, body) in found]

    def everywhere(self, table: Table[R]) -> list[tuple[str, R]]:
        """The records of every owner, with their owners."""
        found = self._select("register = ? ORDER BY id", table.name)
        return [(owner, self._read(table, body)) for owner, body in found]

    def find(self, table: Table[R], owner: str, key: str) -> R | None:
        """The record with this key."""
        found = self._select("register = ? AND owner = ? AND key = ?", table.name, owner, key)
        return self._read(table, found[0][1]) if found else None

    def only(self, table: Table[R], owner: str) -> R | None:
        """The record of an owner who has at most one."""
        return next(iter(self.all(table, owner)), None)

    def put(self, table: Table[R], owner: str, record: R) -> None:
        """Add a record, or put it in the place of the one with its key. Days become dates."""
        self._insert(table, owner, record, {"today": self.today})

    def replace(self, table: Table[R], owner: str, *records: R) -> None:
        """Let an owner have these records only."""
        self._connection.execute("DELETE FROM records WHERE register = ? AND owner = ?", (table.name, owner))
        for record in records:
            self.put(table, owner, record)

    def remove(self, table: Table[R], owner: str, key: str) -> bool:
        """Take a record out; whether there was one."""
        where = "DELETE FROM records WHERE register = ? AND owner = ? AND key = ?"
        return self._connection.execute(where, (table.name, owner, key)).rowcount > 0

    def count(self, table: Table[R]) -> int:
        """How many records there are, whoever owns them."""
        found: tuple[int] = self._connection.execute(
            "SELECT count(*) FROM records WHERE register = ?", (table.name,)
        ).fetchone()
        return found[0]

    def plant(self, rows: Rows) -> None:
        """Add what a seed holds; its days go on being counted from today."""
        for record in rows.records:
            self._insert(rows.table, rows.owner, record, None)

    def _select(self, where: str, *values: str) -> list[tuple[str, str]]:
        return self._connection.execute(f"SELECT owner, body FROM records WHERE {where}", values).fetchall()  # noqa: S608  # constants only

    def _read(self, table: Table[R], body: str) -> R:
        return table.model.model_validate_json(body, context={"today": self.today})

    def _insert(self, table: Table[R], owner: str, record: R, context: dict[str, date] | None) -> None:
        body = record.model_dump_json(by_alias=True, exclude_none=True, context=context)
        self._connection.execute(
            "INSERT INTO records (register, owner, key, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (register, owner, key) DO UPDATE SET body = excluded.body",
            (table.name, owner, table.key_of(record), body),
        )


def _utc_today() -> date:
    return datetime.now(UTC).date()


class State:
    """The file, or memory if there is none. It begins as the seeds say, and anew when the seeds have changed."""

    def __init__(self, file: Path | None, seeds: Iterable[Seed], today: Callable[[], date] = _utc_today) -> None:
        self._seeds = tuple(seeds)
        self._today = today
        self._lock = threading.Lock()
        # The lock keeps threads apart; one connection, because memory has no second.
        self._connection = sqlite3.connect(file or ":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._connection.close)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version != self._seed_version():
            self.reset()

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        """Everything in it happens, or, if it ends with an exception, nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Records(self._connection, self._today())
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def reset(self) -> None:
        """Forget everything that was written since the beginning."""
        with self.transaction() as records:
            self._connection.execute("DROP TABLE IF EXISTS records")
            self._connection.execute(_SCHEMA)
            for rows in self._planted(records.today):
                records.plant(rows)
            self._connection.execute(f"PRAGMA user_version = {self._seed_version()}")

    def _planted(self, today: date) -> Iterator[Rows]:
        for seed in self._seeds:
            yield from seed(today)

    def _seed_version(self) -> int:
        # On a fixed day: personal codes of children differ from day to day, which is no change of the seeds.
        return zlib.crc32(repr([_SCHEMA, *self._planted(_ANY_DAY)]).encode()) & 0x7FFFFFFF or 1
