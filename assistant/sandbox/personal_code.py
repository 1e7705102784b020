"""Estonian personal codes (isikukood): `G YYMMDD SSS C`, eleven digits."""

import re
from datetime import date

_SHAPE = re.compile(r"[1-8]\d{10}", re.ASCII)
_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)


def is_personal_code(code: str) -> bool:
    """Whether the shape, the birth date and the check digit all hold."""
    if not _SHAPE.fullmatch(code) or _check_digit(code) != int(code[-1]):
        return False
    try:
        birth_date(code)
    except ValueError:
        return False
    return True


def birth_date(code: str) -> date:
    """The birth date in a code of the right shape; its first digit is sex and century (1-2: 1800s, ..., 7-8: 2100s).

    Raises:
        ValueError: no such day.
    """
    century = 1800 + (int(code[0]) - 1) // 2 * 100
    return date(century + int(code[1:3]), int(code[3:5]), int(code[5:7]))


def _check_digit(code: str) -> int:
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        remainder = sum(int(digit) * weight for digit, weight in zip(code[:10], weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return 0
