"""The Smart-ID apps that citizens have linked, in the gateway's SQL database.

A document number holds a personal code: both the number and whose it is are kept so that who reads the table alone
learns neither (docs/adr/0025).
"""

import json
import time
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from sqlalchemy import Column, Double, LargeBinary, MetaData, Row, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.errors import WrongCode
from assistant.core.ports import BegunLink, Kept
from assistant.core.pseudonyms import pseudonym
from assistant.core.secret_ids import hashed
from assistant.database import SqlDatabase, SqlTables
from assistant.sealing import CannotOpen, Sealer

LINK_SECONDS = 300.0
"""As long as the service keeps the session."""

_METADATA = MetaData()
_APPS = Table(
    "linked_apps",
    _METADATA,
    Column("person", String(64), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
_LINKS = Table(
    "app_links",
    _METADATA,
    Column("state_hash", String(64), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("until", Double, nullable=False),
)


class SqlLinkedApps(SqlTables):
    """Keeps document numbers by person, and links that have begun; `secret` is the operator's data key."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, secret: str, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._secret = secret
        self._sealer = Sealer(secret)
        self._now = now

    async def document_of(self, subject: str) -> str | None:
        """The document number of the app that the citizen linked last."""
        person = self._person(subject)
        async with self._database.transaction() as connection:
            row = (await connection.execute(select(_APPS).where(_APPS.c.person == person))).one_or_none()
        return self._opened(row, person) if row else None

    async def link(self, subject: str, document: str) -> None:
        """Remember the citizen's app; the one before is forgotten."""
        person = self._person(subject)

        async def link(connection: AsyncConnection) -> None:
            await connection.execute(delete(_APPS).where(_APPS.c.person == person))
            await connection.execute(insert(_APPS).values(person=person, **self._seal(document, person)))

        await self._database.write(link)

    async def note_link(self, state: str, begun: BegunLink) -> None:
        """Keep a link that has begun, until the citizen comes back with its state."""
        row = self._seal(json.dumps(astuple(begun)), hashed(state))
        values = {"state_hash": hashed(state), "until": self._now() + LINK_SECONDS, **row}
        await self._database.write(lambda connection: connection.execute(insert(_LINKS).values(**values)))

    async def find_link(self, state: str) -> BegunLink:
        """The link of a state, which lives on; raises as `take_link`."""
        theirs = select(_LINKS).where(_LINKS.c.state_hash == hashed(state))
        async with self._database.transaction() as connection:
            return self._begun((await connection.execute(theirs)).one_or_none(), state)

    async def take_link(self, state: str) -> BegunLink:
        """The link of a state, which is dead afterwards.

        Raises:
            WrongCode: there is none, or not any more.
        """
        taken = delete(_LINKS).where(_LINKS.c.state_hash == hashed(state)).returning(_LINKS)

        async def take(connection: AsyncConnection) -> Row[Any] | None:
            row: Row[Any] | None = (await connection.execute(taken)).one_or_none()
            return row

        return self._begun(await self._database.write(take), state)

    async def kept_of(self, subject: str) -> Kept:
        """The app that the citizen linked."""
        document = await self.document_of(subject)
        return [{"document": document}] if document else []

    async def forget(self, subject: str) -> int:
        """Forget the app; how many there were."""
        theirs = delete(_APPS).where(_APPS.c.person == self._person(subject))
        return (await self._database.write(lambda connection: connection.execute(theirs))).rowcount

    async def purge(self) -> None:
        """Delete links that nobody came back from."""
        is_over = _LINKS.c.until <= self._now()
        await self._database.write(lambda connection: connection.execute(delete(_LINKS).where(is_over)))

    def _person(self, subject: str) -> str:
        return pseudonym(self._secret, "linked app", subject)

    def _seal(self, text: str, place: str) -> dict[str, bytes]:
        key = self._sealer.new_key(place)
        return {"wrapped_key": key, "sealed": self._sealer.seal(text, key, place, place)}

    def _begun(self, row: Row[Any] | None, state: str) -> BegunLink:
        opened = self._opened(row, hashed(state)) if row and row.until > self._now() else None
        if opened is None:
            raise WrongCode
        return BegunLink(*json.loads(opened))

    def _opened(self, row: Row[Any], place: str) -> str | None:
        try:
            return self._sealer.open(row.sealed, row.wrapped_key, place, place)
        except CannotOpen:  # the operator's secret is another than when it was sealed
            return None
