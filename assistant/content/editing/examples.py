"""Examples of intents: listed, added, changed, taken away and moved."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.nlu_text import EMPTY, NluText
from assistant.content.held_out import FOLDER as HELD_OUT
from assistant.content.marks import check_marks
from assistant.content.normal_form import normal_form
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

LONGEST_EXAMPLE = 500
"""Characters; nobody says more in one breath."""


@dataclass(frozen=True)
class Example:
    """An example where it stands; `line` counts from 1."""

    intent: str
    language: Language
    text: str
    file: str
    line: int


def list_examples(files: ContentFiles, intent: str = "", language: Language | None = None) -> Iterator[Example]:
    """The examples of an intent, or of all; in a language, or in all."""
    for each in (language,) if language else Language:
        for path in nlu_paths(files, each):
            for block in read_nlu(files, path).blocks:
                if block.kind == "intent" and intent in ("", block.name):
                    for line, text in block.examples.items():
                        yield Example(block.name, each, text, path, line + 1)


def add_examples(files: ContentFiles, intent: str, language: Language, texts: Iterable[str]) -> tuple[str, ...]:
    """Write further examples; those that the intent has already are left out. Returns those that were written.

    Raises:
        EditRefused: there is no such intent, or one of the texts is no example.
    """
    if not any(has_intent(files, intent, each) for each in Language):
        raise EditRefused(f"there is no intent {intent}")
    known = {normal_form(each.text) for each in list_examples(files, intent, language)}
    return write_examples(files, nlu_path(files, intent, language), intent, texts, known)


def add_held_out(files: ContentFiles, intent: str, language: Language, texts: Iterable[str]) -> tuple[str, ...]:
    """Write requests that nothing is trained on; those that are there already are left out.

    Raises:
        EditRefused: one of the texts is no example.
    """
    path = f"{HELD_OUT}/{language}.yml"
    known = {normal_form(each) for each in read_nlu(files, path).examples(intent)} if files.exists(path) else set()
    return write_examples(files, path, intent, texts, known)


def edit_example(files: ContentFiles, intent: str, language: Language, old: str, new: str) -> None:
    """Write an example otherwise.

    Raises:
        EditRefused: it does not stand there (any more), or the new text is no example or stands there already.
    """
    wanted = clean(new)
    place = find_example(files, intent, language, old)
    others = {normal_form(each.text) for each in list_examples(files, intent, language) if each.text != place.text}
    if normal_form(wanted) in others:
        raise EditRefused(f"“{wanted}” is an example of {intent} already")
    _replace(files, place, wanted)


def delete_examples(files: ContentFiles, intent: str, language: Language, texts: Iterable[str]) -> None:
    """Take examples away.

    Raises:
        EditRefused: one of them does not stand there (any more).
    """
    for text in tuple(texts):
        _replace(files, find_example(files, intent, language, text), None)


def move_examples(files: ContentFiles, intent: str, language: Language, texts: Iterable[str], to: str) -> None:
    """Take examples from one intent to another.

    Raises:
        EditRefused: one of them does not stand there (any more), or there is no intent of the other name.
    """
    moved = tuple(texts)
    add_examples(files, to, language, moved)
    delete_examples(files, intent, language, moved)


def find_example(files: ContentFiles, intent: str, language: Language, text: str) -> Example:
    """Where an example stands: the same text, or else one that differs in case and punctuation only.

    Raises:
        EditRefused: it does not stand there (any more).
    """
    found = list(list_examples(files, intent, language))
    for is_same in (lambda each: each.text == text, lambda each: normal_form(each.text) == normal_form(text)):
        if place := next(filter(is_same, found), None):
            return place
    raise EditRefused(f"“{text}” is no example of {intent} in {language} any more")


def read_nlu(files: ContentFiles, path: str) -> NluText:
    """A nlu.<language>.yml as it stands now."""
    return _parsed(files.read(path), path)


_parsed = lru_cache(maxsize=1024)(NluText)
"""Most files of a folder stay as they are between two edits."""


def nlu_paths(files: ContentFiles, language: Language) -> Iterator[str]:
    """The files with examples of a language."""
    return files.paths(f"nlu.{language}.yml")


def nlu_path(files: ContentFiles, intent: str, language: Language) -> str:
    """The file where the examples of an intent stand, or where they belong."""
    own = f"services/{intent}/nlu.{language}.yml"
    for path in sorted(nlu_paths(files, language), key=lambda path: path != own):
        if read_nlu(files, path).block(intent):
            return path
    folder = f"services/{intent}" if files.exists(f"services/{intent}/service.yml") else "common"
    return f"{folder}/nlu.{language}.yml"


def has_intent(files: ContentFiles, intent: str, language: Language) -> bool:
    """Whether there are examples of an intent in a language."""
    path = nlu_path(files, intent, language)
    return files.exists(path) and read_nlu(files, path).block(intent) is not None


def write_examples(
    files: ContentFiles, path: str, intent: str, texts: Iterable[str], known: Set[str] = frozenset()
) -> tuple[str, ...]:
    """Write examples whose normal form is not known into a file, which is made if there is none; returns them."""
    nlu = read_nlu(files, path) if files.exists(path) else NluText(EMPTY, path)
    new: dict[str, str] = {}
    for text in map(clean, texts):
        if normal_form(text) not in known:
            new.setdefault(normal_form(text), text)
    if new:
        files.change(path, nlu.added(intent, new.values()).text)
    return tuple(new.values())


def clean(text: str) -> str:
    """An example on one line, with single blanks.

    Raises:
        EditRefused: nothing is left of it, it is too long, or a mark in it is none.
    """
    words = " ".join(text.split()).removeprefix("- ")
    if not normal_form(words) or not words.isprintable():
        raise EditRefused(f"“{words}” has no words" if words.isprintable() else "an example is one line of plain text")
    if len(words) > LONGEST_EXAMPLE:
        raise EditRefused(f"an example has at most {LONGEST_EXAMPLE} characters, this one has {len(words)}")
    check_marks(words)
    return words


def _replace(files: ContentFiles, place: Example, text: str | None) -> None:
    nlu = read_nlu(files, place.file)
    files.change(place.file, nlu.replaced({place.line - 1: text}).text)
