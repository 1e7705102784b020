"""An act of a draft's service from the console: in a sandbox of its own, with the registers that the sandbox has."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from assistant.bootstrap.sandbox_writes import SandboxWrites
from assistant.console.access import COOKIE
from assistant.console.app import create_app
from assistant.console.drafts import author
from assistant.content.editing.services import edit_service
from tests.unit.console.conftest import ANALYST, EDITOR, URL, Console, console, content, repository

pytestmark = pytest.mark.integration

__all__ = ["console", "content", "repository"]  # fixtures
CLIENT = "EE/GOV/70009999/kratt"
PAGE = "/drafts/mine/services/document_renew/writes"
MARY = "EE60001019906"
SENT = {
    "subject": MARY,
    "body.documentType": "passport",
    "body.pickUpOffice": "tartu",
    "body.email": "mary@example.ee",
}


@pytest.fixture
async def editor(console: Console) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(replace(console.parts, write_sandbox=SandboxWrites(CLIENT)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        client.cookies.set(COOKIE, console.parts.sessions.issue(EDITOR.subject), "console.example")
        await client.post("/drafts", data={"name": "mine"})
        yield client


async def changed(console: Console, values: dict[object, object]) -> None:
    draft = console.parts.drafts.get("mine")
    draft.edit(lambda files: edit_service(files, "document_renew", values), author(EDITOR), "otherwise")


async def test_act_when_tried_then_request_reply_and_receipt_are_shown_and_it_was_sent_once(editor) -> None:
    form = (await editor.get(f"{PAGE}/0")).text
    assert "This one writes." in form
    for name in SENT:
        assert f'name="{name}"' in form
    page = (await editor.post(f"{PAGE}/0", data=SENT)).text
    assert ("Done." in page, page.count("POST /r1/EE/GOV/70008747/itds/applications/v1/")) == (True, 1)
    assert ("idempotency-key: " in page, f"x-road-userid: {MARY}" in page) == (True, True)
    assert "&#34;documentType&#34;: &#34;passport&#34;" in page
    assert "Reply, 201" in page
    assert '<th scope="row">receipt</th><td>100001</td>' in page
    assert ("The register is asked whether it was done" in page, "Reply, 200" in page) == (True, True)


async def test_act_when_tried_again_then_nothing_is_left_of_the_first(editor, console) -> None:
    for _ in range(2):
        page = (await editor.post(f"{PAGE}/0", data=SENT)).text
        assert ("Done." in page, "already_applied" in page) == (True, False)
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_act_when_the_register_says_no_then_says_what_the_service_says_to_that(editor) -> None:
    page = (await editor.post(f"{PAGE}/0", data=SENT | {"subject": "EE60001017869"})).text
    assert "The register, or X-Road, said no; nothing was done. Its code is in_person_required" in page, page
    assert "to which utter_document_renew_in_person is said" in page


async def test_act_when_its_answer_or_its_status_is_described_wrong_then_says_so_and_that_it_is_done(
    editor, console
) -> None:
    await changed(console, {("writes", 0, "reads", "receipt"): "receiptNo"})
    page = (await editor.post(f"{PAGE}/0", data=SENT)).text
    assert ("Done." in page, "service_unintelligible" in page) == (True, True)
    right = {("writes", 0, "reads", "receipt"): "receiptNumber"}
    await changed(console, right | {("writes", 0, "status"): "GET /v1/people/{subject}/applications/{key}"})
    page = (await editor.post(f"{PAGE}/0", data=SENT)).text
    assert ("Done." in page, "service_refused" in page) == (True, True)


async def test_act_when_its_register_is_none_of_the_sandbox_then_is_refused_there(editor, console) -> None:
    await changed(console, {("writes", 0, "service"): "EE/GOV/70008747/real/applications"})
    page = (await editor.post(f"{PAGE}/0", data=SENT)).text
    assert ("nothing was done" in page, "server.clientproxy.unknown_member" in page) == (True, True), page


async def test_act_when_there_is_none_or_it_is_not_whole_then_is_not_done(editor, console) -> None:
    assert (await editor.get(f"{PAGE}/9")).status_code == 404
    await changed(console, {("writes", 0, "register"): None})
    response = await editor.post(f"{PAGE}/0", data=SENT)
    assert (response.status_code, "mend the act first; register is missing" in response.text) == (422, True)


async def test_act_when_an_analyst_would_do_it_then_may_only_look(editor, console) -> None:
    editor.cookies.set(COOKIE, console.parts.sessions.issue(ANALYST.subject), "console.example")
    assert (await editor.get(f"{PAGE}/0")).status_code == 200
    assert (await editor.post(f"{PAGE}/0", data=SENT)).status_code == 403
