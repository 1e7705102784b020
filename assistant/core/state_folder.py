"""Writing to the state folder: for its owner's eyes only, and with errors that name the setting."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.errors import SettingsError


def make_private_folder(folder: Path) -> None:
    """Make a folder and every missing one above it, for their owner only; one that exists stays as it is."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def naming_the_state_folder() -> Iterator[None]:
    """Around whatever writes there.

    Raises:
        SettingsError: the operating system refuses; names the path.
    """
    try:
        yield
    except OSError as error:
        raise SettingsError(f"KRATT_STATE: {error.filename}: {error.strerror}") from None
