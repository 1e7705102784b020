from dataclasses import dataclass

import pytest

from assistant.core.small_numbers import is_small, rows_for_all

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Row:
    asked: int


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((9, 8, 0), (9, 8)),
        ((9, 8, 3, 3), (9, 8)),  # six in all: nobody knows how they fall apart
        ((9, 8, 3), (9,)),  # a total of 20 less 17 would tell of the three
        ((7, 2), ()),
        ((), ()),
    ],
)
def test_rows_when_a_total_would_give_a_small_one_away_then_another_one_is_left_out(asked, told) -> None:
    assert tuple(row.asked for row in rows_for_all(tuple(map(Row, asked)))) == told


def test_numbers_when_nobody_is_behind_them_then_are_no_secret() -> None:
    assert not is_small(0, 5)
    assert is_small(5, 4)
