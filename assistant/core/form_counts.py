"""How far citizens get in the forms of services, question by question and day by day: of nobody in particular.

A form is begun when a service that asks for something, or does something, is asked for. It has steps: its inputs, and
those below. Of each form that was begun everything is counted once.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise
from typing import Protocol

from assistant.core.request_counts import DAY, RequestKind, monday_of
from assistant.core.small_numbers import FEWEST_TOLD, is_small

LOGIN, CONFIRM, PHONE = "?login", "?confirm", "?phone"
"""Steps besides inputs: logging in, a yes to what was read back, and the citizen's own phone."""
HEARD, LATER = "?heard", "?later"
"""What a form waits for between two steps: whether a value was heard right, and its turn."""
WHOLE = ""
"""The step of what is counted of the form as a whole."""


class FormCame(str, Enum):
    """What can come of a form, or of a step of it."""

    BEGAN = "began"
    DONE = "done"
    FAILED = "failed"
    ASKED = "asked"
    AGAIN = "again"  # not understood, misheard, or a value that cannot be
    ANSWERED = "answered"
    STOPPED = "stopped"
    PERSON = "person"


@dataclass(frozen=True)
class FormHappened:
    """Something that came of a step of forms of a kind on a day (UTC), or in a span that begins with it."""

    day: date
    kind: RequestKind
    step: str
    what: str


CountedSteps = Mapping[FormHappened, int]


class FormCounts(Protocol):
    """Counts what comes of forms; a turn waits for nothing."""

    def count(self, kind: RequestKind, step: str, what: FormCame) -> None:
        """One more of these."""


class CountedForms(Protocol):
    """What was counted."""

    async def between(self, first: date, last: date, span: timedelta = DAY) -> CountedSteps:
        """What happened from the first day to the last, both included, in spans that begin with the first day."""


@dataclass(frozen=True)
class StepTally:
    """How many were asked for something, and what came of it."""

    step: str
    asked: int = 0
    again: int = 0
    answered: int = 0
    stopped: int = 0
    person: int = 0

    @property
    def gave_up(self) -> int:
        """How many never answered, whatever they did instead."""
        return max(0, self.asked - self.answered)  # who was asked yesterday may answer today

    @property
    def went_away(self) -> int:
        """How many of them neither said stop nor wanted a person: they asked something else, or said nothing more."""
        return max(0, self.gave_up - self.stopped - self.person)


@dataclass(frozen=True)
class FormTally:
    """How many began a form, how many came to its end, and its steps in order."""

    service: str
    began: int
    done: int
    failed: int
    steps: tuple[StepTally, ...]

    @property
    def gave_up(self) -> int:
        """How many came to no end."""
        return max(0, self.began - self.done - self.failed)


def form_tallies(counted: CountedSteps, orders: Mapping[str, tuple[str, ...]]) -> tuple[FormTally, ...]:
    """Each form, those that most gave up first; `orders` has the inputs of services as they are asked."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for each, number in counted.items():
        found[each.kind.service][each.step][each.what] += number
    forms = (_form(service, steps, orders.get(service, ())) for service, steps in found.items())
    return tuple(sorted(forms, key=lambda form: (-form.gave_up, -form.began, form.service)))


def _form(service: str, steps: Mapping[str, Mapping[str, int]], order: tuple[str, ...]) -> FormTally:
    whole = steps.get(WHOLE, {})
    places = {step: place for place, step in enumerate((LOGIN, *order))}
    last = {CONFIRM: len(places) + 1, PHONE: len(places) + 2}  # behind inputs that the service no longer has
    names = sorted(steps.keys() - {WHOLE}, key=lambda name: (places.get(name, last.get(name, len(places))), name))
    began, done, failed = (whole.get(what, 0) for what in (FormCame.BEGAN, FormCame.DONE, FormCame.FAILED))
    return FormTally(service, began, done, failed, tuple(_step(name, steps[name]) for name in names))


def _step(name: str, came: Mapping[str, int]) -> StepTally:
    numbers = (FormCame.ASKED, FormCame.AGAIN, FormCame.ANSWERED, FormCame.STOPPED, FormCame.PERSON)
    return StepTally(name, *(came.get(what, 0) for what in numbers))


def narrowed_steps(counted: CountedSteps, language: str, channel: str) -> CountedSteps:
    """What happened in a language and on a channel; all, where nothing is said."""
    return {
        each: number
        for each, number in counted.items()
        if (not language or each.kind.language == language) and (not channel or each.kind.channel == channel)
    }


OPEN_COLUMNS = ("week", "service", "step", "began", "done", "asked", "asked_again", "answered", "gave_up")


def open_steps(counted: CountedSteps, orders: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], ...]:
    """The same for the public, week by week: a form that has a small number anywhere is left out for that week.

    Steps follow one another, so that what is left out of one could be reckoned from the next.
    """
    weeks: dict[date, dict[FormHappened, int]] = defaultdict(dict)
    for each, number in counted.items():
        weeks[monday_of(each.day)][each] = number
    return tuple(
        row
        for monday, of_week in sorted(weeks.items())
        for form in form_tallies(of_week, orders)
        if _may_be_told(form)
        for row in _open_rows(monday, form)
    )


def _may_be_told(form: FormTally) -> bool:
    of_steps = (number for each in form.steps for number in (each.asked, each.answered))
    numbers = sorted({form.began, form.done, *of_steps})
    between = (later - earlier for earlier, later in pairwise(numbers))
    again = (each.again for each in form.steps)
    understood_at_once = (each.asked - each.again for each in form.steps)
    is_told = form.began >= FEWEST_TOLD
    return is_told and not is_small(form.failed, *numbers, *between, *again, *understood_at_once)


def _open_rows(monday: date, form: FormTally) -> tuple[dict[str, str], ...]:
    year, week, _ = monday.isocalendar()
    of_form = {"week": f"{year}-W{week:02}", "service": form.service}
    whole = {**of_form, "began": str(form.began), "done": str(form.done)}
    return (
        whole,
        *(
            {
                **of_form,
                "step": each.step,
                "asked": str(each.asked),
                "asked_again": str(each.again),
                "answered": str(each.answered),
                "gave_up": str(each.gave_up),
            }
            for each in form.steps
        ),
    )
