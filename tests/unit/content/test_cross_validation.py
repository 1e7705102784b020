import stat
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.content.cross_validation import CrossValidate, examples_of
from assistant.content.project import Content
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.engine import cross_validate as engine_module
from assistant.engine.understanding.train_network import Plan
from assistant.engine.understanding.word_vectors import WordVectors
from assistant.operate.compare import folds_text

pytestmark = pytest.mark.unit

SAYS_VEHICLE = f"""#!{sys.executable}
import json, sys
from pathlib import Path
_, _, _, examples, said, folds = sys.argv
assert folds == "3"
Path(said).write_text(json.dumps(["vehicle" for _ in json.loads(Path(examples).read_bytes())]))
"""
WORDS = {"my car": "vehicle", "the tax": "land_tax"}


@pytest.fixture
def small(content: Content) -> Content:
    intents = {
        "vehicle": {Language.EN: ("my car", "a car"), Language.ET: ("auto",)},
        "land_tax": {Language.EN: ("the tax",), Language.RU: ("налог",)},
    }
    return replace(content, intents=intents)


def validating(program: str, folder: Path) -> CrossValidate:
    python = folder / "python"
    python.write_text(program)
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    return CrossValidate(python, folder / "folds.log")


def test_folds_when_they_are_asked_then_each_language_and_intent_has_its_figure(small, tmp_path):
    found = validating(SAYS_VEHICLE, tmp_path)(small, 3)
    assert found.accuracy == {"en": pytest.approx(2 / 3), "et": 1.0, "ru": 0.0}
    assert found.intents == {"land_tax": 0.0, "vehicle": pytest.approx(0.75)}
    assert found.confused == ((("land_tax", "vehicle"), 2),)
    shown = folds_text(found)
    assert "en: 66.7 % first intent right" in shown
    assert "  2 land_tax -> vehicle" in shown


def test_folds_when_the_engine_fails_then_its_log_is_named(small, tmp_path):
    with pytest.raises(SettingsError, match=r"folds\.log:\nno"):
        validating("#!/bin/sh\necho no\nexit 1\n", tmp_path)(small, 3)
    with pytest.raises(SettingsError, match="make setup"):
        CrossValidate(tmp_path / "nowhere", tmp_path / "log")(small, 3)


def test_examples_when_listed_then_all_of_all_languages_are_there(content):
    examples = examples_of(content)
    assert {language for _, language, _ in examples} == {each.value for each in Language}
    assert len(examples) == sum(len(lines) for words in content.intents.values() for lines in words.values())


def test_cross_validation_when_examples_are_alike_then_what_was_not_learned_is_told_right(monkeypatch):
    vectors = WordVectors({"car": 0, "tax": 1}, np.array([[127, 0], [0, 127]], np.int8), 1 / 127)
    monkeypatch.setattr(engine_module, "read_word_vectors", lambda _: vectors)
    examples = [(f"{text} {number % 5}", "en", intent) for number in range(20) for text, intent in WORDS.items()]
    plan = Plan(hidden=8, piece_dimensions=4, epochs=20, batch=8)
    said = engine_module.cross_validate(examples, 2, plan)
    assert said == [intent for _, _, intent in examples]
