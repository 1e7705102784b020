"""The access record on a real file: whole when nobody touched it, and telling where it was touched."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.record.access_record import Access, AccessRecord
from actions.record.chain import GENESIS, Head, link
from actions.record.verification import Verification, verify
from assistant.core.errors import OperationFailed, ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.database import SqlDatabase

pytestmark = pytest.mark.integration

MARY, JAAK = "EE60001019906", "EE38001085718"
DIALOGUE = "the id that opens the dialogue"
START = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "record.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[SqlDatabase]:
    opened = open_database(file)
    yield opened
    await opened.close()


@pytest.fixture
async def record(database: SqlDatabase) -> AccessRecord:
    opened = AccessRecord(database, Clock())
    await opened.open()
    return opened


def open_database(file: Path) -> SqlDatabase:
    return SqlDatabase(f"sqlite+aiosqlite:///{file}", "KRATT_RECORD_DATABASE", synchronous="FULL")


def access(subject: str = MARY, purpose: str = "document_expiry", confirmation_id: str | None = None) -> Access:
    return Access(
        subject,
        subject,
        purpose,
        "EE/GOV/70008747/itds/documents",
        ("number", "validUntil"),
        Assurance.HIGH,
        DIALOGUE,
        "page",
        confirmation_id,
    )


async def write_five(record: AccessRecord) -> None:
    await record.write([access(), access(JAAK)])
    for purpose in ("fines", "pension", "vehicle"):
        await record.write([access(purpose=purpose, confirmation_id="c" * 64)])


def tamper(file: Path, *statements: str) -> None:
    """As somebody who has the file would: the triggers are no obstacle."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for name in ("accesses_no_update", "accesses_no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


async def test_open_when_nothing_is_there_then_makes_a_file_that_a_power_cut_does_not_harm(
    record: AccessRecord, database: SqlDatabase, file: Path
):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with database.transaction() as connection:
        pragmas = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous")
        ]
    assert pragmas == ["wal", 2]
    assert await verify(database) == Verification(0, GENESIS)


async def test_write_when_done_then_record_is_whole_and_says_who_what_why(record: AccessRecord, database: SqlDatabase):
    ids = await record.write([access(), access(JAAK)])
    assert len(set(ids)) == 2
    found = await record.of(MARY, offset=0, limit=10)
    (usage,) = found.page
    assert (found.total, usage.id, usage.at) == (1, ids[0], "2026-11-23T10:00:01.000Z")
    assert (usage.purpose, usage.service) == ("document_expiry", "EE/GOV/70008747/itds/documents")
    assert usage.fields == ("number", "validUntil")
    assert (await verify(database)).count == 2


async def test_write_when_nothing_is_read_then_nothing_is_written(record: AccessRecord, database: SqlDatabase):
    assert await record.write([]) == ()
    assert (await verify(database)).count == 0


async def test_write_when_one_row_cannot_be_kept_then_none_is(record: AccessRecord, database: SqlDatabase):
    broken = access(purpose=None)  # type: ignore[arg-type]
    with pytest.raises(ServiceUnavailable):
        await record.write([access(), broken])
    assert await verify(database) == Verification(0, GENESIS)
    await record.write([access()])
    assert (await verify(database)).fault is None


async def test_file_when_read_then_does_not_open_the_dialogue(record: AccessRecord, file: Path):
    await record.write([access()])
    stored = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert MARY.encode() in stored
    assert DIALOGUE.encode() not in stored


async def test_of_when_asked_then_pages_newest_first_within_the_period(record: AccessRecord):
    await write_five(record)
    everything = await record.of(MARY, offset=0, limit=10)
    assert [usage.purpose for usage in everything.page] == ["vehicle", "pension", "fines", "document_expiry"]
    second_page = await record.of(MARY, offset=2, limit=1)
    assert (second_page.total, [usage.purpose for usage in second_page.page]) == (4, ["fines"])
    seconds = [START + timedelta(seconds=second) for second in (2, 3)]
    assert [usage.purpose for usage in (await record.of(MARY, *seconds, offset=0, limit=10)).page] == [
        "pension",
        "fines",
    ]


async def test_start_when_rows_are_there_then_is_the_time_of_the_first(record: AccessRecord):
    assert await record.start() is None
    await write_five(record)
    assert await record.start() == "2026-11-23T10:00:01.000Z"


async def test_write_when_two_processes_write_at_once_then_chain_does_not_fork(
    record: AccessRecord, database: SqlDatabase, file: Path
):
    other_database = open_database(file)
    other = AccessRecord(other_database)
    await other.open()
    await asyncio.gather(*(each.write([access(), access(JAAK)]) for _ in range(25) for each in (record, other)))
    await other_database.close()
    verification = await verify(database)
    assert (verification.count, verification.fault) == (100, None)


async def test_rows_when_changed_by_our_own_code_then_the_database_refuses(record: AccessRecord, database: SqlDatabase):
    await write_five(record)
    for act in ("UPDATE accesses SET subject = ''", "DELETE FROM accesses"):
        with pytest.raises(ServiceUnavailable):
            async with database.transaction() as connection:
                await connection.exec_driver_sql(act)
    assert (await verify(database)).count == 5


