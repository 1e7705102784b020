"""The words that citizens say, by the content: those of examples, of phrases of values, and of the words for codes."""

import re
from collections.abc import Iterator

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import nlu_paths, read_nlu
from assistant.content.editing.yaml_text import yaml_text
from assistant.content.marks import without_marks
from assistant.core.languages import Language

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, without what is written in digits."""
    return tuple(_WORD.findall(text.lower()))


def places_of_words(files: ContentFiles, language: Language) -> dict[str, tuple[str, ...]]:
    """Every word of a language by the alphabet, with the places (file and line) where it stands."""
    found: dict[str, dict[str, None]] = {}
    for text, place in _texts(files, language):
        for word in words_in(text):
            found.setdefault(word, {})[place] = None
    return {word: tuple(places) for word, places in sorted(found.items())}


def _texts(files: ContentFiles, language: Language) -> Iterator[tuple[str, str]]:
    for path in nlu_paths(files, language):
        for block in read_nlu(files, path).blocks:
            for line, example in block.examples.items():
                yield without_marks(example), f"{path}:{line + 1}"
    for path in files.paths("common/terms.yml", "services/*/terms.yml"):
        text = yaml_text(files.read(path), path)
        terms = text.get("terms")
        for name in terms if isinstance(terms, dict) else ():
            yield str(text.get("terms", name, language.value) or ""), f"{path}:{text.line('terms', name)}"
