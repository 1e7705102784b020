"""Who is no editor, or not of that kind, changes nothing; what citizens say does nothing in an editor's browser."""

import io
import re
import stat
import time
import zipfile
from dataclasses import replace

import jwt
import pytest

from assistant.adapters.jwt_editor_sessions import ALGORITHM, AUDIENCE
from assistant.console.access import COOKIE
from assistant.console.projects import MOST_BYTES, MOST_PACKED_BYTES
from assistant.core.editors import Editors, Role
from tests.unit.console.conftest import (  # noqa: F401  # fixtures
    ANALYST,
    EDITOR,
    PUBLISHER,
    SECRET,
    console,
    content,
    repository,
)

pytestmark = pytest.mark.attack

FOR_EVERYBODY = {"/page/{name}", "/healthz", "/sign-in", "/sign-in/callback", "/sign-out"}
HOSTILE = '"><script src=https://evil.example></script><img onerror=alert(1) src=x>'
CLAIMS = {"sub": EDITOR.subject, "aud": AUDIENCE, "exp": int(time.time()) + 3600}


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        EDITOR.subject,
        jwt.encode(CLAIMS, "another secret that is long enough too", ALGORITHM),
        jwt.encode({**CLAIMS, "exp": 1}, SECRET, ALGORITHM),
        jwt.encode({**CLAIMS, "aud": "actions"}, SECRET, ALGORITHM),
        jwt.encode({**CLAIMS, "sub": "EE00000000000"}, SECRET, ALGORITHM),
        jwt.encode(CLAIMS, None, "none"),
    ],
    ids=["none", "a code", "forged", "old", "made for another", "of no editor", "unsigned"],
)
async def test_console_when_a_cookie_vouches_for_nobody_then_shows_and_changes_nothing(console, cookie) -> None:  # noqa: F811
    await console.asked("a secret of a citizen")
    async with console.browser(None) as browser:
        browser.cookies.set(COOKIE, cookie, "console.example")
        for path in ("/", "/inbox", "/inbox/1", "/drafts", "/drafts/mine"):
            response = await browser.get(path)
            assert (response.status_code, "a secret" in response.text) == (401, False)
        assert (await browser.post("/drafts", data={"name": "mine"})).status_code == 401
    assert console.parts.drafts.all() == ()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://console.example", "null", "https://console.example.evil"]
)
async def test_change_when_a_page_of_another_origin_sends_it_then_is_refused(console, origin) -> None:  # noqa: F811
    async with console.browser() as browser:
        response = await browser.post("/drafts", data={"name": "evil"}, headers={"Origin": origin})
    assert (response.status_code, console.parts.drafts.all()) == (403, ())


async def test_change_when_the_role_is_missing_then_is_refused(console) -> None:  # noqa: F811
    await console.asked("dog licence")
    async with console.browser(ANALYST) as browser:
        assert (await browser.get("/inbox")).status_code == 200
        data = {"name": "mine", "group": "1", "draft": "mine", "intent": "greet"}
        paths = ("/drafts", "/inbox/dismiss", "/inbox/1/teach", "/drafts/mine/discard", "/drafts/mine/intents/greet")
        statuses = [(await browser.post(path, data=data)).status_code for path in paths]
    assert (statuses, console.parts.drafts.all()) == ([403] * 5, ())


async def test_routes_when_nobody_or_another_page_or_who_may_only_look_asks_then_each_is_refused(console) -> None:  # noqa: F811
    """All of them: one that is added without a role is found here."""
    routes = [(method, re.sub(r"{\w+}", "1", path)) for method, path, _ in _routes(console)]
    assert len(routes) > 50
    evil = {"Origin": "https://evil.example"}
    async with console.browser(None) as nobody, console.browser(ANALYST) as analyst, console.browser() as editor:
        for method, path in routes:
            assert (await nobody.request(method, path)).status_code == 401, path
            if method != "GET":
                assert (await analyst.request(method, path)).status_code == 403, path
                assert (await editor.request(method, path, headers=evil)).status_code == 403, path


def _routes(console) -> list[tuple[str, str, list[str]]]:  # noqa: F811
    """Method, path, and the names in its query, of whatever is not for everybody."""
    return [
        (method.upper(), path, [each["name"] for each in described.get("parameters", ()) if each["in"] == "query"])
        for path, methods in console.app.openapi()["paths"].items()
        for method, described in methods.items()
        if path not in FOR_EVERYBODY
    ]


