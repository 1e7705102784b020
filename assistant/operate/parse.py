"""What the engine makes of texts, outside any dialogue."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict

from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed, OperationFailed
from assistant.core.languages import Language
from assistant.core.ports import Dialogue
from assistant.core.turns import Understanding

SHOWN_INTENTS = 5


async def parse_lines(
    dialogue: Dialogue, lines: Iterable[str], language: Language, seconds: float
) -> AsyncIterator[tuple[str, Understanding]]:
    """Each line with what it means; `seconds` is how long one may take.

    Raises:
        OperationFailed: the engine is not running.
        DialogueFailed: the engine fails on a line.
    """
    try:
        await dialogue.check()
    except DialogueFailed as error:
        raise OperationFailed(f"the engine is not running ({error}): start it with `make run`") from None
    for line in lines:
        yield line, await dialogue.parse(line, language, Deadline.after(seconds))


def parse_json(text: str, understanding: Understanding) -> str:
    """A text and its meaning as one line of JSON."""
    meaning = {"text": text, "intent": understanding.intent and asdict(understanding.intent), **asdict(understanding)}
    return json.dumps(meaning, ensure_ascii=False)


def parse_text(text: str, understanding: Understanding) -> str:
    """A text and its meaning for a terminal."""
    lines = [text]
    lines += [f"  {intent.confidence:.3f} {intent.name}" for intent in understanding.ranking[:SHOWN_INTENTS]]
    lines += [f"  {entity.name} = {entity.value}" for entity in understanding.entities]
    return "\n".join(lines)
