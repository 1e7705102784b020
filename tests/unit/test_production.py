import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.core.errors import SettingsError
from assistant.operate.processes import kratt_processes
from assistant.production import OPTIONAL_SECRETS, SECRETS, check_fit, findings
from assistant.settings import Settings

pytestmark = pytest.mark.unit


def random_secret() -> str:
    return base64.b64encode(secrets.token_bytes(48)).decode()


@pytest.fixture
def production(tmp_path: Path) -> Callable[..., Settings]:
    """Settings that are fit to serve, except for what is changed."""
    state, folder = tmp_path / "state", tmp_path / "secrets"
    for each in (state, folder):
        each.mkdir(mode=0o700)
    for name in SECRETS:
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(random_secret() + "\n")
    (tmp_path / "key.pem").touch(mode=0o600)
    fit: dict[str, Any] = {
        "mode": "production",
        "state": state,
        "secrets_folder": str(folder),
        "xroad_url": "https://security-server.test",
        "xroad_client": "EE/GOV/70000001/assistant",
        "xroad_certificate": str(tmp_path / "certificate.pem"),
        "xroad_key": str(tmp_path / "key.pem"),
        "xroad_ca": str(tmp_path / "ca.pem"),
        "tara_url": "https://tara.test",
        "tara_tls_ca": str(tmp_path / "tara.pem"),
        "mobile_id_url": "https://mid.test/mid-api",
        "smart_id_url": "https://sid.test/v3",
        "smart_id_scheme": "smart-id",
        "phone_authorities": str(tmp_path / "phones.pem"),
        "phone_tls_ca": str(tmp_path / "mid.pem"),
        "public_url": "https://kratt.test",
    }

    def make(**changes: Any) -> Settings:
        return Settings(**{**fit, **changes})

    return make


def test_production_when_as_the_runbook_says_then_may_serve(production: Callable[..., Settings]) -> None:
    settings = production()
    assert findings(settings) == ()
    check_fit(settings)
    assert [process.name for process in kratt_processes(settings)] == [
        *("actions", "engine", "candidate", "gateway", "publisher")
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("xroad_url", "https://127.0.0.1:8090"),
        ("tara_url", ""),
        ("tara_tls_ca", ""),
        ("mobile_id_url", ""),
        ("mobile_id_url", "http://mid.test/mid-api"),
        ("smart_id_url", ""),
        ("smart_id_url", "http://sid.test/v3"),
        ("smart_id_scheme", "smart-id-demo"),
        ("tara_url", "http://tara.test"),
        ("xroad_client", "EE/GOV/70009999/kratt"),
        ("sandbox_tls_port", 8443),
        ("host", "0.0.0.0"),
        ("host", "::"),
        ("host", "8.8.8.8"),
        ("host", "kratt.test"),
        ("vosk_host", "0.0.0.0"),
        ("public_url", ""),
        ("public_url", "http://kratt.test"),
        ("widget_origins", "https://www.example.ee,http://www.example.ee"),
        ("trusted_proxies", "*"),
        ("xroad_networks", "0.0.0.0/0"),
        ("xroad_networks", "127.0.0.1,::/0"),
        ("turns_per_minute", 0),
        ("phone_questions", 0),
        ("address_turns_per_minute", 0),
        ("address_logins_per_minute", 0),
        ("turn_secret", "a" * 64),
        ("engine_token", "short"),
    ],
)
def test_production_when_a_setting_is_unfit_then_is_named_and_nothing_starts(
    production: Callable[..., Settings], setting: str, value: object
) -> None:
    settings = production(**{setting: value})
    (finding,) = findings(settings)
    assert finding.startswith(f"KRATT_{setting.upper()}: ")
    with pytest.raises(SettingsError, match=f"KRATT_{setting.upper()}: "):
        check_fit(settings)