@pytest.mark.parametrize("value", ["9" * 26, "-1", "%00", "..%2F..%2Fmain", "x" * 3000, "%E2%80%AE"])
async def test_routes_when_what_they_are_sent_is_absurd_then_none_breaks(console, value) -> None:  # noqa: F811
    """An editor in a hurry, or somebody with their cookie; not even then does a database or git see it."""
    sent = dict.fromkeys(("group", "text", "language", "number", "name", "intent", "draft", "value", "at", "of"), value)
    async with console.browser(PUBLISHER) as browser:
        await browser.post("/drafts", data={"name": "mine"})
        for method, path, names in _routes(console):
            filled = re.sub(r"{\w+}", value, path.replace("{name}", "mine"))
            body = {} if method == "GET" else {"data": sent}
            answer = await browser.request(method, filled, params=dict.fromkeys(names, value), **body)
            assert answer.status_code < 500, (method, filled)


@pytest.mark.parametrize("cookie", ["", "state=s&nonce=n&more=1", "state=s", "nonce=n", "state=%FF&nonce", "x" * 3000])
async def test_callback_when_its_cookie_is_made_up_then_nobody_is_let_in(console, cookie) -> None:  # noqa: F811
    async with console.browser(None) as browser:
        browser.cookies.set("kratt_console_login", cookie, "console.example")
        answer = await browser.get("/sign-in/callback", params={"state": "other", "code": EDITOR.subject})
    assert (answer.status_code, COOKIE in answer.cookies) == (403, False)


async def test_request_when_it_holds_markup_then_editors_read_it_as_text(console) -> None:  # noqa: F811
    await console.asked(f"x{HOSTILE}")
    async with console.browser() as browser:
        for path in ("/", "/inbox", "/inbox/1"):
            text = (await browser.get(path)).text
            assert ("<script src=https" in text, "<img onerror" in text, "evil.example" in text) == (False, False, True)


@pytest.mark.parametrize("name", ["../evil", "..", "a/b", "-rf", "a b", "A", "a" * 64])
async def test_draft_when_its_name_leads_elsewhere_then_is_refused(console, name) -> None:  # noqa: F811
    async with console.browser() as browser:
        response = await browser.post("/drafts", data={"name": name})
    assert (response.status_code, console.parts.drafts.all()) == (422, ())


async def test_example_when_it_tries_to_be_yaml_then_stays_one_line_of_text(console) -> None:  # noqa: F811
    evil = "x\n- intent: evil\n  examples: |\n    - y"
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        data = {"do": "edit", "language": "en", "old": "hello", "new": evil}
        await browser.post("/drafts/mine/intents/greet", data=data)
        assert (await browser.get("/drafts/mine")).text.count("Everything fits together.") <= 1
        assert "evil" not in (await browser.get("/drafts/mine/intents")).text


async def test_form_when_it_is_huge_then_is_refused(console) -> None:  # noqa: F811
    async with console.browser() as browser:
        assert (await browser.post("/drafts", data={"name": "a" * 2_000_000})).status_code == 413


NLU = "nlu:\n- intent: evil\n  examples: |\n    - something evil\n"


def packed(name: str, data: str = NLU, mode: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
        archive.writestr(entry, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (packed("../../common/nlu.en.yml"), 422, "leads out"),
        (packed("/etc/nlu.yml"), 422, "leads out"),
        (packed("data/nlu.yml", "/etc/passwd", stat.S_IFLNK | 0o777), 422, "links"),
        (packed("data/nlu.yml", "#" * (MOST_BYTES + 1)), 422, "larger than"),
        (bytes(MOST_PACKED_BYTES + 1), 413, "at most"),
    ],
    ids=["out", "root", "link", "bomb", "huge"],
)
async def test_project_when_its_zip_is_hostile_then_nothing_of_it_is_taken(console, data, status, says) -> None:  # noqa: F811
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        response = await browser.post("/drafts/mine/project/file?language=en", content=data)
    assert (response.status_code, says in response.text) == (status, True)
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_project_when_its_names_are_markup_then_the_report_shows_them_as_text(console) -> None:  # noqa: F811
    nlu = f"nlu:\n- regex: '{HOSTILE}'\n  examples: |\n    - x\n"
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        page = (await browser.post("/drafts/mine/project/file?language=en", content=packed("data/nlu.yml", nlu))).text
    assert "&lt;script" in page
    assert "<script src=https" not in page


async def test_draft_when_its_own_author_approves_it_then_is_refused(console) -> None:  # noqa: F811
    both = replace(EDITOR, roles=frozenset(Role))
    console.change(editors=lambda: Editors({both.subject: both}))
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        await browser.post("/drafts/mine/intents/greet", data={"language": "en", "do": "delete", "text": "hello"})
        draft = console.parts.drafts.get("mine")
        response = await browser.post("/drafts/mine/approve", data={"head": draft.head(), "why": "fine by me"})
    assert (response.status_code, console.parts.drafts.reviews.approval(draft.head())) == (422, None)
