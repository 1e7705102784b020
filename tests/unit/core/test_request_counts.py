from datetime import date, timedelta

import pytest

from assistant.core.request_counts import (
    WEEK,
    Happened,
    RequestKind,
    RequestTally,
    monday_of,
    narrowed,
    open_data,
    request_tallies,
)

pytestmark = pytest.mark.unit

MONDAY = date(2026, 11, 16)
PENSION = RequestKind("pension", "en", "web")
SPOKEN = RequestKind("pension", "et", "speaker")
NONE = RequestKind("", "en", "web")


def counted(*rows: tuple[date, RequestKind, str, int]) -> dict[Happened, int]:
    return {Happened(day, kind, what): number for day, kind, what, number in rows}


COUNTED = counted(
    (MONDAY, PENSION, "asked", 20),
    (MONDAY, PENSION, "mistaken", 5),
    (MONDAY, PENSION, "solved", 10),
    (MONDAY, PENSION, "grade_5", 4),
    (MONDAY, PENSION, "grade_1", 1),
    (MONDAY + timedelta(days=8), SPOKEN, "asked", 6),
    (MONDAY, NONE, "asked", 7),
    (MONDAY, NONE, "mistaken", 7),
)


def test_tallies_when_requests_were_counted_then_each_service_has_its_row_most_asked_first() -> None:
    assert request_tallies(COUNTED, "service") == (
        RequestTally("pension", 26, understood=21, solved=10, grades=(1, 0, 0, 0, 4)),
        RequestTally("", 7, understood=0),
    )
    assert request_tallies(COUNTED, "service")[0].mean_grade == pytest.approx(21 / 5)
    assert request_tallies(COUNTED, "service")[1].mean_grade is None


def test_tallies_when_narrowed_then_only_what_was_chosen_is_there() -> None:
    assert [row.asked for row in request_tallies(narrowed(COUNTED, language="et"), "channel")] == [6]
    assert [row.asked for row in request_tallies(narrowed(COUNTED, channel="web"), "language")] == [27]
    assert [row.name for row in request_tallies(narrowed(COUNTED, services=["pension"]), "service")] == ["pension"]


def test_monday_when_its_week_is_asked_for_on_any_day_then_is_its_first() -> None:
    assert [monday_of(MONDAY + timedelta(days=days)) for days in (0, 6, 7)] == [MONDAY, MONDAY, MONDAY + WEEK]


def test_open_data_when_a_part_is_small_then_no_part_is_told_of_which_it_could_be_reckoned() -> None:
    assert open_data(COUNTED, "service") == (
        {
            "week": "2026-W47",
            "name": "pension",
            "asked": "20",
            "understood": "15",
            "solved": "10",
            "handed_over": "0",
            "failed": "0",
            "rated": "5",
            "mean_grade": "4.2",
        },
        {
            "week": "2026-W47",
            "name": "",
            "asked": "7",
            "understood": "0",
            "solved": "0",
            "handed_over": "0",
            "failed": "0",
            "rated": "0",
            "mean_grade": "",
        },
        {
            "week": "2026-W48",
            "name": "pension",
            "asked": "6",
            "understood": "6",
            "solved": "0",
            "handed_over": "0",
            "failed": "0",
            "rated": "0",
            "mean_grade": "",
        },
    )


@pytest.mark.parametrize(("what", "number"), [("mistaken", 2), ("solved", 1), ("solved", 4), ("failed", 3)])
def test_open_data_when_one_part_is_small_then_asked_stands_alone(what, number) -> None:
    (row,) = open_data(counted((MONDAY, PENSION, "asked", 5), (MONDAY, PENSION, what, number)), "service")
    told = {name for name, value in row.items() if value}
    assert told == {"week", "name", "asked", "rated"}


def test_open_data_when_few_have_rated_then_no_grade_is_told() -> None:
    (row,) = open_data(counted((MONDAY, PENSION, "asked", 9), (MONDAY, PENSION, "grade_1", 4)), "service")
    assert (row["rated"], row["mean_grade"]) == ("", "")
