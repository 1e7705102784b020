"""Where the content uses an intent or a response, by name."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import read_nlu
from assistant.content.editing.yaml_text import Key, Plain, YamlText, yaml_text
from assistant.content.own_intents import INTENTS_OF_CODE
from assistant.content.own_responses import OFFER_PREFIX, RESPONSES_OF_CODE, SAY_PREFIX, UNFIT_PREFIX

NLU = ("nlu.*.yml", "held_out/*.yml", "heard/*.yml")
_FAMILIES = (OFFER_PREFIX, SAY_PREFIX, UNFIT_PREFIX, "utter_ask_")
"""Responses whose names are made of other names."""


@dataclass(frozen=True)
class Use:
    """One place; `line` counts from 1, 0 where it is no line of the content."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        """For an editor."""
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


def uses_of_intent(files: ContentFiles, intent: str) -> tuple[Use, ...]:
    """What would break if the intent was not there: all but its own examples, and its own answer."""
    return (*_code(intent, INTENTS_OF_CODE), *_of_intent(files, intent))


def uses_of_response(files: ContentFiles, response: str) -> tuple[Use, ...]:
    """What says the response."""
    return (*_code(response, RESPONSES_OF_CODE), *_by_name(files, response), *_of_response(files, response))


def scalars(value: Plain, path: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], Plain]]:
    """Every value at the end of a path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from scalars(each, (*path, key))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from scalars(each, (*path, at))
    else:
        yield path, value


def offers(service: YamlText, intent: str) -> Iterator[tuple[Key, ...]]:
    """Where a service.yml offers a service as the next one."""
    for path, value in scalars(service.get("next"), ("next",)):
        if value == intent and (len(path) == 2 or path[-1] == "offer"):
            yield path


def turns(tests: YamlText, intent: str) -> Iterator[tuple[Key, ...]]:
    """Where a tests.yml expects an intent."""
    return (path for path, value in scalars(tests.value) if path[-1:] == ("intent",) and value == intent)


def _of_intent(files: ContentFiles, intent: str) -> Iterator[Use]:
    if files.exists(f"services/{intent}/service.yml"):
        yield Use(f"services/{intent}/service.yml", 1, "this service begins with it")
    for path in files.paths("service.yml"):
        service = yaml_text(files.read(path), path)
        yield from (
            Use(path, service.line(*place), "offers it as the next service") for place in offers(service, intent)
        )
    for path in files.paths("tests.yml"):
        tests = yaml_text(files.read(path), path)
        yield from (Use(path, tests.line(*place), "a conversation expects it") for place in turns(tests, intent))
    for path in files.paths("held_out/*.yml"):
        if block := read_nlu(files, path).block(intent):
            yield Use(path, block.first, f"{len(block.examples)} held-out requests")


def _of_response(files: ContentFiles, response: str) -> Iterator[Use]:
    for path in files.paths("service.yml"):
        service = yaml_text(files.read(path), path)
        places = (place for place, value in scalars(service.value) if value == response)
        yield from (Use(path, service.line(*place), "says it") for place in places)


def _by_name(files: ContentFiles, response: str) -> Iterator[Use]:
    if response.startswith(_FAMILIES):
        yield Use(response, 0, "its name is made of another name, so it goes with that")
    for path in files.paths("common/nlu.*.yml"):
        if block := read_nlu(files, path).block(response.removeprefix("utter_")):
            yield Use(path, block.first, "this intent is answered by it")


def _code(name: str, known: frozenset[str]) -> Iterator[Use]:
    if name in known:
        yield Use("Kratt", 0, f"code goes by the name {name}")
