"""What our X-Road client costs: `.venv/bin/python benchmarks/xroad_client.py`.

What is compared: `XRoadClient.get` (identifiers and headers built, deadline, breaker, echo checked, receipt kept) and a
bare `httpx.AsyncClient.get` of the same address whose answer is read as JSON. Both keep their connections. The security
server is a process of its own on the same cores, which works for SERVER_MS and reports in every answer how long it
really took; that is subtracted, so a figure is what lies between a caller and the register: client, loopback and
waiting for a core. CALLS_PER_SECOND calls start each second on a fixed beat, whether or not those before have ended.
Measured in turns, ROUNDS times; a figure is the median of the rounds. CPU is what the client's process used for a call.
"""

import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from running import free_ports, percentile, table

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from actions.xroad.question import Question

CALLS_PER_SECOND = 200
SECONDS = 5
ROUNDS = 3
SERVER_MS = 2.0
START_SECONDS = 10.0

US = "EE/GOV/70009999/kratt"
QUESTION = Question(
    ServiceId.parse("EE/GOV/70008747/itds/documents"),
    build_path("/v1/persons/{subject}/documents", {"subject": "EE60001019906"}),
    subject="EE60001019906",
    issue="benchmark",
)

Call = Callable[[], Awaitable[object]]
"""Makes one call; the JSON that came."""


@dataclass(frozen=True)
class Figures:
    """One round of one client, in milliseconds per call."""

    p50: float
    p95: float
    cpu: float


async def answer(scope: Mapping[str, object], _: object, send: Callable[[object], Awaitable[None]]) -> None:
    """The security server: an answer as a register gives it, with `server_ms` besides."""
    begin = time.perf_counter()
    sent = dict(scope["headers"])  # type: ignore[call-overload]  # pairs of bytes, says ASGI
    await asyncio.sleep(SERVER_MS / 1000)
    documents = [
        {"documentType": "passport", "number": f"K{number}", "validUntil": "2027-05-05"} for number in range(4)
    ]
    echo = [(name, sent[name]) for name in (b"x-road-id", b"x-road-client") if name in sent]
    headers = [*echo, (b"x-road-service", str(QUESTION.service).encode()), (b"content-type", b"application/json")]
    body = {"documents": documents, "server_ms": (time.perf_counter() - begin) * 1000}
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def serve(port: int) -> None:
    """Run the security server until the process is ended."""
    uvicorn.run(answer, port=port, log_level="critical", lifespan="off", ws="none")  # type: ignore[arg-type]


@contextmanager
def security_server() -> Iterator[str]:
    """Its address; it runs in a process of its own."""
    port = free_ports(1)[0]
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join()


async def measure(call: Call) -> Figures:
    """One round: calls on a beat, each with what it took beyond the server."""
    overheads = []

    async def timed() -> None:
        begin = time.perf_counter()
        body = await call()
        took = (time.perf_counter() - begin) * 1000
        overheads.append(took - body["server_ms"])  # type: ignore[index]

    begin, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for number in range(CALLS_PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, begin + number / CALLS_PER_SECOND - time.perf_counter()))
            group.create_task(timed())
    cpu = (time.process_time() - cpu) * 1000 / len(overheads)
    return Figures(statistics.median(overheads), percentile(overheads, 95), cpu)


async def compare(url: str) -> None:
    """Measure in turns and print."""
    xroad = XRoadClient(url, ClientId.parse(US))
    address = f"{url}{QUESTION.target}"
    async with httpx.AsyncClient(trust_env=False) as bare:

        async def ours() -> object:
            return (await xroad.get(QUESTION, 5)).body

        async def theirs() -> object:
            return (await bare.get(address, timeout=5)).json()

        await until_answered(theirs)
        rounds: dict[str, list[Figures]] = {"ours": [], "bare": []}
        for number in range(ROUNDS):
            for name, call in (("ours", ours), ("bare", theirs)):
                print(f"round {number + 1} of {ROUNDS}: {name}", file=sys.stderr)
                rounds[name].append(await measure(call))
    await xroad.close()
    rows = []
    for figure, label in (
        ("p50", "overhead, p50 (ms)"),
        ("p95", "overhead, p95 (ms)"),
        ("cpu", "CPU of the client (ms)"),
    ):
        own, bares = (statistics.median(getattr(each, figure) for each in rounds[name]) for name in ("ours", "bare"))
        rows.append((f"{CALLS_PER_SECOND} calls/s: {label}", own, bares, f"{own / bares:.2f} ×"))
    print(table(["", "XRoadClient", "bare httpx", "ours is"], rows))


async def until_answered(call: Call) -> None:
    """Wait until the server listens."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                await call()
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


def main() -> None:
    """Start the server, compare, stop it."""
    with security_server() as url:
        asyncio.run(compare(url))


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
