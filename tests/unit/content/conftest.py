from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

from assistant.content import checks, heard
from assistant.content.conversations import read_conversations
from assistant.content.held_out import read_held_out
from assistant.content.project import Content
from assistant.settings import PROJECT


@pytest.fixture
def changed(content):
    """The content with one entry of one of its mappings replaced, or taken out when the value is None."""

    def change(kind: str, name, value) -> Content:
        entries = {key: each for key, each in getattr(content, kind).items() if key != name}
        return replace(content, **{kind: entries if value is None else entries | {name: value}})

    return change


@pytest.fixture
def own_folder(tmp_path) -> Path:
    """A copy of Kratt's own content."""
    return Path(copytree(PROJECT / "nlu_data", tmp_path / "nlu_data"))


_read_once: Callable[..., object] = cache(read_conversations)
_read_held_out_once: Callable[..., object] = cache(read_held_out)


@pytest.fixture(autouse=True)
def conversations_are_read_once(monkeypatch) -> None:
    """Hundreds of conversations take seconds to read, and no test here changes them."""
    monkeypatch.setattr(checks, "read_conversations", _read_once)
    monkeypatch.setattr(heard, "read_conversations", _read_once)
    monkeypatch.setattr(heard, "read_held_out", _read_held_out_once)
