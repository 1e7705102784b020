"""All drafts of a content folder: opened, listed, merged into its branch, discarded (docs/guides/editing.md)."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.content.editing.draft import Draft, Saved, Seen, file_lock
from assistant.content.editing.git import Git, GitFailed
from assistant.content.editing.history import Change, Editor, history
from assistant.content.editing.merging import Conflict
from assistant.content.editing.reviews import Reviews
from assistant.core.errors import EditRefused, OperationFailed

BRANCHES = "draft/"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_FIELDS = "%(refname:short)%1f%(authorname)%1f%(authordate:iso-strict)%1f%(contents:subject)"


@dataclass(frozen=True)
class DraftInfo:
    """A draft in the list: who changed it last, when and why; how many changes it has, and how many it lacks."""

    name: str
    by: str
    at: datetime
    why: str
    ahead: int
    behind: int


class Drafts:
    """The drafts of a content folder in a git repository; their folders lie in the state folder.

    `main` is the branch that drafts come from and are merged into: by default the one that the content folder is on.
    """

    def __init__(self, content: Path, state: Path, main: str = "") -> None:
        """Find the repository.

        Raises:
            OperationFailed: git is missing, the content is under no version control, or on no branch.
        """
        self._git = Git(content)
        self._folder = state / "drafts"
        try:
            self._root, self.prefix = self._git("rev-parse", "--show-toplevel", "--show-prefix").split("\n")[:2]
            self.main = main or self._git("symbolic-ref", "--short", "HEAD").strip()
        except GitFailed as error:
            raise OperationFailed(f"drafts need the content on a branch of a git repository: {error}") from None

    @property
    def reviews(self) -> Reviews:
        """Which of them were approved."""
        return Reviews(self._git, self.prefix, self.main)

    def open(self, name: str) -> Draft:
        """A draft, made from `main` if there is none of that name.

        Raises:
            EditRefused: that is no name.
        """
        if not _NAME.fullmatch(name):
            raise EditRefused("a draft is named in small letters, digits and hyphens")
        with file_lock(self._lock("main")):
            if not self._place(name).is_dir():
                self._make_folder(name)
        return self._draft(name)

    def get(self, name: str) -> Draft:
        """A draft that there is.

        Raises:
            EditRefused: there is none of that name.
        """
        if not _NAME.fullmatch(name) or not self._has_branch(name):
            raise EditRefused(f"there is no draft {name}")
        return self.open(name)

    def all(self) -> tuple[DraftInfo, ...]:
        """All drafts, those changed last first."""
        told = self._git("for-each-ref", "--sort=-committerdate", f"--format={_FIELDS}", f"refs/heads/{BRANCHES}")
        return tuple(self._info(line.split("\x1f")) for line in told.splitlines())

    def discard(self, name: str) -> None:
        """Take a draft off the list; its commits are kept under `refs/discarded/`."""
        draft = self.get(name)
        with draft.locked(), file_lock(self._lock("main")):
            self._drop(draft, keep=True)

    def merge(
        self, name: str, by: Editor, why: str, settled: Mapping[str, Seen] | None = None, head: str = ""
    ) -> Saved | Conflict:
        """Merge a draft into `main`, by a commit that says who and why, and take it off the list.

        A checkout of `main` moves along. With `head` it is merged only as it stood at that commit.

        Raises:
            EditRefused: somebody has changed files there without a commit; the draft changes nothing, or has changed.
        """
        draft = self.get(name)
        with draft.locked(), file_lock(self._lock("main")):
            if head and head != draft.head():
                raise EditRefused(f"the draft {name} has changed since")
            updated = draft.updated(by, settled or {})
            if isinstance(updated, Conflict):
                return updated
            files = self._git("diff", "--name-only", self.main, draft.head()).splitlines()
            if not files or not why.strip():
                raise EditRefused("say why this is changed" if files else f"the draft {name} changes nothing")
            commit = self._merge_commit(draft, by, why)
            self._forward(commit)
            self._drop(draft, keep=False)
        return Saved(commit, tuple(path.removeprefix(self.prefix) for path in files))

    def history(self, path: str = "") -> tuple[Change, ...]:
        """Who changed a file of `main`, or anything of the content there, when and why; newest first."""
        return history(Git(Path(self._root)), self.main, self.prefix + path)

    def _draft(self, name: str) -> Draft:
        place = self._place(name)
        git = Git(place, partial=True)
        return Draft(name, place / self.prefix, self.main, self.prefix, self._lock(f"draft-{name}"), git)

    def _make_folder(self, name: str) -> None:
        place, branch = self._place(name), f"{BRANCHES}{name}"
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._git("worktree", "prune")
        new = [] if self._has_branch(name) else ["-b", branch]
        self._git("worktree", "add", "--quiet", "--no-checkout", *new, str(place), self.main if new else branch)
        git = Git(place, partial=True)
        patterns = Path(git("rev-parse", "--path-format=absolute", "--git-path", "info/sparse-checkout").strip())
        patterns.parent.mkdir(parents=True, exist_ok=True)
        patterns.write_text(f"/{self.prefix or '*'}\n", encoding="utf-8")
        git("read-tree", "-m", "-u", "HEAD")

    def _merge_commit(self, draft: Draft, by: Editor, why: str) -> str:
        parents = ("-p", self.main, "-p", draft.head())
        return draft.git("commit-tree", "HEAD^{tree}", *parents, "-m", why, environment=by.environment).strip()

    def _forward(self, commit: str) -> None:
        """Move `main` to a commit that follows it, together with the checkout that is on it."""
        place = self._checkout()
        if place is None:
            before = self._git("rev-parse", self.main).strip()
            self._git("update-ref", f"refs/heads/{self.main}", commit, before)
            return
        try:
            Git(place)("merge", "--quiet", "--ff-only", commit)
        except GitFailed as error:
            raise EditRefused(f"{self.main} cannot move on in {place}: {error}") from None

    def _checkout(self) -> Path | None:
        """The folder that has `main` checked out."""
        folder = None
        for line in self._git("worktree", "list", "--porcelain").splitlines():
            if line.startswith("worktree "):
                folder = Path(line.removeprefix("worktree "))
            if line == f"branch refs/heads/{self.main}":
                return folder
        return None

    def _drop(self, draft: Draft, *, keep: bool) -> None:
        head, branch = draft.head(), f"refs/heads/{BRANCHES}{draft.name}"
        if keep:
            self._git("update-ref", f"refs/discarded/{draft.name}/{head[:12]}", head)
        shutil.rmtree(self._place(draft.name))
        self._git("worktree", "prune")
        self._git("update-ref", "-d", branch, head)

    def _info(self, fields: list[str]) -> DraftInfo:
        branch, by, at, why = fields
        counts = self._git("rev-list", "--left-right", "--count", f"{self.main}...{branch}").split()
        return DraftInfo(
            branch.removeprefix(BRANCHES), by, datetime.fromisoformat(at), why, int(counts[1]), int(counts[0])
        )

    def _has_branch(self, name: str) -> bool:
        return self._git.succeeds("show-ref", "--verify", "--quiet", f"refs/heads/{BRANCHES}{name}")

    def _place(self, name: str) -> Path:
        return self._folder / name

    def _lock(self, name: str) -> Path:
        return self._folder / ".locks" / name
