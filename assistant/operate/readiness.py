"""Whether the processes can start, and whether they have."""

import asyncio
import json
import re
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import httpx

from assistant.core.errors import OperationFailed, SettingsError
from assistant.operate.processes import Process
from assistant.operate.supervision import Supervision, no_certificates

POLL_SECONDS = 0.25
ANSWER_SECONDS = 2.0
LOG_LINES = 20
LAST_WORDS = 4  # lines that a dying process still writes from its error on
OWN_ERROR = re.compile(r"assistant\.core\.errors\.\w+: (.+)")


def check_startable(processes: Iterable[Process]) -> None:
    """Check what every process needs: its files and a free port.

    Raises:
        OperationFailed: a file is missing; names the command that makes it.
        SettingsError: a port is taken or the address is not this machine's; names the setting.
    """
    for process in (each for each in processes if not each.is_on_demand):
        for path, remedy in process.needs.items():
            if not path.exists():
                raise OperationFailed(f"{process.name}: {path} is missing; `{remedy}` makes it")
        if process.port:
            check_port(process)


async def ready_among(processes: Sequence[Process]) -> frozenset[str]:
    """The names of the running processes that answer 200 at their addresses, or have none."""
    answers = await _answers(processes)
    ready = {name for name, answer in answers.items() if answer.status_code == httpx.codes.OK}
    return frozenset(ready | {process.name for process in processes if not process.ready_url})


async def wait_until_ready(supervision: Supervision, say: Callable[[str], None]) -> None:
    """Wait for every process, telling each as it gets ready.

    Raises:
        OperationFailed: one died, took too long or will never get ready; the detail names its log.
    """
    begin = time.monotonic()
    needed = (each for each in supervision.processes if each.ready_url and not each.is_on_demand)
    waiting = {process.name: process for process in needed}
    first_pids: dict[str, int] = {}
    while waiting:
        await asyncio.sleep(POLL_SECONDS)
        await _check_alive(supervision, first_pids)
        elapsed = time.monotonic() - begin
        is_last = len(waiting) == 1
        for name, answer in sorted((await _answers(waiting.values())).items()):
            _check_hopeful(supervision, waiting[name], answer)
            # What a process can spare may only be late, while it has to wait for another one anyway.
            lacking = _lacking(waiting[name], answer) if is_last else {}
            if answer.status_code == httpx.codes.OK or lacking:
                del waiting[name]
                say(f"{name:<8} ready in {elapsed:.1f} s")
                for check, detail in lacking.items():
                    say(f"{name:<8} without {check}: {detail}")
        for process in waiting.values():
            if elapsed > process.ready_seconds:
                raise failure_of(supervision, process.name, f"is not ready after {process.ready_seconds:.0f} s")


async def _answers(processes: Iterable[Process]) -> Mapping[str, httpx.Response]:
    """What the processes answer, by name; those that do not answer are left out."""

    async def ask(process: Process) -> httpx.Response | None:
        try:
            return await client.get(process.ready_url, headers=process.ready_headers)
        except httpx.HTTPError:
            return None

    asked = tuple(process for process in processes if process.ready_url)
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, verify=no_certificates()) as client:
        answers = await asyncio.gather(*map(ask, asked))
    return {process.name: answer for process, answer in zip(asked, answers, strict=True) if answer is not None}


def _check_hopeful(supervision: Supervision, process: Process, answer: httpx.Response) -> None:
    if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
        return
    for words, remedy in process.hopeless.items():
        if words in answer.text:
            log = supervision.log(process.name)
            raise OperationFailed(f"{process.name} runs, but {words}: `{remedy}` makes a new one; {log} tells more")


def _lacking(process: Process, answer: httpx.Response) -> Mapping[str, str]:
    """The checks that failed, by name, with what they say, if the process can do without all of them; else nothing."""
    try:
        checks = {name: check for name, check in answer.json()["checks"].items() if not check["ok"]}
        return {name: str(check["detail"]) for name, check in checks.items()} if checks.keys() <= process.spares else {}
    except (ValueError, KeyError, TypeError, AttributeError):  # it has no checks
        return {}


async def _check_alive(supervision: Supervision, first_pids: dict[str, int]) -> None:
    states = await supervision.states()
    if states is None:
        raise OperationFailed(f"Kratt was stopped while it started; see {supervision.log('supervisor')}")
    for state in states:
        if state.pid:
            first_pids.setdefault(state.name, state.pid)
        if state.has_failed or (state.pid and state.pid != first_pids[state.name]):
            raise failure_of(supervision, state.name, "died while it started")


def failure_of(supervision: Supervision, name: str, what: str) -> OperationFailed:
    """The error that a process is to blame for, with what its log says last."""
    log = supervision.log(name)
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    if error := next(filter(None, map(_own_error, reversed(lines[-LAST_WORDS:]))), ""):
        return OperationFailed(f"{name} {what}: {error} ({log} tells more)")
    shown = "\n".join(f"  {line}" for line in lines[-LOG_LINES:]) or "  (it is empty)"
    return OperationFailed(f"{name} {what}. The end of {log}:\n{shown}")


def _own_error(line: str) -> str:
    """What a line of a log says of an error of ours: the end of a traceback, or a line of JSON with a detail."""
    if match := OWN_ERROR.match(line):
        return match[1]
    try:
        facts = json.loads(line)
        return str(facts["detail"]) if facts["level"] == "critical" else ""
    except (ValueError, KeyError, TypeError):
        return ""


def check_port(process: Process) -> None:
    """Check that a process can listen where it should.

    Raises:
        SettingsError: its port is taken, or the address is not this machine's; names the setting.
    """
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
