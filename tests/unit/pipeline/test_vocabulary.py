from datetime import date, timedelta
from itertools import pairwise

import pytest
from babel.dates import format_date

from assistant.content.input_spec import ValueKind
from assistant.core.languages import Language
from assistant.core.turns import YES_NO, Expected
from assistant.pipeline.spoken_form import spoken_form
from assistant.pipeline.vocabulary import vocabulary

pytestmark = pytest.mark.unit

WRITTEN = {Language.EN: ("en_GB", "d MMMM"), Language.ET: ("et", "d. MMMM"), Language.RU: ("ru", "d MMMM")}


@pytest.mark.parametrize("language", Language)
def test_vocabulary_when_a_date_is_asked_for_then_each_day_is_made_of_its_pairs_of_words(language: Language) -> None:
    known = {pair for phrase in vocabulary(Expected("date"), language) for pair in pairwise(phrase.split())}
    locale, written = WRITTEN[language]
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(number)
        said = spoken_form(format_date(day, written, locale=locale), language).lower().replace("-", " ")
        day_words, month = said.rsplit(" ", 1)
        assert set(pairwise(day_words.split())) <= known, said
        assert any(second == month for _, second in known), said


@pytest.mark.parametrize(
    ("kind", "language", "words"),
    [
        (YES_NO, Language.EN, {"yes", "no", "i confirm"}),
        (YES_NO, Language.ET, {"jah", "ei"}),
        (YES_NO, Language.RU, {"да", "нет"}),
        ("plate", Language.EN, {"zero", "nine", "a", "z"}),
        ("phone", Language.ET, {"null", "üheksa", "pluss"}),
        ("money", Language.RU, {"двадцать", "сто", "евро"}),
        ("number", Language.EN, {"seventeen", "ninety", "hundred", "thousand"}),
        ("span", Language.EN, {"from", "until", "the first of may", "monday"}),
    ],
)
def test_vocabulary_when_a_kind_of_value_is_asked_for_then_has_its_words(
    kind: str, language: Language, words: set[str]
) -> None:
    assert words <= set(vocabulary(Expected(kind), language))


def test_vocabulary_when_answers_are_counted_then_has_them_and_what_stands_around_them() -> None:
    phrases = vocabulary(Expected("choice", ("Mari Maasikas", "Juku")), Language.EN)
    assert phrases[:2] == ("mari maasikas", "juku")
    assert "please" in phrases
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("kind", ["text", "email", "name", "address", "something new", "choice"])
def test_vocabulary_when_anything_may_be_said_then_is_empty(kind: str) -> None:
    assert vocabulary(Expected(kind), Language.EN) == ()


def test_vocabulary_when_nothing_is_asked_then_is_empty() -> None:
    assert vocabulary(None, Language.EN) == ()


@pytest.mark.parametrize("kind", ValueKind.__args__)  # type: ignore[attr-defined]
@pytest.mark.parametrize("language", Language)
def test_vocabulary_when_asked_for_any_kind_of_content_then_is_lower_case_words(kind: str, language: Language) -> None:
    assert all(phrase == phrase.lower() == phrase.strip() for phrase in vocabulary(Expected(kind), language))
