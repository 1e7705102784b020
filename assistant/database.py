"""An SQL database of ours: SQLite on a laptop, PostgreSQL by its address."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from sqlalchemy import MetaData, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from assistant.core.errors import ServiceUnavailable, SettingsError

STATEMENT_SECONDS = 5.0

T = TypeVar("T")


class SqlDatabase:
    """Connections to one database; `setting` is the variable that names it to operators.

    `synchronous` is SQLite's: with `NORMAL` a power cut may cost the last transactions, with `FULL` none; neither harms
    the file.
    """

    def __init__(self, url: str, setting: str, synchronous: Literal["NORMAL", "FULL"] = "NORMAL") -> None:
        self._url = make_url(url)
        self._setting = setting
        self._synchronous = synchronous
        # Parameters hold personal codes; SQLAlchemy would put them into its errors.
        self._engine = create_async_engine(self._url, hide_parameters=True)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._one_writer = asyncio.Lock()
        self._under_way: set[asyncio.Future[Any]] = set()
        if self._is_sqlite:
            event.listen(self._engine.sync_engine, "connect", self._prepare_sqlite)

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for a server, and for a database in memory."""
        name = self._url.database
        return Path(name) if self._is_sqlite and name and name != ":memory:" else None

    async def create(self, tables: MetaData) -> None:
        """Make what is missing: the folder and the file of SQLite, these tables.

        Raises:
            SettingsError: the file cannot be made.
            ServiceUnavailable: the database cannot be reached or written.
        """
        if self.file:
            await asyncio.to_thread(self._make_file, self.file)
        await self.write(lambda connection: connection.run_sync(tables.create_all))

    async def close(self) -> None:
        """Let changes end, and give the connections back."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose changes are kept when the block ends well.

        Raises:
            ServiceUnavailable: the database fails or is late; nothing was changed.
        """
        try:
            async with asyncio.timeout(STATEMENT_SECONDS), self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError):  # asyncpg refuses a connection by an OSError; TimeoutError is one too
            raise ServiceUnavailable(f"{self._setting}: the database does not answer") from None

    async def write(self, change: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Make a change in a transaction of its own, which comes to its end even if the caller is cancelled.

        A transaction that is left in the middle would keep everybody else from writing until its connection is cleaned
        up. On SQLite no other process writes between what `change` reads and what it writes; on a server, lock the rows
        that are read (`with_for_update`), which SQLite ignores.

        Raises:
            ServiceUnavailable: the database fails or is late; nothing was changed.
        """
        task = asyncio.ensure_future(self._write(change))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _write(self, change: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        if not self._is_sqlite:
            async with self.transaction() as connection:
                return await change(connection)
        # SQLite would make our own writers wait by trying again and again, in no order.
        async with self._one_writer, self.transaction() as connection:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            return await change(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection that reads, for as long as it takes, what was there when it began.

        Raises:
            ServiceUnavailable: the database fails.
        """
        try:
            async with self._engine.connect() as connection:
                if self._is_sqlite:
                    await connection.exec_driver_sql("BEGIN")
                else:
                    await connection.execution_options(isolation_level="REPEATABLE READ")
                yield connection
        except (SQLAlchemyError, OSError):
            raise ServiceUnavailable(f"{self._setting}: the database does not answer") from None

    def _make_file(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)  # personal codes are for its owner's eyes only
        except OSError as error:
            raise SettingsError(f"{self._setting}: {path}: {error.strerror}") from None

    def _prepare_sqlite(self, connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")  # readers do not wait for the writer
        cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
        cursor.execute(f"PRAGMA synchronous={self._synchronous}")
        cursor.execute(f"PRAGMA busy_timeout={STATEMENT_SECONDS * 1000:.0f}")
        cursor.close()


class SqlTables:
    """A store's tables in a database; `metadata` has them all."""

    metadata: ClassVar[MetaData]
    _database: SqlDatabase

    async def open(self) -> None:
        """Make what is missing.

        Raises:
            SettingsError: the file cannot be made.
            ServiceUnavailable: the database cannot be reached or written.
        """
        await self._database.create(self.metadata)
