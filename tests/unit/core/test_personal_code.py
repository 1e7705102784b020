from datetime import date

import pytest

from assistant.core.personal_code import birth_date, is_personal_code

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "code",
    ["60001019906", "38001085718", "60001017869", "39901012239", "36805280109", "37605030299", "51307149560"],
)
def test_code_when_a_published_test_persons_then_is_valid(code: str) -> None:
    assert is_personal_code(code)


@pytest.mark.parametrize("code", ["60001010157", "60001010030"], ids=["second weights", "ten by both weights"])
def test_code_when_its_first_remainder_is_ten_then_the_second_decides(code: str) -> None:
    assert is_personal_code(code)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("60001019907", id="wrong check digit"),
        pytest.param("36805280108", id="wrong check digit of another"),
        pytest.param("60010019906", id="digits swapped"),
        pytest.param("12345678901", id="the one of every X-Road example"),
        pytest.param("60013019909", id="month 13"),
        pytest.param("60002309900", id="30 February"),
        pytest.param("00001019906", id="no such century"),
        pytest.param("90001019906", id="no such century either"),
        pytest.param("6000101990", id="too short"),
        pytest.param("600010199060", id="too long"),
        pytest.param("EE60001019906", id="with its country"),
        pytest.param("６0001019906", id="a wide digit"),
        pytest.param("60001019906\n", id="with a line end"),
        pytest.param("", id="empty"),
    ],
)
def test_code_when_wrong_then_is_not_valid(code: str) -> None:
    assert not is_personal_code(code)


@pytest.mark.parametrize(
    ("code", "born"),
    [
        ("38001085718", date(1980, 1, 8)),
        ("60001019906", date(2000, 1, 1)),
        ("17605030299", date(1876, 5, 3)),
        ("80001010000", date(2100, 1, 1)),
    ],
)
def test_birth_date_when_read_then_has_the_century_of_the_first_digit(code: str, born: date) -> None:
    assert birth_date(code) == born
