"""Words of an example that are marked as values."""

import pytest

from assistant.content.checks import _marks_are_known
from assistant.content.marks import check_marks, mark, read_marks, unmark, without_marks
from assistant.content.project import read_content
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("example", "plain", "marks"),
    [
        ("open in [tartu](office)", "open in tartu", [("tartu", "office", "tartu", 8)]),
        ("my [id card](document_type:id_card) now", "my id card now", [("id card", "document_type", "id_card", 3)]),
        ('[pass]{"entity": "document_type", "value": "passport"}', "pass", [("pass", "document_type", "passport", 0)]),
        ("[a](x) and [b](y)", "a and b", [("a", "x", "a", 0), ("b", "y", "b", 6)]),
        ("a [note] here", "a [note] here", []),
        ("[a]{broken}", "[a]{broken}", []),
        ('[a]{"entity": 1}', '[a]{"entity": 1}', []),
        ("no marks", "no marks", []),
    ],
)
def test_read_marks_when_an_example_has_some_tells_them_and_where(example, plain, marks) -> None:
    text, found = read_marks(example)
    assert text == plain
    assert [(each.words, each.slot, each.value, each.start) for each in found] == marks


def test_mark_when_words_are_chosen_writes_them_in_brackets() -> None:
    once = mark("pass for tartu", 9, 14, "office")
    assert once == "pass for [tartu](office)"
    twice = mark(once, 0, 4, "document_type", "passport")
    assert twice == '[pass]{"entity": "document_type", "value": "passport"} for [tartu](office)'
    assert unmark(twice, 9) == '[pass]{"entity": "document_type", "value": "passport"} for tartu'
    assert without_marks(twice) == "pass for tartu"


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 9), (-1, 2), (0, 99), (9, 12)])
def test_mark_when_there_are_no_free_words_is_refused(start, end) -> None:
    with pytest.raises(EditRefused):
        mark("pass for [tartu](office)", start, end, "office")


@pytest.mark.parametrize(
    "broken", ["[a](x", "[a(x)", "a](x)", "[a]{x}", "[](x)", "[a]( x)", '[a]{"entity": 1}', "[[a](x)"]
)
def test_check_marks_when_brackets_are_no_mark_names_the_example(broken) -> None:
    with pytest.raises(EditRefused, match=r"brackets that are no mark; a mark is"):
        check_marks(f"my {broken} now")


@pytest.mark.parametrize("whole", ["[a](x)", "[a](x:y)", '[a]{"entity": "x", "value": "y"}', "a [name] here", "none"])
def test_check_marks_when_every_mark_is_one_is_content(whole) -> None:
    check_marks(whole)


def test_content_when_words_are_marked_learns_the_phrase_and_the_plain_example(own_folder) -> None:
    path = own_folder / "services/office_information/nlu.en.yml"
    text = path.read_text().replace("- opening hours in tartu\n", "- opening hours in [the good town](office:tartu)\n")
    path.write_text(text)
    content = read_content(own_folder)
    assert "opening hours in the good town" in content.intents["office_information"][Language.EN]
    assert "the good town" in content.synonyms["tartu"][Language.EN]
    assert not [*_marks_are_known(content)]


def test_check_when_a_mark_names_what_there_is_not_says_so(own_folder) -> None:
    path = own_folder / "services/office_information/nlu.en.yml"
    text = path.read_text().replace("- opening hours in tartu\n", "- hours in [riga](office:riga) of [x](town)\n")
    path.write_text(text)
    said = "\n".join(map(str, _marks_are_known(read_content(own_folder))))
    assert "nlu.en.yml: “riga”: office has no value riga" in said
    assert "“x” is marked as town, which is no input" in said
