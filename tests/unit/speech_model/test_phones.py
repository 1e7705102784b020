import pytest

from assistant.settings import PROJECT
from assistant.speech_model.phones import ENGLISH, PhoneSet, entering, read_phones, staying

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("said", "names"), [("SPN", ["nonword"]), ("AY", ["singleton"]), ("T UW L", ["begin", "internal", "end"])]
)
def test_numbers_of_when_a_word_is_given_then_they_know_its_ends(said, names):
    places = dict(ENGLISH.word_boundaries())
    assert [places[number] for number in ENGLISH.numbers_of(said.split())] == names


def test_transitions_when_counted_then_each_is_there_once():
    numbers = [way(number) for number in ENGLISH.numbers for way in (staying, entering)]
    assert sorted(numbers) == list(range(1, 2 * len(ENGLISH.numbers) + 1))


def test_word_boundaries_when_compared_then_they_are_those_of_the_bundled_model():
    file = PROJECT / "models" / "speech" / "en" / "graph" / "phones" / "word_boundary.int"
    assert file.read_text() == "".join(f"{number} {place}\n" for number, place in ENGLISH.word_boundaries())


def test_pdfs_when_a_phone_has_four_places_then_they_share_theirs():
    few = PhoneSet(("A", "B"))
    assert few.pdfs() == [(0, 1), (2, 3), *[(4, 5)] * 4, *[(6, 7)] * 4]
    assert few.units_of(("B", "A")) == (3, 2)


def test_read_phones_when_there_is_a_file_then_they_are_its_own(tmp_path):
    (tmp_path / "phones.txt").write_text("ɑ\nɤː\n")
    assert read_phones(tmp_path / "phones.txt").units[2:] == ("ɑ", "ɤː")
    assert read_phones(tmp_path / "none.txt").units == PhoneSet(()).units
