"""`kratt audit verify`, and the script in its runbook that needs nothing of ours."""

import asyncio
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from actions.record.access_record import Access, AccessRecord
from assistant.cli import main
from assistant.core.identity import Assurance
from assistant.database import SqlDatabase
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

RUNBOOK = PROJECT / "docs" / "runbooks" / "is-the-access-record-whole.md"
MARY = "EE60001019906"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KRATT_STATE", str(tmp_path))
    file = tmp_path / "record.db"
    asyncio.run(write_three(file))
    return file


async def write_three(file: Path) -> None:
    database = SqlDatabase(f"sqlite+aiosqlite:///{file}", "KRATT_RECORD_DATABASE")
    record = AccessRecord(database)
    await record.open()
    service = "EE/GOV/70008747/itds/documents"
    await record.write([Access(MARY, MARY, "document_expiry", service, ("number",), Assurance.HIGH, "d", "page")] * 3)
    await database.close()


def verify(*arguments: str) -> int:
    try:
        main(["audit", "verify", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_verify_when_the_record_is_whole_then_prints_count_and_head(file: Path, capsys: pytest.CaptureFixture[str]):
    assert verify() == 0
    shown = re.fullmatch(r"3 rows are in order\. Head: ([0-9a-f]{64})\n", capsys.readouterr().out)
    assert shown
    assert verify("--head", shown[1]) == 0
    assert run_script(file) == shown[1]


def test_verify_when_a_row_was_taken_out_then_names_it_and_fails(file: Path, capsys: pytest.CaptureFixture[str]):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TRIGGER accesses_no_delete")
        connection.execute("DELETE FROM accesses WHERE seq = 2")
    assert verify() == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("1 rows are in order.")
    assert shown.err == "kratt: the access record is broken: row 2 is missing\n"
    assert run_script(file) is None


def test_verify_when_nobody_knows_the_noted_head_then_fails(file: Path, capsys: pytest.CaptureFixture[str]):
    assert verify("--head", "f" * 64) == 1
    assert "no row has the noted head" in capsys.readouterr().err


def test_verify_when_there_is_no_record_then_says_where_it_should_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("KRATT_STATE", str(tmp_path))
    assert verify() == 1
    assert capsys.readouterr().err == f"kratt: there is no access record: {tmp_path / 'record.db'} does not exist\n"


def run_script(file: Path) -> str | None:
    found = re.search(r"<<'EOF'\n(.*?)^EOF$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    command = [sys.executable, "-", str(file)]
    done = subprocess.run(command, input=found[1], capture_output=True, text=True, timeout=60, check=False)
    return None if done.returncode else done.stdout.strip()
