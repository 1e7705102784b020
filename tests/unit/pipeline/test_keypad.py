import pytest

from assistant.core.turns import Button
from assistant.pipeline.keypad import MOST_DIGITS, Keypad

pytestmark = pytest.mark.unit

TWO = (Button("Tallinn", "in tallinn"), Button("Tartu", "in tartu"))
MANY = tuple(Button(f"{number}", f"number {number}") for number in range(1, 13))


@pytest.mark.parametrize(
    ("keys", "choices", "said"),
    [
        ("1", TWO, ["in tallinn"]),
        ("21", TWO, ["in tartu", "in tallinn"]),
        ("3#", TWO, ["3"]),
        ("0#", TWO, ["0"]),
        ("12#", MANY, ["number 12"]),
        ("1#", MANY, ["number 1"]),
        ("13#", MANY, ["13"]),
        ("12#1#2#", (), ["12", "1", "2"]),
        ("55*66#", (), ["66"]),
        ("1A2#", (), ["2"]),
        ("1٣2#", (), ["2"]),
        ("#*#", (), []),
        ("5", (), []),
        ("007#", (), ["007"]),
        ("0" * (MOST_DIGITS + 5) + "#", (), ["0" * MOST_DIGITS]),
    ],
)
def test_keys_when_pressed_then_say_a_choice_or_digits(keys: str, choices: tuple[Button, ...], said: list[str]) -> None:
    keypad = Keypad()
    told = [keypad.press(key, choices) for key in keys]
    assert [each for each in told if each is not None] == said


def test_digits_when_cleared_then_are_gone() -> None:
    keypad = Keypad()
    keypad.press("1")
    keypad.clear()
    assert (keypad.press("2"), keypad.press("#")) == (None, "2")
