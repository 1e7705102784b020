"""What citizens thought of a conversation: a grade and, if they like, words; of nobody in particular."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.core.languages import Language
from assistant.core.masking import mask

GRADES = range(1, 6)
"""5 is best."""
LONGEST_WORDS = 500


@dataclass(frozen=True)
class Feedback:
    """One citizen's opinion."""

    grade: int
    words: str
    language: Language

    @property
    def masked(self) -> "Feedback":
        """The same without what the words tell of a person: codes, numbers and mail addresses."""
        return Feedback(self.grade, mask(self.words), self.language)


@dataclass(frozen=True)
class Opinions:
    """How many gave which grade, and the latest words, newest first."""

    grades: Mapping[int, int]
    latest: tuple[Feedback, ...]


class Feedbacks(Protocol):
    """Keeps opinions, masked, for as long as the operator says."""

    async def add(self, feedback: Feedback) -> None:
        """Keep one."""
