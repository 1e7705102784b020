from datetime import date

import pytest

from assistant.sandbox.personal_code import birth_date, is_personal_code

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "code",
    [
        "38001085718",
        "36805280109",
        "37605030299",
        "51307149560",
        "60001019906",
        "60001017869",
        "39901012239",
        "40504040001",
    ],
)
def test_is_personal_code_when_published_test_code_then_true(code: str) -> None:
    assert is_personal_code(code)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("12345678901", "the id of every X-Road example"),
        ("36805280108", "wrong check digit"),
        ("60013019909", "month 13"),
        ("38001085781", "last digits swapped"),
        ("83001085718", "first digits swapped"),
        ("3800108571", "ten digits"),
        ("380010857180", "twelve digits"),
        ("98001085718", "no such century"),
        ("٣٨٠٠١٠٨٥٧١٨", "digits, but not ASCII"),
        ("38001085718\n", "line end"),
        ("", "nothing"),
    ],
)
def test_is_personal_code_when_not_one_then_false(code: str, why: str) -> None:
    assert not is_personal_code(code), why


@pytest.mark.parametrize("code", ["38001085718", "60001019906"])
@pytest.mark.parametrize("place", range(11))
def test_is_personal_code_when_one_digit_misheard_then_false(code: str, place: int) -> None:
    digit = str((int(code[place]) + 1) % 10)
    assert not is_personal_code(code[:place] + digit + code[place + 1 :])


@pytest.mark.parametrize(
    ("code", "born"),
    [
        ("13001085718", date(1830, 1, 8)),
        ("38001085718", date(1980, 1, 8)),
        ("60001019906", date(2000, 1, 1)),
        ("71307149560", date(2113, 7, 14)),
        ("81307149560", date(2113, 7, 14)),
    ],
)
def test_birth_date_when_century_digit_given_then_in_that_century(code: str, born: date) -> None:
    assert birth_date(code) == born