def test_production_when_there_is_no_certificate_then_is_told(production: Callable[..., Settings]) -> None:
    (finding,) = findings(production(xroad_certificate="", xroad_key="", xroad_ca=""))
    assert finding.startswith("KRATT_XROAD_CERTIFICATE: ")
    found = findings(production(xroad_url="", xroad_certificate="", xroad_key="", xroad_ca=""))
    assert [finding.partition(":")[0] for finding in found] == ["KRATT_XROAD_URL", "KRATT_XROAD_CERTIFICATE"]


def test_production_when_the_sandbox_made_the_keys_then_each_is_told(production: Callable[..., Settings]) -> None:
    settings = production()
    made = settings.state / "sandbox-certificates"
    files = {name: str(made / name) for name in ("xroad_certificate", "xroad_key", "xroad_ca")}
    assert len(findings(production(**files))) == 3
    development = Settings(state=settings.state)
    generated = {name: development.secret(name) for name in ("turn_secret", "engine_token")}
    assert len(findings(production(**generated))) == 2


@pytest.mark.parametrize("name", sorted(set(SECRETS) - OPTIONAL_SECRETS))
def test_production_when_a_secret_is_missing_then_none_is_made_up(
    production: Callable[..., Settings], name: str
) -> None:
    settings = production()
    (Path(settings.secrets_folder) / name).unlink()
    assert [finding.partition(":")[0] for finding in findings(settings)] == [f"KRATT_{name.upper()}"]
    with pytest.raises(SettingsError, match=f"^KRATT_{name.upper()}: "):
        settings.secret(name)
    assert not list(settings.state.iterdir())


@pytest.mark.parametrize("name", sorted(OPTIONAL_SECRETS))
def test_production_when_an_optional_secret_is_missing_then_starts_but_not_with_a_weak_one(
    production: Callable[..., Settings], name: str
) -> None:
    settings = production()
    (Path(settings.secrets_folder) / name).unlink()
    assert findings(settings) == ()
    assert settings.given_secret(name) == ""
    assert [finding.partition(":")[0] for finding in findings(production(**{name: "a" * 40}))] == [
        f"KRATT_{name.upper()}"
    ]


def test_production_when_two_secrets_are_one_then_is_told(production: Callable[..., Settings]) -> None:
    same = random_secret()
    (finding,) = findings(production(turn_secret=same, engine_token=same))
    assert "is the same as" in finding
    assert same not in finding


@pytest.mark.parametrize("what", ["state", "secret", "key"])
def test_production_when_others_can_read_it_then_is_told(production: Callable[..., Settings], what: str) -> None:
    settings = production()
    path = {
        "state": settings.state,
        "secret": Path(settings.secrets_folder) / "turn_secret",
        "key": Path(settings.xroad_key),
    }[what]
    path.chmod(0o750)
    (finding,) = findings(settings)
    assert f"`chmod go= {path}`" in finding


@pytest.mark.parametrize(
    ("switch", "value"), [("PYTHONASYNCIODEBUG", "1"), ("PYTHONDEVMODE", "1"), ("LOG_LEVEL", "debug")]
)
def test_production_when_debugging_is_on_then_is_told(
    production: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, switch: str, value: str
) -> None:
    monkeypatch.setenv(switch, value)
    (finding,) = findings(production())
    assert finding.startswith(f"{switch}: ")


def test_production_when_there_is_a_console_then_its_editors_its_key_and_git_are_looked_for(
    production: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editors = tmp_path / "editors"
    editors.write_text("EE60001019906: Mari <mari@example.ee>: editor\n")
    assert findings(production(console_editors=str(editors))) == ()
    (tmp_path / "secrets" / "console_key").unlink()
    editors.write_text("# nobody\n")
    editors.chmod(0o666)
    monkeypatch.setenv("PATH", str(tmp_path))
    told = findings(production(console_editors=str(editors)))
    words = ("names nobody", "let themselves in", "KRATT_CONSOLE_KEY", "git")
    assert [word in each for word, each in zip(words, told, strict=True)] == [True] * 4


def test_development_when_it_would_be_unfit_then_starts_all_the_same(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    assert findings(settings)
    check_fit(settings)
