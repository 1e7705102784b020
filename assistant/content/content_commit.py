"""Which commit a content folder is at."""

import subprocess
from pathlib import Path

GIT_SECONDS = 20.0


def content_commit(folder: Path) -> tuple[str | None, bool]:
    """The last commit that changed the folder, and whether it was changed since; None where there is no git."""
    commit = _git(folder, "log", "-1", "--format=%H", "--", ".")
    return commit or None, bool(commit and _git(folder, "status", "--porcelain", "--", "."))


def _git(folder: Path, *words: str) -> str:
    """What git prints; nothing where there is no git, or the folder is no checkout."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],  # noqa: S607  # wherever git is
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
