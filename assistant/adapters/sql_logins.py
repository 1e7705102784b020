"""Logins in the gateway's SQL database: whose, when, with which browser, and what proves it (docs/adr/0044)."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.core.logins import BROWSER_SECONDS, NotedLogin, UntoldLogin
from assistant.core.ports import Kept, LoginProof, Person
from assistant.core.pseudonyms import pseudonym
from assistant.core.secret_ids import new_secret_id
from assistant.database import SqlDatabase, SqlTables
from assistant.sealing import CannotOpen, Sealer

YEAR_SECONDS = 365.25 * 86400
SHOWN_DIGITS = 8
"""So much of a browser's hash tells a citizen's browsers apart."""

_METADATA = MetaData()
_LOGINS = Table(
    "logins",
    _METADATA,
    Column("login_id", String(64), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    # Of the citizen and the browser's id: of two citizens at one browser nobody sees that it is one.
    Column("browser_hash", String(64)),
    Column("at", Double, nullable=False, index=True),
    Column("is_untold", Boolean, nullable=False, index=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


class SqlLogins(SqlTables):
    """Keeps logins for so many years; `secret` is the operator's data key, `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, secret: str, years: float, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._secret = secret
        self._sealer = Sealer(secret)
        self._seconds = years * YEAR_SECONDS
        self._now = now

    async def note(self, person: Person, browser_ids: Sequence[str]) -> NotedLogin:
        """As `Logins`."""
        whose, now = self._person(person.subject), self._now()
        shown = {self._browser(person.subject, browser_id): browser_id for browser_id in browser_ids}
        theirs = select(_LOGINS.c.browser_hash).where(_LOGINS.c.person == whose).distinct()

        async def add(connection: AsyncConnection) -> NotedLogin:
            before = set((await connection.execute(theirs)).scalars())
            known = next((browser_id for browser, browser_id in shown.items() if browser in before), None)
            # Never an id that the browser came with: a thief may have put it there, to be taken for this browser later.
            noted = NotedLogin(known or new_secret_id(), is_unfamiliar=bool(before) and known is None)
            browser_hash = self._browser(person.subject, noted.browser_id)
            row = {"person": whose, "browser_hash": browser_hash, "at": now, "is_untold": noted.is_unfamiliar}
            await connection.execute(insert(_LOGINS).values(**row, **self._seal(person)))
            return noted

        return await self._database.write(add)

    async def untold(self, limit: int) -> tuple[UntoldLogin, ...]:
        """As `UntoldLogins`."""
        oldest = select(_LOGINS).where(_LOGINS.c.is_untold).order_by(_LOGINS.c.at).limit(limit)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(oldest)).all()
        return tuple(UntoldLogin(row.login_id, self._opened(row).get("subject"), row.at) for row in rows)

    async def mark_told(self, login_id: str) -> None:
        """As `UntoldLogins`."""
        change = update(_LOGINS).where(_LOGINS.c.login_id == login_id).values(is_untold=False)
        await self._database.write(lambda connection: connection.execute(change))

    async def kept_of(self, subject: str) -> Kept:
        """This person's logins, oldest first, each with the beginning of its browser's hash and what proves it."""
        theirs = select(_LOGINS).where(_LOGINS.c.person == self._person(subject)).order_by(_LOGINS.c.at)
        async with self._database.transaction() as connection:
            return [
                {
                    "logged_in": datetime.fromtimestamp(row.at, UTC).isoformat(timespec="seconds"),
                    "browser": row.browser_hash and row.browser_hash[:SHOWN_DIGITS],
                    **{name: told for name, told in self._opened(row).items() if name != "subject"},
                }
                for row in await connection.execute(theirs)
            ]

    async def forget(self, subject: str) -> int:
        """Forget this person's browsers; how many they were. That there were logins stays, as their proof."""
        browsers = (_LOGINS.c.person == self._person(subject)) & _LOGINS.c.browser_hash.is_not(None)
        how_many = select(func.count(_LOGINS.c.browser_hash.distinct())).where(browsers)

        async def forget(connection: AsyncConnection) -> int:
            count = (await connection.execute(how_many)).scalar_one()
            await connection.execute(update(_LOGINS).where(browsers).values(browser_hash=None))
            return int(count)

        return await self._database.write(forget)

    async def purge(self) -> None:
        """Delete the logins, and forget the browsers, whose time is over."""
        now = self._now()
        is_over = _LOGINS.c.at <= now - self._seconds
        is_long_ago = (_LOGINS.c.at <= now - BROWSER_SECONDS) & _LOGINS.c.browser_hash.is_not(None)

        async def purge(connection: AsyncConnection) -> None:
            await connection.execute(delete(_LOGINS).where(is_over))
            await connection.execute(update(_LOGINS).where(is_long_ago).values(browser_hash=None))

        await self._database.write(purge)

    def _person(self, subject: str) -> str:
        return pseudonym(self._secret, "login", subject)

    def _browser(self, subject: str, browser_id: str) -> str:
        return pseudonym(self._secret, "browser", f"{subject} {browser_id}")

    def _seal(self, person: Person) -> dict[str, object]:
        login_id = new_secret_id()
        key = self._sealer.new_key(login_id)
        told = {"subject": person.subject, **(_proof(person.proof) if person.proof else {})}
        sealed = self._sealer.seal(json.dumps(told), key, login_id, login_id)
        return {"login_id": login_id, "wrapped_key": key, "sealed": sealed}

    def _opened(self, row: Row[Any]) -> dict[str, Any]:
        try:
            return dict(json.loads(self._sealer.open(row.sealed, row.wrapped_key, row.login_id, row.login_id)))
        except CannotOpen:  # the operator's secret is another than when it was sealed
            return {}


def _proof(proof: LoginProof) -> dict[str, object]:
    return {"acr": proof.acr, "amr": proof.amr, "jti": proof.jti, "identity_token": proof.token}
