import json

import pytest

from assistant.sandbox.xroad_error import XroadError, XroadVersion, error_response, spell

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("code", "old"),
    [
        ("server.serverproxy.access_denied", "Server.ServerProxy.AccessDenied"),
        ("server.clientproxy.unknown_member", "Server.ClientProxy.UnknownMember"),
        ("server.serverproxy.service_failed.network_error", "Server.ServerProxy.ServiceFailed.NetworkError"),
        ("client.bad_request", "Client.BadRequest"),
    ],
)
def test_spell_when_version_given_then_as_that_version_writes(code: str, old: str) -> None:
    assert spell(code, "7.8") == code
    assert spell(code, "7.7") == old


@pytest.mark.parametrize("version", ["7.7", "7.8"])
@pytest.mark.parametrize(("code", "status"), [("server.serverproxy.access_denied", 500), ("client.bad_request", 400)])
def test_error_response_when_code_given_then_status_of_its_family(
    code: str, status: int, version: XroadVersion
) -> None:
    response = error_response(XroadError(code, "why"), "", version)
    body = json.loads(bytes(response.body))
    assert response.status_code == status
    assert body.keys() == {"type", "message", "detail"}
    assert body["type"] == response.headers["x-road-error"] == spell(code, version)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("foobarbaz", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/xml", "text/xml"),
        ("text/html, application/xml;q=0.9", "text/xml"),
        ("text/*", "text/xml"),
    ],
)
def test_error_response_when_accept_given_then_xml_only_if_named(accept: str, media_type: str) -> None:
    response = error_response(XroadError("server.x", "<&>"), accept, "7.8")
    assert response.headers["content-type"].partition(";")[0] == media_type


def test_error_response_when_xml_then_message_escaped() -> None:
    response = error_response(XroadError("server.x", "<&>"), "text/xml", "7.8")
    assert b"<message>&lt;&amp;&gt;</message>" in bytes(response.body)
