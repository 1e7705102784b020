import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.adapters.sql_logins import YEAR_SECONDS, SqlLogins
from assistant.core.identity import Assurance
from assistant.core.logins import BROWSER_SECONDS
from assistant.core.ports import LoginProof, Person
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

MARY, JAAK = (
    Person(subject, name, Assurance.HIGH) for subject, name in (("EE60001019906", "MARY"), ("EE38001085718", "JAAK"))
)
YEARS = 2.0


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
async def logins(tmp_path: Path, now: list[float]) -> AsyncIterator[SqlLogins]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    logins = SqlLogins(database, "secret", YEARS, lambda: now[0])
    await logins.open()
    yield logins
    await database.close()


async def test_login_when_it_is_the_first_or_the_browser_is_known_then_nobody_is_told(logins: SqlLogins) -> None:
    first = await logins.note(MARY, ())
    again = await logins.note(MARY, ["another-id-of-browsers", first.browser_id])
    assert (first.is_unfamiliar, again.is_unfamiliar, again.browser_id) == (False, False, first.browser_id)
    assert not await logins.untold(10)


async def test_login_when_the_browser_is_another_then_its_citizen_is_to_be_told_once(
    logins: SqlLogins, now: list[float]
) -> None:
    await logins.note(MARY, ())
    now[0] += 60
    other = await logins.note(MARY, ())
    assert other.is_unfamiliar
    (untold,) = await logins.untold(10)
    assert (untold.subject, untold.at) == (MARY.subject, now[0])
    await logins.mark_told(untold.login_id)
    assert not await logins.untold(10)
    assert not (await logins.note(MARY, [other.browser_id])).is_unfamiliar


async def test_browser_when_two_citizens_use_it_then_each_makes_it_known_for_themselves(logins: SqlLogins) -> None:
    mary = await logins.note(MARY, ())
    jaak = await logins.note(JAAK, [mary.browser_id])
    assert not jaak.is_unfamiliar  # Jaak's first login ever
    for person in (MARY, JAAK):
        assert not (await logins.note(person, [mary.browser_id, jaak.browser_id])).is_unfamiliar


async def test_browser_when_it_was_not_used_for_long_then_is_forgotten(logins: SqlLogins, now: list[float]) -> None:
    browser_id = (await logins.note(MARY, ())).browser_id
    now[0] += BROWSER_SECONDS
    await logins.purge()
    assert [each["browser"] for each in await logins.kept_of(MARY.subject)] == [None]
    assert (await logins.note(MARY, [browser_id])).is_unfamiliar


async def test_logins_when_their_years_are_over_then_they_are_deleted(logins: SqlLogins, now: list[float]) -> None:
    await logins.note(MARY, ())
    now[0] += YEARS * YEAR_SECONDS - 1
    await logins.purge()
    assert len(await logins.kept_of(MARY.subject)) == 1
    now[0] += 1
    await logins.purge()
    assert not await logins.kept_of(MARY.subject)


async def test_citizen_when_forgotten_then_no_browser_of_theirs_is_left_and_others_keep_theirs(
    logins: SqlLogins, tmp_path: Path
) -> None:
    browser_ids = [(await logins.note(person, ())).browser_id for person in (MARY, MARY, JAAK)]
    assert [await logins.forget(MARY.subject) for _ in range(2)] == [2, 0]
    with closing(sqlite3.connect(tmp_path / "kratt.db")) as file:
        assert file.execute("SELECT count(browser_hash) FROM logins").fetchone() == (1,)
    assert [each["browser"] for each in await logins.kept_of(MARY.subject)] == [None, None]
    assert not (await logins.note(JAAK, browser_ids)).is_unfamiliar


async def test_logins_when_kept_then_neither_the_person_nor_the_browser_can_be_read(
    logins: SqlLogins, tmp_path: Path
) -> None:
    browser_id = (await logins.note(MARY, ())).browser_id
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("kratt.db*"))
    assert MARY.subject.encode() not in kept
    assert browser_id.encode() not in kept


async def test_login_when_the_operators_secret_is_another_now_then_is_nobodys(
    logins: SqlLogins, tmp_path: Path
) -> None:
    for _ in range(2):
        await logins.note(MARY, ())
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    (untold,) = await SqlLogins(database, "another secret", YEARS).untold(10)
    await database.close()
    assert untold.subject is None


async def test_proof_when_kept_then_the_citizen_sees_it_and_whoever_has_the_file_does_not(
    logins: SqlLogins, tmp_path: Path
) -> None:
    proof = LoginProof("high", ("mID",), "jti-of-tara", "header.payload.signature")
    await logins.note(replace(MARY, proof=proof), ())
    (kept,) = await logins.kept_of(MARY.subject)
    assert {name: kept[name] for name in ("acr", "amr", "jti", "identity_token")} == {
        "acr": "high",
        "amr": ["mID"],
        "jti": "jti-of-tara",
        "identity_token": "header.payload.signature",
    }
    file = b"".join(path.read_bytes() for path in tmp_path.glob("kratt.db*"))
    assert not any(secret in file for secret in (b"jti-of-tara", b"header.payload"))
    assert "payload" not in repr(replace(MARY, proof=proof))
