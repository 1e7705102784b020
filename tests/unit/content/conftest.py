from dataclasses import replace

import pytest

from assistant.content.project import Content, read_content
from assistant.settings import PROJECT


@pytest.fixture(scope="session")
def content() -> Content:
    """Kratt's own content: what holds for it must hold for an editor's."""
    return read_content(PROJECT / "nlu_data")


@pytest.fixture
def changed(content):
    """The content with one entry of one of its mappings replaced, or taken out when the value is None."""

    def change(kind: str, name, value) -> Content:
        entries = {key: each for key, each in getattr(content, kind).items() if key != name}
        return replace(content, **{kind: entries if value is None else entries | {name: value}})

    return change
