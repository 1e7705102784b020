"""Linked apps on real tables: sealed, each link once, and gone with their citizen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.sql_linked_apps import LINK_SECONDS, SqlLinkedApps
from assistant.core.errors import WrongCode
from assistant.core.ports import BegunLink
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

MARY, JAAK = "EE60001019906", "EE38001085718"
DOCUMENT = "PNOEE-60001019906-MOCK-Q"
BEGUN = BegunLink(MARY, '{"session": "s-1"}')


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    yield database
    await database.close()


@pytest.fixture
async def apps(database: SqlDatabase, clock: Clock) -> SqlLinkedApps:
    store = SqlLinkedApps(database, "a secret", clock)
    await store.open()
    return store


async def test_app_when_linked_then_is_its_citizens_until_another_is(apps: SqlLinkedApps) -> None:
    await apps.link(MARY, "PNOEE-60001019906-OLD0-Q")
    await apps.link(MARY, DOCUMENT)
    assert (await apps.document_of(MARY), await apps.document_of(JAAK)) == (DOCUMENT, None)
    assert await apps.kept_of(MARY) == [{"document": DOCUMENT}]


async def test_app_when_its_citizen_is_forgotten_then_is_gone(apps: SqlLinkedApps) -> None:
    await apps.link(MARY, DOCUMENT)
    assert (await apps.forget(JAAK), await apps.forget(MARY), await apps.forget(MARY)) == (0, 1, 0)
    assert (await apps.document_of(MARY), await apps.kept_of(MARY)) == (None, [])


async def test_tables_when_read_on_disk_then_name_nobody(apps: SqlLinkedApps, tmp_path: Path) -> None:
    await apps.link(MARY, DOCUMENT)
    await apps.note_link("state", BEGUN)
    on_disk = b"".join(each.read_bytes() for each in tmp_path.glob("kratt.db*"))
    for secret in (MARY[2:], "MOCK-Q", "s-1", "state"):
        assert secret.encode() not in on_disk.replace(b"state_hash", b"")


async def test_app_when_the_operators_secret_is_another_then_is_as_if_never_linked(
    apps: SqlLinkedApps, database: SqlDatabase
) -> None:
    await apps.link(MARY, DOCUMENT)
    assert await SqlLinkedApps(database, "another secret").document_of(MARY) is None


async def test_link_when_its_citizen_is_back_then_is_found_once(apps: SqlLinkedApps) -> None:
    await apps.note_link("state", BEGUN)
    assert await apps.take_link("state") == BEGUN
    for state in ("state", "guessed", ""):
        with pytest.raises(WrongCode):
            await apps.take_link(state)


async def test_link_when_it_is_over_then_is_dead(apps: SqlLinkedApps, clock: Clock) -> None:
    await apps.note_link("state", BEGUN)
    clock.now += LINK_SECONDS
    await apps.purge()
    with pytest.raises(WrongCode):
        await apps.take_link("state")
