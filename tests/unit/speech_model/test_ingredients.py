from dataclasses import replace
from pathlib import Path

import pytest

from assistant.content.project import Content
from assistant.content.pronunciations import Wording
from assistant.core.languages import Language
from assistant.speech_model.ingredients import GENERAL_WORDS, Ingredients, ingredients_so_far
from assistant.speech_model.sentences import Sentence
from assistant.speech_model.vocabulary import FINGERPRINT, is_built_from, known_words, missing_words

pytestmark = pytest.mark.unit

INGREDIENTS = Ingredients(
    (Sentence(("my", "moon"), 3.0), Sentence(("moon",), 1.0)),
    Wording({"moon": (("M", "UW", "N"),)}, {"um": ""}),
    {"um": (("AH", "M"),), "yes": (("Y", "EH", "S"),)},
    frozenset({"narva"}),
    own_sentences=(Sentence(("yes", "sir"), 2.0),),
    general=frozenset({"sea", "um"}),
)


def test_words_when_taken_then_they_are_those_of_sentences_the_models_own_and_general_ones_that_can_be_written():
    assert INGREDIENTS.words() == {"my", "moon", "yes", "sir", "sea"}


def test_parts_when_the_model_has_sentences_of_its_own_then_they_are_told_from_those_of_the_content():
    assert [part.sentences for part in INGREDIENTS.parts] == [INGREDIENTS.own_sentences, INGREDIENTS.content]


def test_general_words_when_a_model_has_a_list_then_they_are_known(tmp_path):
    content = Content(Path(), (), {}, intents={"fly": {Language.EN: ("fly home",)}})
    assert ingredients_so_far(content, tmp_path, (), Language.EN).general == frozenset()
    (tmp_path / "source").mkdir()
    (tmp_path / GENERAL_WORDS).write_text("sea\nland\n")
    ingredients = ingredients_so_far(content, tmp_path, (), Language.EN)
    assert {"sea", "land", "home"} <= ingredients.words()
    assert "sea" not in {word for sentence in ingredients.sentences for word in sentence.words}


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"content": INGREDIENTS.content[::-1]}, True),
        ({"content": INGREDIENTS.content[:1]}, False),
        ({"content": (Sentence(("my", "moon"), 2.0), INGREDIENTS.content[1])}, False),
        ({"content": INGREDIENTS.sentences, "own_sentences": ()}, False),
        ({"general": frozenset()}, False),
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
    assert missing_words(INGREDIENTS.content, known_words(tmp_path)) == ["moon"]
