"""A project of Rasa or Bürokratt becomes a content folder."""

from dataclasses import dataclass
from pathlib import Path

from assistant.content.editing.content_files import write_changes
from assistant.content.exchange.kept import FOLDER, keep
from assistant.content.exchange.mapped import Mapped, content_of, map_project
from assistant.content.exchange.rasa_project import Finding, read_project, spoken_language
from assistant.content.exchange.source import read_source
from assistant.core.errors import ContentError
from assistant.core.languages import Language


@dataclass(frozen=True)
class Imported:
    """What came of it, and all that does not map or not as it was."""

    mapped: Mapped
    findings: tuple[Finding, ...]


def import_project(place: Path, folder: Path, language: Language | None = None) -> Imported:
    """Make a content folder of a project, with the project word for word in `imported/`.

    Args:
        place: the folder or the zip of the project.
        folder: a new folder, or an empty one.
        language: of the project; by default that of its config.yml.

    Raises:
        ContentError: the project is refused as a whole, or the folder has something in it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ContentError("name a new folder, or an empty one", file=str(folder))
    source = read_source(place)
    project = read_project(source.files)
    spoken = language or spoken_language(project)
    mapped = map_project(project, spoken)
    for path in source.left_out:
        project.note(path, 0, "the whole file", f"hidden files and models are not kept in {FOLDER}/")
    folder.mkdir(parents=True, exist_ok=True)
    keep(folder, source, spoken)
    write_changes(folder, content_of(mapped))
    return Imported(mapped, tuple(sorted(project.findings, key=lambda each: (each.file, each.line))))