SWAP = tuple(f"UPDATE accesses SET seq = {new} WHERE seq = {old}" for old, new in ((2, 20), (4, 2), (20, 4)))
INSERT = (
    "INSERT INTO accesses SELECT {seq}, 'new', at, subject, user, purpose, service, fields, assurance, dialogue_hash, "
    "channel, confirmation_id, {prev_hash}, hash FROM accesses WHERE seq = 5"
)


@pytest.mark.parametrize(
    ("statements", "count", "fault"),
    [
        pytest.param(["UPDATE accesses SET subject = 'x' WHERE seq = 3"], 2, "row 3 is changed", id="changed"),
        pytest.param(["UPDATE accesses SET hash = 'x' WHERE seq = 3"], 2, "row 3 is changed", id="hash changed"),
        pytest.param(["UPDATE accesses SET at = '' WHERE seq = 1"], 0, "row 1 is changed", id="first changed"),
        pytest.param(["DELETE FROM accesses WHERE seq = 3"], 2, "row 3 is missing", id="deleted"),
        pytest.param(["DELETE FROM accesses WHERE seq = 1"], 0, "row 1 is missing", id="first deleted"),
        pytest.param(SWAP, 1, "row 2 is changed", id="swapped"),
        pytest.param([INSERT.format(seq=0, prev_hash="''")], 0, "row 0 is inserted", id="inserted before"),
        pytest.param([INSERT.format(seq=6, prev_hash="hash")], 5, "row 6 is changed", id="inserted after"),
        pytest.param(
            ["DELETE FROM accesses WHERE seq > 3"],
            3,
            "row 4 is missing, and all after it: the end was cut off",
            id="cut",
        ),
        pytest.param(
            ["DELETE FROM accesses"], 0, "row 1 is missing, and all after it: the end was cut off", id="emptied"
        ),
        pytest.param(
            ["DELETE FROM accesses_head"], 5, "row 6 is missing, and all after it: the end was cut off", id="no head"
        ),
    ],
)
async def test_verify_when_somebody_touched_it_then_names_the_first_place(
    record: AccessRecord, database: SqlDatabase, file: Path, statements: list[str], count: int, fault: str
):
    await write_five(record)
    tamper(file, *statements)
    verification = await verify(database)
    assert (verification.count, str(verification.fault)) == (count, fault)


async def test_verify_when_a_well_made_row_is_added_behind_the_head_then_it_is_found(
    record: AccessRecord, database: SqlDatabase
):
    await write_five(record)
    await forge_one_more(database)
    assert str((await verify(database)).fault) == "row 6 is inserted"


async def test_verify_when_the_end_is_cut_everywhere_then_only_the_noted_head_tells(
    record: AccessRecord, database: SqlDatabase, file: Path
):
    await write_five(record)
    noted = (await verify(database)).head
    move_head = "UPDATE accesses_head SET (seq, hash) = (SELECT seq, hash FROM accesses WHERE seq = 3)"
    tamper(file, "DELETE FROM accesses WHERE seq > 3", move_head)
    assert (await verify(database)).fault is None
    told = str((await verify(database, noted)).fault)
    assert told.startswith("row 4 is missing: no row has the noted head")


async def test_verify_when_written_on_since_a_head_was_noted_then_is_whole(record: AccessRecord, database: SqlDatabase):
    assert (await verify(database, GENESIS)).fault is None
    await write_five(record)
    noted = (await verify(database)).head
    await record.write([access()])
    verification = await verify(database, noted)
    assert (verification.count, verification.fault) == (6, None)
    assert verification.head != noted


async def test_verify_when_there_is_no_file_then_says_so_and_makes_none(database: SqlDatabase, file: Path):
    with pytest.raises(OperationFailed, match="does not exist"):
        await verify(database)
    assert not file.exists()


@pytest.mark.parametrize("table", ["accesses", "accesses_head"])
async def test_every_call_when_the_database_is_broken_then_says_so_and_nothing_of_the_citizen(
    record: AccessRecord, file: Path, table: str
):
    await write_five(record)
    tamper(file, f"DROP TABLE {table}")
    with pytest.raises(ServiceUnavailable) as caught:
        await record.write([access()])
    assert MARY not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_write_when_the_head_is_gone_then_nothing_is_written(
    record: AccessRecord, database: SqlDatabase, file: Path
):
    tamper(file, "DELETE FROM accesses_head")
    with pytest.raises(ServiceUnavailable, match="has no head"):
        await record.write([access()])


async def forge_one_more(database: SqlDatabase) -> None:
    verification = await verify(database)
    async with database.transaction() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM accesses WHERE seq = 5")).mappings().all()
        (forged,) = link(Head(verification.count, verification.head), [{**rows[0], "id": "forged"}])
        columns = ", ".join(f'"{name}"' for name in forged)
        marks = ", ".join("?" for _ in forged)
        await connection.exec_driver_sql(f"INSERT INTO accesses ({columns}) VALUES ({marks})", tuple(forged.values()))
