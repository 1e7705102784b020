"""Where citizens give up, as an editor sees it: citizens talk with a running Kratt, and its console counts."""

import csv
import re
from collections import Counter
from collections.abc import Mapping

import pytest
from playwright.async_api import Page, expect

from assistant.core.form_counts import CONFIRM, LOGIN
from tests.browser.test_console import console
from tests.browser.test_console_editing import is_clean
from tests.conftest import RunningKratt

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

__all__ = ["console"]  # a fixture
MARY = "EE60001019906"
WRITTEN_MS = 3_000
"""So long after they were counted numbers are in the database: they are written every two seconds."""


def talk(kratt: RunningKratt, *said: str, person: str = "") -> str:
    """A citizen says this, one after the other; how it ended."""
    with kratt.client() as citizen:
        if person:
            kratt.log_in(citizen, person)
        outcomes = [citizen.post("/v1/turns", json={"text": each, "language": "en"}).json()["outcome"] for each in said]
    return str(outcomes[-1])


async def numbers(page: Page, kratt: RunningKratt) -> Counter[tuple[str, str, str]]:
    """Everything that was counted in English on the web."""
    response = await page.request.get(f"{kratt.settings.console_address}/insight/forms/all.csv?days=7")
    rows = csv.DictReader((await response.text()).splitlines())
    found: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row["language"] == "en":
            found[row["service"], row["step"], row["what"]] += int(row["number"])
    return found


def come(more: Mapping[tuple[str, str, str], int], service: str) -> dict[str, int]:
    """What came of a service's form, by step."""
    return {f"{step} {what}": number for (name, step, what), number in more.items() if name == service}


async def test_forms_when_citizens_give_up_then_the_page_shows_at_which_question(console, kratt) -> None:
    before = await numbers(console, kratt)
    asks = "what should i bring with me"
    assert talk(kratt, asks, "it is for my passport") == "answered"
    assert talk(kratt, asks, "blue cheese and pickles", "stop") == "answered"
    assert talk(kratt, asks, "when does my passport expire") == "asked_login"
    assert talk(kratt, asks) == "asked_detail"
    renew = "will you apply for a new id card for me"
    assert talk(kratt, renew, "no i do not want it", person=MARY) == "answered"
    assert talk(kratt, renew) == "asked_login"
    await console.wait_for_timeout(WRITTEN_MS)
    more = await numbers(console, kratt)
    more.subtract(before)
    asked = "document_type"
    assert come(+more, "office_information") == {
        " began": 4,
        " done": 1,
        f"{asked} asked": 4,
        f"{asked} again": 1,
        f"{asked} answered": 1,
        f"{asked} stopped": 1,
    }
    assert come(+more, "document_renew") == {
        " began": 2,
        f"{CONFIRM} asked": 1,
        f"{CONFIRM} stopped": 1,
        f"{LOGIN} asked": 1,
    }
    await console.get_by_role("link", name="Insight", exact=True).click()
    await console.get_by_role("link", name="Where citizens give up").click()
    table = console.get_by_role("table").filter(has_text="office information")
    row = table.get_by_role("row").filter(has_text="document type")
    await expect(row.get_by_role("img", name=re.compile(r"\d+ asked, \d+ gave up"))).to_be_visible()
    renewal = console.get_by_role("table").filter(has_text="document renew")
    for step in ("logging in", "a yes to what was read back"):
        await expect(renewal.get_by_role("rowheader", name=step)).to_be_visible()
    await is_clean(console)
    await console.get_by_label("Language").select_option("en")
    await console.get_by_role("button", name="Show").click()
    await expect(row.get_by_role("img")).to_be_visible()
    async with console.expect_download() as begun:
        await console.get_by_role("link", name="open data").click()
    assert (await begun.value).suggested_filename == "kratt-forms.csv"
