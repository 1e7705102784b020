"""What editors type is text and values: it is no YAML, no address and no header, and reaches no real register."""

from dataclasses import replace

import httpx
import pytest

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.bootstrap.sandbox_calls import SandboxCalls, build_sandbox_calls
from assistant.bootstrap.sandbox_writes import SandboxWrites, build_sandbox_writes
from assistant.console.app import create_app
from assistant.console.drafts import author
from assistant.content.editing.services import edit_service
from assistant.settings import Settings
from tests.unit.console.conftest import (  # noqa: F401  # fixtures
    EDITOR,
    URL,
    console,
    content,
    repository,
)
from tests.unit.console.test_services import fields

pytestmark = pytest.mark.attack

PAGE = "/drafts/mine/services/document_renew"
CLIENT = "EE/GOV/70009999/kratt"
ACT = {
    "subject": "EE60001019906",
    "body.documentType": "passport",
    "body.pickUpOffice": "tartu",
    "body.email": "mary@example.ee",
}


@pytest.mark.parametrize("name", ["title:en", "owner.code", "answers.done:say"])
async def test_service_when_a_field_tries_to_be_yaml_then_stays_text(console, name) -> None:  # noqa: F811
    file = console.parts.drafts.open("mine").folder / "services/document_renew/service.yml"
    hostile = "x\nassurance: none\ndata_class: public # {a: !!python/object/apply:os.system [id]}"
    async with console.browser() as client:
        form = fields((await client.get(PAGE)).text)
        assert (await client.post(PAGE, data=form | {name: hostile})).status_code == 303
        after = fields((await client.get(PAGE)).text)
    assert (after["assurance"], after["data_class"]) == (["high"], ["personal"])
    assert "\nassurance: none" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "../../EE60001019906", "renewed_document": "passport"},
        {"subject": "EE60001019906\r\nX-Road-Client: EE/GOV/1/x", "renewed_document": "passport"},
        {"subject": "EE60001019906", "renewed_document": ".."},
    ],
)
async def test_call_when_a_value_leads_elsewhere_then_is_not_made(console, values) -> None:  # noqa: F811
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={})

    xroad = XRoadClient("http://sandbox.example", ClientId.parse(CLIENT), httpx.MockTransport(answer))
    app = create_app(replace(console.parts, call_sandbox=SandboxCalls(xroad, CLIENT)))
    console.parts.drafts.open("mine")
    async with (
        console.browser() as signed_in,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, cookies=signed_in.cookies) as client,
    ):
        page = (await client.post(f"{PAGE}/calls/0", data=values)).text
    await xroad.close()
    assert ("service_refused" in page, asked) == (True, [])


async def test_call_when_there_is_no_sandbox_then_is_refused(console) -> None:  # noqa: F811
    console.parts.drafts.open("mine")
    async with console.browser() as client:
        form = {"subject": EDITOR.subject, "renewed_document": "passport"}
        for response in (await client.get(f"{PAGE}/calls/0"), await client.post(f"{PAGE}/calls/0", data=form)):
            assert (response.status_code, "a draft never reaches a real register" in response.text) == (403, True)


@pytest.mark.parametrize("settings", [{"mode": "production"}, {"xroad_url": "https://xroad.example"}])
def test_calls_when_the_registers_are_real_then_are_not_made(settings) -> None:
    assert build_sandbox_calls(Settings(**settings)) is None
    assert build_sandbox_writes(Settings(**settings)) is None


async def test_act_when_there_is_no_sandbox_then_is_refused(console) -> None:  # noqa: F811
    console.parts.drafts.open("mine")
    async with console.browser() as client:
        for response in (await client.get(f"{PAGE}/writes/0"), await client.post(f"{PAGE}/writes/0", data=ACT)):
            assert (response.status_code, "a draft never reaches a real register" in response.text) == (403, True)


async def test_act_when_tried_then_no_socket_is_opened_whatever_the_draft_names(console, monkeypatch) -> None:  # noqa: F811
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a draft reached out")

    for opening in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(f"socket.socket.{opening}", refuse)
    app = create_app(replace(console.parts, write_sandbox=SandboxWrites(CLIENT)))
    draft = console.parts.drafts.open("mine")
    async with (
        console.browser() as signed_in,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, cookies=signed_in.cookies) as client,
    ):
        assert "Done." in (await client.post(f"{PAGE}/writes/0", data=ACT)).text
        real = {("writes", 0, "service"): "EE/GOV/70008747/production/applications"}
        draft.edit(lambda files: edit_service(files, "document_renew", real), author(EDITOR), "elsewhere")
        page = (await client.post(f"{PAGE}/writes/0", data=ACT)).text
        assert ("Done." in page, "nothing was done" in page) == (False, True)
        page = (await client.post(f"{PAGE}/writes/0", data=ACT | {"subject": "../../EE60001019906"})).text
        assert ("Nothing was sent." in page, "Request</h2>" in page) == (True, False)


@pytest.mark.parametrize("phones", ["[[t'A:]]", "T AA; id", "../../etc/passwd", "T\nAA\0", "", "T " * 101])
async def test_sound_when_its_phones_are_none_then_nothing_is_started(console, phones) -> None:  # noqa: F811
    async with console.browser() as client:
        response = await client.get("/sound", params={"phones": phones})
    assert response.status_code in {400, 422}
