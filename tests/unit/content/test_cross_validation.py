import stat
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.content.cross_validation import MOST_KEPT, CrossValidate, examples_of
from assistant.content.project import Content
from assistant.content.trained_examples import TrainedExamples, checksum
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
_, _, _, examples, said, folds, how = sys.argv
assert (folds, how) in {{("3", "whole"), ("3", "quick")}}
print("asked")
examples = json.loads(Path(examples).read_bytes())
Path(said).write_text(json.dumps([("vehicle", 0.9, 0.9 if each[2] == "vehicle" else 0.3) for each in examples]))
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
    assert [each.text for each in found.contradicted] == ["the tax", "налог"]
    shown = folds_text(found)
    assert "en: 66.7 % first intent right" in shown
    assert "  2 land_tax -> vehicle" in shown
    assert "contradicted by the others, 2 in all:\n  en “the tax” (land_tax): vehicle, 90 %" in shown


def test_folds_when_the_engine_fails_then_its_log_is_named(small, tmp_path):
    with pytest.raises(SettingsError, match=r"folds\.log:\nno"):
        validating("#!/bin/sh\necho no\nexit 1\n", tmp_path)(small, 3)
    with pytest.raises(SettingsError, match="make setup"):
        CrossValidate(tmp_path / "nowhere", tmp_path / "log")(small, 3)


def test_folds_when_asked_again_then_what_is_kept_is_told_until_an_example_changes(small, tmp_path):
    validate = replace(validating(SAYS_VEHICLE, tmp_path), kept=tmp_path / "kept")
    first = validate(small, 3, is_whole=False)
    validate.engine_python.write_text("#!/bin/sh\nexit 1\n")
    assert validate(small, 3, is_whole=False) == first
    assert not first.is_whole
    with pytest.raises(SettingsError):
        validate(small, 3)
    with pytest.raises(SettingsError):
        validate(replace(small, intents={"vehicle": {Language.EN: ("my car",)}}), 3, is_whole=False)
    for number in range(MOST_KEPT):
        (tmp_path / "kept" / f"{number}.json").write_text("[]")
    validate.engine_python.write_text(SAYS_VEHICLE)
    validate(small, 3)
    assert len(list((tmp_path / "kept").iterdir())) == MOST_KEPT


def test_contradicted_when_the_live_model_lacks_some_then_those_come_first(small, tmp_path):
    found = validating(SAYS_VEHICLE, tmp_path)(small, 3)
    knows_one = TrainedExamples(frozenset({checksum("land_tax", "the tax")}))
    assert [(each.text, each.is_new) for each in found.with_new_first(knows_one).contradicted] == [
        ("налог", True),
        ("the tax", False),
    ]
    nothing_known = found.with_new_first(TrainedExamples(frozenset()))
    assert [each.is_new for each in nothing_known.contradicted] == [False, False]


def test_examples_when_listed_then_all_of_all_languages_are_there(content):
    examples = examples_of(content)
    assert {language for _, language, _ in examples} == {each.value for each in Language}
    assert len(examples) == sum(len(lines) for words in content.intents.values() for lines in words.values())


def test_cross_validation_when_examples_are_alike_then_what_was_not_learned_is_told_right(monkeypatch):
    vectors = WordVectors({"car": 0, "tax": 1}, np.array([[127, 0], [0, 127]], np.int8), 1 / 127)
    monkeypatch.setattr(engine_module, "read_word_vectors", lambda _: vectors)
    examples = [(f"{text} {number % 5}", "en", intent) for number in range(20) for text, intent in WORDS.items()]
    monkeypatch.setattr(engine_module, "PLAN", Plan(hidden=8, piece_dimensions=4, epochs=20, batch=8))
    said = engine_module.cross_validate(examples, 2, is_whole=True)
    assert [first for first, _, _ in said] == [intent for _, _, intent in examples]


def test_quick_cross_validation_when_an_example_stands_in_the_wrong_place_then_the_others_contradict_it():
    examples = [(f"{text} {number % 5}", "en", intent) for number in range(40) for text, intent in WORDS.items()]
    examples[0] = ("my car 0", "en", "land_tax")
    folds = engine_module.Folds(examples, 5, engine_module.learn_quickly)
    said = dict(pair for fold in range(5) for pair in folds.told(fold))
    wrong = [at for at, (first, _, _) in said.items() if first != examples[at][2]]
    assert wrong == [0]
    first, sure, own = said[0]
    assert (first, sure > 0.8, own < 0.2) == ("vehicle", True, True)
