"""Intents: made, renamed, merged, split and deleted, with everything that names them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.content.compile import ACTIONS_BY_INTENT
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import delete_examples, nlu_paths, read_nlu, write_examples
from assistant.content.editing.responses import Words, delete_response, has_response, rename_response, write_response
from assistant.content.editing.uses import NLU, offers, turns, uses_of_intent
from assistant.content.editing.yaml_text import yaml_text
from assistant.content.normal_form import normal_form
from assistant.content.own_intents import INTENTS_OF_CODE
from assistant.content.own_responses import OFFER_PREFIX
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

Examples = Mapping[Language, Iterable[str]]

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def list_intents(files: ContentFiles) -> dict[str, dict[Language, int]]:
    """Every intent with the number of its examples in each language."""
    counts: dict[str, dict[Language, int]] = {}
    for language in Language:
        blocks = (block for path in nlu_paths(files, language) for block in read_nlu(files, path).blocks)
        for block in blocks:
            if block.kind == "intent":
                counts.setdefault(block.name, dict.fromkeys(Language, 0))[language] += len(block.examples)
    return dict(sorted(counts.items()))


def new_intent(files: ContentFiles, intent: str, examples: Examples, answer: Mapping[Language, Words]) -> None:
    """Make an intent that is answered by one response.

    Raises:
        EditRefused: the name is no name or is taken, a language has no answer, or no example.
    """
    check_new_intent(files, intent)
    lacking = [language for language in Language if not answer.get(language) or not list(examples.get(language, ()))]
    if lacking:
        raise EditRefused(f"{intent} needs examples and an answer in {', '.join(lacking)}")
    for language in Language:
        write_examples(files, f"common/nlu.{language}.yml", intent, examples[language])
    write_response(files, f"utter_{intent}", answer)


def rename_intent(files: ContentFiles, intent: str, new: str) -> None:
    """Give an intent another name wherever it stands; the intent of a service takes the service along.

    Raises:
        EditRefused: there is no such intent, code goes by its name, or the other name is no name or is taken.
    """
    _check_there(files, intent)
    check_new_intent(files, new)
    _rename_in_nlu(files, intent, new)
    _rename_in_tests(files, intent, new)
    if files.exists(f"services/{intent}/service.yml"):
        _rename_service(files, intent, new)
    elif has_response(files, f"utter_{intent}"):
        rename_response(files, f"utter_{intent}", f"utter_{new}", by_name=True)


def merge_intents(files: ContentFiles, intent: str, into: str) -> None:
    """Make all examples, held-out requests and tests of an intent those of another; its own answer goes.

    Raises:
        EditRefused: one of them does not exist, or the first is a service, or code goes by it.
    """
    _check_there(files, intent)
    _check_there(files, into, by_code=True)
    if files.exists(f"services/{intent}/service.yml"):
        raise EditRefused(f"{intent} is a service", reasons=[str(each) for each in uses_of_intent(files, intent)])
    for path in files.paths(*NLU):
        nlu = read_nlu(files, path)
        known = {normal_form(each) for each in nlu.examples(into)}
        moved = [each for each in nlu.examples(intent) if normal_form(each) not in known]
        if nlu.block(intent):
            files.change(path, (nlu.added(into, moved) if moved else nlu).without(intent).text)
    _rename_in_tests(files, intent, into)
    _delete_answer(files, intent)


def split_intent(
    files: ContentFiles, intent: str, new: str, examples: Examples, answer: Mapping[Language, Words]
) -> None:
    """Take examples of an intent away to a new one, which is answered by one response.

    Raises:
        EditRefused: as `new_intent`, or one of the examples does not stand there (any more).
    """
    wanted = {language: tuple(examples.get(language, ())) for language in Language}
    for language, texts in wanted.items():
        delete_examples(files, intent, language, texts)
    new_intent(files, new, wanted, answer)


def delete_intent(files: ContentFiles, intent: str) -> None:
    """Delete an intent with its examples and its answer.

    Raises:
        EditRefused: something uses it; with all places.
    """
    if uses := uses_of_intent(files, intent):
        raise EditRefused(f"{intent} is in use", reasons=[str(each) for each in uses])
    _check_there(files, intent)
    for path in files.paths(*NLU):
        files.change(path, read_nlu(files, path).without(intent).text)
    _delete_answer(files, intent)


def check_new_intent(files: ContentFiles, intent: str) -> None:
    """See that an intent may be made under a name.

    Raises:
        EditRefused: it is no name, or is taken.
    """
    if not _NAME.fullmatch(intent):
        raise EditRefused("an intent is named in small letters, digits and underscores, a letter first")
    taken = any(read_nlu(files, path).block(intent) for path in files.paths(*NLU))
    if taken or intent in INTENTS_OF_CODE or files.exists(f"services/{intent}/service.yml"):
        raise EditRefused(f"there is an intent {intent} already")


def _check_there(files: ContentFiles, intent: str, *, by_code: bool = False) -> None:
    if not any(read_nlu(files, path).block(intent) for path in files.paths("nlu.*.yml")):
        raise EditRefused(f"there is no intent {intent}")
    if intent in INTENTS_OF_CODE and not by_code:
        raise EditRefused(f"code goes by the name {intent}")


def _rename_in_nlu(files: ContentFiles, intent: str, new: str) -> None:
    for path in files.paths(*NLU):
        files.change(path, read_nlu(files, path).renamed(intent, new).text)


def _rename_in_tests(files: ContentFiles, intent: str, new: str) -> None:
    for path in files.paths("tests.yml"):
        tests = yaml_text(files.read(path), path)
        files.change(path, tests.set_each(new, turns(tests, intent)).text)


def _rename_service(files: ContentFiles, service: str, new: str) -> None:
    for path in files.paths("service.yml"):
        text = yaml_text(files.read(path), path)
        files.change(path, text.set_each(new, offers(text, service)).text)
    own = f"services/{service}/service.yml"
    files.change(own, yaml_text(files.read(own), own).set(new, "service").text)
    for path in tuple(_files_of(files, service)):
        files.move(path, f"services/{new}/{path.split('/', 2)[2]}")
    if has_response(files, f"{OFFER_PREFIX}{service}"):
        rename_response(files, f"{OFFER_PREFIX}{service}", f"{OFFER_PREFIX}{new}", by_name=True)


def _files_of(files: ContentFiles, service: str) -> Iterator[str]:
    return (path for path in files.paths("*.yml") if path.startswith(f"services/{service}/"))


def _delete_answer(files: ContentFiles, intent: str) -> None:
    if intent not in ACTIONS_BY_INTENT and has_response(files, f"utter_{intent}"):
        delete_response(files, f"utter_{intent}")
