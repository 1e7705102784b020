"""What the latest question of each dialogue asks for, until it is answered."""

from collections import OrderedDict

from assistant.core.turns import Expected

MOST_DIALOGUES = 10_000
"""Dialogues remembered in one gateway; an answer to one that is forgotten is listened to like any other words."""


class Expectations:
    """Remembers in memory alone: answers may be names that a register listed."""

    def __init__(self, most: int = MOST_DIALOGUES) -> None:
        """Remember the latest `most` dialogues."""
        self._most = most
        self._by_dialogue: OrderedDict[str, Expected] = OrderedDict()

    def note(self, dialogue_id: str, expected: Expected | None) -> None:
        """Remember what a dialogue asks for now; nothing, if None."""
        self._by_dialogue.pop(dialogue_id, None)
        if expected:
            self._by_dialogue[dialogue_id] = expected
            if len(self._by_dialogue) > self._most:
                self._by_dialogue.popitem(last=False)

    def forget(self) -> None:
        """Keep nothing of anybody."""
        self._by_dialogue.clear()

    def of(self, dialogue_id: str) -> Expected | None:
        """What a dialogue asks for."""
        return self._by_dialogue.get(dialogue_id)
