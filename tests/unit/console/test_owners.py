from datetime import UTC, datetime, timedelta

import pytest

from assistant.core.request_counts import RequestKind

pytestmark = pytest.mark.unit

SOCIAL_INSURANCE = "/insight/owners/70001975"


@pytest.fixture
async def asked_now(console) -> str:
    """The name of this week, in which somebody asked twice for a service, and once for another institution's."""
    for service in ("pension", "pension", "document_renew"):
        console.request_counts.count(RequestKind(service, "et", "web"), "asked")
    await console.request_counts.close()
    year, week, _ = datetime.now(UTC).date().isocalendar()
    return f"{year}-W{week:02}"


async def test_institutions_when_listed_then_each_has_its_page(console) -> None:
    async with console.browser() as browser:
        page = (await browser.get("/insight/owners")).text
    assert f'<a href="{SOCIAL_INSURANCE}">Social Insurance Board</a>' in page


async def test_page_when_a_week_is_chosen_then_tells_of_the_institutions_services_alone(console, asked_now) -> None:
    async with console.browser() as browser:
        page = (await browser.get(SOCIAL_INSURANCE, params={"week": asked_now})).text
    assert '<th scope="row">Pension</th>' in page
    assert 'aria-label="Asked, week by week: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2"' in page
    assert "The week after" not in page
    assert "renew" not in page


async def test_page_when_no_week_is_chosen_then_is_that_of_the_last_whole_one(console, asked_now) -> None:
    last = datetime.now(UTC).date() - timedelta(days=7)
    async with console.browser() as browser:
        page = (await browser.get(SOCIAL_INSURANCE)).text
    assert f"week {last.isocalendar().week}" in page
    assert f'href="?week={asked_now}"' in page


@pytest.mark.parametrize("path", ["/insight/owners/12345678", f"{SOCIAL_INSURANCE}?week=2026-W99"])
async def test_page_when_there_is_none_then_says_so(console, path) -> None:
    async with console.browser() as browser:
        assert (await browser.get(path)).status_code == 404
