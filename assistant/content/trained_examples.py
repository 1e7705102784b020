"""Which examples a model of the bank was trained with, as assistant/engine/components/request_intents.py keeps them."""

import json
import tarfile
import zlib
from functools import lru_cache
from pathlib import Path, PurePosixPath

from assistant.content.marks import without_marks
from assistant.content.model_bank import ModelBank

RANKER, FACTS = ".RequestIntents", "facts.json"
"""The folder within a model, and its file that has a checksum of each example."""
KEPT_IN_MEMORY = 4
"""Models; reading one takes some tenths of a second."""


class TrainedExamples:
    """The examples of one model."""

    def __init__(self, checksums: frozenset[int]) -> None:
        """Take the checksums; none if nothing is known of the model."""
        self._checksums = checksums

    @property
    def is_known(self) -> bool:
        """Whether the model tells its examples at all."""
        return bool(self._checksums)

    def has(self, intent: str, example: str) -> bool:
        """Whether the model was trained with an example, whatever is marked in it, as one of that intent."""
        return checksum(intent, without_marks(example)) in self._checksums


def live_examples(bank: ModelBank) -> TrainedExamples:
    """The examples of the live model; none if there is no such model, or it does not tell."""
    live = bank.live
    return examples_of_model(bank.archive(live.version)) if live else TrainedExamples(frozenset())


def checksum(intent: str, text: str) -> int:
    """Of an example without marks."""
    return zlib.crc32(f"{intent} {text}".encode())


@lru_cache(KEPT_IN_MEMORY)
def examples_of_model(archive: Path) -> TrainedExamples:
    """The examples of a model's file, which never changes."""
    try:
        with tarfile.open(archive) as model:
            for entry in model:
                path = PurePosixPath(entry.name)
                if path.name == FACTS and RANKER in path.parent.name and (file := model.extractfile(entry)):
                    return TrainedExamples(frozenset(json.load(file)["examples"]))
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError):
        pass  # a model of an older Kratt, or none at all
    return TrainedExamples(frozenset())
