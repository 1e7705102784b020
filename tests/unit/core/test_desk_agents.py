from pathlib import Path

import pytest

from assistant.core.desk_agents import add_agent, new_agent, read_agents
from assistant.core.errors import SettingsError

pytestmark = pytest.mark.unit

HASH = "a" * 64


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "agents"
    path.write_text(text, encoding="utf-8")
    return path


def test_agent_when_made_then_the_token_lets_them_in_and_stands_nowhere_in_the_file(tmp_path: Path) -> None:
    token, line = new_agent("Tiiu Öpik")
    agents = read_agents(written(tmp_path, f"# who answers\n\n{line}\n"))
    assert agents.of(token) == "Tiiu Öpik"
    assert agents.of(token + "x") is None
    assert token not in line


@pytest.mark.parametrize(
    "text",
    ["Tiiu", "Tiiu: token", f"Tiiu:{HASH}", f"Tiiu: {HASH}\nTiiu: {'b' * 64}", f"Tiiu: {HASH}\nRein: {HASH}"],
)
def test_agents_when_the_file_is_wrong_then_the_line_is_named_and_not_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"KRATT_DESK_AGENTS: line \d") as raised:
        read_agents(written(tmp_path, text))
    assert "Tiiu" not in str(raised.value)


def test_agents_when_there_is_no_file_then_the_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KRATT_DESK_AGENTS"):
        read_agents(tmp_path / "nowhere")


def test_agents_when_added_then_each_name_has_one_token(tmp_path: Path) -> None:
    path = tmp_path / "new" / "agents"
    tokens = [add_agent(path, name) for name in ("Tiiu", "Rein")]
    assert [read_agents(path).of(token) for token in tokens] == ["Tiiu", "Rein"]
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(SettingsError):
        add_agent(path, " Tiiu ")


@pytest.mark.parametrize("name", ["a: b", "", "x" * 129, "a\nb"])
def test_agent_when_the_name_cannot_stand_in_the_file_then_it_is_refused(name: str) -> None:
    with pytest.raises(SettingsError):
        new_agent(name)
