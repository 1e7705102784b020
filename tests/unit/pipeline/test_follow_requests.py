from collections import Counter
from dataclasses import replace

import pytest

from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.request_counts import RequestKind
from assistant.core.turns import Intent, Reply, Understanding
from assistant.pipeline.follow_requests import FollowRequests

pytestmark = pytest.mark.unit

SERVICES = {"pension", "vehicle"}
DIALOGUE = "a dialogue"


class FakeRequestCounts(Counter[tuple[str, str]]):
    def count(self, kind: RequestKind, what: str) -> None:
        assert (kind.language, kind.channel) == ("en", "web")
        self[kind.service, what] += 1


@pytest.fixture
def counts() -> FakeRequestCounts:
    return FakeRequestCounts()


@pytest.fixture
def follow(counts) -> FollowRequests:
    return FollowRequests(SERVICES, counts)


def turn(
    follow: FollowRequests,
    intent: str,
    outcome: Outcome,
    service: str = "",
    *,
    is_answer: bool = False,
    is_called_off: bool = False,
) -> None:
    understood = Understanding((Intent(intent, 0.9),))
    reply = Reply("turn", "conversation", Language.EN, outcome, (), understood, service=service)
    reply = replace(reply, is_called_off=is_called_off)
    follow.turn(reply, DIALOGUE, "web", is_answer=is_answer)


def test_request_when_it_takes_several_turns_then_is_asked_once_and_solved_once(follow, counts) -> None:
    turn(follow, "pension", Outcome.ASKED_LOGIN, "pension")
    turn(follow, "pension", Outcome.ASKED_DETAIL, "pension")
    turn(follow, "affirm", Outcome.ANSWERED, "pension", is_answer=True)
    assert counts == {("pension", "asked"): 1, ("pension", "solved"): 1}


def test_request_when_another_one_comes_in_between_then_both_are_followed(follow, counts) -> None:
    turn(follow, "pension", Outcome.ASKED_DETAIL, "pension")
    turn(follow, "vehicle", Outcome.ANSWERED, "vehicle", is_answer=True)
    turn(follow, "affirm", Outcome.FAILED_REGISTER, "pension", is_answer=True)
    assert counts == dict.fromkeys(
        [("pension", "asked"), ("vehicle", "asked"), ("vehicle", "solved"), ("pension", "failed")], 1
    )


def test_reply_when_said_again_then_nothing_new_was_asked(follow, counts) -> None:
    turn(follow, "pension", Outcome.ANSWERED, "pension")
    turn(follow, "repeat", Outcome.ANSWERED, "pension")
    assert counts["pension", "asked"] == counts["pension", "solved"] == 1
    turn(follow, "pension", Outcome.ANSWERED, "pension")
    assert counts["pension", "asked"] == counts["pension", "solved"] == 2


def test_request_when_called_off_then_is_neither_solved_nor_open(follow, counts) -> None:
    turn(follow, "pension", Outcome.ASKED_DETAIL, "pension")
    turn(follow, "deny", Outcome.ANSWERED, "pension", is_answer=True, is_called_off=True)
    turn(follow, "pension", Outcome.ANSWERED, "pension")
    assert counts == {("pension", "asked"): 2, ("pension", "solved"): 1}


def test_offer_when_taken_then_a_request_begins(follow, counts) -> None:
    turn(follow, "pension", Outcome.ANSWERED, "pension")
    turn(follow, "affirm", Outcome.ANSWERED, "vehicle", is_answer=True)
    assert counts["vehicle", "asked"] == 1


def test_person_when_wanted_then_the_last_request_was_handed_over_once(follow, counts) -> None:
    turn(follow, "pension", Outcome.ANSWERED, "pension")
    turn(follow, "speak_to_person", Outcome.HANDED_OVER)
    turn(follow, "speak_to_person", Outcome.HANDED_OVER)
    assert counts["pension", "handed_over"] == 1


def test_request_when_not_understood_then_is_for_no_service(follow, counts) -> None:
    turn(follow, "out_of_scope", Outcome.UNANSWERABLE_OUT_OF_SCOPE)
    turn(follow, "nlu_fallback", Outcome.UNANSWERABLE_NOT_UNDERSTOOD, is_answer=True)
    follow.rated(1, DIALOGUE)
    assert counts == {("", "asked"): 1, ("", "mistaken"): 1, ("", "grade_1"): 1}


def test_request_when_objected_to_then_was_mistaken(follow, counts) -> None:
    turn(follow, "pension", Outcome.ANSWERED, "pension")
    turn(follow, "greet", Outcome.ANSWERED)
    follow.mistaken("greet", DIALOGUE)
    follow.mistaken("pension", DIALOGUE)
    follow.rated(4, DIALOGUE)
    assert counts["pension", "mistaken"] == counts["pension", "grade_4"] == 1
    assert counts["greet", "mistaken"] == 0


def test_dialogue_when_unknown_then_nothing_is_counted(follow, counts) -> None:
    follow.mistaken("pension", DIALOGUE)
    follow.rated(5, DIALOGUE)
    turn(follow, "greet", Outcome.ANSWERED)
    assert not counts
