"""A recogniser that hears what it is told to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.core.languages import Language
from assistant.core.turns import Transcript, Word

SECOND = random.Random(7).randbytes(8000) + bytes(16000)  # noise, in which the fake hears its words, and silence


@dataclass
class FakeSpeech:
    """Hears `says` at once."""

    says: str = "hello"
    confidence: float = 0.9
    open_streams: int = 0
    languages_asked: list[Language] = field(default_factory=list)

    def languages(self) -> frozenset[Language]:
        return frozenset({Language.EN})

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> "FakeSpeech":
        self.languages_asked.append(language)
        self.open_streams += 1
        return self

    async def accept(self, samples: bytes) -> str:
        return self.says

    async def finish(self) -> Transcript:
        return Transcript(
            self.says, Language.EN, tuple(Word(word, 0.0, 0.5, self.confidence) for word in self.says.split())
        )

    async def abandon(self) -> None:
        self.open_streams = 0
