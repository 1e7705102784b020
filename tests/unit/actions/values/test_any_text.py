"""What must hold for any text and any value."""

from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.values.choosing import Ambiguous, Choice, Chosen, choose
from actions.values.correcting import is_correction
from actions.values.finding import find_value
from actions.values.found import UNFIT_REASONS, Found, Kind, Limits, Unfit
from actions.values.saying import say_value
from actions.values.words import WORDS
from assistant.core.languages import Language
from assistant.core.personal_code import is_personal_code
from assistant.pipeline.spoken_form import spoken_form

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 23)
CHOICES = (Choice("a", ("Škoda Octavia", "123 ABC")), Choice("b", ("Mari Mets",)), Choice("c", ("", "5")))

kinds = st.sampled_from(get_args(Kind))
languages = st.sampled_from(list(Language))
limits = st.builds(Limits, *[st.none() | st.integers(-9999, 9999).map(Decimal)] * 2)


def words_of(language: Language) -> list[str]:
    table = WORDS[language]
    groups = (table.numerals, table.months, table.weekdays, table.letters, table.fillers, table.euros, table.cents)
    more = (
        table.dots,
        table.at_signs,
        table.nots,
        table.denials,
        table.halves,
        table.repeats,
        table.weeks,
        table.flats,
    )
    return sorted({word for group in (*groups, *more) for word in group})


WORDS_OF = {language: words_of(language) for language in Language}


@st.composite
def sayings(draw: st.DrawFn, language: Language) -> str:
    """Texts made of the very words that the grammars know, of digits and of signs."""
    word = st.sampled_from(WORDS_OF[language]) | st.sampled_from(
        [*"-.,/:+@€%'()", "0", "31", "2", "1985", "12.12", "  "]
    )
    return draw(st.sampled_from([" ", " ", ""])).join(draw(st.lists(word | st.text(max_size=3), max_size=14)))


texts = languages.flatmap(lambda language: st.tuples(st.just(language), st.text() | sayings(language)))


@given(text=texts, kind=kinds, bounds=limits, today=st.dates())
def test_find_value_when_any_text_then_is_a_place_in_it_or_a_known_reason(
    text: tuple[Language, str], kind: Kind, bounds: Limits, today: date
) -> None:
    language, said = text
    found = find_value(kind, said, language, today=today, limits=bounds)
    if isinstance(found, Found):
        assert 0 <= found.start < found.end <= len(said)
        assert found.value
    elif isinstance(found, Unfit):
        assert found.reason in UNFIT_REASONS


@given(text=texts, current=st.none() | st.sampled_from("abx"), count=st.integers(0, 3))
def test_choose_when_any_text_then_names_only_choices(
    text: tuple[Language, str], current: str | None, count: int
) -> None:
    language, said = text
    chosen = choose(said, CHOICES[:count], language, current=current)
    keys = {choice.key for choice in CHOICES[:count]}
    if isinstance(chosen, Chosen):
        assert chosen.key in keys
    elif isinstance(chosen, Ambiguous):
        assert len(chosen.keys) > 1
        assert set(chosen.keys) <= keys


@given(text=texts)
def test_is_correction_when_any_text_then_answers(text: tuple[Language, str]) -> None:
    assert is_correction(text[1], text[0]) in {True, False}


def check_digit(first_ten: str) -> str | None:
    return next((f"{first_ten}{digit}" for digit in range(10) if is_personal_code(f"{first_ten}{digit}")), None)


