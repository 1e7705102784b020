"""Digits become a number once # is pressed."""

import pytest

from connectors.conversation_relay.keypad import MOST_DIGITS, Keypad

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("keys", "numbers"),
    [
        ("12#", ["12"]),
        ("1#2#", ["1", "2"]),
        ("99*12#", ["12"]),
        ("#", []),
        ("1A2#", ["2"]),
        ("12", []),
        ("0" * (MOST_DIGITS + 5) + "#", ["0" * MOST_DIGITS]),
    ],
)
def test_keys_when_pressed_then_are_numbers(keys: str, numbers: list[str]) -> None:
    keypad = Keypad()
    assert [number for key in keys if (number := keypad.press(key))] == numbers


def test_digits_when_cleared_then_are_gone() -> None:
    keypad = Keypad()
    keypad.press("1")
    keypad.clear()
    assert (keypad.press("2"), keypad.press("#")) == ("", "2")
