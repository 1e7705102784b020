import pytest

from assistant.core.editors import Editor, Role, add_editor, read_editors
from assistant.core.errors import SettingsError

pytestmark = pytest.mark.unit

MARI = Editor("EE60001019906", "Mari Maasikas", "mari@example.ee", frozenset({Role.EDITOR, Role.PUBLISHER}))


def test_add_editor_when_they_are_new_then_they_are_read(tmp_path) -> None:
    file = tmp_path / "state" / "editors"
    add_editor(file, MARI)
    assert read_editors(file).of("EE60001019906") == MARI
    assert file.stat().st_mode & 0o777 == 0o600


def test_add_editor_when_they_are_there_already_then_refuses(tmp_path) -> None:
    add_editor(tmp_path / "editors", MARI)
    with pytest.raises(SettingsError, match="there is an editor with this code"):
        add_editor(tmp_path / "editors", MARI)


@pytest.mark.parametrize("name", ["", "A\nB", "A: B", "<A>"])
def test_add_editor_when_a_name_cannot_stand_there_then_refuses(tmp_path, name) -> None:
    with pytest.raises(SettingsError, match="an editor has"):
        add_editor(tmp_path / "editors", Editor("EE60001019906", name, "a@example.ee", frozenset({Role.EDITOR})))


@pytest.mark.parametrize(
    "line",
    ["EE60001019906: Mari <mari@example.ee>: king", "Mari: editor", "EE60001019906: Mari: editor", "EE1: M <m@e>: "],
)
def test_read_editors_when_a_line_is_none_then_names_its_number_alone(tmp_path, line) -> None:
    (tmp_path / "editors").write_text(f"# ours\n\n{line}\n")
    with pytest.raises(SettingsError, match="line 3 is not") as raised:
        read_editors(tmp_path / "editors")
    assert "Mari" not in str(raised.value)


def test_read_editors_when_two_lines_have_a_code_then_refuses(tmp_path) -> None:
    (tmp_path / "editors").write_text(f"{MARI.line}\n{MARI.line}\n")
    with pytest.raises(SettingsError, match="line 2 has a code"):
        read_editors(tmp_path / "editors")
