"""Whatever a value holds: the same host, service and depth, the same names, the same person, one request."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path, build_query
from actions.xroad.question import Question
from assistant.core.errors import OutcomeUnknown, ServiceRefused

pytestmark = pytest.mark.attack

SERVICE = ServiceId.parse("EE/GOV/70008747/itds/documents")
US = "EE/GOV/70009999/kratt"
SUBJECT = "EE60001019906"
PARTY = "COM/12345678"
KEY = "d" * 64
HARMLESS = "passport"
PREFIX = f"/r1/EE/GOV/70008747/itds/documents/v1/persons/{SUBJECT}/"
SUFFIX = "/state"
TEMPLATE = "/v1/persons/{subject}/{slot}/state"
QUERY = {"userCode": "{subject}", "words": "{slot}", "since": "2026-01-01"}

# X-Road commit 54e60c7685 (UriUtilsTest), and what an address, a header or a body could be broken with.
VECTORS = (
    HARMLESS,
    "/%2e%2e/secret",
    "/api/%2e%2e/secret",
    "/api/test/%2e%2e/%2e%2e/secret",
    "/a/b/../../%2e%2e/c/d",
    "../../secret",
    "..",
    ".",
    "%2e%2e",
    "%252e%252e",
    "%2E.",
    "%c0%ae%c0%ae",
    "sub%2Fsystem",
    "sub/system",
    "path%3B",
    "path;v=1",
    "..;/secret",
    "\u2025",
    "\uff0e\uff0e",
    "\uff0e",
    "\u2024\u2024",
    "a\uff0fb",
    "a\u2215b",
    "a\u2044b",
    "\uff05\uff12\uff45",
    "\\..\\secret",
    "\\\\evil.test\\share",
    "@evil.test",
    "user:password@evil.test",
    "//evil.test",
    "http://evil.test/",
    "evil.test:80",
    "?userCode=EE38001085718",
    "x&userCode=EE38001085718",
    "x%26userCode=EE38001085718",
    "x;userCode=EE38001085718",
    "x=y",
    "userCode",
    "#",
    "+",
    " ",
    "{subject}",
    "O'CONNEŽ-ŠUSLIK",
    "x\r\nX-Road-Client: EE/GOV/1/other",
    "x\nX-Road-UserId: EE38001085718",
    "x\rX-Road-Id: 1",
    "x\r\n\r\nGET /r1/EE/GOV/1/other/service HTTP/1.1\r\nHost: x\r\n\r\n",
    "x\u010d\u010aX-Road-Client: EE/GOV/1/other",
    "x\x85y",
    "x\u2028y",
    "\x00",
    "passport\x00.json",
    "\t",
    "\x7f",
    "\ud800",
    "\u202e",
    "\ufeff",
    "\U000e0041",
    '","userCode":"EE38001085718',
    '"}, {"',
    "\\u0022",
    "x" * 200,
    "x" * 201,
    "x" * 100_000,
    "õ" * 200,
    "",
)

PLACES = ("path", "query", "body", "subject", "issue", "represented_party", "idempotency_key")
HEADERS_OF = {
    "subject": "x-road-userid",
    "issue": "x-road-issue",
    "represented_party": "x-road-represented-party",
    "idempotency_key": "idempotency-key",
}
HEADER_NAMES = sorted(
    [
        *HEADERS_OF.values(),
        *("host", "accept", "accept-encoding", "connection", "user-agent"),
        *("x-road-client", "x-road-id", "content-type", "content-length"),
    ]
)


@dataclass
class Arrived:
    """A request as it arrived."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


@dataclass
class FakeSecurityServer:
    """Keeps what was built, before any byte of it was written."""

    arrived: list[Arrived] = field(default_factory=list)
    netloc: str = "ss.test"

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        assert (request.url.scheme, request.url.netloc.decode()) == ("http", self.netloc)
        line = f"{request.method} {request.url.raw_path.decode('ascii')} HTTP/1.1"
        headers = [(name.decode("ascii").lower(), value.decode("ascii")) for name, value in request.headers.raw]
        self.arrived.append(Arrived(line, headers, request.content))
        return httpx.Response(404)


async def send(client: XRoadClient, place: str, value: str) -> None:
    """A write with the value in one place and harmless values in all others."""
    others = {"path": HARMLESS, "query": HARMLESS, "body": HARMLESS, "subject": SUBJECT, "issue": "turn-1"}
    values = {**others, "represented_party": PARTY, "idempotency_key": KEY, place: value}
    question = Question(
        SERVICE,
        build_path(TEMPLATE, {"subject": SUBJECT, "slot": values["path"]}),
        build_query(QUERY, {"subject": SUBJECT, "slot": values["query"]}),
        subject=values["subject"],
        issue=values["issue"],
        represented_party=values["represented_party"],
    )
    await client.post(question, {"kind": "permanent", "words": values["body"]}, values["idempotency_key"], 5)


