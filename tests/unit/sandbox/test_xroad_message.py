import re

import pytest

from assistant.sandbox.xroad_error import XroadError
from assistant.sandbox.xroad_message import (
    Headers,
    header_block,
    read_identifier,
    read_request,
    request_hash,
    write_identifier,
)

pytestmark = pytest.mark.unit

SERVICE = "/r1/EE/GOV/70008747/itds/documents"
CLIENT = ("X-Road-Client", "EE/GOV/70009999/kratt")
MALFORMED = "server.clientproxy.internal_error"
VECTOR_HEADERS = (
    ("X-Road-Client", "EE/GOV/70000002/assistant"),
    ("X-Road-Id", "fa2e18a5-c2cb-4d09-b994-f57727f7c3fb"),
    ("X-Road-UserId", "EE60001019906"),
    ("Content-Type", "application/json"),
    ("x-road-request-id", "f92591a3-6bf0-49b1-987b-0dd78c034cc3"),
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a":1}', "EgIVjQgcSfKBJ0n1rW0lh4AOlUUlq+aCAnbFBAMthug1TuESyCtvJXEYkO4NO2o8blFNqRhl9JyOu/4OnbsLbA=="),
        (b"", "TlK5m/nbpWQKfRqsIFTVNxCsk25Ojtt3THmORINFlhBv4yY/Bn/B/aSZzpbSNQvSt6FYB5sIW7VqQrPKDjz1EQ=="),
    ],
)
def test_request_hash_when_synthetic_vector_then_as_published(body: bytes, expected: str) -> None:
    block = header_block("POST", "/r1/EE/GOV/70000001/population/RR/v1/x?y=1", VECTOR_HEADERS)
    assert request_hash(block, body) == expected


def test_read_request_when_well_formed_then_parts_are_decoded_apart() -> None:
    request = read_request("GET", SERVICE + "/v1/persons/EE1%2F2/", "a=%20b", (CLIENT,))
    assert request.client == ("EE", "GOV", "70009999", "kratt")
    assert request.service == ("EE", "GOV", "70008747", "itds", "documents")
    assert request.path == ("v1", "persons", "EE1/2", "")
    assert request.target == SERVICE + "/v1/persons/EE1%2F2/?a=%20b"


def test_read_request_when_headers_repeat_then_last_wins() -> None:
    headers = (("x-road-client", "EE/GOV/1/first"), ("X-Road-Id", "one"), CLIENT, ("x-road-id", "two"))
    request = read_request("GET", SERVICE, "", headers)
    assert request.client[-1] == "kratt"
    assert request.header("x-road-id") == "two"


def test_read_request_when_id_missing_then_made_from_instance() -> None:
    message_id = read_request("GET", SERVICE, "", (CLIENT,)).header("x-road-id")
    assert message_id is not None
    assert re.fullmatch(r"EE-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", message_id)


DROPPED = (
    "Transfer-Encoding Keep-Alive Proxy-Authenticate Proxy-Authorization TE Trailer Upgrade Connection User-Agent Host "
    "Content-Length Server Expect X-Road-Request-Id X-Road-Request-Hash"
)


@pytest.mark.parametrize("name", DROPPED.split())
def test_read_request_when_header_is_not_the_clients_to_set_then_neither_passed_on_nor_hashed(name: str) -> None:
    headers: Headers = (CLIENT, (name, "forged"), ("Idempotency-Key", "kept"), ("X-Road-Id", "one"))
    passed_on = read_request("GET", SERVICE, "", headers).headers
    assert [name for name, _ in passed_on] == ["X-Road-Client", "Idempotency-Key", "X-Road-Id", "x-road-request-id"]
    assert passed_on[-1][1] != "forged"


def test_receipt_when_same_call_twice_then_hashes_differ() -> None:
    first, second = (read_request("GET", SERVICE, "", (CLIENT, ("X-Road-Id", "one"))) for _ in range(2))
    assert first.receipt(b"")["X-Road-Request-Hash"] != second.receipt(b"")["X-Road-Request-Hash"]


@pytest.mark.parametrize(
    "path",
    [
        "/r0/EE/GOV/70008747/itds/documents",
        "/r1/EE/GOV/70008747/itds",
        "/r1/EE%2FGOV%2F70008747%2Fitds%2Fdocuments",
        "/r1/EE/GOV/70008747/sub%2Fsystem/documents",
        "/r1/EE/GOV/70008747/itds/path%3B",
        "/r1/EE/GOV/70008747//documents",
        "/r1/EE/GOV/70008747/../documents",
        "/r1/EE/GOV/70008747/%2e%2e/documents",
        "/r1/EE/GOV/70008747/%ff/documents",
        "/r1/EE/GOV/70008747/%zz/documents",
        "/r1/EE/GOV/70008747/it%20ds/documents",
        "/r1/EE/GOV/70008747/%C3%B5/documents",
        "/%721/EE/GOV/70008747/itds/documents",
        SERVICE + "/v1/%",
        SERVICE + "/v1/%0d%0aX-Road-Client:%20other",
        SERVICE + "/v1/%25252525252e",
        "http://localhost" + SERVICE,
    ],
)
def test_read_request_when_target_malformed_then_refused(path: str) -> None:
    with pytest.raises(XroadError) as refused:
        read_request("GET", path, "", (CLIENT,))
    assert refused.value.code == MALFORMED


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/.%2E/secret",
        "/api/%2e%2e/secret",
        "/api/test/%2e%2e/%2e%2e/secret",
        "/a/b/../../%2e%2e/c/d",
        "/api/%252e%252e/secret",
        "/api/..%2fsecret",
        "/api/..%5csecret",
        "/api/..;x=1/secret",
        "/api/%2e%2e%3b/secret",
        "/api/.",
    ],
)
def test_read_request_when_path_leaves_service_then_denied(path: str) -> None:
    with pytest.raises(XroadError) as refused:
        read_request("GET", SERVICE + path, "", (CLIENT,))
    assert refused.value.code == "server.serverproxy.access_denied"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ((), "server.clientproxy.invalid_client_identifier"),
        ((CLIENT, ("X-Road-Client", "")), "server.clientproxy.invalid_client_identifier"),
        ((("X-Road-Client", "EE/GOV"),), MALFORMED),
        ((("X-Road-Client", "EE/GOV/70009999/kratt/extra"),), MALFORMED),
        ((("X-Road-Client", "EE/GOV/70009999/kr%2Fatt"),), MALFORMED),
        ((CLIENT, ("X-Road-Security-Server", "EE/GOV/70009999")), MALFORMED),
        ((CLIENT, ("X-Road-Represented-Party", "a/b/c")), MALFORMED),
    ],
)
def test_read_request_when_headers_malformed_then_refused(headers: Headers, code: str) -> None:
    with pytest.raises(XroadError) as refused:
        read_request("GET", SERVICE, "", headers)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "parts", [("EE", "GOV", "70009999", "kratt"), ("EE", "C=O'M", "a+b(c),d", "x.y-z"), ("EE", "GOV", "1", "why?")]
)
def test_write_identifier_when_read_again_then_same(parts: tuple[str, ...]) -> None:
    assert read_identifier(write_identifier(parts)) == parts
