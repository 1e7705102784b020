"""Builds the graph of one model, by `python -m`, in a process of its own: see draft_model.py.

    stdin   JSON: content folder, folder of the model, proper names, language

What goes wrong is the last line of stderr.
"""

import json
import sys
from pathlib import Path

from assistant.core.errors import KrattError
from assistant.core.languages import Language


def main() -> int:
    """Build it; 1 if that cannot be."""
    content, folder, names, language = json.load(sys.stdin)
    try:
        from assistant.speech_model.build import BuildSpeechModel  # noqa: PLC0415  # its tools may be missing

        BuildSpeechModel(Path(content), Path(folder), names, Language(language))(lambda _: None)
    except KrattError as error:
        sys.stderr.write(f"{error.detail}\n")
        return 1
    except ModuleNotFoundError as error:
        sys.stderr.write(f"{error.name} is not installed: `make speech` does that\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
