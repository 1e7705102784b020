"""A small content folder, and a copy of Kratt's own."""

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.content.editing.content_files import ContentFiles
from assistant.settings import PROJECT

HEAD = 'version: "3.1"\n\nnlu:\n'

FILES = {
    "common/nlu.en.yml": HEAD
    + """\
# small talk
- intent: greet
  examples: |
    - hello
    - good day
- intent: thank
  examples: |
    - thanks
- synonym: passport
  examples: |
    - passport
""",
    "common/nlu.et.yml": HEAD + "- intent: greet\n  examples: |\n    - tere\n",
    "services/pension/service.yml": "service: pension\n",
    "services/pension/nlu.en.yml": HEAD
    + """\
- intent: pension
  examples: |
    - my pension

    - when can i retire
""",
    "held_out/en.yml": HEAD
    + """\
- intent: greet
  examples: |
    - hi

- intent: pension
  examples: |
    - old age
""",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def files(folder) -> ContentFiles:
    return ContentFiles(folder)


@pytest.fixture
def ours() -> ContentFiles:
    """Kratt's own content; nothing is ever written to it."""
    return ContentFiles(PROJECT / "nlu_data")


@pytest.fixture
def lines_of() -> Callable[[ContentFiles], dict[str, list[str]]]:
    """The lines that were changed of each file."""

    def lines(files: ContentFiles) -> dict[str, list[str]]:
        return {path: _difference(files, path, text or "") for path, text in files.changes.items()}

    return lines


def _difference(files: ContentFiles, path: str, text: str) -> list[str]:
    place = files.folder / path
    before = place.read_bytes().decode() if place.exists() else ""
    return [line for line in difflib.ndiff(before.splitlines(), text.splitlines()) if line[:1] in "+-"]
