from pathlib import Path

import pytest

from assistant.operate.processes import Process, kratt_processes
from assistant.settings import PROJECT, Settings
from assistant.tryout_settings import has_try_outs

pytestmark = pytest.mark.unit

TOKEN = "a token of the engine"


@pytest.fixture
def processes(tmp_path: Path) -> dict[str, Process]:
    settings = Settings(state=tmp_path, models=tmp_path / "models", engine_token=TOKEN, engine_port=1505)
    return {process.name: process for process in kratt_processes(settings)}


def test_kratt_processes_when_listed_then_the_gateway_starts_after_what_it_needs_and_stops_before_it(processes):
    assert list(processes) == ["sandbox", "actions", "engine", "candidate", "gateway", "publisher"]
    assert [name for name, process in processes.items() if process.is_on_demand] == ["candidate"]


@pytest.mark.parametrize("name", ["sandbox", "actions", "engine", "candidate", "gateway"])
def test_kratt_processes_when_listed_then_each_listens_where_it_is_asked_whether_it_is_ready(processes, name):
    process = processes[name]
    assert str(process.port) in process.command
    assert process.ready_url.startswith(f"http://127.0.0.1:{process.port}/")
    assert process.port_setting.removeprefix("KRATT_").lower() in Settings.model_fields


def test_engine_when_described_then_its_token_is_not_on_the_command_line(processes):
    engine = processes["engine"]
    assert engine.environment["KRATT_ENGINE_TOKEN"] == TOKEN
    assert TOKEN not in " ".join(engine.command)


def test_engine_when_described_then_it_reports_nothing_to_rasa(processes):
    assert processes["engine"].environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_engine_when_described_then_it_needs_a_model(processes, tmp_path):
    assert processes["engine"].needs[tmp_path / "models" / "dialogue" / "dialogue.tar.gz"] == "kratt train"


def test_candidate_when_described_then_it_is_the_engine_with_a_port_and_a_model_of_its_own(processes, tmp_path):
    engine, candidate = processes["engine"], processes["candidate"]
    changed = [pair for pair in zip(engine.command, candidate.command, strict=True) if pair[0] != pair[1]]
    own = str(tmp_path / "candidate" / "dialogue.tar.gz")
    assert changed == [(str(tmp_path / "models" / "dialogue" / "dialogue.tar.gz"), own), ("1505", "5006")]
    assert candidate.environment == engine.environment


def test_engine_when_it_runs_without_a_model_then_its_channel_says_so_in_the_words_we_wait_for(processes):
    # The channel imports Rasa, which lives in another environment: its words are read from the source.
    channel = (PROJECT / "assistant" / "engine" / "channel.py").read_text(encoding="utf-8")
    assert all(f'_error(503, "dialogue_failed", "{words}")' in channel for words in processes["engine"].hopeless)
    assert set(processes["engine"].hopeless.values()) == {"kratt train"}


def test_second_kratt_when_there_is_a_console_then_its_processes_start_on_demand_and_reach_each_other_alone(tmp_path):
    settings = Settings(state=tmp_path, console_editors="editors", xroad_url="http://ss.example", engine_token=TOKEN)
    second = [process for process in kratt_processes(settings) if process.name.startswith("tryout_")]
    assert [(process.name, process.is_on_demand) for process in second] == [
        *(("tryout_sandbox", True), ("tryout_actions", True)),
        ("tryout_engine", True),
    ]
    for process in second:
        assert str(process.port) in process.command
        assert process.port_setting.removeprefix("KRATT_").lower() in Settings.model_fields
    _, actions, engine = second
    assert (actions.environment["KRATT_XROAD_URL"], actions.environment["KRATT_STATE"]) == (
        "",
        str(tmp_path / "tryout"),
    )
    assert engine.environment["KRATT_ACTIONS_URL"] == f"http://127.0.0.1:{actions.port}/webhook"
    assert engine.environment["KRATT_ENGINE_TOKEN"] != TOKEN


def test_second_kratt_when_this_is_production_then_there_is_none(tmp_path):
    settings = Settings(state=tmp_path, console_editors="editors").model_copy(update={"mode": "production"})
    assert not has_try_outs(settings)
