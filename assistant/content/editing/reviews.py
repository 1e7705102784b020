"""Who has approved which content: a note of git on the content's tree, so that it holds for every word of it.

Whatever is changed is another tree, which nobody has approved yet; a change that is taken back brings the word back.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.content.editing.draft import Draft
from assistant.content.editing.git import Git
from assistant.content.editing.history import Editor, history, known_commit
from assistant.core.errors import EditRefused

NOTES = "--ref=kratt-reviews"
MOST_CHANGES = 100_000
"""Of a draft: who wrote the first of them is an author, too."""


@dataclass(frozen=True)
class Approval:
    """A reviewer's word."""

    name: str
    email: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Reviews:
    """The reviews of a repository; `prefix` leads to the content, `main` is what is published."""

    git: Git
    prefix: str
    main: str

    def approve(self, draft: Draft, head: str, by: Editor, why: str) -> None:
        """Approve a draft as it was seen at the commit `head`.

        Raises:
            EditRefused: it has changed since, changes nothing, or the reviewer wrote some of it.
        """
        with draft.locked():
            changes = history(draft.git, f"{draft.main}..HEAD", most=MOST_CHANGES)
            if not changes or not why.strip():
                raise EditRefused("say what was looked at" if changes else f"the draft {draft.name} changes nothing")
            if known_commit(draft.git, head) != draft.head():
                raise EditRefused(f"the draft {draft.name} has changed since: look at it again")
            if any(_is_same(by, Editor(change.name, change.email)) for change in changes):
                raise EditRefused("who wrote some of a draft does not approve it: another reviewer has to")
            word = {"name": by.name, "email": by.email, "at": datetime.now(UTC).isoformat(), "why": why.strip()}
            note = json.dumps(word, ensure_ascii=False)
            self.git("notes", NOTES, "add", "-f", "-m", note, self._tree(head), environment=by.environment)

    def approval(self, commit: str) -> Approval | None:
        """The word on the content of a commit, if there is one."""
        code, note = self.git.code_and_output("notes", NOTES, "show", self._tree(commit))
        if code:
            return None
        word = json.loads(note)
        return Approval(word["name"], word["email"], datetime.fromisoformat(word["at"]), word["why"])

    def covers(self, commit: str) -> bool:
        """Whether the content of a commit may be published: it is in `main` already, or was approved."""
        is_known = bool(commit) and self.git.succeeds("cat-file", "-e", f"{commit}^{{commit}}")
        is_published = is_known and self.git.succeeds("merge-base", "--is-ancestor", commit, self.main)
        return is_known and (is_published or self.approval(commit) is not None)

    def _tree(self, commit: str) -> str:
        return self.git("rev-parse", "--verify", f"{commit}:{self.prefix}").strip()


def _is_same(one: Editor, other: Editor) -> bool:
    return one.email.casefold() == other.email.casefold() or one.name.casefold() == other.name.casefold()
