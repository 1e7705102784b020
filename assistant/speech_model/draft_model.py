"""A copy of a speech model with the words of a draft, so that they can be heard before anybody publishes them."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from assistant.core.state_folder import make_private_folder
from assistant.speech_model.vocabulary import GRAPH

BUILD_SECONDS = 120
MADE_FROM = ".sha256"
"""Ending of the file beside the copy that says what it was made from."""


@dataclass(frozen=True)
class DraftModel:
    """Makes the copy in the folder `aside`; `model` hears citizens, `names` are those of `BuildSpeechModel`."""

    model: Path
    aside: Path
    names: Sequence[str]
    language: Language = Language.EN

    def __call__(self, content: Path) -> Path:
        """The folder of the copy, built anew if the content is another one than the last time.

        Raises:
            OperationFailed: it cannot be built; says why.
        """
        made_from = self._fingerprint(content)
        marker = self.aside.with_suffix(MADE_FROM)
        if self.aside.is_dir() and marker.is_file() and marker.read_text() == made_from:
            return self.aside
        make_private_folder(self.aside.parent)
        with tempfile.TemporaryDirectory(prefix=".draft-", dir=self.aside.parent) as folder:
            fresh = Path(folder) / "model"
            shutil.copytree(self.model, fresh, ignore=shutil.ignore_patterns(GRAPH))
            self._build(content, fresh)
            marker.unlink(missing_ok=True)
            if self.aside.exists():
                self.aside.rename(Path(folder) / "before")
            fresh.rename(self.aside)
            marker.write_text(made_from)
        return self.aside

    def _build(self, content: Path, model: Path) -> None:
        wanted = json.dumps([str(content), str(model), list(self.names), self.language])
        # A process of its own: what builds graphs is not loaded where something is decoded.
        command = [sys.executable, "-m", "assistant.speech_model.build_draft"]
        try:
            done = subprocess.run(
                command, input=wanted, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise OperationFailed("the vocabulary was not built in time") from None
        if done.returncode:
            raise OperationFailed(done.stderr.strip().rpartition("\n")[2] or "the vocabulary cannot be built")

    def _fingerprint(self, content: Path) -> str:
        digest = hashlib.sha256(json.dumps(list(self.names)).encode())
        source = (path for path in self.model.rglob("*") if GRAPH not in path.relative_to(self.model).parts)
        for path in sorted((*source, *content.rglob("*.yml"))):
            if path.is_file():
                digest.update(str(path).encode() + path.read_bytes())
        return digest.hexdigest()
