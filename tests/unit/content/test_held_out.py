"""Requests that nothing is trained on, as they are written."""

from pathlib import Path

import pytest

from assistant.content.held_out import read_held_out
from assistant.core.errors import ContentError

pytestmark = pytest.mark.unit


def a_file(folder: Path, line: str) -> Path:
    (folder / "held_out").mkdir()
    text = f'version: "3.1"\nnlu:\n- intent: vehicle\n  examples: |\n    - {line}\n'
    (folder / "held_out" / "en.yml").write_text(text)
    return folder


def test_request_when_a_value_is_marked_then_it_is_told_apart_from_the_words(tmp_path: Path) -> None:
    folder = a_file(tmp_path, 'is the [check]{"entity": "vehicle_topic", "value": "inspection"} fine')
    (request,) = read_held_out(folder)
    assert request.text == "is the check fine"
    assert request.values == {"vehicle_topic": "inspection"}


@pytest.mark.parametrize(
    "line",
    [
        "is the [check](vehicle_topic) fine",
        "is the [check] fine",
        'is the [check]{"entity": "vehicle_topic"} fine',
        'is the [check]{"entity": ["vehicle_topic"], "value": "inspection"} fine',
        'is the [check]{"entity: fine',
    ],
)
def test_request_when_a_value_is_marked_otherwise_then_the_line_is_shown(tmp_path: Path, line: str) -> None:
    with pytest.raises(ContentError, match=r"write \[words\]"):
        read_held_out(a_file(tmp_path, line))
