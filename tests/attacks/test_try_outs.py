"""What a draft, while it is tried, and whoever is on the machine, can reach of what citizens have."""

import time

import httpx
import pytest

from assistant.adapters.jwt_editor_sessions import JwtEditorSessions
from assistant.console.access import COOKIE
from assistant.tryout_settings import settings_of_try_outs

pytestmark = pytest.mark.attack

MARY = "EE60001019906"
MOST_SECONDS = 240


@pytest.fixture(scope="module")
def editor(kratt):
    """An editor's browser, in front of a draft that is as what is live, and can be talked to."""
    with httpx.Client(base_url=kratt.settings.console_address, trust_env=False, timeout=60) as browser:
        cookie = JwtEditorSessions(kratt.settings.secret("console_key")).issue(MARY)
        browser.cookies.set(COOKIE, cookie, kratt.settings.host)
        browser.post("/drafts", data={"name": "attacked"})
        started = browser.post("/drafts/attacked/try/start")
        assert started.status_code == 303, started.text
        page = settled(browser)
        assert "Say it" in page, page
        yield browser
        browser.post("/drafts/attacked/try/end")
        settled(browser)
        browser.post("/drafts/attacked/discard")


def settled(browser: httpx.Client) -> str:
    """The page once nothing more will come about by itself."""
    give_up = time.monotonic() + MOST_SECONDS
    while "data-again-seconds" in (page := browser.get("/drafts/attacked/try").text):
        assert time.monotonic() < give_up
        time.sleep(0.5)  # as the page itself asks again
    return page


def what_citizens_have(kratt) -> list[object]:
    """Everything that is kept of Mary, what registers were asked, and the figures of models."""
    url = kratt.settings.process_url("sandbox")
    calls = httpx.get(f"{url}/sandbox/calls", trust_env=False).json()
    kept = kratt.command("citizen", "show", MARY).stdout
    figures = kratt.command("model", "figures").stdout
    return [calls, kept, figures]


def test_draft_when_it_is_tried_then_nothing_of_it_reaches_what_citizens_have(kratt, editor) -> None:
    before = what_citizens_have(kratt)
    editor.post("/drafts/attacked/try/begin", data={"language": "en", "person": MARY})
    for text in (
        "i want to block access to my data",
        "this assistant",
        "yes",
        "when does my passport expire",
        "xyzzy plugh",
    ):
        assert editor.post("/drafts/attacked/try/say", data={"text": text}).status_code == 303
    shown = editor.get("/drafts/attacked/try").text
    assert "POST " in shown  # it was written, in the draft's own sandbox
    assert what_citizens_have(kratt) == before
    assert "xyzzy" not in editor.get("/inbox").text


@pytest.mark.parametrize(
    ("process", "method", "path"),
    [
        ("engine", "POST", "/webhooks/kratt/turns"),
        ("actions", "POST", "/webhook"),
        ("actions", "POST", "/citizen/kept"),
    ],
)
def test_process_of_a_draft_when_the_token_is_missing_or_anothers_then_nothing_is_done(
    kratt, editor, process: str, method: str, path: str
) -> None:
    own = settings_of_try_outs(kratt.settings)
    for secret in ("", "Bearer x", f"Bearer {kratt.settings.secret(f'{process}_token')}"):
        headers = {"Authorization": secret}
        answer = httpx.request(method, own.process_url(process) + path, json={}, headers=headers, trust_env=False)
        assert answer.status_code == 401, secret
    drafts = {"Authorization": f"Bearer {own.secret(f'{process}_token')}"}
    address = kratt.settings.process_url(process) + path
    assert httpx.request(method, address, json={}, headers=drafts, trust_env=False).status_code == 401
