"""Whether the processes can start, and whether they have."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

from assistant.core.errors import OperationFailed, SettingsError
from assistant.operate.processes import Process
from assistant.operate.supervision import Supervision, no_certificates

POLL_SECONDS = 0.25
ANSWER_SECONDS = 2.0
LOG_LINES = 20


def check_startable(processes: Iterable[Process]) -> None:
    """Check what every process needs: its files and a free port.

    Raises:
        OperationFailed: a file is missing; names the command that makes it.
        SettingsError: a port is taken or the address is not this machine's; names the setting.
    """
    for process in processes:
        for path, remedy in process.needs.items():
            if not path.exists():
                raise OperationFailed(f"{process.name}: {path} is missing; `{remedy}` makes it")
        _check_port(process)


async def ready_among(processes: Iterable[Process]) -> frozenset[str]:
    """The names of the processes that answer 200 at their addresses."""

    async def is_ready(process: Process) -> bool:
        try:
            response = await client.get(process.ready_url, headers=process.ready_headers)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    asked = tuple(processes)
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, verify=no_certificates()) as client:
        answers = await asyncio.gather(*map(is_ready, asked))
    return frozenset(process.name for process, ready in zip(asked, answers, strict=True) if ready)


async def wait_until_ready(supervision: Supervision, say: Callable[[str], None]) -> None:
    """Wait for every process, telling each as it gets ready.

    Raises:
        OperationFailed: one died or took too long; the detail ends with the last lines of its log.
    """
    begin = time.monotonic()
    waiting = {process.name: process for process in supervision.processes}
    first_pids: dict[str, int] = {}
    while waiting:
        await asyncio.sleep(POLL_SECONDS)
        await _check_alive(supervision, first_pids)
        elapsed = time.monotonic() - begin
        for name in sorted(await ready_among(waiting.values())):
            del waiting[name]
            say(f"{name:<8} ready in {elapsed:.1f} s")
        for process in waiting.values():
            if elapsed > process.ready_seconds:
                raise _failure(supervision, process.name, f"is not ready after {process.ready_seconds:.0f} s")


async def _check_alive(supervision: Supervision, first_pids: dict[str, int]) -> None:
    states = await supervision.states()
    if states is None:
        raise OperationFailed(f"Kratt was stopped while it started; see {supervision.log('supervisor')}")
    for state in states:
        if state.pid:
            first_pids.setdefault(state.name, state.pid)
        if state.has_failed or (state.pid and state.pid != first_pids[state.name]):
            raise _failure(supervision, state.name, "died while it started")


def _failure(supervision: Supervision, name: str, what: str) -> OperationFailed:
    log = supervision.log(name)
    return OperationFailed(f"{name} {what}. The end of {log}:\n{_last_lines(log)}")


def _last_lines(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"  {line}" for line in lines[-LOG_LINES:]) or "  (it is empty)"


def _check_port(process: Process) -> None:
    family = socket.AF_INET6 if ":" in process.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just closed counts as free
        try:
            probe.bind((process.host, process.port))
        except OSError as error:
            raise SettingsError(
                f"{process.name} cannot listen on {process.host}:{process.port} ({error.strerror}); "
                f"free the port or choose another with {process.port_setting} (the address is KRATT_HOST)"
            ) from None
