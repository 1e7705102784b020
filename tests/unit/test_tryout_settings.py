from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.settings import Settings, read_settings
from assistant.tryout_settings import environment_of_try_outs, has_try_outs, settings_of_try_outs

pytestmark = pytest.mark.unit


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        state=tmp_path,
        console_editors="editors",
        xroad_url="http://ss.example",
        database="postgresql+asyncpg://db.example/kratt",
        desk_webhook="https://desk.example",
        engine_token="the token of the engine that citizens talk to",
        xroad_client="EE/GOV/70000001/kratt",
    )


def test_try_outs_when_kratt_has_real_neighbours_then_reach_none_of_them(settings, tmp_path) -> None:
    own = settings_of_try_outs(settings)
    assert (own.xroad_url, own.desk_webhook) == ("", "")
    assert own.process_url("sandbox") == f"http://127.0.0.1:{settings.tryout_sandbox_port}"
    assert own.database_url == f"sqlite+aiosqlite:///{tmp_path / 'tryout' / 'kratt.db'}"
    assert own.secret("engine_token") != settings.secret("engine_token")
    assert own.xroad_client == settings.xroad_client


def test_process_of_a_try_out_when_it_reads_its_settings_then_they_are_those(settings, monkeypatch) -> None:
    monkeypatch.setenv("KRATT_XROAD_URL", settings.xroad_url)
    monkeypatch.setenv("KRATT_ENGINE_TOKEN", settings.engine_token.get_secret_value())
    monkeypatch.setenv("KRATT_XROAD_CLIENT", settings.xroad_client)
    for name, value in environment_of_try_outs(settings).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == settings_of_try_outs(settings)


def test_environment_when_shown_then_holds_no_secret(settings) -> None:
    secrets = {name for name, field in Settings.model_fields.items() if isinstance(field.default, SecretStr)}
    environment = environment_of_try_outs(settings)
    assert {environment[f"KRATT_{name.upper()}"] for name in secrets} == {""}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, True), ({"console_editors": ""}, False), ({"mode": "production"}, False)],
)
def test_try_outs_when_there_is_no_console_or_no_sandbox_then_there_are_none(settings, changes, expected) -> None:
    assert has_try_outs(settings.model_copy(update=changes)) is expected
