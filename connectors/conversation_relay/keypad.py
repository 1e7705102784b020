"""Numbers that are typed on a telephone."""

MOST_DIGITS = 40


class Keypad:
    """Collects digits; # ends a number, * begins it anew."""

    def __init__(self) -> None:
        """Nothing is typed yet."""
        self._digits = ""

    def press(self, key: str) -> str:
        """The number that is complete now; empty while it is not."""
        typed, self._digits = self._digits, ""
        if key == "#":
            return typed
        if key.isdecimal():
            self._digits = (typed + key)[:MOST_DIGITS]
        return ""

    def clear(self) -> None:
        """What was typed so far was nothing."""
        self._digits = ""
