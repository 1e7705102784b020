"""The connectors that a setting may name are those that can be built."""

from typing import Any

import pytest

from assistant.bootstrap.connectors import BUILDS
from assistant.core.errors import SettingsError
from assistant.setting_values import CONNECTORS
from assistant.settings import PROJECT, Settings, read_settings

pytestmark = pytest.mark.unit


def test_connectors_when_named_then_each_can_be_built_and_has_a_folder() -> None:
    assert tuple(BUILDS) == CONNECTORS
    assert all((PROJECT / "connectors" / name / "__init__.py").exists() for name in CONNECTORS)


@pytest.mark.parametrize(
    ("connector", "variable"), [("alexa", "KRATT_ALEXA_SKILL_IDS"), ("conversation_relay", "KRATT_RELAY_AUTH_TOKEN")]
)
def test_connector_when_what_it_needs_is_not_set_then_the_setting_is_asked_for(connector: str, variable: str) -> None:
    nothing: Any = None
    with pytest.raises(SettingsError, match=variable):
        BUILDS[connector](Settings(), nothing, nothing, nothing)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KRATT_CONNECTORS", "rasa_channels, fax"),
        ("KRATT_RASA_ORIGINS", "www.example.ee"),
        ("KRATT_RASA_ORIGINS", "https://a/b"),
    ],
)
def test_settings_when_a_connector_or_an_origin_is_none_then_name_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable):
        read_settings()
