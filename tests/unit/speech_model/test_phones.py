import pytest

from assistant.settings import PROJECT
from assistant.speech_model import phones

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("said", "names"), [("SPN", ["nonword"]), ("AY", ["singleton"]), ("T UW L", ["begin", "internal", "end"])]
)
def test_numbers_of_when_a_word_is_given_then_they_know_its_ends(said, names):
    places = dict(phones.word_boundaries())
    assert [places[number] for number in phones.numbers_of(said.split())] == names


def test_transitions_when_counted_then_each_is_there_once():
    numbers = [way(number) for number in phones.NUMBERS for way in (phones.staying, phones.entering)]
    assert sorted(numbers) == list(range(1, phones.TRANSITIONS + 1))


def test_word_boundaries_when_compared_then_they_are_those_of_the_bundled_model():
    file = PROJECT / "models" / "speech" / "en" / "graph" / "phones" / "word_boundary.int"
    assert file.read_text() == "".join(f"{number} {place}\n" for number, place in phones.word_boundaries())
