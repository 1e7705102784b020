from datetime import date

import pytest

from assistant.core.form_counts import (
    CONFIRM,
    LOGIN,
    PHONE,
    FormCame,
    FormHappened,
    StepTally,
    form_tallies,
    narrowed_steps,
    open_steps,
)
from assistant.core.request_counts import RequestKind

pytestmark = pytest.mark.unit

MONDAY = date(2026, 11, 23)
ORDERS = {"renew": ("document", "office")}


def counted(service: str = "renew", language: str = "en", **numbers: int) -> dict[FormHappened, int]:
    """Numbers by step and what came of it, written `office_asked`; without a step those of the whole."""
    kind, found = RequestKind(service, language, "web"), {}
    for name, number in numbers.items():
        step, _, what = name.rpartition("_")
        step = {"login": LOGIN, "confirm": CONFIRM, "phone": PHONE}.get(step, step)
        found[FormHappened(MONDAY, kind, step, FormCame(what).value)] = number
    return found


RENEWED = counted(
    began=20,
    done=10,
    failed=1,
    confirm_asked=12,
    confirm_answered=11,
    office_asked=15,
    office_answered=12,
    office_again=4,
    office_stopped=1,
    office_person=1,
    document_asked=18,
    document_answered=15,
    login_asked=20,
    login_answered=18,
    gone_asked=1,
)


def test_form_when_tallied_then_its_steps_stand_as_they_are_asked_and_say_who_gave_up() -> None:
    (form,) = form_tallies(RENEWED, ORDERS)
    assert (form.began, form.done, form.failed, form.gave_up) == (20, 10, 1, 9)
    assert [each.step for each in form.steps] == [LOGIN, "document", "office", "gone", CONFIRM]
    office = form.steps[2]
    assert office == StepTally("office", asked=15, again=4, answered=12, stopped=1, person=1)
    assert (office.gave_up, office.went_away) == (3, 1)
    assert [each.gave_up for each in form.steps] == [2, 3, 3, 1, 1]


def test_numbers_when_answers_come_a_day_later_then_nobody_gave_up_less_than_never() -> None:
    assert StepTally("office", asked=1, answered=3, person=1).gave_up == 0
    assert StepTally("office", asked=3, answered=1, stopped=2, person=2).went_away == 0


def test_forms_when_several_then_those_that_most_gave_up_stand_first() -> None:
    both = RENEWED | counted("move", began=100, done=95) | counted("tax", language="et", began=30, done=2)
    assert [each.service for each in form_tallies(both, ORDERS)] == ["tax", "renew", "move"]
    assert [each.service for each in form_tallies(narrowed_steps(both, "et", ""), ORDERS)] == ["tax"]
    assert form_tallies(narrowed_steps(both, "", "phone"), ORDERS) == ()


def test_open_data_when_no_number_is_small_then_has_each_step_by_week() -> None:
    numbers = counted(began=40, done=20, office_asked=40, office_answered=30, office_again=10)
    assert open_steps(numbers, ORDERS) == (
        {"week": "2026-W48", "service": "renew", "began": "40", "done": "20"},
        {
            "week": "2026-W48",
            "service": "renew",
            "step": "office",
            "asked": "40",
            "asked_again": "10",
            "answered": "30",
            "gave_up": "10",
        },
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"began": 4, "done": 0, "office_asked": 0, "office_answered": 0, "office_again": 0},
        {"office_answered": 38},  # two gave up
        {"done": 29},  # one did not confirm
        {"office_again": 3},
        {"office_again": 38},  # two were understood at once
        {"failed": 2},
        {"began": 43},  # three were asked nothing
    ],
)
def test_open_data_when_a_number_is_small_or_can_be_reckoned_then_the_form_is_left_out(changed) -> None:
    numbers = {"began": 40, "done": 20, "office_asked": 40, "office_answered": 30, "office_again": 10}
    assert open_steps(counted(**numbers | changed), ORDERS) == ()
