from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.content.project import Choice, Content, Variant, read_content
from assistant.content.pronunciations import Wording
from assistant.core.languages import Language
from assistant.settings import PROJECT
from assistant.speech_model.sentences import (
    EXAMPLE_WEIGHT,
    LETTER_WEIGHT,
    PHRASE_WEIGHT,
    Sentence,
    content_sentences,
    own_sentences,
)

pytestmark = pytest.mark.unit

CONTENT = Content(
    Path(),
    (SimpleNamespace(title={Language.EN: "Flights of the state"}),),  # type: ignore[arg-type]
    {"moon": {Language.EN: "the Moon", Language.ET: "Kuu"}},
    intents={"fly": {Language.EN: ("Fly to Narva!", "um"), Language.ET: ("lenda Narva",)}},
    synonyms={"rocket": {Language.EN: ("big rocket",)}},
    responses={
        "utter_ask": {Language.EN: (Variant(text="Where to?", buttons=(Choice(title="The Stars", payload="x"),)),)}
    },
)
WORDING = Wording(spellings={"um": ""})


def test_content_sentences_when_read_then_they_are_the_english_ones():
    sentences = content_sentences(CONTENT, WORDING, ())
    said = {" ".join(sentence.words): sentence.weight for sentence in sentences if len(sentence.words) > 1}
    phrases = dict.fromkeys(["big rocket", "the moon", "flights of the state", "the stars"], PHRASE_WEIGHT)
    assert said == {"fly to narva": EXAMPLE_WEIGHT} | phrases
    assert sum(sentence.weight == LETTER_WEIGHT for sentence in sentences) == 26


def test_content_sentences_when_the_language_is_another_then_digits_are_not_read_in_english():
    content = Content(Path(), (), {}, intents={"fly": {Language.ET: ("lenda 2 korda", "Lenda Narva!")}})
    sentences = content_sentences(content, Wording(), (), Language.ET)
    assert [sentence.words for sentence in sentences if len(sentence.words) > 1] == [("lenda", "narva")]


def test_content_sentences_when_an_example_has_a_name_then_it_is_one_for_each():
    sentences = content_sentences(CONTENT, WORDING, ["Narva", "Sillamäe", "Tartu maantee"])
    assert Sentence(("fly", "to", "sillamäe"), EXAMPLE_WEIGHT / 2) in sentences
    assert Sentence(("sillamäe",), PHRASE_WEIGHT) in sentences
    assert not [sentence for sentence in sentences if "maantee" in sentence.words]


def test_content_sentences_when_names_stand_in_no_example_then_each_is_a_sentence():
    sentences = content_sentences(CONTENT, Wording(names=("Mari", "Anna-Liisa")), ())
    assert Sentence(("mari",), PHRASE_WEIGHT) in sentences
    assert Sentence(("anna", "liisa"), PHRASE_WEIGHT) in sentences


def test_own_sentences_when_read_then_they_have_their_weights(tmp_path):
    (tmp_path / "lm.txt").write_text("2\tum yes please\n0.5\tno\n")
    assert list(own_sentences(tmp_path / "lm.txt", WORDING)) == [(("yes", "please"), 2), (("no",), 0.5)]


def test_read_content_when_sentences_are_held_out_then_none_is_learned():
    files = {path.name for path in (PROJECT / "nlu_data" / "held_out").glob("*")}
    assert not {name for name in files if name.startswith("nlu.")}
    assert read_content(PROJECT / "nlu_data").folder == PROJECT / "nlu_data"
