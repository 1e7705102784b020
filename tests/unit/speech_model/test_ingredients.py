from dataclasses import replace

import pytest

from assistant.content.pronunciations import Wording
from assistant.speech_model.ingredients import Ingredients
from assistant.speech_model.sentences import Sentence
from assistant.speech_model.vocabulary import FINGERPRINT, is_built_from, known_words, missing_words

pytestmark = pytest.mark.unit

INGREDIENTS = Ingredients(
    (Sentence(("my", "moon"), 3.0), Sentence(("moon",), 1.0)),
    Wording({"moon": (("M", "UW", "N"),)}, {"um": ""}),
    {"um": (("AH", "M"),), "yes": (("Y", "EH", "S"),)},
    frozenset({"narva"}),
)


def test_words_when_taken_then_they_are_those_of_sentences_and_the_models_own_that_can_be_written():
    assert INGREDIENTS.words() == {"my", "moon", "yes"}


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"sentences": INGREDIENTS.sentences[::-1]}, True),
        ({"sentences": INGREDIENTS.sentences[:1]}, False),
        ({"sentences": (Sentence(("my", "moon"), 2.0), INGREDIENTS.sentences[1])}, False),
        ({"wording": Wording({"moon": (("M", "UH", "N"),)})}, False),
        ({"own": {}}, False),
        ({"names": frozenset()}, False),
    ],
)
def test_model_when_an_ingredient_has_changed_then_it_is_older(change, is_same, tmp_path):
    (tmp_path / "graph").mkdir()
    assert not is_built_from(INGREDIENTS, tmp_path)
    (tmp_path / "graph" / FINGERPRINT).write_text(f"{INGREDIENTS.fingerprint}\n")
    assert is_built_from(replace(INGREDIENTS, **change), tmp_path) is is_same


def test_missing_words_when_the_model_has_some_then_the_others_are_told_once(tmp_path):
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "words.txt").write_text("<eps> 0\nmy 1\n\n")
    assert missing_words(INGREDIENTS.sentences, known_words(tmp_path)) == ["moon"]
