"""Which content and which model an evaluation is about."""

import json
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from assistant.content.evaluation import Origin
from assistant.content.training import MANIFEST, MODEL
from assistant.core.errors import OperationFailed
from assistant.settings import Settings

GIT_SECONDS = 20.0
METADATA = "metadata.json"
"""Where Rasa keeps a model's id within its archive."""


def read_origin(settings: Settings, sample: int | None) -> Origin:
    """The content's last commit, and the fingerprints of the model in use.

    Raises:
        OperationFailed: there is no model.
    """
    try:
        facts = json.loads((settings.models / MANIFEST).read_bytes())["dialogue"]
        fingerprints = str(facts["content_sha256"]), str(facts["model_sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        raise OperationFailed(f"{settings.models / MANIFEST} names no model: run `kratt train`") from None
    commit = _git(settings.content, "log", "-1", "--format=%H", "--", ".")
    is_changed = bool(commit and _git(settings.content, "status", "--porcelain", "--", "."))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Origin(now, commit or None, is_changed, *fingerprints, sample)


def check_model(settings: Settings, served: str) -> None:
    """Make sure that the engine serves the model that was trained last; `served` is the id that it names.

    Raises:
        OperationFailed: it serves another one.
    """
    archive = settings.models / MODEL
    try:
        with tarfile.open(archive) as model, model.extractfile(METADATA) as file:  # type: ignore[union-attr]  # a file
            trained = json.load(file)["model_id"]
    except (OSError, tarfile.TarError, KeyError, ValueError):
        raise OperationFailed(f"{archive} is no model: run `kratt train`") from None
    if trained != served:
        raise OperationFailed("the engine runs another model than was trained last: restart it with `make run`")


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
