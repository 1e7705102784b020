"""A draft: a branch in a folder of its own, in which every save is a commit (docs/guides/editing.md)."""

import fcntl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.content.checks import check
from assistant.content.editing.content_files import Changes, ContentFiles, inside, write_changes
from assistant.content.editing.git import Git, GitFailed
from assistant.content.editing.history import Change, Editor, difference, history, known_commit
from assistant.content.editing.merging import Conflict, FileConflict, merge_file
from assistant.content.editing.mirror import mirror_of
from assistant.core.errors import ContentError, EditRefused

Edit = Callable[[ContentFiles], object]
"""One change or several, made in the files as they stand at that moment."""

FOUND = Editor("Kratt", "kratt@localhost")
"""Who commits what somebody wrote into the draft's folder by hand."""


@dataclass(frozen=True)
class Seen:
    """A file as an editor sees it; the version goes with what they save."""

    text: str
    version: str


@dataclass(frozen=True)
class Saved:
    """A commit and the files it changed; no commit if nothing is different."""

    commit: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """One draft; `folder` is its content folder, `main` the branch it was made from, `prefix` leads to the content."""

    name: str
    folder: Path
    main: str
    prefix: str
    lock: Path
    git: Git = field(repr=False, compare=False)  # what is remembered of a draft holds for every look at it

    def read(self, path: str) -> Seen:
        """A file as it was saved last.

        Raises:
            ContentError: there is no such file.
        """
        inside(self.folder, path)
        version = self._version(path)
        if not version:
            raise ContentError("this file is missing", file=path)
        return Seen(self._text(version) or "", version)

    def text_of(self, version: str) -> str:
        """A file as it was in a version that somebody has seen.

        Raises:
            EditRefused: there is no such version.
        """
        text = self._text(version)
        if text is None:
            raise EditRefused("the form does not say which version it was made from")
        return text

    def edit(self, edit: Edit, by: Editor, why: str) -> Saved:
        """Save what an edit makes of the files as they are now; what others saved since somebody looked stays.

        Raises:
            EditRefused: the edit does not fit them any more.
        """
        with self.locked():
            files = ContentFiles(self.folder)
            edit(files)
            return self._commit(files.changes, by, why)

    def save(self, changes: Changes, seen: Mapping[str, str], by: Editor, why: str) -> Saved | Conflict:
        """Save whole texts; `seen` has the version that the editor saw of each file, none of a file that is new.

        What others changed since then is brought together with the new text; where that does not fit, nothing is saved.
        """
        with self.locked():
            merged = {path: self.merged(path, text, seen.get(path, "")) for path, text in changes.items()}
            wrong = tuple(each for each in merged.values() if isinstance(each, FileConflict))
            fitting = {path: text for path, text in merged.items() if not isinstance(text, FileConflict)}
            return Conflict(wrong) if wrong else self._commit(fitting, by, why)

    def merged(self, path: str, text: str | None, seen: str) -> str | FileConflict | None:
        """A text together with what others changed since its editor saw the file in the version `seen`."""
        return merge_file(self._conflict(path, text, seen))

    def history(self, path: str = "") -> tuple[Change, ...]:
        """Who changed a file, or anything of the content, when and why; newest first."""
        return history(self.git, "HEAD", self.prefix + path)

    def own_changes(self) -> tuple[Change, ...]:
        """What the draft changes and `main` has not; newest first."""
        return history(self.git, f"{self.main}..HEAD")

    def difference(self, commit: str, path: str = "") -> str:
        """What a change did, as a unified diff."""
        return difference(self.git, commit, self.prefix + path)

    def whole_difference(self) -> str:
        """What would be different if the draft was merged, as a unified diff."""
        return self.git("diff", f"{self.main}...HEAD")

    def undo(self, commit: str, by: Editor) -> Saved | Conflict:
        """Take one change back, and keep those made since.

        Raises:
            EditRefused: there is no such change, or it changed more than content.
        """
        with self.locked():
            known_commit(self.git, commit)
            (change,) = history(self.git, commit, most=1)
            touched = self.git("diff-tree", "--name-only", "--no-commit-id", "-r", "-m", "--first-parent", commit)
            if not all(path.startswith(self.prefix) for path in touched.splitlines()):
                raise EditRefused(f"“{change.why.splitlines()[0]}” changed more than content")
            parents = self.git("rev-list", "--parents", "--max-count=1", commit).split()[1:]
            mainline = ["--mainline=1"] if len(parents) > 1 else []
            code, _ = self.git.code_and_output("revert", "--no-commit", *mainline, commit, environment=by.environment)
            return self._settled(code, {}, by, f"Undo: {change.why}")

    def update(self, by: Editor, settled: Mapping[str, Seen] | None = None) -> Saved | Conflict:
        """Bring in what `main` has got since; `settled` are texts for files in conflict, with the versions it named."""
        with self.locked():
            return self.updated(by, settled or {})

    def updated(self, by: Editor, settled: Mapping[str, Seen]) -> Saved | Conflict:
        """The same for who holds the lock already."""
        if self.git.succeeds("merge-base", "--is-ancestor", self.main, "HEAD"):
            return Saved()
        if self.git.succeeds("merge-base", "--is-ancestor", "HEAD", self.main):
            self.git("merge", "--quiet", "--ff-only", self.main)
            return Saved(self.head())
        words = ("merge", "--quiet", "--no-commit", "--no-ff", self.main)
        code, _ = self.git.code_and_output(*words, environment=by.environment)
        return self._settled(code, settled, by, f"Bring {self.name} up to date with {self.main}")

    def check(self) -> list[ContentError]:
        """Everything wrong with the draft, with paths from the content folder on."""
        return _checked(self.folder)

    def broken_by(self, edit: Edit, known: Iterable[ContentError]) -> list[ContentError]:
        """What would be wrong with the draft after an edit and is not `known`; nothing is saved.

        Raises:
            EditRefused: the edit does not fit the files.
        """
        files = ContentFiles(self.folder)
        edit(files)
        if not files.changes:
            return []
        before = {(each.file, each.what) for each in known}  # lines move
        with mirror_of(self.folder).showing(files) as folder:
            return [each for each in _checked(folder) if (each.file, each.what) not in before]

    def head(self) -> str:
        """The latest commit."""
        return self.git("rev-parse", "HEAD").strip()

    def changed_since(self, commit: str) -> tuple[str, ...]:
        """The files of the content that were saved otherwise since a commit."""
        files = self.git("diff", "--name-only", "--no-renames", commit, "HEAD").splitlines()
        return tuple(path.removeprefix(self.prefix) for path in files)

    def changed_since_main(self) -> tuple[str, ...]:
        """The files that would be different if the draft was merged."""
        files = self.git("diff", "--name-only", "--no-renames", f"{self.main}...HEAD").splitlines()
        return tuple(path.removeprefix(self.prefix) for path in files)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else changes the draft meanwhile; what somebody wrote into its folder by hand is committed first."""
        with file_lock(self.lock):
            if not self.folder.is_dir():
                raise EditRefused(f"the draft {self.name} was merged or discarded")
            if self.git("status", "--porcelain"):
                self.git("add", "--all")
                self.git("commit", "--quiet", "-m", "Found in the folder of the draft", environment=FOUND.environment)
            yield

    def _commit(self, changes: Changes, by: Editor, why: str) -> Saved:
        if not why.strip():
            raise EditRefused("say why this is changed")
        write_changes(self.folder, changes)
        self.git("add", "--all")
        files = self.git("diff", "--cached", "--name-only", "--no-renames").splitlines()
        if not files:
            return Saved()
        self.git("commit", "--quiet", "--cleanup=whitespace", "-m", why, environment=by.environment)
        return Saved(self.head(), tuple(path.removeprefix(self.prefix) for path in files))

    def _settled(self, code: int, settled: Mapping[str, Seen], by: Editor, why: str) -> Saved | Conflict:
        """Commit what a merge or a revert began, if every file in conflict is settled; else leave all as it was."""
        found = self._unmerged()
        merged = {each.path: _chosen(each, settled) for each in found}
        wrong = tuple(each for each in merged.values() if isinstance(each, FileConflict))
        if wrong or (code and not found):
            self.git("reset", "--quiet", "--merge")
        if code and not found:
            raise GitFailed(f"{why}: git refused")
        if wrong:
            return Conflict(wrong)
        return self._commit(
            {path: text for path, text in merged.items() if not isinstance(text, FileConflict)}, by, why
        )

    def _unmerged(self) -> tuple[FileConflict, ...]:
        stages: dict[str, dict[int, str]] = {}
        for entry in self.git("ls-files", "--unmerged", "-z").split("\0"):
            if entry:
                facts, path = entry.split("\t", 1)
                _, blob, stage = facts.split()
                stages.setdefault(path, {})[int(stage)] = blob
        return tuple(self._of_stages(path, blobs) for path, blobs in stages.items())

    def _of_stages(self, path: str, blobs: Mapping[int, str]) -> FileConflict:
        base, mine, theirs = (self._text(blobs.get(stage, "")) for stage in (1, 2, 3))
        return FileConflict(path.removeprefix(self.prefix), base, mine, theirs, blobs.get(3, ""))

    def _conflict(self, path: str, mine: str | None, seen: str) -> FileConflict:
        inside(self.folder, path)
        version = self._version(path)
        return FileConflict(path, self._text(seen), mine, self._text(version), version)

    def _version(self, path: str) -> str:
        _, kind, blob = (self.git("ls-tree", "--full-tree", "HEAD", "--", self.prefix + path).split() or [""] * 3)[:3]
        return blob if kind == "blob" else ""

    def _text(self, version: str) -> str | None:
        if not version:
            return None
        if not version.isalnum():
            raise EditRefused(f"there is no version {version}")
        return self.git("cat-file", "blob", version)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold a lock that threads and processes share; another one waits."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _chosen(conflict: FileConflict, settled: Mapping[str, Seen]) -> str | FileConflict | None:
    chosen = settled.get(conflict.path)
    return chosen.text if chosen and chosen.version == conflict.version else merge_file(conflict)


def _checked(folder: Path) -> list[ContentError]:
    """Everything wrong with a content folder, with paths from there on."""
    return [
        ContentError(each.what.replace(f"{folder}/", ""), file=each.file.removeprefix(f"{folder}/"), line=each.line)
        for each in check(folder)
    ]
