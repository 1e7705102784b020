"""A project from elsewhere, read into memory from a folder or a zip: nothing is unpacked, no link is followed."""

import lzma
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from assistant.core.errors import ContentError

MOST_FILES = 10_000
MOST_BYTES = 100_000_000
"""Of all files together, unpacked."""

_OF_A_PROJECT = frozenset({"data", "domain", "tests", "results"})
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Source:
    """The files of a project by their path in it, with slashes; `left_out` are hidden files and models."""

    files: dict[str, bytes]
    left_out: tuple[str, ...] = ()


def read_source(place: Path) -> Source:
    """The project in a folder or a zip; a folder around the whole of it is left away.

    Raises:
        ContentError: there is none, it cannot be read, has a link or a path that leads out of it, or is too large.
    """
    if not place.exists():
        raise ContentError("there is no such folder or zip", file=str(place))
    return _source(str(place), lambda: _in_folder(place) if place.is_dir() else _in_zip(place, str(place), MOST_BYTES))


def read_zip(data: bytes, name: str, most_bytes: int = MOST_BYTES) -> Source:
    """The same of a zip in memory, which has at most `most_bytes` unpacked; `name` is told in errors.

    Raises:
        ContentError: see above.
    """
    return _source(name, lambda: _in_zip(BytesIO(data), name, most_bytes))


def _source(name: str, read_files: Callable[[], Iterator[tuple[str, bytes]]]) -> Source:
    try:
        read = dict(read_files())
    except (BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, OSError) as error:
        raise ContentError(f"this cannot be read: {error}", file=name) from None
    left_out = [path for path in read if _is_left_out(path)]
    return Source(
        _without_folder_around({path: read[path] for path in sorted(read.keys() - left_out)}), tuple(left_out)
    )


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    count = size = 0
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in (*folders, *names):
            place = Path(parent, name)
            path = _checked_path(place.relative_to(folder).as_posix())
            kind = place.lstat()
            if stat.S_ISDIR(kind.st_mode):
                continue
            if not stat.S_ISREG(kind.st_mode):
                raise ContentError("links and devices are refused", file=path)
            count, size = count + 1, size + kind.st_size
            _check_size(str(folder), count, size, MOST_BYTES)
            yield path, b"" if _is_left_out(path) else place.read_bytes()


def _in_zip(file: Path | BytesIO, name: str, most_bytes: int) -> Iterator[tuple[str, bytes]]:
    with ZipFile(file) as packed:
        entries = [each for each in packed.infolist() if not each.is_dir()]
        # What an entry says of its size is the most that is ever unpacked of it.
        _check_size(name, len(entries), sum(each.file_size for each in entries), most_bytes)
        seen: set[str] = set()
        for entry in entries:
            path = _checked_path(entry.filename)
            _check_entry(entry, seen)
            seen.update((path, *(f"{parent}/" for parent in PurePosixPath(path).parents)))
            yield path, b"" if _is_left_out(path) else packed.read(entry)


def _checked_path(path: str) -> str:
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or re.search(r"^[A-Za-z]:|\\|\0", path):
        raise ContentError("this path leads out of the project", file=path)
    return path


def _check_entry(entry: ZipInfo, seen: Set[str]) -> None:
    """Refuse what is no file of its own; `seen` are the files before, and their folders with a slash."""
    name = entry.filename
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ContentError("links and devices are refused", file=name)
    if entry.flag_bits & _ENCRYPTED:
        raise ContentError("encrypted files cannot be read", file=name)
    if {name, f"{name}/"} & seen or any(str(parent) in seen for parent in PurePosixPath(name).parents):
        raise ContentError("this is in the zip twice", file=name)


def _check_size(name: str, count: int, size: int, most_bytes: int) -> None:
    if count > MOST_FILES:
        raise ContentError(f"there are more than {MOST_FILES} files", file=name)
    if size > most_bytes:
        raise ContentError(f"it is larger than {most_bytes // 1_000_000} MB, unpacked", file=name)


def _is_left_out(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return any(part.startswith((".", "__MACOSX")) for part in parts) or path.endswith(".tar.gz")


def _without_folder_around(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {path.partition("/")[0] for path in files}
    top = next(iter(tops), "")
    if len(tops) != 1 or top in files or top in _OF_A_PROJECT:
        return files
    return {path.partition("/")[2]: data for path, data in files.items()}
