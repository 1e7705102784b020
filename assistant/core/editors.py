"""Who may do what in the console: a file with a personal code, a name, an address and roles in each line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from assistant.core.errors import SettingsError
from assistant.core.people_file import add_line, lines_of

SETTING = "KRATT_CONSOLE_EDITORS"
_LINE = re.compile(
    r"(?P<subject>[A-Z]{2}[0-9A-Za-z-]{5,32}): (?P<name>[^<>:#]{1,128}) <(?P<mail>[^<>\s@]+@[^<>\s@]+)>: (?P<roles>.+)"
)


class Role(str, Enum):
    """What somebody may do; who has none may not even look."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Editor:
    """Somebody who works in the console; `subject` as the login service writes it, `EE60001019906`."""

    subject: str
    name: str
    mail: str
    roles: frozenset[Role]

    def may(self, *roles: Role) -> bool:
        """Whether one of these roles is theirs."""
        return bool(self.roles.intersection(roles))

    @property
    def line(self) -> str:
        """Their line of the file."""
        roles = ", ".join(role.value for role in Role if role in self.roles)
        return f"{self.subject}: {self.name} <{self.mail}>: {roles}"


@dataclass(frozen=True)
class Editors:
    """Everybody who may sign in, by subject."""

    by_subject: Mapping[str, Editor] = field(default_factory=dict)

    def of(self, subject: str) -> Editor | None:
        """The editor with this code."""
        return self.by_subject.get(subject)


def read_editors(path: Path) -> Editors:
    """The editors of a file: `code: name <mail>: roles` in each line, except empty ones and those that begin with #.

    Raises:
        SettingsError: it cannot be read, or a line is none; names the line, never what it holds.
    """
    by_subject: dict[str, Editor] = {}
    for number, line in lines_of(path, SETTING):
        editor = _editor(line)
        if editor is None:
            raise SettingsError(f"{SETTING}: line {number} is not `code: name <mail>: roles`; roles are {_ALL}")
        if editor.subject in by_subject:
            raise SettingsError(f"{SETTING}: line {number} has a code that another line has")
        by_subject[editor.subject] = editor
    return Editors(by_subject)


def add_editor(path: Path, editor: Editor) -> None:
    """Let somebody in by a new line of a file, which is made if it is missing.

    Raises:
        SettingsError: they cannot stand there or do so already, or the file cannot be read or written.
    """
    if _editor(editor.line) != editor or not editor.line.isprintable():
        raise SettingsError(f"an editor has a code such as EE60001019906, a name, a mail address and roles of {_ALL}")
    if path.exists() and read_editors(path).of(editor.subject):
        raise SettingsError(f"{SETTING}: there is an editor with this code; change or take out their line")
    add_line(path, editor.line, SETTING)


_ALL = ", ".join(role.value for role in Role)


def _editor(line: str) -> Editor | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    try:
        roles = frozenset(Role(each.strip()) for each in found["roles"].split(","))
    except ValueError:
        return None
    return Editor(found["subject"], found["name"].strip(), found["mail"], roles)
