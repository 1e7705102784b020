from datetime import timedelta

import pytest

from assistant.adapters.sql_form_counts import SqlFormCounts
from assistant.console.insight import today
from assistant.core.form_counts import CONFIRM, FormCame
from assistant.core.request_counts import RequestKind

pytestmark = pytest.mark.unit


async def counted(console, language: str = "en", times: int = 1, days_ago: int = 0) -> None:
    """Four begin, three are asked for the office, two answer, one of whom was asked again; one confirms."""
    kind = RequestKind("document_renew", language, "web")
    counts: SqlFormCounts = console.form_counts
    then = counts.today() - days_ago * 86_400.0
    rows = (
        ("", FormCame.BEGAN, 4),
        ("", FormCame.DONE, 1),
        ("pickup_office", FormCame.ASKED, 3),
        ("pickup_office", FormCame.AGAIN, 1),
        ("pickup_office", FormCame.ANSWERED, 2),
        ("pickup_office", FormCame.STOPPED, 1),
        (CONFIRM, FormCame.ASKED, 2),
        (CONFIRM, FormCame.ANSWERED, 1),
    )
    earlier = SqlFormCounts(counts._database, now=lambda: then)  # on another day
    for step, what, number in rows:
        for _ in range(number * times):
            earlier.count(kind, step, what)
    await earlier.close()


async def read(console, path: str) -> str:
    async with console.browser() as browser:
        response = await browser.get(path)
        assert response.status_code == 200, response.text
        return str(response.text)


async def test_page_when_forms_were_begun_then_tells_where_citizens_gave_up(console) -> None:
    await counted(console)
    page = await read(console, "/insight/forms?days=7")
    assert "begun 4, done 1 (25 %), failed 0, given up 3" in page
    assert page.index("pickup office") < page.index("a yes to what was read back")
    assert 'aria-label="3 asked, 1 gave up"' in page
    numbers = [f'<td class="number">{each}</td>' for each in (3, 1, 2)]
    assert "".join(numbers) + '<td class="number">1 <span class="soft">33 %</span></td>' in page


async def test_page_when_narrowed_then_tells_of_that_language_alone(console) -> None:
    await counted(console)
    await counted(console, "et", times=2)
    assert "begun 12, done 3" in await read(console, "/insight/forms")
    assert "begun 8, done 2" in await read(console, "/insight/forms?language=et")
    assert "Nobody began a form." in await read(console, "/insight/forms?channel=phone")


async def test_numbers_when_handed_out_then_the_public_gets_whole_weeks_without_small_ones(console) -> None:
    await counted(console)
    lines = (await read(console, "/insight/forms/all.csv")).splitlines()
    assert lines[0] == "day,service,language,channel,step,what,number"
    assert f"{today().isoformat()},document_renew,en,web,pickup_office,asked,3" in lines
    public = "week,service,step,began,done,asked,asked_again,answered,gave_up"
    assert (await read(console, "/insight/forms/open.csv")).splitlines() == [public]
    await counted(console, days_ago=10)
    assert (await read(console, "/insight/forms/open.csv")).splitlines() == [public]
    await counted(console, times=8, days_ago=10)
    year, week, _ = (today() - timedelta(days=10)).isocalendar()
    assert (await read(console, "/insight/forms/open.csv")).splitlines() == [
        public,
        f"{year}-W{week:02},document_renew,,36,9,,,,",
        f"{year}-W{week:02},document_renew,pickup_office,,,27,9,18,9",
        f"{year}-W{week:02},document_renew,?confirm,,,18,0,9,9",
    ]
