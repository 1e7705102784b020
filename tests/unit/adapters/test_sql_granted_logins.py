import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.adapters.sql_granted_logins import SqlGrantedLogins
from assistant.core.errors import NotAllowed
from assistant.core.granted_logins import GRANT_SECONDS, GrantedLogin
from assistant.core.identity import Assurance
from assistant.core.ports import Person
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

ORIGIN = "https://www.example.ee"
MARY = Person("EE60001019906", "MARY", Assurance.HIGH)


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
async def logins(tmp_path: Path, now: list[float]) -> AsyncIterator[SqlGrantedLogins]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'logins.db'}", "KRATT_DATABASE")
    logins = SqlGrantedLogins(database, "secret", lambda: now[0])
    await logins.open()
    yield logins
    await database.close()


async def test_token_when_taken_by_many_at_once_then_one_gets_the_person(logins: SqlGrantedLogins) -> None:
    token = await logins.grant(GrantedLogin(MARY, ORIGIN))
    taken = await asyncio.gather(*(logins.take(token, ORIGIN) for _ in range(5)), return_exceptions=True)
    assert [each for each in taken if each == MARY] == [MARY]
    assert sum(isinstance(each, NotAllowed) for each in taken) == 4


@pytest.mark.parametrize("origin", ["", "https://evil.test", "https://www.example.ee:8443", ORIGIN.upper()])
async def test_token_when_another_origin_brings_it_then_it_is_dead(logins: SqlGrantedLogins, origin: str) -> None:
    token = await logins.grant(GrantedLogin(MARY, ORIGIN))
    for each in (origin, ORIGIN):
        with pytest.raises(NotAllowed):
            await logins.take(token, each)


async def test_token_when_nobody_took_it_in_time_then_it_is_dead_and_deleted(
    logins: SqlGrantedLogins, now: list[float], tmp_path: Path
) -> None:
    tokens = [await logins.grant(GrantedLogin(MARY, ORIGIN)) for _ in range(2)]
    now[0] += GRANT_SECONDS
    with pytest.raises(NotAllowed):
        await logins.take(tokens[0], ORIGIN)
    await logins.purge()
    with closing(sqlite3.connect(tmp_path / "logins.db")) as file:
        assert file.execute("SELECT count(*) FROM granted_logins").fetchone() == (0,)


async def test_token_when_it_waits_then_the_file_tells_nobodys_code_or_name(
    logins: SqlGrantedLogins, tmp_path: Path
) -> None:
    await logins.grant(GrantedLogin(Person("EE60001019906", "MARGARETA", Assurance.HIGH), ORIGIN))
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"60001019906" not in kept
    assert b"MARGARETA" not in kept
