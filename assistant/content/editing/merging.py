"""Two changes of one file, brought together line by line."""

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.content.editing.git import Git, GitFailed

_HUNK = re.compile(
    r"^<<<<<<< [^\n]*\n(?P<mine>.*?)^\|\|\|\|\|\|\| [^\n]*\n(?P<base>.*?)^=======\r?\n(?P<theirs>.*?)^>>>>>>> [^\n]*\n",
    re.MULTILINE | re.DOTALL,
)
_EXAMPLE = re.compile(r"^\s+- ")
_MOST_CONFLICTS = 127  # git merge-file's exit code is their number up to here, and more if it failed


@dataclass(frozen=True)
class FileConflict:
    """One file that two people changed in the same places: what each wrote, what it was before; None where it is gone.

    `marked` is the file with both wordings in each place of conflict, and git's marks around them. `version` is that of
    `theirs`: whoever has settled the conflict names it with their text.
    """

    path: str
    base: str | None
    mine: str | None
    theirs: str | None
    version: str
    marked: str = ""


@dataclass(frozen=True)
class Conflict:
    """Nothing was changed, because somebody else has changed the same places."""

    files: tuple[FileConflict, ...]


def merge_texts(mine: str, base: str, theirs: str) -> tuple[str, bool]:
    """Both changes of a text, and whether they fit; if not, the text has marks where they do not.

    New examples that both added in the same place do fit: all of them are kept.
    """
    with TemporaryDirectory() as folder:
        names = ("mine", "base", "theirs")
        for name, text in zip(names, (mine, base, theirs), strict=True):
            (Path(folder) / name).write_bytes(text.encode())
        code, merged = Git(Path(folder)).code_and_output("merge-file", "-p", "--diff3", *names)
    if not 0 <= code <= _MOST_CONFLICTS:
        raise GitFailed("git merge-file: a text cannot be compared")
    settled = _HUNK.sub(_all_examples, merged) if code else merged
    return settled, not (code and _HUNK.search(settled))


def merge_file(conflict: FileConflict) -> str | FileConflict | None:
    """The file with both changes, None if both took it away; the conflict, with its marks, if they do not fit."""
    if conflict.mine == conflict.theirs:
        return conflict.mine
    if conflict.base == conflict.theirs:
        return conflict.mine
    if conflict.base == conflict.mine:
        return conflict.theirs
    if conflict.mine is None or conflict.theirs is None:
        return conflict
    merged, fits = merge_texts(conflict.mine, conflict.base or "", conflict.theirs)
    return merged if fits else FileConflict(**{**vars(conflict), "marked": merged})


def _all_examples(hunk: re.Match[str]) -> str:
    mine, theirs = hunk["mine"].splitlines(keepends=True), hunk["theirs"].splitlines(keepends=True)
    if hunk["base"] or not all(map(_EXAMPLE.match, (*mine, *theirs))):
        return hunk.group()
    return "".join(dict.fromkeys((*mine, *theirs)))
