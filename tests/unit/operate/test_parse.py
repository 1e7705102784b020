import json

import pytest

from assistant.core.errors import DialogueFailed, OperationFailed
from assistant.core.languages import Language
from assistant.core.turns import Entity, Intent, Understanding
from assistant.operate.parse import parse_json, parse_lines, parse_text

pytestmark = pytest.mark.unit

MEANING = Understanding((Intent("greet", 0.9), Intent("stop", 0.1)), (Entity("office", "tartu", 0, 5),))


class FakeDialogue:
    def __init__(self, *, is_down: bool = False) -> None:
        self.is_down = is_down

    async def check(self) -> str:
        if self.is_down:
            raise DialogueFailed("no answer from the engine")
        return "model"

    async def parse(self, text, language, deadline) -> Understanding:
        return MEANING if text == "hello" and language is Language.EN else Understanding()


async def test_parse_lines_when_the_engine_runs_then_each_line_comes_with_its_meaning():
    parsed = [pair async for pair in parse_lines(FakeDialogue(), ["hello", "tere"], Language.EN, 1)]
    assert parsed == [("hello", MEANING), ("tere", Understanding())]


async def test_parse_lines_when_the_engine_is_down_then_it_says_how_to_start_it():
    with pytest.raises(OperationFailed, match="make run"):
        [pair async for pair in parse_lines(FakeDialogue(is_down=True), ["hello"], Language.EN, 1)]


def test_parse_json_when_there_is_a_meaning_then_it_is_one_line_with_the_best_intent():
    line = parse_json("tere päevast", MEANING)
    assert "\n" not in line
    assert "päevast" in line
    parsed = json.loads(line)
    assert parsed["intent"] == {"name": "greet", "confidence": 0.9}
    assert [intent["name"] for intent in parsed["ranking"]] == ["greet", "stop"]
    assert parsed["entities"] == [{"name": "office", "value": "tartu", "start": 0, "end": 5}]


def test_parse_json_when_nothing_is_understood_then_the_intent_is_null():
    assert json.loads(parse_json("x", Understanding()))["intent"] is None


def test_parse_text_when_there_is_a_meaning_then_intents_and_values_are_shown():
    assert parse_text("hello", MEANING).splitlines() == ["hello", "  0.900 greet", "  0.100 stop", "  office = tartu"]
