"""Logins on their way to the page that asked for them, in the gateway's SQL database, their citizens sealed."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Double, Integer, MetaData, Row, String, Table, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.sealed_people import SealedPeople, person_columns
from assistant.core.errors import NotAllowed
from assistant.core.granted_logins import GRANT_SECONDS, GrantedLogin
from assistant.core.identity import Assurance
from assistant.core.ports import Person
from assistant.core.secret_ids import hashed, new_secret_id
from assistant.database import SqlDatabase, SqlTables

_METADATA = MetaData()
_GRANTS = Table(
    "granted_logins",
    _METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("origin", String(256), nullable=False),
    *person_columns(),
    Column("assurance", Integer, nullable=False),
    Column("until", Double, nullable=False),
)


class SqlGrantedLogins(SqlTables):
    """Keeps granted logins for a minute; `secret` is the operator's data key, `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, secret: str, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._people = SealedPeople(secret)
        self._now = now

    async def grant(self, login: GrantedLogin) -> str:
        """A token for the login."""
        token = new_secret_id()
        person = login.person
        row = {
            "token_hash": hashed(token),
            "origin": login.origin,
            **self._people.columns(person.subject, person.given_name),
            "assurance": person.assurance.value,
            "until": self._now() + GRANT_SECONDS,
        }
        await self._database.write(lambda connection: connection.execute(insert(_GRANTS).values(**row)))
        return token

    async def take(self, token: str, origin: str) -> Person:
        """Who has logged in; of two who take it at once, one finds nothing.

        Raises:
            NotAllowed: there is no such token, not any more, or not for this origin.
        """
        taken = delete(_GRANTS).where(_GRANTS.c.token_hash == hashed(token)).returning(_GRANTS)

        async def take(connection: AsyncConnection) -> Row[Any] | None:
            row: Row[Any] | None = (await connection.execute(taken)).one_or_none()
            return row

        row = await self._database.write(take)
        subject, given_name = self._people.of(row) if row else (None, "")
        if row is None or subject is None or row.until <= self._now() or row.origin != origin:
            raise NotAllowed("no such login was granted to this page")
        return Person(subject, given_name, Assurance(row.assurance))

    async def purge(self) -> None:
        """Delete what nobody took."""
        is_over = _GRANTS.c.until <= self._now()
        await self._database.write(lambda connection: connection.execute(delete(_GRANTS).where(is_over)))
