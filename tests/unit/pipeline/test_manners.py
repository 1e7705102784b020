import pytest

from assistant.core.audio import ORDINARY
from assistant.pipeline.manners import SPEEDS, VOLUMES, Manners

pytestmark = pytest.mark.unit


def test_manner_when_nothing_was_asked_for_then_is_the_ordinary_one() -> None:
    manners = Manners()
    manners.note("a", ["utter_greet"])
    assert manners.of("a") is ORDINARY


@pytest.mark.parametrize(
    ("asked", "is_slower", "is_louder"),
    [("slower", True, False), ("faster", False, False), ("louder", False, True), ("quieter", False, False)],
)
def test_manner_when_asked_for_then_changes_that_dialogue_alone(asked: str, is_slower: bool, is_louder: bool) -> None:
    manners = Manners()
    manners.note("a", ["utter_return_to", f"utter_speak_{asked}"])
    manner = manners.of("a")
    assert manner != ORDINARY
    assert (manner.speed < 1, manner.volume > 1) == (is_slower, is_louder)
    assert manners.of("b") is ORDINARY


def test_manner_when_asked_for_again_and_again_then_ends_at_the_slowest_and_loudest() -> None:
    manners = Manners()
    for _ in range(9):
        manners.note("a", ["utter_speak_slower"])
        manners.note("a", ["utter_speak_louder"])
    assert (manners.of("a").speed, manners.of("a").volume) == (SPEEDS[0], VOLUMES[-1])


def test_manner_when_faster_follows_slower_then_is_the_ordinary_one_again() -> None:
    manners = Manners()
    manners.note("a", ["utter_speak_slower"])
    manners.note("a", ["utter_speak_faster"])
    assert manners.of("a") == ORDINARY


def test_manners_when_there_are_many_then_those_changed_longest_ago_are_forgotten() -> None:
    manners = Manners(most=1)
    manners.note("a", ["utter_speak_slower"])
    manners.note("b", ["utter_speak_slower"])
    assert manners.of("a") is ORDINARY
    assert manners.of("b") != ORDINARY
