"""A thousand confirmed writes against a register that misbehaves, before and after it acted: none is done twice.

The register is a real HTTP server behind a security server's headers. It does not keep idempotency keys: every message
that reaches it is an act. So it is we who must not send a second one.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from actions.writing.confirmed_write import ConfirmedWrite, WriteResult, WriteState, confirmation_hash
from actions.writing.follow_ups import FollowUps
from actions.writing.journal import STALE_SECONDS, WriteJournal
from actions.writing.submit_once import SubmitOnce
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from assistant.database import SqlDatabase

pytestmark = pytest.mark.attack

RUNS = 1000
AT_ONCE = 40
TIMEOUT_SECONDS = 0.08
TOO_LATE_SECONDS = 0.15
MARY = "EE60001019906"
REGISTER = ServiceId.parse("EE/GOV/70008440/rr/addresschange")
POST_PATH = "/v1/persons/{subject}/address-changes"

BEFORE = ("", "late", "closed", "access_denied", "access_denied_7.7", "owner_consent_missing", "not_listening")
AFTER = (
    *("", "", "late", "closed", "error", "xroad_error", "xroad_error_7.7", "html", "truncated", "wrong_echo"),
    *("redirect", "twice"),
)
ASKED = ("", "", "late", "closed", "error", "html", "wrong_echo")
REFUSALS = {"access_denied", "access_denied_7.7", "owner_consent_missing"}
XROAD_ERRORS = {
    "access_denied": "server.serverproxy.access_denied",
    "access_denied_7.7": "Server.ServerProxy.AccessDenied",
    "xroad_error": "server.serverproxy.service_failed.network_error",
    "xroad_error_7.7": "Server.ServerProxy.ServiceFailed.HttpError",
}


@dataclass
class Register:
    """Security server and register in one; what goes wrong is drawn anew for each message."""

    chance: random.Random
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    is_healthy: bool = False
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of its own: a client that hangs up does not end what the register is about to do.
        task = asyncio.create_task(self._serve(reader, writer))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request_line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
            await reader.readexactly(int(headers.get("content-length", 0)))
            method, path, _ = request_line.split(" ")
            answer = await (self._act(headers) if method == "POST" else self._tell(path, headers))
            if answer:
                writer.write(answer)
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _act(self, headers: dict[str, str]) -> bytes | None:
        key = headers["idempotency-key"]
        assert headers["x-road-issue"] == key
        before = self.chance.choice(BEFORE) if self.chance.random() < 0.5 else ""
        if before in REFUSALS:
            self.refused[key] += 1
        if before not in {"", "late"}:
            return self._spoiled(before, headers, {})
        await asyncio.sleep(TOO_LATE_SECONDS if before == "late" else 0)
        self.acts[key] += 1
        after = self.chance.choice(AFTER)
        await asyncio.sleep(TOO_LATE_SECONDS if after == "late" else 0)
        return self._spoiled(after, headers, {"receiptNumber": f"RR-{key[:8]}"}, status="201 Created")

    async def _tell(self, path: str, headers: dict[str, str]) -> bytes | None:
        key = path.rpartition("/")[2]
        fault = "" if self.is_healthy else self.chance.choice(ASKED)
        await asyncio.sleep(TOO_LATE_SECONDS if fault == "late" else 0)
        if key in self.acts:
            return self._spoiled(fault, headers, {"receiptNumber": f"RR-{key[:8]}"})
        return self._spoiled(fault or "unknown_key", headers, {})

    def _spoiled(self, fault: str, headers: dict[str, str], body: object, status: str = "200 OK") -> bytes | None:
        kind, content, more = "application/json", json.dumps(body), []
        match fault:
            case "closed" | "not_listening":
                return None
            case "error":
                status = "500 Internal Server Error"
            case "html":
                kind, content = "text/html", "<h1>Welcome</h1>"
            case "truncated":
                content = content[:-5]
            case "redirect":
                status, more = "302 Found", ["Location: http://127.0.0.1:9/"]
            case "twice":
                more = ["X-Road-Id: another"]
            case "owner_consent_missing" | "unknown_key":
                status = "404 Not Found" if fault == "unknown_key" else "422 Unprocessable"
                kind, content = "application/problem+json", json.dumps({"code": fault})
        if error := XROAD_ERRORS.get(fault):
            status, more = "500 Internal Server Error", [f"X-Road-Error: {error}"]
            content = json.dumps({"type": error, "message": "no", "detail": "x"})
        echo = {
            "X-Road-Id": "another" if fault == "wrong_echo" else headers["x-road-id"],
            "X-Road-Client": headers["x-road-client"],
            "X-Road-Service": str(REGISTER),
            "X-Road-Request-Id": "request",
            "X-Road-Request-Hash": "hash",
        }
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in echo.items()), *more]
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(content)}", "Connection: close", "", content]
        return "\r\n".join(lines).encode()


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Process:
    """Kratt's action server, as far as it writes; a new one on the same file is a restart."""

    database: SqlDatabase
    xroad: XRoadClient
    clock: Clock
    journal: WriteJournal
    submit: SubmitOnce

    @classmethod
    async def start(cls, file: Path, url: str, clock: Clock) -> "Process":
        database = SqlDatabase(f"sqlite+aiosqlite:///{file}", "KRATT_RECORD_DATABASE", synchronous="FULL")
        xroad = XRoadClient(url, ClientId.parse("EE/GOV/70009999/kratt"), new_breaker=never_opens)
        journal = WriteJournal(database, lambda _: None, clock)
        await journal.open()
        return cls(database, xroad, clock, journal, SubmitOnce(journal, xroad, clock))

    async def stop(self) -> None:
        await self.xroad.close()
        await self.database.close()


