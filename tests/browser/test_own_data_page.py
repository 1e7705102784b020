import json
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Response, expect

from assistant.gateway.qr_code import QrBody, qr_code
from tests.conftest import RunningKratt

pytestmark = pytest.mark.browser

PERSON = "EE38001085718"
TOOMAS = "EE50001018908"
"""Has Smart-ID and nothing else."""
MARI_LIIS = "EE39901012239"
"""Has Mobile-ID alone."""


async def log_in(page: Page, person: str = PERSON) -> None:
    await page.click("#log-in")
    await page.locator(f"button[value={person}]").click()
    await expect(page.locator("#person")).to_be_visible()


async def test_own_data_when_exported_and_forgotten_on_the_page_then_is_a_file_and_the_citizen_is_logged_out(
    open_page, tmp_path: Path
) -> None:
    page = await open_page()
    await expect(page.locator("#own-data-open")).to_be_hidden()
    await log_in(page)
    await page.click("#own-data-open")
    async with page.expect_download() as saving:
        await page.click("#own-data-export")
    await (await saving.value).save_as(tmp_path / "own.json")
    assert json.loads((tmp_path / "own.json").read_text())["person"] == PERSON
    page.once("dialog", lambda dialog: dialog.dismiss())
    await page.click("#own-data-forget")
    await expect(page.locator("#person")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    await page.click("#own-data-forget")
    await expect(page.locator("#log-in")).to_be_visible()
    await expect(page.locator("#own-data-open")).to_be_hidden()


async def test_own_data_dialog_when_open_then_is_accessible(open_page) -> None:
    page = await open_page()
    await log_in(page)
    await page.click("#own-data-open")
    assert not (await Axe().run(page)).response["violations"]


async def read_code(kratt: RunningKratt, address: str, person: str) -> int:
    """What the Smart-ID app of `person` answers to a code, which it reads and confirms."""
    url = f"{kratt.settings.process_url('sandbox')}/sandbox/smart-id/scans"
    async with httpx.AsyncClient(trust_env=False) as app:
        return (await app.post(url, json={"link": address, "person": person})).status_code


async def drawn(page: Page) -> QrBody:
    """The code that is on the screen."""
    box = await page.locator("#smart-id-drawn").get_attribute("viewBox")
    path = await page.locator("#smart-id-drawn path").get_attribute("d")
    return QrBody(size=int((box or "").split()[-1]), path=path or "")


async def test_app_when_its_code_is_read_from_the_page_then_is_linked(open_page, kratt: RunningKratt) -> None:
    page = await open_page()
    addresses: list[str] = []

    async def note(response: Response) -> None:
        if "/v1/smart-id/codes" in response.url:
            addresses.append((await response.json())["address"])

    page.on("response", note)
    await log_in(page, TOOMAS)
    await page.click("#own-data-open")
    await expect(page.locator("#smart-id-code")).to_be_hidden()
    await page.click("#smart-id-show")
    await expect(page.locator("#smart-id-whose")).to_contain_text("of TOOMAS.")
    first = await drawn(page)
    assert not (await Axe().run(page)).response["violations"]
    await expect(page.locator("#smart-id-drawn path")).not_to_have_attribute("d", first.path)
    assert first in [qr_code(each) for each in addresses]
    assert await read_code(kratt, addresses[-1], PERSON) == 400  # the app of somebody else
    assert await read_code(kratt, addresses[-1], TOOMAS) == 200
    await expect(page.locator("#smart-id-state")).to_have_text("Your Smart-ID app is linked.")
    await expect(page.locator("#smart-id-code")).to_be_hidden()
    async with page.expect_download() as saving:
        await page.click("#own-data-export")
    kept = json.loads(Path(await (await saving.value).path()).read_text())["kept"]
    assert f"PNOEE-{TOOMAS[2:]}-MOCK-Q" in json.dumps(kept)
    page.once("dialog", lambda dialog: dialog.accept())
    await page.click("#own-data-forget")  # as it was for the tests that follow
    await expect(page.locator("#log-in")).to_be_visible()


async def test_code_when_its_dialog_is_closed_then_no_more_are_asked_for(open_page) -> None:
    page = await open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await log_in(page)
    await page.click("#own-data-open")
    await page.click("#smart-id-show")
    await expect(page.locator("#smart-id-code")).to_be_visible()
    await page.click("#own-data-close")
    await page.wait_for_timeout(2000)
    before = len(asked)
    await page.wait_for_timeout(3000)
    assert not [url for url in asked[before:] if "smart-id" in url]
    await page.click("#own-data-open")
    await expect(page.locator("#smart-id-code")).to_be_hidden()


async def test_code_when_there_is_no_app_then_the_page_says_so(new_page, kratt: RunningKratt) -> None:
    page = await new_page(failing="status of 404")
    await page.goto(kratt.url)
    await log_in(page, MARI_LIIS)
    await page.click("#own-data-open")
    await page.click("#smart-id-show")
    await expect(page.locator("#smart-id-state")).to_contain_text("knows no app of yours")
    await expect(page.locator("#smart-id-code")).to_be_hidden()


async def test_app_when_linked_on_the_same_telephone_then_the_page_says_so(open_page, kratt: RunningKratt) -> None:
    page = await open_page()
    await log_in(page, TOOMAS)
    await page.goto(f"{kratt.url}/?smart_id=linked")
    await expect(page.locator("#smart-id-state")).to_have_text("Your Smart-ID app is linked.")
