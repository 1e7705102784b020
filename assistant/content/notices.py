"""common/notices.yml: what citizens have to know before they ask, such as office hours, or that something is down."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, Field

from assistant.content.project import RasaFile
from assistant.content.yaml_source import read_model
from assistant.core.errors import ContentError
from assistant.core.languages import Language

FILE = "notices.yml"

_log = logging.getLogger("kratt.content")


class Notice(RasaFile):
    """One notice, in every language; `from` and `until` are times with their offset, or left out."""

    text: dict[Language, Annotated[str, Field(min_length=1, max_length=500)]]
    urgent: bool = False
    first: AwareDatetime | None = Field(None, alias="from")
    until: AwareDatetime | None = None

    def is_shown(self, now: datetime) -> bool:
        """Whether it is time for it."""
        return (self.first is None or self.first <= now) and (self.until is None or now < self.until)


class NoticesFile(RasaFile):
    """A notices.yml."""

    notices: tuple[Notice, ...] = ()


def read_notices(path: Path) -> tuple[Notice, ...]:
    """The notices of a file; none if there is none.

    Raises:
        ContentError: the file is not as it has to be, with its line, or a language is missing.
    """
    if not path.exists():
        return ()
    notices = read_model(path, NoticesFile).notices
    for number, notice in enumerate(notices, 1):
        if missing := [language.value for language in Language if language not in notice.text]:
            raise ContentError(f"notice {number} is missing in {', '.join(missing)}", file=str(path))
    return notices


class NoticeBoard:
    """The notices of the moment: a file that has changed is read again, so that nothing needs a restart."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._now = now
        self._seen: float | None = None
        self._notices: tuple[Notice, ...] = ()

    def __call__(self) -> tuple[Notice, ...]:
        """What is to be shown now, urgent ones first; while the file is broken, what it said before."""
        changed = self._path.stat().st_mtime if self._path.exists() else None
        if changed != self._seen:
            self._seen = changed
            try:
                self._notices = read_notices(self._path)
            except ContentError as error:
                _log.error("the notices cannot be read", extra={"facts": {"file": error.file, "line": error.line}})
        shown = [notice for notice in self._notices if notice.is_shown(self._now())]
        return tuple(sorted(shown, key=lambda notice: not notice.urgent))
