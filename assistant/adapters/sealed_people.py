"""Citizens in the gateway's tables: found by a pseudonym, known by what is sealed beside it (docs/adr/0025).

Who reads a table, or a copy of it, without the operator's secret learns nobody's code and nobody's name.
"""

import json
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, String, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.pseudonyms import pseudonym
from assistant.sealing import CannotOpen, Sealer

NOBODY: dict[str, object] = {"person": None, "wrapped_key": None, "sealed_person": None}
"""The columns of a row that is nobody's."""


def person_columns() -> tuple[Column[Any], ...]:
    """The columns of a citizen, for a table of its own."""
    return (
        Column("person", String(64), index=True),
        Column("wrapped_key", LargeBinary),
        Column("sealed_person", LargeBinary),
    )


async def drop_tables(connection: AsyncConnection, *names: str) -> None:
    """Drop tables of an earlier Kratt, in which codes stood as they are."""
    for name in names:
        await connection.run_sync(Table(name, MetaData()).drop, checkfirst=True)


class SealedPeople:
    """Seals citizens for rows; `secret` is the operator's data key."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._sealer = Sealer(secret)

    def pseudonym(self, subject: str) -> str:
        """By what a citizen's rows are found."""
        return pseudonym(self._secret, "gateway", subject)

    def columns(self, subject: str, given_name: str) -> dict[str, object]:
        """The columns of a row that is this citizen's."""
        person = self.pseudonym(subject)
        key = self._sealer.new_key(person)
        sealed = self._sealer.seal(json.dumps([subject, given_name]), key, person, person)
        return {"person": person, "wrapped_key": key, "sealed_person": sealed}

    def of(self, row: Any) -> tuple[str | None, str]:
        """Whose a row is, and their given name; nobody's if it was sealed with another secret of the operator's."""
        if row.person is None:
            return None, ""
        try:
            subject, given_name = json.loads(
                self._sealer.open(row.sealed_person, row.wrapped_key, row.person, row.person)
            )
        except CannotOpen:
            return None, ""
        return subject, given_name
