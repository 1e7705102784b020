import contextlib
import io
import json
import socket
import sys
from pathlib import Path

import pytest

from assistant import __version__
from assistant.cli import main

pytestmark = pytest.mark.unit


@pytest.fixture
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A state folder of nobody, and ports on which nobody listens; gives the gateway's."""
    monkeypatch.setenv("KRATT_STATE", str(tmp_path))
    with contextlib.ExitStack() as held:
        for name in ("ENGINE", "ACTIONS", "SANDBOX", "GATEWAY"):
            free = held.enter_context(socket.socket())
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
            monkeypatch.setenv(f"KRATT_{name}_PORT", str(port))
    return port


def kratt(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return int(ended.value.code or 0)


def test_help_when_asked_then_every_command_is_listed(capsys):
    assert kratt("--help") == 0
    shown = capsys.readouterr().out
    for command in (
        "up",
        "down",
        "status",
        "ask",
        "doctor",
        "citizen",
        "parse",
        "train",
        "version",
        "content",
        "audit",
        "speech",
        "alexa",
    ):
        assert f" {command} " in shown


def test_alexa_model_when_asked_for_then_is_json_alone_and_its_shares_are_told_apart(capsys):
    assert kratt("alexa", "model", "en-GB", "--name", "state assistant") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["interactionModel"]["languageModel"]["invocationName"] == "state assistant"
    assert "word by word" in told.err


def test_alexa_model_when_alexa_does_not_speak_the_language_then_one_line_says_so(capsys):
    assert kratt("alexa", "model", "et-EE") == 1
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "en-US" in told.err


def test_content_when_it_comes_in_and_goes_out_then_what_does_not_map_and_the_sum_are_told(tmp_path, capsys):
    (tmp_path / "project").mkdir()
    nlu = "nlu:\n- intent: greet\n  examples: |\n    - hello\n- regex: plate\n  examples: |\n    - x\n"
    (tmp_path / "project" / "nlu.yml").write_text(nlu)
    content, again = str(tmp_path / "content"), tmp_path / "again"
    assert kratt("content", "import", str(tmp_path / "project"), "--into", content, "--lang", "en") == 0
    assert kratt("content", "export", content, str(again)) == 0
    found, summed, went = capsys.readouterr().out.splitlines()
    assert found == "nlu.yml:5: regex plate: Kratt finds values by the type of an input"
    assert "intents: 1, examples: 1, synonyms: 0" in summed
    assert went == f"{again} is a project of Rasa 3."
    assert (again / "nlu.yml").read_text() == nlu


def test_version_when_asked_then_it_is_ours(capsys):
    assert kratt("version") == 0
    assert capsys.readouterr().out == f"kratt {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [("ask", "hello"), ("ask", "hello", "--as", "EE60001019906"), ("ask", "hello", "--json")],
)
def test_ask_when_kratt_is_not_running_then_one_line_says_how_to_start_it(arguments, nothing_runs, capsys):
    assert kratt(*arguments) == 1
    shown = capsys.readouterr()
    assert shown.err == f"kratt: Kratt is not running at http://127.0.0.1:{nothing_runs}/: start it with `make run`\n"
    assert not shown.out


def test_ask_when_the_input_ends_without_a_request_then_nothing_happens(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert kratt("ask") == 0


@pytest.mark.parametrize("arguments", [("ask", "tere", "--lang", "fi"), ("ask", "--audio", "/no/such.wav"), ("parse",)])
def test_command_when_an_argument_is_wrong_then_the_usage_is_shown(arguments, capsys):
    assert kratt(*arguments) == 2
    assert "Usage: kratt" in capsys.readouterr().err


def test_parse_when_the_engine_is_not_running_then_one_line_says_how_to_start_it(nothing_runs, capsys):
    assert kratt("parse", "hello") == 1
    assert "make run" in capsys.readouterr().err


def test_down_when_nothing_runs_then_it_says_so_and_succeeds(nothing_runs, capsys):
    assert kratt("down") == 0
    assert capsys.readouterr().out == "Kratt is not running.\n"


def test_status_when_nothing_runs_then_it_shows_that_and_fails(nothing_runs, capsys):
    assert kratt("status", "--json") == 1
    assert capsys.readouterr().out.count('"state": "STOPPED"') == 5


def test_up_when_a_setting_is_wrong_then_one_line_names_it(monkeypatch, capsys):
    monkeypatch.setenv("KRATT_GATEWAY_PORT", "many")
    assert kratt("up") == 1
    shown = capsys.readouterr().err
    assert shown.startswith("kratt: KRATT_GATEWAY_PORT: ")
    assert shown.count("\n") == 1


def test_content_check_when_a_folder_is_empty_then_it_complains_and_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KRATT_CONTENT", str(tmp_path))
    assert kratt("content", "check") == 1
    assert capsys.readouterr().out


def test_doctor_when_this_is_a_laptop_then_tells_what_is_not_fit_for_citizens(nothing_runs, capsys):
    assert kratt("doctor") == 1
    shown = capsys.readouterr().out
    assert "KRATT_TARA_URL: " in shown
    assert "KRATT_TURN_SECRET: " in shown


def test_up_when_production_is_unfit_then_one_line_says_why_and_nothing_starts(nothing_runs, monkeypatch, capsys):
    monkeypatch.setenv("KRATT_MODE", "production")
    assert kratt("up") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("kratt: ")
    assert "KRATT_TURN_SECRET" in line
