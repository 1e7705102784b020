from decimal import Decimal

import pytest

from actions.values import found
from actions.values.saying import Kind, SpokenValues, parse_money, say_value
from assistant.core.errors import ServiceUnintelligible
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

TERMS = {"id_card": {Language.EN: "ID card", Language.ET: "ID-kaart", Language.RU: "ID-карта"}}


@pytest.mark.parametrize(
    ("kind", "value", "english", "estonian", "russian"),
    [
        ("date", "2027-05-05", "5 May 2027", "5. mai 2027", "5 мая 2027"),
        ("money", "80.00", "80 euros", "80 eurot", "80 евро"),
        ("money", "1.00", "1 euro", "1 euro", "1 евро"),
        ("money", "125.40", "125.40 euros", "125,40 eurot", "125,40 евро"),
        ("money", "1234.5", "1234.50 euros", "1234,50 eurot", "1234,50 евро"),
        ("money", 60, "60 euros", "60 eurot", "60 евро"),
        ("term", "id_card", "ID card", "ID-kaart", "ID-карта"),
        ("localized", {"en": "a", "et": "b", "ru": "в"}, "a", "b", "в"),
        ("text", "AS0000123", "AS0000123", "AS0000123", "AS0000123"),
        ("text", " two\r\n lines\x00 ", "two lines", "two lines", "two lines"),
        ("text", 7, "7", "7", "7"),
    ],
)
def test_say_when_value_fits_its_kind_then_is_in_the_citizens_words(
    kind: Kind, value: object, english: str, estonian: str, russian: str
) -> None:
    said = [SpokenValues(language, TERMS).say(value, kind) for language in Language]
    assert said == [english, estonian, russian]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("date", "secret 5"),
        ("date", "2027-02-30"),
        ("date", None),
        ("money", "secret"),
        ("money", "NaN"),
        ("money", "Infinity"),
        ("money", "1e999999"),
        ("money", True),
        ("term", "secret"),
        ("term", ["id_card"]),
        ("localized", "secret"),
        ("localized", {"et": "secret"}),
        ("text", None),
        ("text", {"secret": 1}),
        ("text", "\x00"),
        ("text", "secret" * 100),
    ],
)
def test_say_when_value_does_not_fit_then_is_an_error_that_does_not_quote_it(kind: Kind, value: object) -> None:
    with pytest.raises(ServiceUnintelligible) as error:
        SpokenValues(Language.EN, TERMS).say(value, kind)
    assert "secret" not in str(error.value)


def test_parse_money_when_cents_add_up_then_nothing_is_lost() -> None:
    assert sum(parse_money("0.10") for _ in range(3)) == Decimal("0.30")


@pytest.mark.parametrize(
    ("kind", "value", "english", "estonian", "russian"),
    [
        ("date", "2027-05-05", "5 May 2027", "5. mai 2027", "5 мая 2027"),
        ("span", "2027-05-01/2027-05-01", "1 May 2027", "1. mai 2027", "1 мая 2027"),
        (
            "span",
            "2027-05-01/2027-05-10",
            "from 1 May 2027 to 10 May 2027",
            "1. mai 2027 kuni 10. mai 2027",
            "с 1 мая 2027 по 10 мая 2027",
        ),
        ("ordinal", "2", "2nd", "2.", "2-й"),
        ("ordinal", "11", "11th", "11.", "11-й"),
        ("ordinal", "last", "last", "viimane", "последний"),
        ("money", "80.50", "80.50 euros", "80,50 eurot", "80,50 евро"),
        ("number", "3", "3", "3", "3"),
        ("number", "2.5", "2.5", "2,5", "2,5"),
        ("plate", "123ABC", "123 ABC", "123 ABC", "123 ABC"),
        ("personal_code", "60001019906", "600 0101 9906", "600 0101 9906", "600 0101 9906"),
        ("phone", "+3725551234", "+372 555 1234", "+372 555 1234", "+372 555 1234"),
        ("phone", "+37255512345", "+372 5551 2345", "+372 5551 2345", "+372 5551 2345"),
        ("phone", "+442079460958", "+442 079 460 958", "+442 079 460 958", "+442 079 460 958"),
        ("email", "mary@example.com", "mary@example.com", "mary@example.com", "mary@example.com"),
        ("address", "Pikk 5-3, Tallinn", "Pikk 5-3, Tallinn", "Pikk 5-3, Tallinn", "Pikk 5-3, Tallinn"),
        ("yes_no", "yes", "yes", "jah", "да"),
        ("yes_no", "no", "no", "ei", "нет"),
    ],
)
def test_say_value_when_canonical_then_is_read_back_in_words(
    kind: found.Kind, value: str, english: str, estonian: str, russian: str
) -> None:
    assert [say_value(value, kind, language) for language in Language] == [english, estonian, russian]


def test_say_value_when_date_is_not_canonical_then_is_an_error_that_does_not_quote_it() -> None:
    with pytest.raises(ServiceUnintelligible) as error:
        say_value("secret", "date", Language.EN)
    assert "secret" not in str(error.value)
