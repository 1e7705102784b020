import stat
from pathlib import Path

import pytest

from assistant.core.errors import SettingsError
from assistant.settings import Settings, read_settings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KRATT_GATEWAY_PORT", "a port"),
        ("KRATT_GATEWAY_PORT", "0"),
        ("KRATT_DEFAULT_LANGUAGE", "fi"),
        ("KRATT_TURN_SECONDS", "1"),
        ("KRATT_XROAD_CLIENT", "kratt"),
    ],
)
def test_settings_when_a_value_is_wrong_then_its_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"^{variable}: "):
        read_settings()


def test_settings_when_a_folder_is_relative_then_it_stays_the_same_wherever_a_process_works() -> None:
    assert Settings(state=Path("var")).state.is_absolute()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"host": "::1"}, "http://[::1]:8080"),
        ({"public_url": "https://kratt.test/"}, "https://kratt.test"),
    ],
)
def test_gateway_url_when_settings_differ_then_is_an_address_to_append_a_path_to(
    given: dict[str, str], address: str
) -> None:
    assert Settings(**given).gateway_url == address


def test_secret_when_not_given_then_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    made = Settings(state=tmp_path).secret("turn_secret")
    assert len(made) >= 32
    assert Settings(state=tmp_path).secret("turn_secret") == made
    assert Settings(state=tmp_path).secret("engine_token") != made
    files = sorted((tmp_path / "secrets").iterdir())
    assert [file.name for file in files] == ["engine_token", "turn_secret"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_secret_when_given_then_nothing_is_kept(tmp_path: Path) -> None:
    assert Settings(state=tmp_path, turn_secret="given").secret("turn_secret") == "given"
    assert not list(tmp_path.iterdir())
