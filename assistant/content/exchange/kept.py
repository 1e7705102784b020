"""A project as it came, word for word, in the content folder that was made of it: `imported/`.

Each file's name has `.kept` behind it, so that nobody takes `imported/tests.yml` for content.
"""

from pathlib import Path

from assistant.content.editing.content_files import inside
from assistant.content.editing.yaml_text import dumped, yaml_text
from assistant.content.exchange.source import Source
from assistant.core.errors import ContentError, UnknownLanguage
from assistant.core.languages import Language, parse_language

FOLDER = "imported"
_LANGUAGE = f"{FOLDER}/language.yml"
_SUFFIX = ".kept"


def keep(folder: Path, source: Source, language: Language) -> None:
    """Write the files of a project into a content folder, and in which language it is."""
    for path, data in source.files.items():
        target = inside(folder, f"{FOLDER}/{path}{_SUFFIX}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    target = inside(folder, _LANGUAGE)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(dumped({"language": language.value}), encoding="utf-8")


def read_kept(folder: Path) -> tuple[dict[str, bytes], Language | None]:
    """The files of the project that a content folder was made of, and its language; none if nothing was imported.

    Raises:
        ContentError: the language cannot be read.
    """
    home = folder / FOLDER
    if not (folder / _LANGUAGE).exists():
        return {}, None
    written = yaml_text((folder / _LANGUAGE).read_text(encoding="utf-8"), _LANGUAGE).get("language")
    try:
        language = parse_language(str(written))
    except UnknownLanguage:
        raise ContentError(f"language is {', '.join(Language)}", file=_LANGUAGE) from None
    places = (place for place in sorted(home.rglob(f"*{_SUFFIX}")) if place.is_file() and not place.is_symlink())
    return {place.relative_to(home).as_posix().removesuffix(_SUFFIX): place.read_bytes() for place in places}, language
