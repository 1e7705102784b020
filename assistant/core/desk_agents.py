"""Who answers at the desk: a file with a name and the hash of a token for each agent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.core.errors import SettingsError
from assistant.core.people_file import add_line, lines_of
from assistant.core.secret_ids import hashed, new_secret_id

SETTING = "KRATT_DESK_AGENTS"
_LINE = re.compile(r"([^:#]{1,128}): ([0-9a-f]{64})")


@dataclass(frozen=True)
class Agents:
    """Agents by the hashes of their tokens, which are 128 random bits."""

    by_hash: Mapping[str, str] = field(default_factory=dict)

    def of(self, token: str) -> str | None:
        """The agent who has this token."""
        return self.by_hash.get(hashed(token))


def new_agent(name: str) -> tuple[str, str]:
    """A token for an agent, and the line that lets whoever has it in.

    Raises:
        SettingsError: the name cannot stand in the file.
    """
    token = new_secret_id()
    line = f"{name.strip()}: {hashed(token)}"
    if not _LINE.fullmatch(line) or not line.isprintable():
        raise SettingsError("an agent's name is at most 128 characters, without a colon or a #")
    return token, line


def add_agent(path: Path, name: str) -> str:
    """The token of a new agent of a file, which is made if it is missing.

    Raises:
        SettingsError: the name cannot stand there or does so already, or the file cannot be read or written.
    """
    token, line = new_agent(name)
    if path.exists() and name.strip() in read_agents(path).by_hash.values():
        raise SettingsError(f"{SETTING}: there is an agent of this name; take their line out first")
    add_line(path, line, SETTING)
    return token


def read_agents(path: Path) -> Agents:
    """The agents of a file: `name: hash` in each line, except empty ones and those that begin with #.

    Raises:
        SettingsError: it cannot be read, or a line is none; names the line, never what it holds.
    """
    by_hash: dict[str, str] = {}
    for number, line in lines_of(path, SETTING):
        found = _LINE.fullmatch(line)
        if found is None:
            raise SettingsError(f"{SETTING}: line {number} is not a name, a colon and the hash of a token")
        name, token_hash = found.groups()
        if token_hash in by_hash or name in by_hash.values():
            raise SettingsError(f"{SETTING}: line {number} has a name or a token that another line has")
        by_hash[token_hash] = name
    return Agents(by_hash)
