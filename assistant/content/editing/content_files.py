"""The files of a content folder while they are edited: read when needed, changed in memory, written together."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from assistant.core.errors import ContentError

Changes = Mapping[str, str | None]
"""The new text of each changed file by its path in the content folder, None for one that goes."""


class ContentFiles:
    """A content folder and what has been changed of it; nothing is written before `write_changes`.

    Texts keep their line ends. Paths are relative, with slashes: `services/pension/nlu.en.yml`.
    """

    def __init__(self, folder: Path) -> None:
        """Begin without changes."""
        self.folder = folder
        self._texts: dict[str, str | None] = {}
        self._read: dict[str, str] = {}

    @property
    def changes(self) -> Changes:
        """What is different from the folder."""
        return {path: text for path, text in sorted(self._texts.items()) if text != self._on_disk(path)}

    def exists(self, path: str) -> bool:
        """Whether there is such a file now."""
        return self._texts[path] is not None if path in self._texts else path in self._listed

    def read(self, path: str) -> str:
        """The text as it stands now.

        Raises:
            ContentError: there is no such file, or it is not UTF-8.
        """
        text = self._texts[path] if path in self._texts else self._on_disk(path)
        if text is None:
            raise ContentError("this file is missing", file=path)
        return text

    def change(self, path: str, text: str) -> None:
        """Give a file another text, or make it."""
        inside(self.folder, path)
        self._texts[path] = text

    def remove(self, path: str) -> None:
        """Take a file away."""
        self._texts[path] = None

    def move(self, path: str, to: str) -> None:
        """Give a file another path."""
        self.change(to, self.read(path))
        self.remove(path)

    def paths(self, *patterns: str) -> Iterator[str]:
        """The files that there are now whose path ends like one of the patterns (`pension/nlu.*.yml`), sorted."""
        for path in sorted(self._listed | self._texts.keys()):
            if self.exists(path) and any(PurePosixPath(path).match(pattern) for pattern in patterns):
                yield path

    @cached_property
    def _listed(self) -> frozenset[str]:
        """The files of the folder, without hidden ones and links."""
        found = (path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())
        paths = (path.relative_to(self.folder) for path in found)
        return frozenset(path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))

    def _on_disk(self, path: str) -> str | None:
        if path not in self._read:
            place = inside(self.folder, path)
            if path not in self._listed:
                return None
            try:
                self._read[path] = place.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                raise ContentError("this file is not UTF-8 text", file=path) from None
        return self._read[path]


def write_changes(folder: Path, changes: Changes) -> None:
    """Write the files, and take away those that go together with folders that become empty."""
    for path, text in changes.items():
        target = inside(folder, path)
        if text is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8"))
            continue
        target.unlink(missing_ok=True)
        if target.parent != folder and target.parent.is_dir() and not any(target.parent.iterdir()):
            target.parent.rmdir()


def inside(folder: Path, path: str) -> Path:
    """Where a path of the content lies.

    Raises:
        ContentError: it leads out of the folder, or to a hidden file.
    """
    parts = PurePosixPath(path).parts
    is_plain = bool(parts) and not any(part.startswith((".", "/")) or "\\" in part or "\0" in part for part in parts)
    if not is_plain or not (folder / path).resolve().is_relative_to(folder.resolve()):
        raise ContentError("this path leads out of the content", file=path)
    return folder / path