async def has_left(client: XRoadClient, place: str, value: str) -> bool:
    try:
        await send(client, place, value)
    except ServiceRefused:
        return False
    except OutcomeUnknown:  # what a bare 404 means for a write
        return True
    raise AssertionError


def assert_only_the_value_differs(arrived: Arrived, place: str, value: str, host: str) -> None:
    method, target, version = arrived.line.split(" ")
    path, _, query = target.partition("?")
    assert (method, version) == ("POST", "HTTP/1.1")
    segment = path.removeprefix(PREFIX).removesuffix(SUFFIX)
    assert path == f"{PREFIX}{segment}{SUFFIX}"
    decoded = normalize("NFKC", unquote(segment))  # what a careless register may make of it
    assert not set("/;@\\%") & set(decoded)
    assert decoded not in {"", "."}
    assert ".." not in decoded
    assert not set("#;@\\") & set(target)
    assert unquote(segment) == (value if place == "path" else HARMLESS)
    pairs = [pair.split("=") for pair in query.split("&")]
    words = value if place == "query" else HARMLESS
    assert [(name, unquote(text)) for name, text in pairs] == [
        ("userCode", SUBJECT),
        ("words", words),
        ("since", "2026-01-01"),
    ]
    assert sorted(name for name, _ in arrived.headers) == HEADER_NAMES
    assert arrived.header("host") == [host]
    assert arrived.header("x-road-client") == [US]
    harmless = {"subject": SUBJECT, "issue": "turn-1", "represented_party": PARTY, "idempotency_key": KEY}
    for name, text in harmless.items():
        assert list(map(unquote, arrived.header(HEADERS_OF[name]))) == [unquote(value if place == name else text)]
    assert arrived.header("content-length") == [str(len(arrived.body))]
    assert json.loads(arrived.body) == {"kind": "permanent", "words": value if place == "body" else HARMLESS}


def client_of(url: str, transport: httpx.AsyncBaseTransport | None = None) -> XRoadClient:
    return XRoadClient(url, ClientId.parse(US), transport, new_breaker=lambda: Breaker(failures=0))


values = st.one_of(
    st.text(max_size=250),
    st.text(alphabet="%2eEfF/.;@\\\r\n?#&=:a{}\x00 \uff0e\uff0f\u2025\"'"),
    st.sampled_from(VECTORS),
)


def with_vectors(test: Any) -> Any:
    for vector in VECTORS:
        for place in PLACES:
            test = example(place=place, value=vector)(test)
    return test


@with_vectors
@given(place=st.sampled_from(PLACES), value=values)
async def test_value_when_arbitrary_then_is_refused_or_changes_nothing_else(place: str, value: str) -> None:
    server = FakeSecurityServer()
    is_sent = await has_left(client_of("http://ss.test", httpx.MockTransport(server)), place, value)
    assert len(server.arrived) == is_sent
    for arrived in server.arrived:
        assert_only_the_value_differs(arrived, place, value, "ss.test")


@given(values=st.dictionaries(st.sampled_from(PLACES), values), slot=values)
async def test_subject_when_a_slot_bears_its_name_then_caller_decides(values: Mapping[str, str], slot: str) -> None:
    # The subject is put in last by who makes the values; a placeholder never looks into another value.
    given_values = {**values, "slot": slot, "subject": SUBJECT}
    try:
        path, query = build_path(TEMPLATE, given_values), build_query(QUERY, given_values)
    except ServiceRefused:
        return
    assert path.split("/")[3] == SUBJECT
    assert query.split("&")[0] == f"userCode={SUBJECT}"


@asynccontextmanager
async def listening(connections: asyncio.Queue[bytes]) -> AsyncIterator[str]:
    """Keeps every byte of every connection until the client goes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.write_eof()
        connections.put_nowait(data + await reader.read())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1024 * 1024)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


def arrived_in(data: bytes) -> Arrived:
    head, _, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode("ascii").split("\r\n")
    assert "\r" not in head.decode().replace("\r\n", "")
    assert "\n" not in head.decode().replace("\r\n", "")
    pairs = [entry.split(": ", 1) for entry in lines]
    return Arrived(line, [(name.lower(), value) for name, value in pairs], body)


@pytest.mark.parametrize("place", PLACES)
async def test_vectors_when_sent_over_a_socket_then_bytes_are_one_request_with_only_the_value(place: str) -> None:
    connections: asyncio.Queue[bytes] = asyncio.Queue()
    sent = []
    async with listening(connections) as host:
        client = client_of(f"http://{host}")
        for vector in VECTORS:
            if await has_left(client, place, vector):
                data = await asyncio.wait_for(connections.get(), 5)
                assert_only_the_value_differs(arrived_in(data), place, vector, host)
                sent.append(vector)
        await client.close()
    assert HARMLESS in sent
    assert connections.empty()
