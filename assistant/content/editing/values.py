"""Fixed values of inputs, with the words citizens use for them: made, changed, given to inputs and taken away."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import clean, nlu_paths, read_nlu
from assistant.content.editing.nlu_text import EMPTY, NluText
from assistant.content.editing.services import at, list_services, service_path
from assistant.content.editing.uses import Use, scalars
from assistant.content.editing.yaml_text import Inline, Key, Plain, YamlText, yaml_text
from assistant.content.marks import read_marks, with_value
from assistant.content.normal_form import normal_form
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

_TERMS = ("common/terms.yml", "services/*/terms.yml")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_NO_TEXT = frozenset({"true", "false", "null"})
"""What YAML would not read as a text."""
_MARKED = ("nlu.*.yml", "held_out/*.yml")


@dataclass(frozen=True, order=True)
class InputPlace:
    """An input of a service that takes fixed values."""

    service: str
    slot: str

    def __str__(self) -> str:
        """As a form names it."""
        return f"{self.service}.{self.slot}"


@dataclass(frozen=True)
class Value:
    """A value: its word (on buttons, in answers) and the phrases that mean it in each language, and who takes it."""

    name: str
    words: Mapping[Language, str]
    phrases: Mapping[Language, tuple[str, ...]]
    inputs: tuple[InputPlace, ...]


def list_fixed_inputs(files: ContentFiles) -> dict[InputPlace, tuple[str, ...]]:
    """Every input that takes fixed values, with its values in their order."""
    return {place: values for place, _, values in _fixed_inputs(files)}


def list_values(files: ContentFiles) -> dict[str, Value]:
    """Every value that some input takes, by name."""
    takers: dict[str, list[InputPlace]] = {}
    for place, values in list_fixed_inputs(files).items():
        for value in values:
            takers.setdefault(value, []).append(place)
    words, phrases = _all_words(files), _all_phrases(files)
    return {
        name: Value(name, words.get(name, {}), phrases.get(name, {}), tuple(inputs))
        for name, inputs in sorted(takers.items())
    }


def words_of_code(files: ContentFiles, name: str) -> Mapping[Language, str]:
    """The words for a code, whether an input takes it or only registers answer with it; none if it has none."""
    return _all_words(files).get(name, {})


def new_value(
    files: ContentFiles,
    name: str,
    words: Mapping[Language, str],
    phrases: Mapping[Language, Iterable[str]],
    inputs: Iterable[InputPlace],
) -> None:
    """Make a value that inputs take; registers may have answered with the same code before, and it may have words.

    Raises:
        EditRefused: the name is no name or is taken, no input takes it, or a language lacks its word or a phrase.
    """
    places = tuple(inputs)
    check_new_value(files, name)
    if not places:
        raise EditRefused(f"{name} needs an input that takes it")
    wanted = {language: tuple(phrases.get(language, ())) for language in Language}
    if lacking := [language for language in Language if not wanted[language]]:
        raise EditRefused(f"{name} needs phrases in {', '.join(lacking)}")
    for place in places:
        take_value(files, place, name)
    write_words(files, name, dict(words_of_code(files, name)) | dict(words))
    for language, texts in wanted.items():
        change_phrases(files, name, language, add=texts)


def check_new_value(files: ContentFiles, name: str) -> None:
    """See that a value may be made under a name.

    Raises:
        EditRefused: it is no name, or is taken.
    """
    if not _NAME.fullmatch(name) or name in _NO_TEXT:
        raise EditRefused("a value is named in small letters, digits and underscores, a letter first")
    if name in list_values(files):
        raise EditRefused(f"there is a value {name} already: change that one")


def write_words(files: ContentFiles, name: str, words: Mapping[Language, str]) -> None:
    """Write the word of a value in some languages, wherever it stands.

    Raises:
        EditRefused: it would lack a language, or a word is none.
    """
    said = {language: clean(text) for language, text in words.items()}
    if lacking := [each for each in Language if each not in {**words_of_code(files, name), **said}]:
        raise EditRefused(f"{name} needs a word in {', '.join(lacking)}")
    paths = tuple(_term_files(files, name))
    for path in paths:
        text = yaml_text(files.read(path), path)
        for language, word in said.items():
            text = text.set(word, "terms", name, language.value)
        files.change(path, text.text)
    if not paths:
        path = f"{_home(files, name)}/terms.yml"
        text = yaml_text(files.read(path) if files.exists(path) else "terms:\n", path)
        entry = Inline({each.value: said[each] for each in Language})
        files.change(path, text.set(entry, "terms", name).text)


def change_phrases(
    files: ContentFiles, name: str, language: Language, add: Iterable[str] = (), gone: Iterable[str] = ()
) -> None:
    """Write further phrases of a value in a language, and take some away; what is there already is left out.

    Raises:
        EditRefused: a text is no phrase.
    """
    unwanted = {normal_form(each) for each in gone}
    new = {normal_form(text): text for text in map(clean, add)}
    known: set[str] = set()
    for path in tuple(nlu_paths(files, language)):
        nlu = read_nlu(files, path)
        blocks = [block for block in nlu.blocks if (block.kind, block.name) == ("synonym", name)]
        lines = {line: normal_form(text) for block in blocks for line, text in block.examples.items()}
        out: dict[int, str | None] = {line: None for line, text in lines.items() if text in unwanted - new.keys()}
        known |= {text for line, text in lines.items() if line not in out}
        if out:
            files.change(path, nlu.replaced(out).text)
    fresh = [text for form, text in new.items() if form not in known]
    if fresh:
        path = _phrase_file(files, name, language)
        nlu = read_nlu(files, path) if files.exists(path) else NluText(EMPTY, path)
        files.change(path, nlu.added(name, fresh, "synonym").text)


def take_value(files: ContentFiles, place: InputPlace, name: str) -> None:
    """Have an input take a value, as its last one.

    Raises:
        EditRefused: there is no such input, or it takes no fixed values.
    """
    number, values = _number(files, place)
    if name not in values:
        _write_one_of(files, place, number, [*values, name])


def leave_value(files: ContentFiles, place: InputPlace, name: str) -> None:
    """Have an input take a value no more.

    Raises:
        EditRefused: something of the service wants the input to have it (with all places), or it is the last one.
    """
    number, values = _number(files, place)
    if name not in values:
        return
    if uses := tuple(_uses_in_service(files, place, name)):
        raise EditRefused(f"{place} needs {name}", reasons=[str(each) for each in uses])
    if len(values) == 1:
        raise EditRefused(f"{name} is the only value of {place}: an input needs one, or is taken out of its service")
    _write_one_of(files, place, number, [each for each in values if each != name])


def delete_value(files: ContentFiles, name: str) -> None:
    """Take a value from all inputs, with its phrases; its word stays where registers may answer with that code.

    Raises:
        EditRefused: something uses it; with all places.
    """
    value = list_values(files).get(name)
    if value is None:
        raise EditRefused(f"no input takes {name}")
    if uses := uses_of_value(files, name):
        raise EditRefused(f"{name} is in use", reasons=[str(each) for each in uses])
    for path in tuple(_term_files(files, name)):
        if not _reads_codes(files, path.rpartition("/")[0]):
            files.change(path, yaml_text(files.read(path), path).remove("terms", name).text)
    for place in value.inputs:
        leave_value(files, place, name)
    for language in Language:
        for path in tuple(nlu_paths(files, language)):
            files.change(path, read_nlu(files, path).without(name, "synonym").text)


def rename_value(files: ContentFiles, name: str, new: str, *, registers_know: bool = False) -> None:
    """Give a value another name wherever inputs take it, and what says or marks it follows.

    What a register answers with stays a code of that name, with its word.

    Raises:
        EditRefused: no input takes it, the other name is no name or is taken, or registers are sent
            it (with all places) and nobody says that they know the new one.
    """
    places = [place for place, values in list_fixed_inputs(files).items() if name in values]
    if not places:
        raise EditRefused(f"no input takes {name}")
    check_new_value(files, new)
    if not registers_know and (sent := registers_sent(files, name)):
        raise EditRefused(f"registers know {name}", reasons=[str(each) for each in sent])
    slots = {place.slot for place in places}
    _rename_words(files, name, new)
    _rename_marks(files, slots, name, new)
    for path in tuple(files.paths("services/*/service.yml")):
        text = yaml_text(files.read(path), path)
        own = {place.slot for place in places if service_path(place.service) == path}
        named = tuple(_named(text, own, slots, name))
        files.change(path, text.set_each(new, named).text)


def registers_sent(files: ContentFiles, name: str) -> tuple[Use, ...]:
    """Where a register is sent the value, or its answers are compared with it: they would have to know another name."""
    found: list[Use] = []
    for place in (place for place, values in list_fixed_inputs(files).items() if name in values):
        path = service_path(place.service)
        text = yaml_text(files.read(path), path)
        for where, source in (each for key in ("calls", "writes") for each in scalars(text.get(key), (key,))):
            is_sent = source == place.slot and {"where", "body", "query"} & set(where)
            if is_sent or f"{{{place.slot}}}" in str(source):
                found.append(Use(path, text.line(*where), f"a register knows {place.slot} by it"))
    return tuple(dict.fromkeys(found))


def uses_of_value(files: ContentFiles, name: str) -> tuple[Use, ...]:
    """What would break if no input took the value: conditions, defaults, and words marked as it."""
    places = [place for place, values in list_fixed_inputs(files).items() if name in values]
    slots = {place.slot for place in places}
    in_services = (use for place in places for use in _uses_in_service(files, place, name))
    offered = (use for service in list_services(files) for use in _offered(files, service, slots, name))
    return tuple(dict.fromkeys((*in_services, *offered, *_marked(files, slots, name))))


def _fixed_inputs(files: ContentFiles) -> Iterator[tuple[InputPlace, int, tuple[str, ...]]]:
    for service, written in list_services(files).items():
        inputs = at(written, ("inputs",))
        for number, entry in enumerate(inputs if isinstance(inputs, list) else ()):
            values = at(entry, ("one_of",))
            if isinstance(values, list) and values:
                yield InputPlace(service, str(at(entry, ("slot",)))), number, tuple(map(str, values))


def _number(files: ContentFiles, place: InputPlace) -> tuple[int, tuple[str, ...]]:
    """Where in its service an input stands, and its values."""
    for each, number, values in _fixed_inputs(files):
        if each == place:
            return number, values
    raise EditRefused(f"{place.service} has no input {place.slot} with fixed values")


def _named(text: YamlText, own: set[str], slots: set[str], name: str) -> Iterator[tuple[Key, ...]]:
    """Where a service names a value of its `own` inputs, or hands it to those of others."""
    for where, value in scalars(text.value):
        if value != name:
            continue
        is_input = where[0] == "inputs" and at(text.value, (*where[:2], "slot")) in own
        is_taken = is_input and len(where) > 2 and where[2] in {"one_of", "default"}
        if is_taken or _names(where, "when", own) or (where[0] == "next" and _names(where, "with", slots)):
            yield where


def _rename_words(files: ContentFiles, name: str, new: str) -> None:
    for path in tuple(_term_files(files, name)):
        text = yaml_text(files.read(path), path)
        words = text.get("terms", name)
        if text.get("terms", new) is not None:
            continue  # registers answer with the new name already
        if _reads_codes(files, path.rpartition("/")[0]):
            files.change(path, text.set(Inline(cast("dict[str, Plain]", words)), "terms", new).text)
        else:
            files.change(path, text.rename(new, "terms", name).text)


def _rename_marks(files: ContentFiles, slots: set[str], name: str, new: str) -> None:
    """Above phrases, and in what is marked."""
    for path in tuple(files.paths(*_MARKED)):
        nlu = read_nlu(files, path).renamed(name, new, "synonym")
        told = {line: text for block in nlu.blocks for line, text in block.examples.items() if "[" in text}
        changed = {line: with_value(text, slots, name, new) for line, text in told.items()}
        different = {line: text for line, text in changed.items() if text != told[line]}
        files.change(path, (nlu.replaced(different) if different else nlu).text)


def _write_one_of(files: ContentFiles, place: InputPlace, number: int, values: list[str]) -> None:
    path = service_path(place.service)
    text = yaml_text(files.read(path), path)
    files.change(path, text.set(cast("Plain", values), "inputs", number, "one_of").text)


def _all_words(files: ContentFiles) -> dict[str, dict[Language, str]]:
    found: dict[str, dict[Language, str]] = {}
    for path in files.paths(*_TERMS):
        terms = yaml_text(files.read(path), path).get("terms")
        for name, words in terms.items() if isinstance(terms, dict) else ():
            known = {each: str(words[each.value]) for each in Language if isinstance(words, dict) and words.get(each)}
            found.setdefault(name, known)
    return found


def _all_phrases(files: ContentFiles) -> dict[str, dict[Language, tuple[str, ...]]]:
    found: dict[str, dict[Language, tuple[str, ...]]] = {}
    for language in Language:
        blocks = (block for path in nlu_paths(files, language) for block in read_nlu(files, path).blocks)
        for block in blocks:
            if block.kind == "synonym":
                known = found.setdefault(block.name, {})
                known[language] = known.get(language, ()) + tuple(block.examples.values())
    return found


def _term_files(files: ContentFiles, name: str) -> Iterator[str]:
    return (path for path in files.paths(*_TERMS) if yaml_text(files.read(path), path).get("terms", name) is not None)


def _phrase_file(files: ContentFiles, name: str, language: Language) -> str:
    for path in nlu_paths(files, language):
        if read_nlu(files, path).block(name, "synonym"):
            return path
    return f"{_home(files, name)}/nlu.{language}.yml"


def _home(files: ContentFiles, name: str) -> str:
    """The folder for what is new of a value: that of its service, or the common one if several take it."""
    services = {place.service for place, values in list_fixed_inputs(files).items() if name in values}
    return f"services/{services.pop()}" if len(services) == 1 else "common"


def _reads_codes(files: ContentFiles, folder: str) -> bool:
    """Whether a register's codes are put into words of the folder's terms.yml."""
    services = list_services(files)
    readers = services.values() if folder == "common" else [services.get(folder.removeprefix("services/"))]
    return any(value == "term" and path[-1] == "as" for each in readers for path, value in scalars(each))


def _uses_in_service(files: ContentFiles, place: InputPlace, name: str) -> Iterator[Use]:
    path = service_path(place.service)
    service = yaml_text(files.read(path), path)
    number, _ = _number(files, place)
    for where, value in scalars(service.value):
        if value == name and where == ("inputs", number, "default"):
            yield Use(path, service.line(*where), "it is what is taken if nothing was said")
        elif value == name and _names(where, "when", {place.slot}):
            yield Use(path, service.line(*where), f"a condition wants {place.slot} to be it")


def _offered(files: ContentFiles, service: str, slots: set[str], name: str) -> Iterator[Use]:
    path = service_path(service)
    text = yaml_text(files.read(path), path)
    places = (where for where, value in scalars(text.get("next"), ("next",)) if value == name)
    return (Use(path, text.line(*where), "an offer tells it") for where in places if _names(where, "with", slots))


def _names(place: tuple[Key, ...], key: str, slots: set[str]) -> bool:
    """Whether a place is below a key that says something of one of the slots: `when: {slot: [value]}`."""
    return any(place[at] == key and place[at + 1] in slots for at in range(len(place) - 1))


def _marked(files: ContentFiles, slots: set[str], name: str) -> Iterator[Use]:
    for path in files.paths(*_MARKED):
        for block in read_nlu(files, path).blocks:
            for line, text in block.examples.items():
                if any(mark.slot in slots and mark.value == name for mark in read_marks(text)[1]):
                    yield Use(path, line + 1, f"words of “{text}” are marked as it")
