from datetime import date

import pytest

from assistant.console.insight import Period
from assistant.core.request_counts import RequestKind
from assistant.core.turn_counts import TurnKind

pytestmark = pytest.mark.unit


@pytest.fixture
async def counted(console) -> None:
    for intent in (*["pension"] * 6, "greet", "greet"):
        console.turn_counts.count(TurnKind("web", "en", intent, "answered"))
    await console.turn_counts.close()
    for language, number in (("en", 3), ("et", 1)):
        for _ in range(number):
            console.request_counts.count(RequestKind("pension", language, "web"), "asked")
    console.request_counts.count(RequestKind("pension", "et", "web"), "grade_4")
    console.request_counts.count(RequestKind("", "en", "web"), "asked")
    await console.request_counts.close()


async def read(console, path: str) -> str:
    async with console.browser() as browser:
        response = await browser.get(path)
        assert response.status_code == 200, response.text
        return str(response.text)


async def test_insight_when_shown_then_tells_what_came_of_requests_and_how_they_went_on(console, counted) -> None:
    page = await read(console, "/insight?days=7")
    assert page.index("pension") < page.index("not understood</th>")
    assert 'aria-label="Asked: 0, 0, 0, 0, 0, 0, 4"' in page
    assert '4.0 <span class="soft">of 1</span>' in page


async def test_insight_when_narrowed_to_a_language_then_tells_of_that_alone(console, counted) -> None:
    assert 'aria-label="Asked: 0, 0, 0, 0, 0, 0, 1"' in await read(console, "/insight?language=et")


async def test_numbers_when_handed_out_for_the_office_then_are_all_there(console, counted) -> None:
    lines = (await read(console, "/insight/requests.csv")).splitlines()
    assert lines[0] == "day,service,language,channel,what,number"
    assert [line.partition(",")[2] for line in lines[1:]] == [
        ",en,web,asked,1",
        "pension,en,web,asked,3",
        "pension,et,web,asked,1",
        "pension,et,web,grade_4,1",
    ]


async def test_open_data_when_handed_out_then_has_whole_weeks_alone(console, counted) -> None:
    assert (await read(console, "/insight/requests/service.csv")).splitlines() == [
        "week,name,asked,understood,solved,handed_over,failed,rated,mean_grade"
    ]


async def test_turns_when_shown_then_tell_what_was_asked_most_first(console, counted) -> None:
    page = await read(console, "/insight/turns")
    assert page.index("pension") < page.index("greet")


async def test_open_data_of_turns_when_handed_out_then_leave_small_numbers_out(console, counted) -> None:
    console.turn_counts.count(TurnKind("web", "en", "stop", "answered"))
    for _ in range(3):
        console.turn_counts.count(TurnKind("web", "en", "thank", "answered"))
    await console.turn_counts.close()
    text = await read(console, "/insight/turns/intent.csv")
    assert text.splitlines() == ["name,asked,answered,unanswered,handed_over,failed", "pension,6,6,0,0,0"]


async def test_insight_when_nobody_asked_then_says_so(console) -> None:
    assert "Nobody asked anything." in await read(console, "/insight")
    assert "Nobody asked anything." in await read(console, "/insight/turns")


@pytest.mark.parametrize(("days", "first", "bars"), [(7, "2026-11-20", 7), (28, "2026-10-30", 28)])
def test_period_when_short_then_has_a_bar_a_day(days, first, bars) -> None:
    period = Period(date(2026, 11, 26), days)
    assert (period.first.isoformat(), len(period.spans), period.spans[-1]) == (first, bars, period.today)


def test_period_when_long_then_has_whole_weeks_up_to_the_present_one() -> None:
    period = Period(date(2026, 11, 26), 364)
    assert (period.first.isoformat(), len(period.spans), period.spans[-1].isoformat()) == (
        "2025-11-24",
        53,
        "2026-11-23",
    )
