import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.content.notices import NoticeBoard, read_notices
from assistant.core.errors import ContentError
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def notice(word: str, *more: str) -> str:
    return "\n".join([f"  - text: {{en: {word}, et: {word}, ru: {word}}}", *(f"    {line}" for line in more)])


def write(path: Path, *notices: str) -> None:
    path.write_text("\n".join(["notices:", *notices]) + "\n")
    os.utime(path, ns=(0, len(path.read_bytes()) + path.stat().st_mtime_ns))


def shown(board: NoticeBoard) -> list[str]:
    return [each.text[Language.ET] for each in board()]


def test_notices_when_some_are_urgent_or_not_for_now_then_what_is_shown_is_for_now_and_urgent_first(tmp_path: Path):
    file = tmp_path / "notices.yml"
    times = ('from: "2026-12-01T14:00:00+02:00"', 'until: "2026-12-01T14:00:00+02:00"')
    write(file, notice("hours"), notice("begins", times[0]), notice("over", times[1]), notice("down", "urgent: true"))
    assert shown(NoticeBoard(file, lambda: NOON)) == ["down", "hours", "begins"]


def test_notices_when_the_file_changes_then_they_do_and_a_broken_one_changes_nothing(tmp_path: Path):
    file = tmp_path / "notices.yml"
    board = NoticeBoard(file, lambda: NOON)
    assert shown(board) == []
    write(file, notice("one"))
    assert shown(board) == ["one"]
    write(file, "  - text: {et: two and no more}")
    assert shown(board) == ["one"]
    write(file, notice("three"))
    assert shown(board) == ["three"]
    file.unlink()
    assert shown(board) == []


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["  - text: {en: a, et: a}"], "missing in ru"),
        ([notice("a", "until: 2026-12-01T12:00:00")], "until"),
        ([notice("a", "alarm: true")], "alarm"),
    ],
)
def test_notice_when_it_is_wrong_then_the_editor_is_told_where(tmp_path: Path, lines: list[str], complaint: str):
    file = tmp_path / "notices.yml"
    write(file, *lines)
    with pytest.raises(ContentError, match=complaint):
        read_notices(file)


def test_own_notices_when_read_then_there_are_some():
    assert read_notices(PROJECT / "nlu_data" / "common" / "notices.yml")
