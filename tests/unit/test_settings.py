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
        ("KRATT_XROAD_URL", "xroad.example:8443"),
        ("KRATT_XROAD_FAILURES", "-1"),
        ("KRATT_TARA_URL", "ftp://tara.example"),
        ("KRATT_PUBLIC_URL", "https://"),
        ("KRATT_WIDGET_ORIGINS", "*"),
        ("KRATT_WIDGET_ORIGINS", "https://www.example.ee/"),
        ("KRATT_WIDGET_ORIGINS", "https://www.example.ee, null"),
        ("KRATT_WIDGET_ORIGINS", "https://WWW.example.ee"),
        ("KRATT_TURN_SECRET", "õ" * 15),
        ("KRATT_DATABASE", "a file"),
        ("KRATT_DATABASE", "sqlite:///kratt.db"),
        ("KRATT_DATABASE", "postgresql+nodriver://host/kratt"),
        ("KRATT_DATABASE", "sqlite+aiosqlite://host:port/kratt"),
        ("KRATT_DIALOGUE_DATABASE", "a file"),
        ("KRATT_ENGINE_PORT", "8080"),
        ("KRATT_GATEWAY_PROT", "8081"),
    ],
)
def test_settings_when_a_value_is_wrong_then_its_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"^{variable}: ") as raised:
        read_settings()
    assert "\n" not in str(raised.value)


MUTUAL_TLS = {
    "KRATT_XROAD_URL": "https://ss.example:8443",
    "KRATT_XROAD_CERTIFICATE": "certificate.pem",
    "KRATT_XROAD_KEY": "key.pem",
    "KRATT_XROAD_CA": "ca.pem",
}


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("KRATT_XROAD_CERTIFICATE", ""),
        ("KRATT_XROAD_KEY", ""),
        ("KRATT_XROAD_CA", ""),
        ("KRATT_XROAD_URL", ""),
        ("KRATT_XROAD_URL", "http://ss.example:8443"),
    ],
)
def test_settings_when_part_of_mutual_tls_is_missing_then_its_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, wrong: str, value: str
) -> None:
    for variable, right in MUTUAL_TLS.items():
        monkeypatch.setenv(variable, value if variable == wrong else right)
    with pytest.raises(SettingsError, match=f"^{wrong}: "):
        read_settings()


@pytest.mark.parametrize("service", ["KRATT_MOBILE_ID_URL", "KRATT_SMART_ID_URL"])
@pytest.mark.parametrize("wrong", ["KRATT_PHONE_AUTHORITIES", "KRATT_PHONE_TLS_CA"])
def test_settings_when_a_phone_service_is_real_then_whom_to_believe_has_to_be_said(
    monkeypatch: pytest.MonkeyPatch, service: str, wrong: str
) -> None:
    monkeypatch.setenv(service, "https://phones.example/api")
    for variable in ("KRATT_PHONE_AUTHORITIES", "KRATT_PHONE_TLS_CA"):
        monkeypatch.setenv(variable, "" if variable == wrong else "ca.pem")
    with pytest.raises(SettingsError, match=f"^{wrong}: "):
        read_settings()


def test_settings_when_mutual_tls_is_whole_then_its_files_stay_the_same_wherever_a_process_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable, right in MUTUAL_TLS.items():
        monkeypatch.setenv(variable, right)
    settings = read_settings()
    assert [settings.xroad_certificate, settings.xroad_key, settings.xroad_ca] == [
        str(Path.cwd() / name) for name in ("certificate.pem", "key.pem", "ca.pem")
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KRATT_PUBLIC_URL", "https://kratt.example/"),
        ("KRATT_TURN_SECRET", "õ" * 16),
        ("KRATT_DATABASE", "sqlite+aiosqlite:///kratt.db"),
        ("KRATT_DIALOGUE_DATABASE", "sqlite:///dialogues.db"),
        ("KRATT_ACTIONS_URL", "http://127.0.0.1:5055/webhook"),
    ],
)
def test_settings_when_a_value_is_right_then_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    read_settings()


def test_settings_when_a_value_is_wrong_then_it_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRATT_DATABASE", "sqlite://user:password@host/kratt")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert "password" not in str(raised.value)


def test_secret_when_the_state_folder_cannot_be_written_then_the_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"^KRATT_STATE: .*file"):
        Settings(state=tmp_path / "file" / "state").secret("turn_secret")


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
    state = tmp_path / "state"
    made = Settings(state=state).secret("turn_secret")
    assert len(made) >= 32
    assert Settings(state=state).secret("turn_secret") == made
    assert Settings(state=state).secret("engine_token") != made
    files = sorted((state / "secrets").iterdir())
    assert stat.S_IMODE(state.stat().st_mode) == stat.S_IMODE((state / "secrets").stat().st_mode) == 0o700
    assert [file.name for file in files] == ["engine_token", "turn_secret"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_secret_when_given_then_nothing_is_kept(tmp_path: Path) -> None:
    assert Settings(state=tmp_path, turn_secret="given" * 7).secret("turn_secret") == "given" * 7
    assert not list(tmp_path.iterdir())


def test_ports_when_that_of_vosk_server_is_another_ones_then_it_matters_only_while_it_is_open() -> None:
    assert Settings(gateway_port=2700).gateway_port == 2700
    with pytest.raises(ValueError, match="KRATT_VOSK_PORT: is the same as KRATT_GATEWAY_PORT"):
        Settings(gateway_port=2700, connectors="vosk_websocket")
