"""What is remembered of dialogues in memory alone."""

from collections import OrderedDict
from typing import Generic, TypeVar

MOST_DIALOGUES = 10_000
"""Dialogues remembered in one gateway."""

T = TypeVar("T")


class Recent(Generic[T]):
    """One thing of each of the latest dialogues; of older ones it is forgotten."""

    def __init__(self, most: int = MOST_DIALOGUES) -> None:
        """Remember the latest `most` dialogues that there is something to remember of."""
        self._most = most
        self._by_dialogue: OrderedDict[str, T] = OrderedDict()

    def note(self, dialogue_id: str, what: T | None) -> None:
        """Remember this of a dialogue in place of what was; nothing, if None."""
        self._by_dialogue.pop(dialogue_id, None)
        if what is not None:
            self._by_dialogue[dialogue_id] = what
            if len(self._by_dialogue) > self._most:
                self._by_dialogue.popitem(last=False)

    def of(self, dialogue_id: str) -> T | None:
        """What is remembered of a dialogue."""
        return self._by_dialogue.get(dialogue_id)

    def forget(self) -> None:
        """Keep nothing of anybody."""
        self._by_dialogue.clear()
