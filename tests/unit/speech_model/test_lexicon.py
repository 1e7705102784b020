import pytest

from assistant.core.errors import OperationFailed
from assistant.speech_model import lexicon
from assistant.speech_model.lexicon import pronounced, read_own, where_said

pytestmark = pytest.mark.unit

EDITORS = {"narva": (("N", "AA"),)}
CMU = {
    "narva": (("N",),),
    "tax": (("T", "AE", "K", "S"),),
    "bank": (("B", "AE", "NG", "K"),),
    "car": (("K", "AA", "R"),),
}


def guess(words):
    return dict.fromkeys(words, (("G",),))


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("narva", "N AA"),
        ("tax", "T AE K S"),
        ("tax's", "T AE K S IH Z"),
        ("bank's", "B AE NG K S"),
        ("car's", "K AA R Z"),
        ("kredex", "G"),
    ],
)
def test_pronounced_when_dictionaries_differ_then_the_first_counts_and_the_rest_is_guessed(word, phones):
    assert pronounced([word], (EDITORS, CMU), guess) == {word: (tuple(phones.split()),)}


def test_pronounced_when_all_is_known_then_nothing_is_guessed():
    assert pronounced(["tax"], (CMU,), lambda words: pytest.fail(str(words)))


@pytest.mark.parametrize(
    ("word", "name"), [("narva", "editors"), ("narva's", "editors"), ("car's", "CMU"), ("kredex", ""), ("'s", "")]
)
def test_where_said_when_dictionaries_differ_then_it_is_the_one_that_counts(word, name):
    assert where_said(word, {"editors": EDITORS, "CMU": CMU}) == name


def test_read_own_when_a_word_has_variants_then_it_has_them_all(tmp_path):
    (tmp_path / "lexicon.tsv").write_text("a\tAH\na\tEY\na(2)\tEY\n")
    assert read_own(tmp_path / "lexicon.tsv") == {"a": (("AH",), ("EY",))}


def test_dictionary_when_it_is_not_installed_then_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def files(package: str) -> None:
        raise ModuleNotFoundError(package)

    monkeypatch.setattr(lexicon, "files", files)
    with pytest.raises(OperationFailed, match="`make speech` installs it"):
        lexicon.read_cmu()
