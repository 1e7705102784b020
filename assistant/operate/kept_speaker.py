"""A speaker played at a terminal: its token is kept in the state folder, as a real speaker keeps it in itself."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import OperationFailed
from assistant.core.state_folder import make_private_folder, naming_the_state_folder

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class KeptSpeaker:
    """The speaker of a name, which is this terminal's business alone.

    Raises:
        OperationFailed: the name is none for a file.
    """

    state: Path
    name: str

    def __post_init__(self) -> None:
        """Refuse names that would lead elsewhere."""
        if not _NAME.fullmatch(self.name):
            raise OperationFailed("the name of a device has small letters, digits, - and _")

    @property
    def token(self) -> str | None:
        """Its token, None if it was never made known."""
        with naming_the_state_folder():
            return self._file.read_text(encoding="utf-8") if self._file.exists() else None

    def keep(self, token: str) -> None:
        """Keep a new token, for the file's owner only."""
        with naming_the_state_folder():
            make_private_folder(self._file.parent)
            with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(token)

    @property
    def _file(self) -> Path:
        return self.state / "speakers" / self.name
