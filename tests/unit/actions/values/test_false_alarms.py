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
GIVING_VALUES = {"inform", "correct"}
HOLDS_A_VALUE = {"thanks a million", "when is the inspection of the car with the plate one two three a b c"}


def requests(language: Language) -> list[str]:
    files = sorted((PROJECT / "nlu_data").rglob(f"nlu.{language}.yml"))
    blocks = [block for file in files for block in file.read_text(encoding="utf-8").split("- intent: ")[1:]]
    asking = [block for block in blocks if block.split(maxsplit=1)[0] not in GIVING_VALUES]
    return [ENTITY.sub(r"\1", text) for block in asking for text in EXAMPLE.findall(block)]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", ["money", "plate", "personal_code", "email", "phone", "iban"])
def test_find_value_when_a_request_holds_none_then_nothing_is_found(kind: Kind, language: Language) -> None:
    said = requests(language)
    assert len(said) > 1000
    today = date(2026, 11, 23)
    assert not [text for text in said if text not in HOLDS_A_VALUE and find_value(kind, text, language, today=today)]