def never_opens() -> Breaker:
    return Breaker(failures=0)


def confirmed(run: int) -> ConfirmedWrite:
    body = {"newAddress": f"Pikk {run}"}
    key = confirmation_hash("address_change", MARY, "dialogue", body)
    values = {"subject": MARY, "key": key}
    return ConfirmedWrite(
        key,
        MARY,
        "address_change",
        "submit",
        REGISTER,
        build_path(POST_PATH, values),
        build_path(POST_PATH + "/{key}", values),
        body,
        ("receiptNumber",),
        "en",
    )


async def test_writes_when_everything_goes_wrong_then_none_is_done_twice_and_what_was_told_is_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = Register(random.Random(20261123))
    server = await asyncio.start_server(register.serve, "127.0.0.1", 0)
    url = "http://{}:{}".format(*server.sockets[0].getsockname()[:2])
    clock = Clock()
    first = await Process.start(tmp_path / "record.db", url, clock)
    told = await run_all(first, random.Random(1))
    await first.stop()

    second = await Process.start(tmp_path / "record.db", url, clock)  # after a restart, citizens say yes once more
    for key, results in (await run_all(second, random.Random(2))).items():
        told[key] += results
    while register.under_way:
        await asyncio.gather(*register.under_way)
    assert_true(register, told)
    followed = await follow_up(second, register, clock)
    await second.stop()
    server.close()
    await server.wait_closed()

    for key, result in followed.items():
        told[key].append(result)
    assert_true(register, told)
    assert {key for key, results in told.items() if results[-1].state is WriteState.DONE} == set(register.acts)
    with capsys.disabled():
        sys.stdout.write(f"\n{summary(register, told)}\n")


async def run_all(process: Process, chance: random.Random) -> dict[str, list[WriteResult]]:
    """Each citizen confirms; some twice at once, some twice in a row; some turns end in the middle."""
    told: dict[str, list[WriteResult]] = {}
    places = asyncio.Semaphore(AT_ONCE)

    async def confirm(run: int, habit: float, patience: float) -> None:
        write = confirmed(run)
        told[write.key] = []
        async with places:
            if habit < 0.2:
                told[write.key] += await asyncio.gather(*(process.submit(write, TIMEOUT_SECONDS) for _ in range(2)))
            elif habit < 0.4:
                told[write.key] += [await process.submit(write, TIMEOUT_SECONDS) for _ in range(2)]
            elif habit < 0.6:
                with suppress(TimeoutError):  # the turn is over, or the process is killed, wherever we are
                    async with asyncio.timeout(patience):
                        told[write.key].append(await process.submit(write, TIMEOUT_SECONDS))
            else:
                told[write.key].append(await process.submit(write, TIMEOUT_SECONDS))

    async with asyncio.TaskGroup() as group:
        for run in range(RUNS):
            group.create_task(confirm(run, chance.random(), chance.uniform(0, TOO_LATE_SECONDS)))
    return told


async def follow_up(process: Process, register: Register, clock: Clock) -> dict[str, WriteResult]:
    """Rounds while the register still misbehaves, then after it was mended, then until nobody hopes any more."""
    follow_ups = FollowUps(process.journal, process.xroad, hours=48, now=clock, next_try=lambda _: clock.now + 60)
    for hours, is_healthy in ((0, False), (0, True), (49, True)):
        register.is_healthy = is_healthy
        clock.now += hours * 3600
        for _ in range(RUNS // 8):
            clock.now += STALE_SECONDS
            await follow_ups.take_round()
    untold = await follow_ups.untold(MARY)
    await follow_ups.mark_told([result.key for result in untold])
    assert await follow_ups.untold(MARY) == ()
    return {result.key: result for result in untold}


def assert_true(register: Register, told: dict[str, list[WriteResult]]) -> None:
    assert len(told) == RUNS
    assert max(register.acts.values()) == 1
    for key, results in told.items():
        states = {result.state for result in results}
        if WriteState.DONE in states:
            assert register.acts[key] == 1
            receipts = {result.answer.get("receiptNumber") for result in results if result.state is WriteState.DONE}
            assert receipts == {f"RR-{key[:8]}"}
        if results and results[-1].state in {WriteState.REFUSED, WriteState.UNSENT}:
            assert register.acts[key] == 0


def summary(register: Register, told: dict[str, list[WriteResult]]) -> str:
    first = Counter(str(results[0].state) if results else "cut off" for results in told.values())
    last = Counter(str(results[-1].state) if results else "cut off" for results in told.values())
    return f"{RUNS} confirmed writes, {sum(register.acts.values())} acts; told at first {dict(first)}, in the end {dict(last)}"
