"""service.yml as a form: single fields are changed, and the rest keeps its comments and order."""

from collections.abc import Mapping

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import write_examples
from assistant.content.editing.intents import Examples, check_new_intent
from assistant.content.editing.responses import Words, write_response
from assistant.content.editing.yaml_text import Key, Plain, YamlText, dumped, yaml_text
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

Place = tuple[Key, ...]
Responses = Mapping[str, Mapping[Language, Words]]
"""What is said, by the name of the response and language."""


def service_path(service: str) -> str:
    """The file of a service."""
    return f"services/{service}/service.yml"


def read_service(files: ContentFiles, service: str) -> Plain:
    """What a service.yml says, as plain values.

    Raises:
        ContentError: there is no such service.
    """
    path = service_path(service)
    return yaml_text(files.read(path), path).value


def edit_service(files: ContentFiles, service: str, values: Mapping[str | Place, Plain]) -> None:
    """Give fields of a service other values: `{"assurance": "high", ("title", "et"): "Pension"}`; None takes one out.

    Only what is different within a value is written. What is wrong with the result, the check tells with its line.

    Raises:
        EditRefused: the name of the service is not changed here, but with its intent.
        ContentError: there is no such service, or no place for a value.
    """
    path = service_path(service)
    files.change(path, edited_service(yaml_text(files.read(path), path), values).text)


def edited_service(text: YamlText, values: Mapping[str | Place, Plain]) -> YamlText:
    """A service.yml with other values, as `edit_service`; what holds nothing any more goes with its last value."""
    for key, value in values.items():
        place = (key,) if isinstance(key, str) else key
        if place == ("service",) and value != text.get("service"):
            raise EditRefused(f"rename the intent {text.get('service')}: everything that names the service follows")
        if value is not None:
            text = text.set(value, *place)
        elif text.get(*place) is not None:
            text = _without(text, place)
    return text


def new_service(
    files: ContentFiles, service: str, values: dict[str, Plain], examples: Examples, words: Responses
) -> None:
    """Make a service: its service.yml, examples of its intent, and what it says.

    Raises:
        EditRefused: the name is no name or is taken, a language has no example, or a response is none.
    """
    check_new_intent(files, service)
    if lacking := [language for language in Language if not list(examples.get(language, ()))]:
        raise EditRefused(f"{service} needs examples in {', '.join(lacking)}")
    files.change(service_path(service), dumped({"service": service, **values}))
    for language in Language:
        write_examples(files, f"services/{service}/nlu.{language}.yml", service, examples[language])
    for name, said in words.items():
        write_response(files, name, said, folder=f"services/{service}")


def at(service: Plain, place: Place) -> Plain:
    """What stands at a place; None if nothing does."""
    for key in place:
        if isinstance(service, dict) and isinstance(key, str):
            service = service.get(key)
        elif isinstance(service, list) and isinstance(key, int) and key < len(service):
            service = service[key]
        else:
            return None
    return service


def list_services(files: ContentFiles) -> dict[str, Plain]:
    """What each service.yml says, by the name of its folder."""
    return {
        path.split("/")[1]: yaml_text(files.read(path), path).value for path in files.paths("services/*/service.yml")
    }


def _without(text: YamlText, place: Place) -> YamlText:
    text = text.remove(*place)
    return _without(text, place[:-1]) if len(place) > 1 and text.get(*place[:-1]) in ({}, []) else text


def list_inputs(files: ContentFiles) -> dict[str, tuple[str, ...]]:
    """Every input of a service, with its fixed values; none for one that citizens say in words of their own."""
    found: dict[str, dict[str, None]] = {}
    for path in files.paths("services/*/service.yml"):
        inputs = yaml_text(files.read(path), path).get("inputs")
        for entry in inputs if isinstance(inputs, list) else ():
            if isinstance(entry, dict) and "slot" in entry:
                values = entry.get("one_of")
                known = found.setdefault(str(entry["slot"]), {})
                known |= dict.fromkeys(map(str, values if isinstance(values, list) else ()))
    return {slot: tuple(values) for slot, values in sorted(found.items())}


def check_value(files: ContentFiles, slot: str, value: str) -> None:
    """See that an input may have a value.

    Raises:
        EditRefused: no service has such an input, or it has no such value.
    """
    inputs = list_inputs(files)
    if slot not in inputs:
        raise EditRefused(f"no service has an input {slot}")
    if inputs[slot] and value not in inputs[slot]:
        raise EditRefused(f"{slot} has no value {value}; it has {', '.join(inputs[slot])}")
