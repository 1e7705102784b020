"""Examples as the recogniser hears them: heard/<language>.yml, which `kratt speech hear` writes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from assistant.content.conversations import read_conversations
from assistant.content.held_out import read_held_out
from assistant.content.normal_form import normal_form
from assistant.content.project import Content, heard_file
from assistant.core.languages import Language

HEADER = (
    "# Examples that the recogniser writes otherwise. Written by `kratt speech hear {language}`; changes are lost.\n"
)


@dataclass(frozen=True)
class Hearing:
    """An example of an intent, and what the recogniser made of it."""

    intent: str
    example: str
    heard: str


def examples_to_hear(content: Content, language: Language) -> Iterator[tuple[str, str]]:
    """Each intent with each of its examples."""
    for intent, by_language in sorted(content.intents.items()):
        for example in dict.fromkeys(by_language.get(language, ())):
            yield intent, example


def heard_examples(content: Content, language: Language, hearings: Iterable[Hearing]) -> Mapping[str, tuple[str, ...]]:
    """What is worth learning of what was heard, sorted, by intent.

    Left out is what stands among the examples already, in tests or in held-out requests, what was heard for two
    intents, and what says nothing of its intent: at least half of its words are in none of the intent's examples.
    """
    known = _written(content) | _kept_apart(content.folder)
    words: dict[str, set[str]] = defaultdict(set)
    for intent, example in examples_to_hear(content, language):
        words[intent].update(normal_form(example).split())
    intents: dict[str, set[str]] = defaultdict(set)
    for hearing in hearings:
        line = hearing.heard
        said = normal_form(line).split()
        is_near = 2 * sum(word in words[hearing.intent] for word in said) > len(said)
        if is_near and normal_form(line) not in known:
            intents[line].add(hearing.intent)
    found: dict[str, list[str]] = defaultdict(list)
    for line, meant in sorted(intents.items()):
        if len(meant) == 1:
            found[next(iter(meant))].append(line)
    return {intent: tuple(lines) for intent, lines in sorted(found.items())}


def write_heard(folder: Path, language: Language, heard: Mapping[str, Iterable[str]]) -> Path:
    """Write the file of a language anew; the same lines make the same bytes."""
    path = heard_file(folder, language)
    path.parent.mkdir(exist_ok=True)
    blocks = [
        {"intent": intent, "examples": LiteralScalarString("".join(f"- {line}\n" for line in lines))}
        for intent, lines in heard.items()
    ]
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER.format(language=language))
        YAML().dump({"version": "3.1", "nlu": blocks}, file)
    return path


def _written(content: Content) -> set[str]:
    """Every example of every language."""
    return {normal_form(line) for words in content.intents.values() for lines in words.values() for line in lines}


def _kept_apart(folder: Path) -> set[str]:
    """What is said in tests, and held-out requests."""
    said = (exchange.say for each in read_conversations(folder).values() for exchange in each.turns)
    return {normal_form(text) for text in (*said, *(each.text for each in read_held_out(folder)))}
