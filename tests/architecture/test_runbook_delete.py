"""The script in docs/runbooks/delete-a-citizens-data.md deletes one person's data and nobody else's."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from actions.record.access_record import Access, AccessRecord
from actions.record.restrictions import Change, Restrictions
from actions.writing.confirmed_write import ConfirmedWrite, WriteState
from actions.writing.journal import WriteJournal
from actions.writing.notices import Notice, NoticeState, Outbox
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_own_screens import SqlOwnScreens
from assistant.adapters.sql_sessions import SqlSessions
from assistant.core.devices import Waiting
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.database import SqlDatabase
from assistant.settings import PROJECT

pytestmark = pytest.mark.architecture

RUNBOOK = PROJECT / "docs" / "runbooks" / "delete-a-citizens-data.md"
MARY, JAAK = "EE60001019906", "EE38001085718"


async def test_script_when_run_then_only_the_persons_data_is_gone(tmp_path: Path):
    dialogue_of_mary, dialogue_of_jaak = await two_logged_in(tmp_path)
    spoken_of_mary, spoken_of_jaak = await two_speakers(tmp_path)
    write_dialogues(tmp_path, [dialogue_of_mary, dialogue_of_jaak, spoken_of_mary, spoken_of_jaak, "anonymous"])
    assert run_script(tmp_path, MARY) == "1 sessions deleted"
    assert run_script(tmp_path, MARY) == "0 sessions deleted"
    with sqlite3.connect(tmp_path / "dialogues.db") as dialogues:
        left = dialogues.execute("SELECT dialogue_id FROM dialogues").fetchall()
    assert {row[0] for row in left} == {dialogue_of_jaak, spoken_of_jaak, "anonymous"}
    with sqlite3.connect(tmp_path / "kratt.db") as sessions:
        for table in ("sessions", "devices", "waiting", "device_guesses"):
            assert sessions.execute(f"SELECT subject FROM {table}").fetchall() == [(JAAK,)], table
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    assert MARY.encode() not in kept
    assert f"words of {dialogue_of_mary}".encode() not in kept


async def test_script_when_something_was_written_then_only_what_has_ended_is_gone_and_the_record_stays(tmp_path: Path):
    await two_logged_in(tmp_path)
    await two_speakers(tmp_path)
    write_dialogues(tmp_path, [])
    await read_and_write(tmp_path)
    run_script(tmp_path, MARY)
    with closing(sqlite3.connect(tmp_path / "record.db")) as record:
        left = {
            table: record.execute(f"SELECT subject, count(*) FROM {table} GROUP BY subject ORDER BY subject").fetchall()
            for table in ("accesses", "restrictions", "writes", "notices")
        }
    assert left == {
        "accesses": [(JAAK, 1), (MARY, 1)],
        "restrictions": [(JAAK, 1), (MARY, 1)],
        "writes": [(JAAK, 1), (MARY, 1)],  # hers is not known yet
        "notices": [(JAAK, 1)],
    }


async def read_and_write(state: Path) -> None:
    """For each person: an access, a restriction, a write that is done, of which the mailbox has a notice."""
    database = SqlDatabase(f"sqlite+aiosqlite:///{state / 'record.db'}", "KRATT_RECORD_DATABASE")
    own, register = ClientId.parse("EE/GOV/70009999/kratt"), ServiceId.parse("EE/GOV/70008440/rr/addresses")
    record, restrictions, outbox = AccessRecord(database), Restrictions(database, own), Outbox(database)
    journal = WriteJournal(database, lambda _: Notice({}, {}, ""))
    for table in (record, restrictions, outbox, journal):
        await table.open()
    path = build_path("/v1/changes", {})
    for person in (MARY, JAAK):
        await record.write([Access(person, person, "x", str(register), (), Assurance.HIGH, "dialogue", "page")])
        await restrictions.change(f"block {person}", Change(person, "all", blocked=True))
        write = ConfirmedWrite(f"done {person}", person, "x", "submit", register, path, path, {}, (), "en")
        await journal.begin(write)
        await journal.settle(write.result(WriteState.DONE))
        for notice in await outbox.claim_due(1, lambda _: 0):
            await outbox.change(notice.key, NoticeState.SENT)
    await journal.begin(ConfirmedWrite("sending", MARY, "x", "submit", register, path, path, {}, (), "en"))
    await database.close()


async def two_logged_in(state: Path) -> list[str]:
    sessions = SqlSessions(f"sqlite+aiosqlite:///{state / 'kratt.db'}", idle_seconds=600)
    await sessions.open()
    dialogues = []
    for person in (MARY, JAAK):
        started = await sessions.start()
        session = await sessions.log_in(started.conversation_id, person, "", Assurance.HIGH)
        dialogues.append(session.dialogue_id)
    await sessions.close()
    return dialogues


async def two_speakers(state: Path) -> list[str]:
    """One of each, with a request that waits for their screen; the dialogues of the speakers."""
    database = SqlDatabase(f"sqlite+aiosqlite:///{state / 'kratt.db'}", "KRATT_DATABASE")
    devices, screens = SqlDevices(database, 120), SqlOwnScreens(database)
    await devices.open()
    await screens.open()
    dialogues = []
    for person in (MARY, JAAK):
        _, _, code = await devices.register()
        linked = await devices.link(code, "Kitchen", Session("", "", person, "", Assurance.HIGH))
        dialogues.append(linked.dialogue_id)
        await screens.put(person, (Waiting(f"words of {linked.dialogue_id}", Language.EN),))
    await database.close()
    return dialogues


def write_dialogues(state: Path, ids: list[str]) -> None:
    """The table of assistant/engine/dialogue_store.py, which only the engine's environment can import."""
    dialogues = sqlite3.connect(state / "dialogues.db")
    with dialogues:
        dialogues.execute(
            "CREATE TABLE dialogues (dialogue_id TEXT PRIMARY KEY, events TEXT, last_turn_epoch_seconds FLOAT)"
        )
        for dialogue in ids:
            events = f'[{{"event": "user", "text": "words of {dialogue}"}}]'
            dialogues.execute("INSERT INTO dialogues VALUES (?, ?, 0)", (dialogue, events))
    dialogues.close()


def run_script(state: Path, person: str) -> str:
    found = re.search(r"<<'EOF'\n(.*?)^EOF$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    environment = {**os.environ, "KRATT_STATE": str(state)}  # noqa: TID251  # the script is a process of its own
    command = [sys.executable, "-", person]
    done = subprocess.run(
        command, input=found[1], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
