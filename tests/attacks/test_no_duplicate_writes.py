"""A thousand confirmed writes against a register that misbehaves, before and after it acted: none is done twice.

The register is a real HTTP server behind a security server's headers. It does not keep idempotency keys: every message
that reaches it is an act. So it is we who must not send a second one.
"""

import asyncio
import gc
import json
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from actions.writing.confirmed_write import ConfirmedWrite, WriteResult, WriteState, confirmation_hash
from actions.writing.follow_ups import AT_ONCE as AT_ONCE_FOLLOWED
from actions.writing.follow_ups import FollowUps
from actions.writing.journal import STALE_SECONDS, WriteJournal
from actions.writing.submit_once import SubmitOnce
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from assistant.database import SqlDatabase

pytestmark = pytest.mark.attack

RUNS = 1000
AT_ONCE = 16
TIMEOUT_SECONDS = 0.1
TOO_LATE_SECONDS = 0.15
PATIENT_SECONDS = 5
MARY = "EE60001019906"
REGISTER = ServiceId.parse("EE/GOV/70008440/rr/addresschange")
POST_PATH = "/v1/persons/{subject}/address-changes"

BEFORE = ("late", "closed", "access_denied", "access_denied_7.7", "owner_consent_missing")
AFTER = (
    *("late", "closed", "error", "xroad_error", "xroad_error_7.7", "html", "truncated", "wrong_echo", "redirect"),
    "twice",
)
ASKED = ("", "", "late", "closed", "error", "html", "wrong_echo")
REFUSALS = {"access_denied", "access_denied_7.7", "owner_consent_missing"}
OK, FAILED, JSON, PROBLEM = "200 OK", "500 Internal Server Error", "application/json", "application/problem+json"
SPOILED = {
    "error": (FAILED, JSON, "{}"),
    "html": (OK, "text/html", "<h1>Welcome</h1>"),
    "redirect": ("302 Found", JSON, "{}", "Location: http://127.0.0.1:9/"),
    "twice": (OK, JSON, "{}", "X-Road-Id: another"),
    "owner_consent_missing": ("422 Unprocessable Content", PROBLEM, '{"code": "owner_consent_missing"}'),
    "unknown_key": ("404 Not Found", PROBLEM, '{"code": "unknown_key"}'),
    **{
        fault: (FAILED, JSON, "{}", f"X-Road-Error: {code}")
        for fault, code in {
            "access_denied": "server.serverproxy.access_denied",
            "access_denied_7.7": "Server.ServerProxy.AccessDenied",
            "xroad_error": "server.serverproxy.service_failed.network_error",
            "xroad_error_7.7": "Server.ServerProxy.ServiceFailed.HttpError",
        }.items()
    },
}
"""Status, content type, body and further headers."""

Told = dict[str, list[WriteResult]]


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
        before = self.chance.choice(BEFORE) if self.chance.random() < 0.4 else ""
        if before in REFUSALS:
            self.refused[key] += 1
        if before not in {"", "late"}:
            return self._spoiled(before, headers, {})
        await asyncio.sleep(TOO_LATE_SECONDS if before == "late" else 0)
        self.acts[key] += 1
        after = self.chance.choice(AFTER) if self.chance.random() < 0.6 else ""
        await asyncio.sleep(TOO_LATE_SECONDS if after == "late" else 0)
        return self._spoiled(after, headers, {"receiptNumber": f"RR-{key[:8]}"}, status="201 Created")

    async def _tell(self, path: str, headers: dict[str, str]) -> bytes | None:
        key = path.rpartition("/")[2]
        fault = "" if self.is_healthy else self.chance.choice(ASKED)
        await asyncio.sleep(TOO_LATE_SECONDS if fault == "late" else 0)
        if key in self.acts:
            return self._spoiled(fault, headers, {"receiptNumber": f"RR-{key[:8]}"})
        return self._spoiled("unknown_key" if fault in {"", "late"} else fault, headers, {})

    def _spoiled(self, fault: str, headers: dict[str, str], body: object, status: str = OK) -> bytes | None:
        if fault == "closed":
            return None
        status, kind, content, *more = SPOILED.get(fault, (status, JSON, json.dumps(body)))
        echo = {
            "X-Road-Id": "another" if fault == "wrong_echo" else headers["x-road-id"],
            "X-Road-Client": headers["x-road-client"],
            "X-Road-Service": str(REGISTER),
            "X-Road-Request-Id": "request",
            "X-Road-Request-Hash": "hash",
        }
        content = content[:-5] if fault == "truncated" else content
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in echo.items()), *more]
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(content)}", "Connection: close", "", content]
        return "\r\n".join(lines).encode()


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Process:
    """Kratt's action server, as far as it writes."""

    xroad: XRoadClient
    journal: WriteJournal
    submit: SubmitOnce


