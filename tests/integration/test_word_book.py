"""How words are said, by the real dictionaries, and heard: phones as espeak-ng speaks them, by the real recogniser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.sound_files import decode_wav
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.project import read_content
from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from assistant.settings import PROJECT
from assistant.speech_model.ingredients import read_ingredients
from assistant.speech_model.sounding import sounds_in
from assistant.speech_model.word_book import WordBook

pytestmark = pytest.mark.integration

MODEL = PROJECT / "models" / "speech" / "en"
BOOK = WordBook(MODEL, ("Tartu",))


@pytest.fixture
def content(tmp_path) -> Path:
    """Some of the content, with a word that no dictionary has."""
    shutil.copytree(PROJECT / "nlu_data" / "common", tmp_path / "common")
    examples = tmp_path / "common" / "nlu.en.yml"
    text = examples.read_text(encoding="utf-8")
    examples.write_text(text.replace("    - hello\n", "    - hello\n    - hello zorgle\n", 1), encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def speech() -> Iterator[VoskSpeech]:
    speech = VoskSpeech({Language.EN: MODEL}, streams=1)
    yield speech
    speech.close()


def test_words_when_the_model_lacks_one_then_it_is_told_with_its_place_and_a_guess(content) -> None:
    (word,) = BOOK.unheard(content)
    assert (word.word, word.source) == ("zorgle", "espeak-ng's guess")
    assert word.places[0].startswith("common/nlu.en.yml:")
    assert word.ways[0][0] == "Z"
    by = {each.word: each.source for each in BOOK.said(content, "A passport for Tartu, zorgle?")}
    assert by["tartu"] == "pronunciations.en.yml"
    assert list(by) == ["a", "passport", "for", "tartu", "zorgle"]


def test_words_when_there_is_no_model_then_says_what_is_missing(content, tmp_path) -> None:
    with pytest.raises(OperationFailed, match=r"it is not known which words this model has"):
        WordBook(tmp_path, ()).unheard(content)


@pytest.mark.parametrize(
    ("word", "phones"), [("tallinn", "T AA L IH N"), ("passport", "P AE S P AO R T"), ("children", "CH IH L D R AH N")]
)
async def test_phones_when_spoken_then_are_heard_as_their_word(speech, word, phones) -> None:
    sound = decode_wav(BOOK.sound(tuple(phones.split())), 10)
    stream = await speech.open_stream(Language.EN, sound.rate_hertz)
    await stream.accept(bytes(sound.rate_hertz) + sound.samples + bytes(sound.rate_hertz))
    assert (await stream.finish()).text == word


@pytest.fixture
def estonian(tmp_path) -> WordBook:
    """Of a model as a training leaves it, but for the network."""
    folder = tmp_path / "et"
    for name, text in {
        "source/phones.txt": "p\nb\nu\nr\no\nɵ\nː\n",
        "source/lexicon.tsv": "büroo\tb y r oː\n",
        "source/lm.txt": "1\tkus on büroo\n",
        "graph/words.txt": "<eps> 0\ntere 1\nbüroo 2\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return WordBook(folder, (), Language.ET)


def test_words_of_another_language_when_an_editor_says_one_then_the_next_graph_says_it_so(content, estonian) -> None:
    by = {each.word: each for each in estonian.unheard(content)}
    assert ("tere" in by, "büroo" in by, by["tartu"].source) == (False, False, "espeak-ng's guess")
    assert by["tartu"].places[0].startswith("common/nlu.et.yml:")
    assert by["tartu"].ways == (("t", "a", "r", "t", "u"),)
    (content / "common" / "pronunciations.et.yml").write_text("pronunciations: {tartu: [t a rː t u]}\n")
    (mended,) = estonian.said(content, "Tartu")
    assert (mended.ways, mended.source) == ((("t", "a", "rː", "t", "u"),), "pronunciations.et.yml")
    ingredients = read_ingredients(read_content(content), estonian.folder, (), Language.ET)
    assert ingredients.lexicon(["tartu"]) == {"tartu": (("t", "a", "rː", "t", "u"),)}
    assert estonian.said(content, "büroo")[0].source == "source/lexicon.tsv"


@pytest.mark.parametrize(("language", "word"), [(Language.ET, "jõhvi"), (Language.RU, "паспорт")])
def test_sounds_of_another_language_when_spoken_then_take_as_long_as_a_word(language, word) -> None:
    phones, *_ = sounds_in(language, [word])[word]
    assert 0.3 < decode_wav(WordBook(PROJECT, (), language).sound(phones), 10).seconds < 2
