import pytest

from assistant.core.turn_counts import Tally, TurnKind, fit_for_all, tallies

pytestmark = pytest.mark.unit

COUNTED = {
    TurnKind("web", "en", "pension", "answered"): 7,
    TurnKind("web", "et", "pension", "asked_login"): 6,
    TurnKind("speaker", "en", "out_of_scope", "unanswerable_out_of_scope"): 5,
    TurnKind("web", "en", "pension", "failed_register"): 2,
    TurnKind("web", "en", "speak_to_person", "handed_over"): 1,
    TurnKind("web", "en", "hello", "answered"): 4,
}


def test_tallies_when_turns_ended_in_several_ways_then_each_has_its_column() -> None:
    assert tallies(COUNTED, "intent") == (
        Tally("pension", 15, answered=13, failed=2),
        Tally("out_of_scope", 5, unanswered=5),
        Tally("hello", 4, answered=4),
        Tally("speak_to_person", 1, handed_over=1),
    )
    assert [(each.name, each.asked) for each in tallies(COUNTED, "language")] == [("en", 19), ("et", 6)]


def test_fit_for_all_when_a_number_is_small_then_neither_it_nor_what_it_could_be_reckoned_from_is_told() -> None:
    told = fit_for_all(tallies(COUNTED, "intent"))
    assert [(each["name"], each["asked"], each["answered"], each["failed"]) for each in told] == [
        ("pension", "15", "", ""),
        ("out_of_scope", "5", "0", "0"),
    ]
