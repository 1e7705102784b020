"""Test conversations: what was tried and was good is kept as a promise."""

import re
from collections.abc import Sequence

from assistant.content.conversations import Conversation, ConversationsFile, tests_nothing
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import list_examples
from assistant.content.editing.services import service_path
from assistant.content.editing.yaml_text import Plain, dumped, yaml_text
from assistant.content.normal_form import normal_form
from assistant.core.errors import EditRefused
from assistant.core.speech_markup import without_markup

FILE = "tests.yml"
LEAST_WORDS = 2
"""A single word may stand anywhere."""


def add_conversation(files: ContentFiles, conversation: Conversation) -> str:
    """Add a conversation to those of the first service that it is about, or to those of common/; the path of the file.

    Raises:
        EditRefused: there is one of this name, or it says what the draft is trained on.
    """
    taught = {normal_form(each.text) for each in list_examples(files)}
    for turn in conversation.turns:
        if tests_nothing(turn.say, taught):
            raise EditRefused(f"“{turn.say}” is a training example, so it tests nothing: say it in other words")
    intents = [turn.intent for turn in conversation.turns if turn.intent]
    service = next((each for each in intents if files.exists(service_path(each))), "")
    path = f"services/{service}/{FILE}" if service else f"common/{FILE}"
    new: Plain = conversation.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if not files.exists(path):
        files.change(path, dumped({"conversations": [new]}))
        return path
    text = yaml_text(files.read(path), path)
    known = ConversationsFile.model_validate(text.value).conversations
    if any((each.name, each.language) == (conversation.name, conversation.language) for each in known):
        raise EditRefused(f"{path} has a conversation “{conversation.name}” already: give this one another name")
    files.change(path, text.set(new, "conversations", len(known)).text)
    return path


def fixed_words(texts: Sequence[str], said: str) -> tuple[str, ...]:
    """The longest words without a value in the only wording of a response, if that was said: what a test goes by.

    Of several wordings another one may come next time, and values change.
    """
    if len(texts) != 1:
        return ()
    pieces = (piece.strip(" .,:;!?()") for piece in re.split(r"{[^}]*}|\n", without_markup(texts[0])))
    whole = [piece for piece in pieces if len(piece.split()) >= LEAST_WORDS and piece.lower() in said.lower()]
    return (max(whole, key=len),) if whole else ()