personal_codes = (
    st.tuples(st.integers(3, 6), st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
    .map(lambda parts: check_digit(f"{parts[0]}{parts[1]:%y%m%d}{parts[2]:03d}"))
    .filter(bool)
)


def estonian_iban(account: str) -> str:
    """By ISO 13616: the check digits make the remainder by 97 one; EE counts 14 14."""
    return f"EE{98 - int(f'{account}141400') % 97:02d}{account}"


VALUES: dict[Kind, st.SearchStrategy[str]] = {
    "date": st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat),
    "span": st.tuples(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 9999)).map(
        lambda begun: f"{begun[0].isoformat()}/{(begun[0] + timedelta(begun[1])).isoformat()}"
    ),
    "ordinal": st.integers(1, 99).map(str) | st.just("last"),
    "money": st.integers(0, 10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
    "number": st.integers(0, 10**9).map(str) | st.integers(1, 10**6).map(lambda tenths: f"{tenths}.5"),
    "plate": st.from_regex(r"[0-9]{3}[A-Z]{3}", fullmatch=True).filter(
        lambda plate: plate[3:] not in {"EUR", "USD", "GBP", "MIN", "KWH"}
    ),
    "personal_code": personal_codes.map(str),
    "phone": st.from_regex(r"\+372[3-8][0-9]{6,7}", fullmatch=True) | st.from_regex(r"\+[14][0-9]{9}", fullmatch=True),
    "iban": st.from_regex(r"[0-9]{16}", fullmatch=True).map(estonian_iban),
    "email": st.from_regex(r"[a-z][a-z0-9]{0,9}(\.[a-z0-9]{1,9})?@[a-z]{1,9}\.(ee|com|co\.uk)", fullmatch=True),
    "yes_no": st.sampled_from(["yes", "no"]),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data(), language=languages)
def test_find_value_when_a_value_is_read_back_then_is_that_value(
    kind: Kind, data: st.DataObject, language: Language
) -> None:
    value = data.draw(VALUES[kind])
    said = say_value(value, kind, language)
    assert find_value(kind, said, language, today=TODAY) == Found(value, 0, len(said), is_whole=True)


# By itself a longer number is read as a code, and an address that sounds like a number is a number.
SPOKEN: dict[Kind, st.SearchStrategy[str]] = {
    **VALUES,
    "number": st.integers(0, 9999).map(str) | st.integers(1, 10**6).map(lambda tenths: f"{tenths}.5"),
    "email": st.from_regex(r"[bcdfgk]{3,9}[0-9]{0,3}(\.[bcdfgk]{2,9}[0-9]?)?@[bcdfgk]{3,9}\.(ee|com)", fullmatch=True),
    "address": st.builds(
        "{} {}{}{}, {}".format,
        st.sampled_from(["Pikk", "Riia", "Sõpruse puiestee", "Narva maantee", "Tammsaare tee"]),
        st.integers(1, 399),
        st.sampled_from(["", "", "a", "c"]),
        st.just("") | st.integers(1, 199).map("-{}".format),
        st.sampled_from(["Tallinn", "Tartu", "Narva"]),
    ),
}


@pytest.mark.parametrize("kind", SPOKEN)
@given(data=st.data(), language=languages)
def test_find_value_when_a_value_is_read_aloud_then_is_that_value(
    kind: Kind, data: st.DataObject, language: Language
) -> None:
    value = data.draw(SPOKEN[kind])
    said = spoken_form(say_value(value, kind, language), language).lower()
    assert not any(char.isdigit() for char in said)
    assert find_value(kind, said, language, today=TODAY) == Found(value, 0, len(said), is_whole=True)


@pytest.mark.parametrize("kind", ["date", "span", "money", "plate", "personal_code", "email", "phone", "iban"])
@pytest.mark.parametrize(
    ("language", "request_"),
    [
        (Language.EN, "what documents do i need to move"),
        (Language.ET, "milliseid dokumente ma kolimiseks vajan"),
        (Language.RU, "какие документы нужны для переезда"),
    ],
)
@given(data=st.data())
def test_find_value_when_said_within_a_request_then_is_found_there(
    kind: Kind, language: Language, request_: str, data: st.DataObject
) -> None:
    value = data.draw(VALUES[kind])
    said = f"{request_} {say_value(value, kind, language)}"
    found = find_value(kind, said, language, today=TODAY)
    if kind == "phone" and value.startswith("+"):
        assert isinstance(found, Found)
    assert isinstance(found, Found)
    assert (found.value, found.is_whole) == (value, False)
