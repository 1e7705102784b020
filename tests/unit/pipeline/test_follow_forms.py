from collections import Counter

import pytest

from actions.dialogue import frames
from assistant.core.form_counts import CONFIRM, HEARD, LATER, LOGIN, PHONE, FormCame
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.request_counts import RequestKind
from assistant.core.turns import Intent, OpenQuestion, Reply, Understanding
from assistant.pipeline.follow_forms import FollowForms

pytestmark = pytest.mark.unit

DIALOGUE = "a dialogue"
RENEW, MOVE = "document_renew", "address_change"


class FakeFormCounts(Counter[str]):
    def count(self, kind: RequestKind, step: str, what: FormCame) -> None:
        assert (kind.language, kind.channel) == ("en", "web")
        self[f"{kind.service} {step} {what.value}"] += 1

    def of(self, service: str = RENEW) -> dict[str, int]:
        """What was counted of a service, without its name."""
        return {each.removeprefix(f"{service} "): number for each, number in self.items() if each.startswith(service)}


@pytest.fixture
def counts() -> FakeFormCounts:
    return FakeFormCounts()


@pytest.fixture
def follow(counts) -> FollowForms:
    return FollowForms({RENEW, MOVE}, counts)


def turn(
    follow: FollowForms,
    outcome: Outcome,
    *waits: str,
    service: str = RENEW,
    intent: str = "inform",
    off: bool = False,
) -> None:
    """A turn after which services wait for something, each written `input`, `input:tries` or `service/input`."""
    questions = []
    for each in waits:
        where, _, asked = each.rpartition("/")
        asked, _, tries = asked.partition(":")
        questions.append(OpenQuestion(where or RENEW, asked, int(tries or 0)))
    follow.turn(
        Reply(
            "turn",
            "conversation",
            Language.EN,
            outcome,
            (),
            Understanding((Intent(intent, 0.9),)),
            service=service,
            open_questions=tuple(questions),
            is_called_off=off,
        ),
        DIALOGUE,
        "web",
    )


def asks(follow: FollowForms, *waits: str, intent: str = "inform") -> None:
    turn(follow, Outcome.ASKED_DETAIL, *waits, intent=intent)


def test_waits_when_named_then_are_those_of_the_dialogue() -> None:
    assert (CONFIRM, PHONE, HEARD, LATER) == (frames.CONFIRM, frames.PHONE, frames.HEARD, frames.LATER)
    assert LOGIN not in frames.WAITS


def test_form_when_filled_in_to_its_end_then_each_step_is_counted_once(follow, counts) -> None:
    turn(follow, Outcome.ASKED_LOGIN, intent=RENEW)
    asks(follow, "document", intent=RENEW)
    asks(follow, "office")
    turn(follow, Outcome.ASKED_CONFIRMATION, CONFIRM)
    turn(follow, Outcome.ASKED_CONFIRMATION, PHONE)
    turn(follow, Outcome.ANSWERED, frames.DONE)
    turn(follow, Outcome.ANSWERED, frames.DONE, intent="repeat")
    steps = (LOGIN, "document", "office", CONFIRM, PHONE)
    assert counts.of() == {" began": 1, " done": 1} | {
        f"{step} {what}": 1 for step in steps for what in ("asked", "answered")
    }


def test_question_when_asked_again_then_is_counted_so_once_and_small_talk_is_not(follow, counts) -> None:
    asks(follow, "office", intent=RENEW)
    asks(follow, "office:0", intent="greet")
    assert counts.of() == {" began": 1, "office asked": 1}
    asks(follow, "office:1")
    asks(follow, "office:2")
    asks(follow, CONFIRM)
    assert counts.of() == {
        " began": 1,
        "office asked": 1,
        "office again": 1,
        "office answered": 1,
        f"{CONFIRM} asked": 1,
    }


def test_value_when_misheard_then_its_question_is_asked_again(follow, counts) -> None:
    asks(follow, "office", intent=RENEW)
    asks(follow, HEARD)
    assert counts.of() == {" began": 1, "office asked": 1}
    asks(follow, "office")
    assert counts.of()["office again"] == 1
    asks(follow, HEARD)
    asks(follow, CONFIRM)
    assert (counts.of()["office answered"], counts.of()["office again"]) == (1, 1)


