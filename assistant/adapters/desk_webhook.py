"""Tells an outside desk which cases have changed, by signed requests (Standard Webhooks 1.0.0).

What is told is where a case stands, never what was said in it: an outside desk reads that as an agent does, with its
token (docs/guides/desk.md). So nothing has to be kept for sending. What differs from what was told last is told, until
it is taken; if it changes meanwhile, its latest state is told once.
"""

import asyncio
import base64
import binascii
import contextlib
import hashlib
import hmac
import itertools
import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import Column, Double, Integer, MetaData, Row, String, Table, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.adapters.sql_desk import CASES
from assistant.core.errors import ServiceUnavailable
from assistant.database import SqlDatabase, SqlTables

LOOK_SECONDS = 1.0
PURGE_ROUNDS = 60
ANSWER_SECONDS = 5.0
LEASE_SECONDS = 15.0
"""So long a gateway that tells has a case for itself; longer than an answer may take."""
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2.0, 300.0
MOST_AT_ONCE = 20
SECRET_PREFIX = "whsec_"  # noqa: S105  # how such secrets are written

_METADATA = MetaData()
_TOLD = Table(
    "desk_told",
    _METADATA,
    Column("case_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("last_words", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("again", Double, nullable=False),
)

_log = logging.getLogger("kratt.desk_webhook")


def webhook_key(secret: str) -> bytes:
    """The key of a secret: `whsec_` and base64.

    Raises:
        ValueError: it is not written so, or is shorter than 24 bytes.
    """
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(SECRET_PREFIX) or len(key) < 24:
        raise ValueError("is whsec_ and at least 24 random bytes in base64")
    return key


class DeskWebhook(SqlTables):
    """Sends to `url`, signed with `key`; `now` gives epoch seconds."""

    metadata = _METADATA

    def __init__(
        self,
        database: SqlDatabase,
        url: str,
        key: bytes,
        now: Callable[[], float] = time.time,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._database = database
        self._url = url
        self._key = key
        self._now = now
        self._client = httpx.AsyncClient(
            timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False, transport=transport
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def run(self) -> None:
        """Tell for ever."""
        for round_ in itertools.count():
            try:
                if round_ % PURGE_ROUNDS == 0:
                    await self.purge()
                await self.tell()
            except ServiceUnavailable as error:
                _log.error("the outside desk was not told", extra={"facts": {"detail": error.detail}})
            await asyncio.sleep(LOOK_SECONDS)

    async def tell(self) -> None:
        """Tell what has changed, and may be told now."""
        differs = or_(
            _TOLD.c.case_id.is_(None), _TOLD.c.state != CASES.c.state, _TOLD.c.last_words != CASES.c.last_words
        )
        is_due = or_(_TOLD.c.again.is_(None), _TOLD.c.again <= self._now())
        both = CASES.outerjoin(_TOLD, CASES.c.case_id == _TOLD.c.case_id)
        query = select(CASES, _TOLD.c.tries).select_from(both).where(differs, is_due)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(query.order_by(CASES.c.since).limit(MOST_AT_ONCE))).all()
        await asyncio.gather(*[self._tell_case(row) for row in rows])

    async def purge(self) -> None:
        """Forget what was told of cases that are gone."""
        gone = delete(_TOLD).where(_TOLD.c.case_id.not_in(select(CASES.c.case_id)))
        await self._database.write(lambda connection: connection.execute(gone))

    async def _tell_case(self, case: Row[Any]) -> None:
        if not await self._lease(case.case_id):
            return  # another gateway tells it
        tries = (case.tries or 0) + 1
        if await self._is_taken(case):
            await self._note(case.case_id, state=case.state, last_words=case.last_words, tries=0, again=0.0)
        else:
            wait = min(FIRST_WAIT_SECONDS * 2 ** (tries - 1), LONGEST_WAIT_SECONDS)
            await self._note(case.case_id, tries=tries, again=self._now() + wait)

    async def _lease(self, case_id: str) -> bool:
        now = self._now()
        taking = update(_TOLD).where(_TOLD.c.case_id == case_id, _TOLD.c.again <= now)
        first = {"case_id": case_id, "state": "", "last_words": -1, "tries": 0}

        async def lease(connection: AsyncConnection) -> bool:
            if (await connection.execute(taking.values(again=now + LEASE_SECONDS))).rowcount:
                return True
            if await connection.scalar(select(_TOLD.c.case_id).where(_TOLD.c.case_id == case_id)):
                return False
            with contextlib.suppress(IntegrityError):
                async with connection.begin_nested():
                    await connection.execute(insert(_TOLD).values(**first, again=now + LEASE_SECONDS))
                return True
            return False

        return await self._database.write(lease)

    async def _note(self, case_id: str, **changes: object) -> None:
        noted = update(_TOLD).where(_TOLD.c.case_id == case_id).values(**changes)
        await self._database.write(lambda connection: connection.execute(noted))

    async def _is_taken(self, case: Row[Any]) -> bool:
        now = self._now()
        facts = ("case_id", "language", "reason", "service", "state", "last_words")
        message = {
            "type": "desk.case",
            "timestamp": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
            "data": {name: getattr(case, name) for name in facts},
        }
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = self._signed(f"{case.case_id}_{case.state}_{case.last_words}", int(now), body)
        try:
            response = await self._client.post(self._url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            _log.warning("the outside desk does not answer", extra={"facts": {"error": type(error).__name__}})
            return False
        if not response.is_success:
            _log.warning("the outside desk refuses", extra={"facts": {"status": response.status_code}})
        return response.is_success

    def _signed(self, name: str, at: int, body: bytes) -> dict[str, str]:
        """The headers; a message that is sent again has the same name."""
        digest = hmac.new(self._key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "Webhook-Id": name,
            "Webhook-Timestamp": str(at),
            "Webhook-Signature": f"v1,{base64.b64encode(digest).decode()}",
        }
