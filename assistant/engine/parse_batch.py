"""Parses many texts with one model and no server, by `python -m` with MODEL, TEXTS, MEANINGS and a number of processes.

TEXTS is a file with a JSON list of texts, each with its language and what was heard beside it (`heard` as `/parse`
takes it, null for a typed text); MEANINGS gets a list of what `/parse` answers, in order.
"""

import json
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from assistant.engine.lean_rasa import lighten_rasa

Texts = Sequence[tuple[str, str, dict[str, Any] | None]]
PART = 50


class Parser:
    """A model, loaded once; copies of the process parse beside each other."""

    def __init__(self, model: str) -> None:
        """Load the model, as an engine does."""
        lighten_rasa()
        from rasa.core.agent import Agent  # noqa: PLC0415  # not before now

        from assistant.engine.rasa_speed import speed_up_rasa  # noqa: PLC0415

        speed_up_rasa()
        self._processor = Agent.load(model).processor

    def __call__(self, texts: Texts) -> list[dict[str, Any]]:
        """What each text means: one run of Rasa's graph for all, which the processor makes for each."""
        from rasa.core.channels.channel import UserMessage  # noqa: PLC0415
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER  # noqa: PLC0415
        from rasa.shared.core.trackers import DialogueStateTracker  # noqa: PLC0415

        from assistant.engine.meaning import said_words, understanding_of  # noqa: PLC0415

        messages = [
            UserMessage(said_words(text), metadata={"language": language} | ({"heard": heard} if heard else {}))
            for text, language, heard in texts
        ]
        target, tracker = self._processor.model_metadata.nlu_target, DialogueStateTracker.from_events("", [])
        given = {PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: tracker}
        parsed = self._processor.graph_runner.run(inputs=given, targets=[target])[target]
        return [understanding_of(message.as_dict(only_output_properties=True)) for message in parsed]


_loaded: list[Parser] = []
"""What a forked process has of its parent is what lies in its modules."""


def main(model: str, texts_file: str, meanings_file: str, processes: str) -> None:
    """Read the one file and write the other."""
    texts: Texts = json.loads(Path(texts_file).read_bytes())
    _loaded.append(Parser(model))
    parts = [texts[start : start + PART] for start in range(0, len(texts), PART)]
    with get_context("fork").Pool(int(processes)) as pool:
        meanings = [meaning for part in pool.imap(_parse, parts) for meaning in part]
    Path(meanings_file).write_text(json.dumps(meanings), encoding="utf-8")


def _parse(texts: Texts) -> list[dict[str, Any]]:
    return _loaded[0](texts)


if __name__ == "__main__":
    main(*sys.argv[1:])
