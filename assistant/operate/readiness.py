"""Whether the processes can start, and whether they have."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

from assistant.core.errors import OperationFailed, SettingsError
from assistant.operate.processes import Process
from assistant.operate.supervision import Supervision

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


async def is_ready(process: Process) -> bool:
    """Whether the process answers 200 at its address."""
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
        try:
            return (await client.get(process.ready_url, headers=process.ready_headers)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


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
        answers = await asyncio.gather(*(is_ready(process) for process in waiting.values()))
        for process, ready in zip(list(waiting.values()), answers, strict=True):
            if ready:
                del waiting[process.name]
                say(f"{process.name:<8} ready in {elapsed:.1f} s")
            elif elapsed > process.ready_seconds:
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
