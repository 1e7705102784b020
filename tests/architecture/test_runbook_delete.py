"""The script in docs/runbooks/delete-a-citizens-data.md deletes one person's data and nobody else's."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.adapters.sql_sessions import SqlSessions
from assistant.core.identity import Assurance
from assistant.settings import PROJECT

pytestmark = pytest.mark.architecture

RUNBOOK = PROJECT / "docs" / "runbooks" / "delete-a-citizens-data.md"
MARY, JAAK = "EE60001019906", "EE38001085718"


async def test_script_when_run_then_only_the_persons_data_is_gone(tmp_path: Path):
    dialogue_of_mary, dialogue_of_jaak = await two_logged_in(tmp_path)
    write_dialogues(tmp_path, [dialogue_of_mary, dialogue_of_jaak, "anonymous"])
    assert run_script(tmp_path, MARY) == "1 sessions deleted"
    assert run_script(tmp_path, MARY) == "0 sessions deleted"
    with sqlite3.connect(tmp_path / "dialogues.db") as dialogues:
        left = dialogues.execute("SELECT dialogue_id FROM dialogues").fetchall()
    assert {row[0] for row in left} == {dialogue_of_jaak, "anonymous"}
    with sqlite3.connect(tmp_path / "kratt.db") as sessions:
        assert sessions.execute("SELECT subject FROM sessions").fetchall() == [(JAAK,)]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    assert MARY.encode() not in kept
    assert f"words of {dialogue_of_mary}".encode() not in kept


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