def test_form_when_stopped_then_is_so_at_the_question_that_was_open(follow, counts) -> None:
    asks(follow, "document", intent=RENEW)
    asks(follow, "office")
    turn(follow, Outcome.ANSWERED, service="", intent="stop", off=True)
    assert counts.of() == {
        " began": 1,
        "document asked": 1,
        "document answered": 1,
        "office asked": 1,
        "office stopped": 1,
    }


def test_read_back_when_refused_then_is_not_confirmed_and_not_done(follow, counts) -> None:
    turn(follow, Outcome.ASKED_CONFIRMATION, CONFIRM, intent=RENEW)
    turn(follow, Outcome.ANSWERED, intent="deny", off=True)
    assert counts.of() == {" began": 1, f"{CONFIRM} asked": 1, f"{CONFIRM} stopped": 1}


def test_subject_when_changed_and_come_back_to_then_nothing_was_given_up(follow, counts) -> None:
    asks(follow, "office", intent=RENEW)
    turn(follow, Outcome.ASKED_DETAIL, "office", f"{MOVE}/new_address", service=MOVE, intent=MOVE)
    turn(follow, Outcome.ANSWERED, "office", service=MOVE)
    turn(follow, Outcome.ANSWERED, frames.DONE)
    assert counts.of() == {" began": 1, " done": 1, "office asked": 1, "office answered": 1}
    assert counts.of(MOVE) == {" began": 1, " done": 1, "new_address asked": 1, "new_address answered": 1}


def test_subject_when_changed_for_good_then_the_question_was_asked_and_never_answered(follow, counts) -> None:
    asks(follow, "office", intent=RENEW)
    turn(follow, Outcome.ANSWERED, service="pension", intent="pension")
    assert counts.of() == {" began": 1, "office asked": 1}
    asks(follow, "office", intent=RENEW)
    assert counts.of() == {" began": 2, "office asked": 2}


def test_person_when_wanted_at_a_question_then_is_counted_there_once(follow, counts) -> None:
    asks(follow, "office", intent=RENEW)
    turn(follow, Outcome.HANDED_OVER, "office", service="", intent="speak_to_person")
    turn(follow, Outcome.HANDED_OVER, "office", service="", intent="speak_to_person")
    assert counts.of() == {" began": 1, "office asked": 1, "office person": 1}
    turn(follow, Outcome.ANSWERED, frames.DONE)
    assert counts.of()["office answered"] == counts.of()[" done"] == 1


def test_answer_when_changed_at_the_read_back_then_that_is_still_to_be_answered(follow, counts) -> None:
    asks(follow, "office", intent=RENEW)
    asks(follow, CONFIRM)
    asks(follow, "office")
    turn(follow, Outcome.ANSWERED, service="", intent="stop", off=True)
    assert counts.of() == {
        " began": 1,
        "office asked": 1,
        "office answered": 1,
        f"{CONFIRM} asked": 1,
        f"{CONFIRM} stopped": 1,
    }


@pytest.mark.parametrize(
    ("outcome", "came"),
    [(Outcome.ANSWERED, {" done": 1}), (Outcome.FAILED_REGISTER, {" failed": 1}), (Outcome.ANSWERED_ELSEWHERE, {})],
)
def test_form_when_nothing_had_to_be_asked_then_begins_and_ends_at_once(follow, counts, outcome, came) -> None:
    turn(follow, outcome, intent=RENEW)
    assert counts.of() == {" began": 1, **came}


def test_request_when_it_is_not_wanted_then_no_form_was_begun(follow, counts) -> None:
    turn(follow, Outcome.ANSWERED, intent=RENEW, off=True)
    assert not counts


@pytest.mark.parametrize("waits", [f"pension/{frames.CONFIRM}", frames.OFFER, frames.MORE, f"{frames.DONE}"])
def test_what_waits_when_it_is_no_form_then_is_not_begun(follow, counts, waits) -> None:
    turn(follow, Outcome.ANSWERED, waits, service="")
    assert not counts


def test_turn_when_no_service_was_looked_at_then_changes_nothing(follow, counts) -> None:
    asks(follow, "office", intent=RENEW)
    reply = Reply("turn", "conversation", Language.EN, Outcome.FAILED_DIALOGUE, ())
    follow.turn(reply, DIALOGUE, "web")
    asks(follow, CONFIRM)
    assert counts.of()["office answered"] == 1
