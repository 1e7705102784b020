import re

import pytest

from assistant.console.access import COOKIE
from assistant.console.sign_in import CALLBACK, PATH
from tests.unit.console.conftest import EDITOR

pytestmark = pytest.mark.unit


async def test_console_when_nobody_is_signed_in_then_asks_to(console) -> None:
    async with console.browser(None) as browser:
        for path in ("/", "/inbox", "/drafts"):
            response = await browser.get(path)
            assert (response.status_code, PATH in response.text) == (401, True)


async def test_sign_in_when_the_service_vouches_for_an_editor_then_lets_them_in(console) -> None:
    async with console.browser(None) as browser:
        begun = await browser.get(PATH)
        assert begun.headers["location"].startswith("https://tara.example/")
        back = await browser.get(CALLBACK, params={"state": "a state", "code": EDITOR.subject})
        assert (back.status_code, back.headers["location"]) == (303, "/")
        assert EDITOR.name in (await browser.get("/")).text


async def test_sign_in_when_the_service_vouches_for_somebody_else_then_refuses(console) -> None:
    async with console.browser(None) as browser:
        await browser.get(PATH)
        back = await browser.get(CALLBACK, params={"state": "a state", "code": "EE00000000000"})
        assert (back.status_code, COOKIE in browser.cookies) == (403, False)


async def test_sign_in_when_another_login_comes_back_then_refuses(console) -> None:
    async with console.browser(None) as browser:
        await browser.get(PATH)
        back = await browser.get(CALLBACK, params={"state": "another state", "code": EDITOR.subject})
        assert (back.status_code, COOKIE in browser.cookies) == (403, False)


async def test_sign_out_when_asked_then_the_next_page_asks_to_sign_in(console) -> None:
    async with console.browser() as browser:
        assert (await browser.post("/sign-out")).status_code == 303
        assert (await browser.get("/")).status_code == 401


async def test_page_when_shown_then_uses_nothing_from_elsewhere_and_nobody_may_frame_it(console) -> None:
    async with console.browser() as browser:
        policy = (await browser.get("/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_page_when_shown_then_the_files_that_it_names_are_there_and_one_is_its_icon(console) -> None:
    """Browsers look for an icon where no page says, and complain that there is none."""
    async with console.browser() as browser:
        files = re.findall(r'(?:href|src)="(/assets/[^"]+)"', (await browser.get("/")).text)
        assert "/assets/icon.svg" in files
        for file in files:
            assert (await browser.get(file)).status_code == 200, file


async def test_page_when_there_is_none_then_says_so(console) -> None:
    async with console.browser() as browser:
        response = await browser.get("/nothing")
    assert (response.status_code, "There is no such page" in response.text) == (404, True)
