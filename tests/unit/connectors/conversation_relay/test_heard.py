"""What was not heard is the rest behind what was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.conversation_relay.heard import unheard

pytestmark = pytest.mark.unit

SAID = "A new passport costs 60 euros. It takes up to 30 days."


@pytest.mark.parametrize(
    ("heard", "rest"),
    [
        ("A new passport costs", "60 euros. It takes up to 30 days."),
        ("a new passport, costs 60 euros", "It takes up to 30 days."),
        ("It takes", "up to 30 days."),
        (SAID, ""),
        ("", SAID),
        (" — ", SAID),
        ("something else altogether", ""),
        ("A new passport costs 61", ""),
    ],
)
def test_rest_when_interrupted_then_is_what_stands_behind(heard: str, rest: str) -> None:
    assert unheard(SAID, heard) == rest


@given(st.lists(st.text("abcõи1", min_size=1), min_size=1, unique=True), st.integers(0, 20))
def test_rest_when_a_beginning_was_heard_then_both_are_the_whole(words: list[str], count: int) -> None:
    heard, rest = words[:count], words[count:]
    assert unheard(" ".join(words), " ".join(heard)) == " ".join(rest)


@given(st.text(), st.text())
def test_rest_when_anything_is_told_then_is_an_end_of_what_was_said(said: str, heard: str) -> None:
    assert said.strip().endswith(unheard(said, heard).strip())
