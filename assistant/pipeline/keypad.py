"""Keys of a telephone as words: the number of a choice, or digits up to #."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.turns import Button

DIGITS = frozenset("0123456789")
ENTER = "#"
MOST_DIGITS = 40


@dataclass
class Keypad:
    """What was pressed and is no answer yet."""

    digits: str = ""

    def press(self, key: str, choices: Sequence[Button] = ()) -> str | None:
        """What the citizen has said by this key, if it ends an answer; `choices` are those of the last reply.

        A digit that is the number of one of at most nine choices says it at once; other digits are said by #. Any other
        key takes them back.
        """
        typed, self.digits = self.digits, ""
        if key == ENTER:
            return _said(typed, choices)
        if key in DIGITS:
            typed = (typed + key)[:MOST_DIGITS]
            if len(choices) < len(DIGITS) and 1 <= int(typed) <= len(choices):
                return _said(typed, choices)
            self.digits = typed
        return None

    def clear(self) -> None:
        """What was pressed so far was nothing."""
        self.digits = ""


def _said(digits: str, choices: Sequence[Button]) -> str | None:
    if digits and 1 <= int(digits) <= len(choices):
        return choices[int(digits) - 1].payload
    return digits or None