@asynccontextmanager
async def running(file: Path, url: str, clock: Clock) -> AsyncIterator[Process]:
    """A process; the next one on the same file is a restart."""
    database = SqlDatabase(f"sqlite+aiosqlite:///{file}", "KRATT_RECORD_DATABASE")  # no power cuts here
    xroad = XRoadClient(url, ClientId.parse("EE/GOV/70009999/kratt"), new_breaker=never_opens)
    journal = WriteJournal(database, lambda _: None, clock)
    try:
        await journal.open()
        yield Process(xroad, journal, SubmitOnce(journal, xroad, clock))
    finally:
        await xroad.close()
        await database.close()


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


# A turn that is cut off while it connects leaves its connection to the collector, which says so: here, not in later tests.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_writes_when_everything_goes_wrong_then_none_is_done_twice_and_what_was_told_is_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = Register(random.Random(20261123))
    told: Told = {confirmed(run).key: [] for run in range(RUNS)}
    clock = Clock()
    async with await asyncio.start_server(register.serve, "127.0.0.1", 0) as server:
        start = partial(running, tmp_path / "record.db", "http://{}:{}".format(*server.sockets[0].getsockname()), clock)
        for seed in (1, 2):  # after a restart, all citizens say yes once more
            async with start() as process:
                await confirm_all(process, register, random.Random(seed), told)
        while register.under_way:
            await asyncio.gather(*register.under_way)
        at_first = summary(told)
        async with start() as process:
            open_writes = sum(not is_settled(results) for results in told.values())
            for result in await follow_up(process, register, clock, open_writes // AT_ONCE_FOLLOWED + 1):
                tell(result, register, told)
            for run in range(RUNS):  # who is still waiting asks once more
                if not is_settled(told[confirmed(run).key]):
                    tell(await process.submit(confirmed(run), PATIENT_SECONDS), register, told)
    ended = {key: results[-1].state for key, results in told.items() if results}
    assert {key for key, state in ended.items() if state is WriteState.DONE} == set(register.acts)
    gc.collect()
    with capsys.disabled():
        sys.stdout.write(f"\n{RUNS} writes, each confirmed at least twice: {register.acts.total()} acts, none twice.\n")
        sys.stdout.write(f"Told when asked: {at_first}; after follow-ups: {summary(told)}\n")


async def confirm_all(process: Process, register: Register, chance: random.Random, told: Told) -> None:
    """Each citizen confirms; some twice at once, some twice in a row; some turns end in the middle."""
    places = asyncio.Semaphore(AT_ONCE)

    async def say_yes(write: ConfirmedWrite) -> None:
        tell(await process.submit(write, TIMEOUT_SECONDS), register, told)

    async def confirm(write: ConfirmedWrite, habit: str, patience_seconds: float) -> None:
        async with places:
            match habit:
                case "twice at once":
                    await asyncio.gather(say_yes(write), say_yes(write))
                case "impatient":
                    try:  # the turn is over, or the process is killed, wherever it is
                        await asyncio.wait_for(say_yes(write), patience_seconds)
                    except TimeoutError:
                        told[write.key].append(write.result(WriteState.SENDING))
                case _:
                    await say_yes(write)
                    await say_yes(write)

    async with asyncio.TaskGroup() as group:
        for run in range(RUNS):
            habit = chance.choice(("twice", "twice at once", "impatient"))
            group.create_task(confirm(confirmed(run), habit, chance.uniform(0, TOO_LATE_SECONDS)))


async def follow_up(process: Process, register: Register, clock: Clock, enough: int) -> tuple[WriteResult, ...]:
    """Rounds while the register still misbehaves, then after it was mended, then until nobody hopes any more."""
    follow_ups = FollowUps(process.journal, process.xroad, hours=48, now=clock, next_try=lambda _: clock.now + 60)
    for hours, is_healthy, rounds in ((0, False, enough // 5), (0, True, enough), (49, True, enough)):
        register.is_healthy = is_healthy
        clock.now += hours * 3600
        for _ in range(rounds):
            clock.now += STALE_SECONDS
            await follow_ups.take_round()
    untold = await follow_ups.untold(MARY)
    await follow_ups.mark_told([result.key for result in untold])
    assert await follow_ups.untold(MARY) == ()
    return untold


def tell(result: WriteResult, register: Register, told: Told) -> None:
    """What a citizen is told must be true at that moment, and no write is ever done twice."""
    acts = register.acts.get(result.key, 0)
    assert acts <= 1
    if result.state is WriteState.DONE:
        assert acts == 1
        assert result.answer == {"receiptNumber": f"RR-{result.key[:8]}"}
    if result.state in {WriteState.REFUSED, WriteState.UNSENT}:
        assert acts == 0
    told[result.key].append(result)


def is_settled(results: list[WriteResult]) -> bool:
    return bool(results) and results[-1].state in {WriteState.DONE, WriteState.REFUSED, WriteState.GIVEN_UP}


def summary(told: Told) -> str:
    counted = Counter(results[-1].state.value if results else "nothing" for results in told.values())
    return ", ".join(f"{count} {state}" for state, count in counted.most_common())
