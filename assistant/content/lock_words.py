"""common/lock.yml: the words by which a citizen has themselves locked out at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from assistant.content.project import RasaFile
from assistant.content.yaml_source import read_model
from assistant.core.languages import Language
from assistant.core.plain_words import plain

FILE = "lock.yml"

Phrases = Annotated[tuple[str, ...], Field(min_length=1)]


class LockFile(RasaFile):
    """A lock.yml."""

    en: Phrases
    et: Phrases
    ru: Phrases


def read_lock_words(content: Path) -> Mapping[str, Language]:
    """The language of each phrase, as `plain` makes it.

    Raises:
        ContentError: the file is missing, or is not as it has to be, with its line.
    """
    file = read_model(content / "common" / FILE, LockFile)
    return {plain(phrase): language for language in Language for phrase in getattr(file, language.value)}
