import pytest

from assistant.operate.status import ProcessStatus, status_table

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("status", "cells"),
    [
        (
            ProcessStatus("engine", "RUNNING", True, 42, 3725, 631.4),
            ["engine", "running", "yes", "42", "1:02:05", "631 MB"],
        ),
        (ProcessStatus("engine", "STOPPED", False, 0, 0, None), ["engine", "stopped", "no", "-", "-", "-"]),
    ],
)
def test_status_table_when_a_process_is_shown_then_its_row_says_how_it_is(status, cells):
    heading, row = status_table([status]).splitlines()
    assert heading.split() == ["process", "state", "ready", "pid", "uptime", "memory"]
    assert row.replace(" MB", "_MB").split() == [cell.replace(" MB", "_MB") for cell in cells]
