"""Linked accounts, and consents to link one, in the gateway's SQL database."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.sealed_people import SealedPeople, person_columns
from assistant.core.account_links import (
    ACCESS_SECONDS,
    CODE_SECONDS,
    REFRESH_SECONDS,
    ROTATED_SECONDS,
    Consent,
    Tokens,
)
from assistant.core.errors import WrongCode
from assistant.core.identity import Assurance
from assistant.core.ports import Person
from assistant.core.secret_ids import hashed, new_secret_id
from assistant.database import SqlDatabase, SqlTables
from assistant.sealing import CannotOpen, Sealer

_METADATA = MetaData()
_CONSENTS = Table(
    "link_consents",
    _METADATA,
    Column("code_hash", String(64), primary_key=True),
    *person_columns(),
    Column("assurance", Integer, nullable=False),
    Column("redirect_uri", String(500), nullable=False),
    Column("code_challenge", String(64), nullable=False),
    Column("until", Double, nullable=False),
)
_LINKS = Table(
    "account_links",
    _METADATA,
    Column("code_hash", String(64), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed_device", LargeBinary, nullable=False),
    Column("access_hash", String(64), nullable=False, unique=True),
    Column("refresh_hash", String(64), nullable=False, unique=True),
    Column("earlier_hash", String(64), index=True),
    Column("changed_at", Double, nullable=False),
)

Record = Row[Any]


class SqlAccountLinks(SqlTables):
    """Keeps them; `secret` is the operator's data key, `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(self, database: SqlDatabase, secret: str, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._people = SealedPeople(secret)
        self._sealer = Sealer(secret)
        self._now = now

    async def note(self, consent: Consent) -> str:
        """The code of a consent."""
        code, person = new_secret_id(), consent.person
        row = {
            "code_hash": hashed(code),
            **self._people.columns(person.subject, person.given_name),
            "assurance": person.assurance.value,
            "redirect_uri": consent.redirect_uri,
            "code_challenge": consent.code_challenge,
            "until": self._now() + CODE_SECONDS,
        }
        await self._database.write(lambda connection: connection.execute(insert(_CONSENTS).values(**row)))
        return code

    async def take(self, code: str) -> Consent:
        """The consent of a code, which is dead afterwards; whoever brings it once more ends what came of it.

        Raises:
            WrongCode: there is none, or not any more.
        """
        taken = delete(_CONSENTS).where(_CONSENTS.c.code_hash == hashed(code)).returning(_CONSENTS)

        async def take(connection: AsyncConnection) -> Record | None:
            row: Record | None = (await connection.execute(taken)).one_or_none()
            if row is None:  # RFC 6749, section 4.1.2
                await connection.execute(delete(_LINKS).where(_LINKS.c.code_hash == hashed(code)))
            return row

        row = await self._database.write(take)
        subject, given_name = self._people.of(row) if row else (None, "")
        if row is None or subject is None or row.until <= self._now():
            raise WrongCode
        return Consent(Person(subject, given_name, Assurance(row.assurance)), row.redirect_uri, row.code_challenge)

    async def add(self, code: str, device_token: str) -> Tokens:
        """Link an account by its code."""
        tokens, place = _new_tokens(), hashed(code)
        key = self._sealer.new_key(place)
        row = {
            "code_hash": place,
            "wrapped_key": key,
            "sealed_device": self._sealer.seal(device_token, key, place, place),
            **_hashes(tokens),
            "changed_at": self._now(),
        }
        await self._database.write(lambda connection: connection.execute(insert(_LINKS).values(**row)))
        return tokens

    async def refresh(self, refresh_token: str) -> Tokens:
        """Other tokens in place of these; one that was changed long ago was stolen, and ends the link.

        Raises:
            WrongCode: no account has it.
        """
        tokens, given, now = _new_tokens(), hashed(refresh_token), self._now()
        is_meant = or_(_LINKS.c.refresh_hash == given, _LINKS.c.earlier_hash == given)

        async def refresh(connection: AsyncConnection) -> bool:
            row: Record | None = (
                await connection.execute(select(_LINKS).where(is_meant).with_for_update())
            ).one_or_none()
            if row is None:
                return False
            is_it = _LINKS.c.code_hash == row.code_hash
            lives = REFRESH_SECONDS if row.refresh_hash == given else ROTATED_SECONDS
            if row.changed_at <= now - lives:
                await connection.execute(delete(_LINKS).where(is_it))
                return False
            changed = {**_hashes(tokens), "earlier_hash": given, "changed_at": now}
            await connection.execute(update(_LINKS).where(is_it).values(**changed))
            return True

        if not await self._database.write(refresh):
            raise WrongCode
        return tokens

    async def device_of(self, access_token: str) -> str | None:
        """The device token of the account that speaks; None if none has this token, or not any more."""
        is_it = _LINKS.c.access_hash == hashed(access_token)
        async with self._database.transaction() as connection:
            row: Record | None = (await connection.execute(select(_LINKS).where(is_it))).one_or_none()
        if row is None or row.changed_at <= self._now() - ACCESS_SECONDS:
            return None
        try:
            return self._sealer.open(row.sealed_device, row.wrapped_key, row.code_hash, row.code_hash)
        except CannotOpen:  # the operator's secret is another than when it was sealed
            return None

    async def end(self, access_token: str) -> None:
        """The account is linked no more."""
        ended = delete(_LINKS).where(_LINKS.c.access_hash == hashed(access_token))
        await self._database.write(lambda connection: connection.execute(ended))

    async def purge(self) -> None:
        """Delete what nobody can use any more."""
        now = self._now()

        async def purge(connection: AsyncConnection) -> None:
            await connection.execute(delete(_CONSENTS).where(_CONSENTS.c.until <= now))
            await connection.execute(delete(_LINKS).where(_LINKS.c.changed_at <= now - REFRESH_SECONDS))

        await self._database.write(purge)


def _new_tokens() -> Tokens:
    return Tokens(new_secret_id(), new_secret_id())


def _hashes(tokens: Tokens) -> dict[str, str]:
    return {"access_hash": hashed(tokens.access_token), "refresh_hash": hashed(tokens.refresh_token)}
