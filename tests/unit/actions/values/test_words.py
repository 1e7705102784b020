"""The tables of words, one per language."""

from dataclasses import fields

import pytest

from actions.values.utterance import Utterance
from actions.values.words import WORDS
from actions.values.words.folding import fold
from actions.values.words.tables import Words
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

MAY_BE_EMPTY = {
    *(
        "articles",
        "before_day",
        "after_before",
        "one_and_half",
        "day_nouns",
        "ordinal_marks",
        "of",
        "counting_from",
        "digit_homophones",
        "decimal_places",
    ),
    *(
        "times_that_are_words",
        "since",
        "between",
        "between_behind",
        "within_behind",
        "from_ending",
        "until_ending",
        "not_from",
        "given_names",
    ),
}
"""Languages without articles, prepositions for "in two weeks", words for tenths and one and a half or such endings."""


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("field", [field.name for field in fields(Words)])
def test_table_when_read_then_every_language_fills_it(language: Language, field: str) -> None:
    value = getattr(WORDS[language], field)
    if field not in MAY_BE_EMPTY:
        assert not hasattr(value, "__len__") or value


@pytest.mark.parametrize("language", Language)
def test_tables_when_compared_then_all_languages_name_the_same_things(language: Language) -> None:
    table = WORDS[language]
    assert set(table.months.values()) == set(range(1, 13))
    assert set(table.weekdays.values()) == set(range(7))
    assert {numeral.value for numeral in table.numerals.values()} >= {*range(21), *range(20, 100, 10), 100, 1000, 10**6}
    assert {numeral.value for numeral in table.numerals.values() if numeral.is_ordinal} >= {*range(1, 21), 30}
    assert set(table.letters.values()) == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert set(table.repeats.values()) >= {2, 3}


@pytest.mark.parametrize("language", Language)
def test_words_when_listed_then_each_can_be_met(language: Language) -> None:
    table = WORDS[language]
    sets = [value for field in fields(Words) if isinstance(value := getattr(table, field.name), frozenset)]
    words = {word for group in sets for word in group} | {*table.numerals, *table.months, *table.weekdays}
    assert not [word for word in words if word.strip() and Utterance.of(word, table).words != (word,)]


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Märts", "marts"), ("й", "и"), ("Ёлка", "елка"), ("it’s", "it's"), ("́", "́"), ("ABC", "abc")],
)
def test_fold_when_given_then_case_and_diacritics_are_gone(word: str, folded: str) -> None:
    assert fold(word) == folded
