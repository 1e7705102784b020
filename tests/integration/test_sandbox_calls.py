"""A call of a draft's service from the console, over a real socket to the sandbox's X-Road security server."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.bootstrap.sandbox_calls import SandboxCalls
from assistant.console.access import COOKIE
from assistant.console.app import create_app
from assistant.console.drafts import author
from assistant.content.editing.services import edit_service
from assistant.sandbox.app import create_app as create_sandbox
from tests.serving import served
from tests.unit.console.conftest import EDITOR, URL, Console, console, content, repository

pytestmark = pytest.mark.integration

__all__ = ["console", "content", "repository"]  # fixtures
CLIENT = "EE/GOV/70009999/kratt"
PAGE = "/drafts/mine/services/document_renew/calls"
MARY = "EE60001019906"


@pytest.fixture
async def editor(console: Console) -> AsyncIterator[httpx.AsyncClient]:
    sandbox = create_sandbox(
        issuer="http://127.0.0.1",
        client_id="kratt",
        client_secret="s" * 32,
        redirect_uris=frozenset({"http://127.0.0.1/callback"}),
        xroad_client=CLIENT,
    )
    async with served(sandbox, lifespan="on") as url:
        calls = SandboxCalls(XRoadClient(url, ClientId.parse(CLIENT)), CLIENT)
        app = create_app(replace(console.parts, call_sandbox=calls))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
            client.cookies.set(COOKIE, console.parts.sessions.issue(EDITOR.subject), "console.example")
            await client.post("/drafts", data={"name": "mine"})
            yield client
        await calls.close()


async def test_call_when_tried_then_request_reply_and_what_is_read_are_shown(editor) -> None:
    form = (await editor.get(f"{PAGE}/0")).text
    assert ('name="subject"' in form, 'name="renewed_document"' in form) == (True, True)
    page = (await editor.post(f"{PAGE}/0", data={"subject": MARY, "renewed_document": "passport"})).text
    assert f"GET /r1/EE/GOV/70008747/itds/applications/v1/persons/{MARY}/renewals/passport" in page
    assert f"X-Road-UserId: {MARY}" in page
    assert "&#34;fee&#34;:" in page
    assert "euros</td>" in page


async def test_call_when_the_register_refuses_or_answers_otherwise_then_says_so(editor, console) -> None:
    page = (await editor.post(f"{PAGE}/0", data={"renewed_document": "passport"})).text
    assert "service_refused" in page
    reads = {("calls", 0, "reads", "fee", "from"): "price"}
    draft = console.parts.drafts.get("mine")
    draft.edit(lambda files: edit_service(files, "document_renew", reads), author(EDITOR), "wrong")
    page = (await editor.post(f"{PAGE}/0", data={"subject": MARY, "renewed_document": "passport"})).text
    assert ("service_unintelligible" in page, "&#34;fee&#34;:" in page) == (True, True)


async def test_call_when_there_is_none_or_it_is_not_whole_then_is_not_made(editor, console) -> None:
    assert (await editor.get(f"{PAGE}/9")).status_code == 404
    draft = console.parts.drafts.get("mine")
    draft.edit(
        lambda files: edit_service(files, "document_renew", {("calls", 0, "register"): None}), author(EDITOR), "x"
    )
    response = await editor.get(f"{PAGE}/0")
    assert (response.status_code, "mend the call first; register is missing" in response.text) == (422, True)
