"""Which content and which model an evaluation is about."""

import json
from datetime import UTC, datetime

from assistant.content.content_commit import content_commit
from assistant.content.evaluation import Origin
from assistant.content.model_bank import MANIFEST, MODEL, model_id_of
from assistant.core.errors import OperationFailed
from assistant.settings import Settings


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
    commit, is_changed = content_commit(settings.content)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Origin(now, commit, is_changed, *fingerprints, sample)


def check_model(settings: Settings, served: str) -> None:
    """Make sure that the engine serves the model that was trained last; `served` is the id that it names.

    Raises:
        OperationFailed: it serves another one.
    """
    archive = settings.models / MODEL
    if not (trained := model_id_of(archive)):
        raise OperationFailed(f"{archive} is no model: run `kratt train`")
    if trained != served:
        raise OperationFailed("the engine runs another model than was trained last: restart it with `make run`")
