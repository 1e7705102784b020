"""Nobody gets at the Wyoming port from another machine unless certificates say who they are."""

from pathlib import Path

import pytest

from assistant.core.errors import SettingsError
from assistant.settings import read_settings
from connectors.wyoming.server import tls_context

pytestmark = pytest.mark.unit

FILES = {f"KRATT_WYOMING_{name}": f"{name.lower()}.pem" for name in ("CERTIFICATE", "KEY", "CLIENTS")}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "kratt.example.ee"])
def test_settings_when_the_port_is_open_to_others_then_certificates_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("KRATT_WYOMING_HOST", host)
    with pytest.raises(SettingsError, match=r"KRATT_WYOMING_HOST: .* KRATT_WYOMING_CERTIFICATE"):
        read_settings()
    for variable, file in FILES.items():
        monkeypatch.setenv(variable, file)
    assert read_settings().wyoming_host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "::1", "localhost"])
def test_settings_when_the_port_is_for_this_machine_then_no_certificates_are_needed(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("KRATT_WYOMING_HOST", host)
    assert read_settings().wyoming_host == host


@pytest.mark.parametrize("missing", FILES)
def test_settings_when_a_file_is_missing_then_it_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for variable in FILES.keys() - {missing}:
        monkeypatch.setenv(variable, "file.pem")
    with pytest.raises(SettingsError, match=missing):
        read_settings()


def test_settings_when_the_port_is_another_processs_then_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRATT_WYOMING_PORT", "5005")
    read_settings()
    monkeypatch.setenv("KRATT_CONNECTORS", "wyoming")
    with pytest.raises(SettingsError, match="KRATT_WYOMING_PORT: is the same as KRATT_ENGINE_PORT"):
        read_settings()


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_certificates_when_they_cannot_be_used_then_the_setting_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "file.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"KRATT_WYOMING_CERTIFICATE: .*file\.pem"):
        tls_context(str(file), str(file), str(file))
