"""How a reply is read aloud."""

import pytest

from assistant.core.languages import Language
from assistant.pipeline.spoken_form import spoken_form

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("Your phone is +372 5551 2345.", EN, "Your phone is plus 3 7 2, 5 5 5 1, 2 3 4 5."),
        ("Telefon +372 5551 2345", ET, "Telefon pluss 3 7 2, 5 5 5 1, 2 3 4 5"),
        ("Телефон +372 5551 2345", RU, "Телефон плюс 3 7 2, 5 5 5 1, 2 3 4 5"),
        ("Personal code 38001085718", EN, "Personal code 3 8 0, 0 1 0, 8 5 7, 1 8"),
        ("isikukood 380 0108 5718", ET, "isikukood 3 8 0, 0 1 0 8, 5 7 1 8"),
        ("The car 123 ABC is insured.", EN, "The car 1 2 3, A B C is insured."),
        ("Passport KE1234567 expires.", EN, "Passport K E, 1 2 3 4, 5 6 7 expires."),
        ("Call 112 or 116 006.", EN, "Call 1 1 2 or 1 1 6, 0 0 6."),
        ("We write to mari.tamm@example.ee.", EN, "We write to mari dot tamm at example dot ee."),
        ("Vaata eesti.ee lehelt", ET, "Vaata eesti punkt ee lehelt"),
        ("На сайте www.eesti.ee/ru", RU, "На сайте www точка eesti точка ee дробь ru"),
    ],
)
def test_reply_when_it_holds_codes_or_addresses_then_they_are_spelled(text: str, language: Language, read: str) -> None:
    assert spoken_form(text, language) == read


@pytest.mark.parametrize(
    "text",
    [
        "Your passport expires on 5 May 2027.",
        "The fee is 60 euros, 125.40 euros in all.",
        "Te võlgnete 12500 eurot.",
        "Вы должны 12500 евро.",
        "It is open from 9:00 to 17:30, on 24 December until 14:00.",
        "You live at Pikk 5-3, Tallinn.",
        "It is 500 EUR.",
        "The tax is 20 % of 1500 euros.",
        "",
    ],
)
def test_reply_when_it_holds_dates_and_amounts_then_it_is_left_as_it_is(text: str) -> None:
    assert spoken_form(text, EN) == text
