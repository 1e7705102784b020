"""Requests that hold no value: all examples of nlu_data."""

import re
from datetime import date

import pytest

from actions.values.finding import find_value
from actions.values.found import Kind
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

EXAMPLE = re.compile(r"^ {4}- (.+)$", re.MULTILINE)
ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
HOLDS_A_SUM = {"thanks a million"}


def requests(language: Language) -> list[str]:
    files = sorted((PROJECT / "nlu_data").rglob(f"nlu.{language}.yml"))
    return [ENTITY.sub(r"\1", text) for file in files for text in EXAMPLE.findall(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", ["money", "plate", "personal_code", "email", "phone"])
def test_find_value_when_a_request_holds_none_then_nothing_is_found(kind: Kind, language: Language) -> None:
    said = requests(language)
    assert len(said) > 1000
    today = date(2026, 11, 23)
    assert not [text for text in said if text not in HOLDS_A_SUM and find_value(kind, text, language, today=today)]
