"""No personal code and no name stands in the gateway's database as it is, and what an earlier Kratt left is sealed."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.adapters.sealed_people import SealedPeople
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_own_screens import SqlOwnScreens
from assistant.adapters.sql_sessions import SqlSessions
from assistant.core.devices import Change, Waiting
from assistant.core.errors import UnknownDevice, WrongCode
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.secret_ids import hashed
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

SECRET = "the operator's secret"
MARY = Session("c-1", "d-1", "EE60001019906", "MARY CANARY", Assurance.HIGH)
EARLIER = """
CREATE TABLE devices (device_id, token_hash, dialogue_id, name, subject, given_name, assurance, may_speak, unlocked_at,
                      last_turn, linked_at, code, code_until);
CREATE TABLE sessions (subject);
CREATE TABLE device_guesses (subject);
CREATE TABLE sealed_waiting (subject);
CREATE TABLE waiting_keys (subject);
INSERT INTO sessions VALUES ('EE60001019906');
INSERT INTO device_guesses VALUES ('EE60001019906');
INSERT INTO sealed_waiting VALUES ('EE60001019906');
INSERT INTO waiting_keys VALUES ('EE60001019906');
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kratt.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{file}", "KRATT_DATABASE")
    yield database
    await database.close()


def on_disk(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


async def test_database_when_read_on_disk_then_names_nobody(file: Path, database: SqlDatabase) -> None:
    sessions = SqlSessions(f"sqlite+aiosqlite:///{file}", 1800, SECRET)
    devices, screens = SqlDevices(database, 120, SECRET), SqlOwnScreens(database, SECRET)
    for store in (sessions, devices, screens):
        await store.open()
    started = await sessions.start()
    await sessions.log_in(started.conversation_id, MARY.subject or "", MARY.given_name, Assurance.HIGH)
    device, _, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    await devices.change(device.device_id, Change(is_locked=False), MARY)
    with pytest.raises(WrongCode):
        await devices.link("-", "mine", MARY)
    await screens.put(MARY.subject or "", (Waiting("my fines", Language.EN),))
    found = on_disk(file)
    for secret in ("60001019906", "CANARY", "my fines"):
        assert secret.encode() not in found
    await sessions.close()


async def test_earlier_database_when_opened_then_speakers_stay_and_nobody_is_named_any_more(
    file: Path, database: SqlDatabase
) -> None:
    row = ("device-1", hashed("token"), "dialogue-1", "Kitchen", MARY.subject, MARY.given_name, 3, 1, None, 1.0, 1.0)
    with closing(sqlite3.connect(file)) as earlier:
        earlier.executescript(EARLIER)
        earlier.execute(f"INSERT INTO devices VALUES ({', '.join('?' * 13)})", (*row, None, None))
        earlier.commit()
    sessions, devices = SqlSessions(f"sqlite+aiosqlite:///{file}", 1800, SECRET), SqlDevices(database, 120, SECRET)
    for store in (sessions, devices, SqlOwnScreens(database, SECRET), devices):
        await store.open()
    (device,) = await devices.of(MARY.subject or "")
    told = (device.device_id, device.name, device.given_name, device.may_speak, device.is_locked)
    assert told == ("device-1", "Kitchen", MARY.given_name, True, True)
    assert await devices.find("token") == device
    await sessions.close()
    await database.close()
    with closing(sqlite3.connect(file)) as later:
        later.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tables = {name for (name,) in later.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not tables & {"devices", "sessions", "device_guesses", "sealed_waiting", "waiting_keys"}
    assert b"60001019906" not in on_disk(file)


async def test_speaker_when_the_operators_secret_is_another_then_is_nobodys_and_can_be_linked_anew(
    database: SqlDatabase,
) -> None:
    devices = SqlDevices(database, 120, SECRET)
    await devices.open()
    device, token, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    other = SqlDevices(database, 120, "another secret")
    assert (await other.find(token)).session.subject is None
    with pytest.raises(UnknownDevice):
        await other.unlink(device.device_id, MARY.subject or "")
    linked = await other.link(await other.new_code(token), "Hall", MARY)
    assert (linked.subject, linked.name) == (MARY.subject, "Hall")


def test_pseudonym_when_made_with_another_secret_then_is_another() -> None:
    one, other = SealedPeople("a").pseudonym("EE60001019906"), SealedPeople("b").pseudonym("EE60001019906")
    assert len(one) == len(other) == 64
    assert one != other
