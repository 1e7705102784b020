"""Conversations that editors promise to hold: nlu_data/**/tests.yml."""

from collections.abc import Set
from pathlib import Path
from typing import Annotated

from pydantic import Field

from assistant.content.normal_form import normal_form
from assistant.content.project import RasaFile
from assistant.content.yaml_source import read_model
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome


class Exchange(RasaFile):
    """One request and what must come of it; `reply` are words that the reply must contain, in any case."""

    say: Annotated[str, Field(min_length=1)]
    intent: str | None = None
    outcome: Outcome
    reply: tuple[str, ...] = ()


class Conversation(RasaFile):
    """A conversation; `as` logs a person in first, `spoken` has it spoken aloud to the recogniser as well.

    `down` names services of the sandbox that do not answer meanwhile; `faults` says of others what goes wrong;
    `phone` how the person's phone behaves; with `app` they have linked their Smart-ID app. With `desk` a person is at
    the desk meanwhile.
    """

    name: Annotated[str, Field(min_length=1)]
    language: Language
    as_: Annotated[str | None, Field(alias="as")] = None
    spoken: bool = False
    down: tuple[str, ...] = ()
    faults: dict[str, str] = {}
    phone: str | None = None
    app: bool = False
    desk: bool = False
    turns: Annotated[tuple[Exchange, ...], Field(min_length=1)]


class ConversationsFile(RasaFile):
    """A tests.yml."""

    conversations: tuple[Conversation, ...]


MOST_WORDS_OF_A_VALUE = 3
"""A bare value ("passport") can hardly be said in another way; a request can."""


def tests_nothing(said: str, taught: Set[str]) -> bool:
    """Whether a model knows these words already; `taught` are examples in their normal form."""
    return len(said.split()) > MOST_WORDS_OF_A_VALUE and normal_form(said) in taught


def read_conversations(content: Path) -> dict[str, Conversation]:
    """All conversations of a content folder by `folder: name`.

    Raises:
        ContentError: a file that cannot be read, with its line.
    """
    return {
        f"{path.parent.name}-{conversation.language}: {conversation.name}": conversation
        for path in sorted(content.rglob("tests.yml"))
        for conversation in read_model(path, ConversationsFile).conversations
    }
