"""What only raw bytes can show: request targets that no HTTP client would send as they are."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from assistant.sandbox.app import create_app

pytestmark = pytest.mark.contract

CLIENT = "EE/GOV/70009999/kratt"
DOCUMENTS = "/r1/EE/GOV/70008747/itds/documents"
TALLINN = "/r1/EE/GOV/70008747/offices/offices/v1/offices/tallinn"
ANSWER_SECONDS = 5


@contextlib.contextmanager
def running(parser: str) -> Iterator[int]:
    app = create_app(issuer="http://sandbox", client_id="kratt", client_secret="s", redirect_uris=frozenset())
    server = uvicorn.Server(uvicorn.Config(app, http=parser, ws="none", lifespan="off", log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as listening:  # listens from here on: nobody has to wait for the server
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(ANSWER_SECONDS)


@pytest.fixture(scope="module", params=["h11", "httptools"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with running(request.param) as port:
        yield port


@pytest.fixture(scope="module")
def h11_port() -> Iterator[int]:
    with running("h11") as port:
        yield port


async def exchange(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.closing(writer):
        writer.write(request)
        return await asyncio.wait_for(reader.read(), ANSWER_SECONDS)


async def send(port: int, target: str, *headers: str) -> tuple[int, dict[str, str]]:
    """The status and headers of the answer."""
    lines = (f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", *headers, "", "")
    answer = await exchange(port, "\r\n".join(lines).encode())
    status_line, *rest = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    pairs = (line.split(": ", 1) for line in rest)
    return int(status_line.split()[1]), {name.lower(): value for name, value in pairs}


async def test_target_when_plain_then_answered(port: int) -> None:
    status, headers = await send(port, TALLINN, f"X-Road-Client: {CLIENT}")
    assert status == 200
    assert headers["x-road-service"] == "EE/GOV/70008747/offices/offices"


@pytest.mark.parametrize(
    "target",
    [
        DOCUMENTS + "/../secret",
        DOCUMENTS + "/%2e%2e/secret",
        DOCUMENTS + "/api/%2e%2e/secret",
        DOCUMENTS + "/api/test/%2e%2e/%2e%2e/secret",
        DOCUMENTS + "/a/b/../../%2e%2e/c/d",
        DOCUMENTS + "/v1/persons/..%2f..%2fsecret/documents",
        DOCUMENTS + "/v1/persons/%252e%252e/documents",
        "/r1/../sandbox/faults",
        "/r1/EE/GOV/70008747/itds/../../../../../healthz",
        "/r1/EE/GOV/70008747/%2e%2e/documents/v1",
        "/r1/EE/GOV/70008747/sub%2Fsystem/documents/v1",
        "/r1/EE%2FGOV%2F70008747%2Fitds%2Fdocuments/v1",
        "/r1/EE/GOV/70008747/itds/path%3B/v1",
        f"//127.0.0.1{TALLINN}",
    ],
)
async def test_target_when_it_leaves_the_service_then_xroad_refuses(port: int, target: str) -> None:
    status, headers = await send(port, target, f"X-Road-Client: {CLIENT}")
    assert status == 500
    assert headers["x-road-error"].startswith("server.")


@pytest.mark.parametrize("target", [f"http://127.0.0.1{TALLINN}", f"ftp://elsewhere{TALLINN}"])
async def test_target_when_absolute_then_xroad_refuses(h11_port: int, target: str) -> None:
    status, headers = await send(h11_port, target, f"X-Road-Client: {CLIENT}")
    assert (status, headers["x-road-error"]) == (500, "server.clientproxy.internal_error")


async def test_target_when_slash_is_encoded_in_a_value_then_it_stays_one_value(port: int) -> None:
    status, headers = await send(
        port,
        DOCUMENTS + "/v1/persons/EE38001085718%2Fx/documents",
        f"X-Road-Client: {CLIENT}",
        "X-Road-UserId: EE38001085718",
    )
    assert status == 400
    assert "x-road-error" not in headers


@pytest.mark.parametrize(
    ("callers", "status"), [(("EE/GOV/1/stranger", CLIENT), 200), ((CLIENT, "EE/GOV/1/stranger"), 500), ((), 500)]
)
async def test_client_header_when_repeated_then_last_wins(port: int, callers: tuple[str, ...], status: int) -> None:
    answered, _ = await send(port, TALLINN, *(f"X-Road-Client: {caller}" for caller in callers))
    assert answered == status


async def put_fault(port: int, service: str, fault: str) -> None:
    head = (
        f"PUT /sandbox/faults/{service} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(fault)}\r\n\r\n"
    )
    assert b" 204 " in await exchange(port, (head + fault).encode())


async def test_disconnect_when_it_strikes_then_not_one_byte(port: int) -> None:
    await put_fault(port, "errands", '{"fault": "disconnect", "times": 1}')
    errand = "/r1/EE/GOV/70008747/offices/errands/v1/errands/passport"
    request = f"GET {errand} HTTP/1.1\r\nHost: x\r\nX-Road-Client: {CLIENT}\r\n\r\n"
    assert await exchange(port, request.encode()) == b""
    status, _ = await send(port, errand, f"X-Road-Client: {CLIENT}")
    assert status == 200


async def test_duplicate_header_when_it_strikes_then_it_comes_twice(port: int) -> None:
    await put_fault(port, "errands", '{"fault": "duplicate_header", "times": 1}')
    lines = ("GET /r1/EE/GOV/70008747/offices/errands/v1/errands/passport HTTP/1.1", "Host: x", "Connection: close")
    request = "\r\n".join((*lines, f"X-Road-Client: {CLIENT}", "X-Road-Id: mine", "", ""))
    answer = (await exchange(port, request.encode())).lower()
    assert answer.count(b"x-road-id: mine\r\n") == 2


async def test_delay_when_client_gives_up_then_others_are_still_answered(port: int) -> None:
    await put_fault(port, "offices", '{"fault": "delay", "seconds": 1}')
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(send(port, TALLINN, f"X-Road-Client: {CLIENT}"), 0.2)
    status, _ = await asyncio.wait_for(send(port, "/healthz"), 1)
    assert status == 200
