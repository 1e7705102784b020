"""Who changed content, when and why."""

import re
from dataclasses import dataclass
from datetime import datetime

from assistant.content.editing.git import Git
from assistant.core.errors import EditRefused

_FIELDS = "%H%x1f%an%x1f%ae%x1f%aI%x1f%B%x1e"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True)
class Editor:
    """Who changes content, as the history names them.

    Raises:
        EditRefused: a name or an address that no history can hold.
    """

    name: str
    email: str

    def __post_init__(self) -> None:
        """Check both."""
        if not all(
            each.strip() and each.isprintable() and not set("<>") & set(each) for each in (self.name, self.email)
        ):
            raise EditRefused("an editor has a name and an e-mail address, without < and >")

    @property
    def environment(self) -> dict[str, str]:
        """What tells git who it is."""
        return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in self._fields()}

    def _fields(self) -> tuple[tuple[str, str], ...]:
        return ("NAME", self.name), ("EMAIL", self.email)


@dataclass(frozen=True)
class Change:
    """A commit: who, when (with the offset of their clock) and why."""

    commit: str
    name: str
    email: str
    at: datetime
    why: str


def history(git: Git, revisions: str, path: str = "", most: int = 200) -> tuple[Change, ...]:
    """The latest changes of a file, of a folder or of everything, newest first."""
    follow = ["--follow"] if path.endswith(".yml") else []
    told = git("log", f"--max-count={most}", f"--format={_FIELDS}", *follow, revisions, "--", *([path] if path else []))
    return tuple(_change(entry.strip("\n").split("\x1f")) for entry in told.split("\x1e") if entry.strip())


def difference(git: Git, commit: str, path: str = "") -> str:
    """What a commit changed, as a unified diff.

    Raises:
        EditRefused: there is no such commit.
    """
    return git("show", "--format=", "--first-parent", known_commit(git, commit), "--", *([path] if path else []))


def known_commit(git: Git, commit: str, of: str = "HEAD") -> str:
    """The commit, if it is one of the history.

    Raises:
        EditRefused: it is not.
    """
    if not _COMMIT.fullmatch(commit) or not git.succeeds("merge-base", "--is-ancestor", commit, of):
        raise EditRefused(f"there is no change {commit} here")
    return commit


def _change(fields: list[str]) -> Change:
    commit, name, email, at, why = fields
    return Change(commit, name, email, datetime.fromisoformat(at), why.strip())
