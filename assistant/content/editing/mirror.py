"""Changes that nobody saves, beside the files as they are: for whoever looks at a content folder as a whole."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock
from weakref import finalize

from assistant.content.editing.content_files import ContentFiles, write_changes


class Mirror:
    """A folder of links to the files of a content folder, in which changed files stand for a moment.

    It is kept, because making some hundred links takes longer than everything else that is done with them.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder; it goes with this object."""
        self._folder = folder.absolute()
        self._place = Path(mkdtemp(prefix="kratt-mirror-")).resolve()
        finalize(self, rmtree, self._place, ignore_errors=True)
        self._links: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def showing(self, files: ContentFiles) -> Iterator[Path]:
        """The folder with the files as they are now, changes included, until they are looked at."""
        changes = files.changes
        with self._lock:
            self._link(set(files.paths("*")) - changes.keys())
            write_changes(self._place, changes)
            try:
                yield self._place
            finally:
                _remove(self._place, changes)

    def _link(self, wanted: set[str]) -> None:
        _remove(self._place, self._links - wanted)  # or writing would follow a link
        for path in wanted - self._links:
            (self._place / path).parent.mkdir(parents=True, exist_ok=True)
            (self._place / path).symlink_to(self._folder / path)
        self._links = wanted


def _remove(place: Path, paths: Iterable[str]) -> None:
    """Take files away, and folders that become empty: a service's folder that has no files is a fault."""
    for path in paths:
        (place / path).unlink(missing_ok=True)
        for folder in (place / path).parents:
            if folder == place or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()


mirror_of = lru_cache(maxsize=8)(Mirror)
"""The mirror of a folder: a few drafts are written at the same time."""
