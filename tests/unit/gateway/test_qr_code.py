import re

import pytest
import segno

from assistant.gateway.qr_code import qr_code

pytestmark = pytest.mark.unit


def test_code_when_drawn_then_has_the_dark_modules_and_a_margin_of_four() -> None:
    link = "https://kratt.example.ee/#continue=K7M4Q2ZD"
    drawn = qr_code(link)
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn.path):
        dark |= {(int(x) + at - 4, int(y) - 4) for at in range(int(length))}
    matrix = segno.make_qr(link).matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert drawn.size == len(matrix) + 8
