"""A file with somebody in each line, by which an operator lets people in; `setting` is the variable that names it."""

from collections.abc import Iterator
from pathlib import Path

from assistant.core.errors import SettingsError


def lines_of(path: Path, setting: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, except empty ones and those that begin with #.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{setting}: {path} cannot be read ({type(error).__name__})") from None
    return ((number, line.strip()) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))


def add_line(path: Path, line: str, setting: str) -> None:
    """Write a further line; a file that is missing is made, for its owner only.

    Raises:
        SettingsError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        raise SettingsError(f"{setting}: {path}: {error.strerror}") from None
