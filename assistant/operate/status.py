"""How each process is doing."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.operate.readiness import ready_among
from assistant.operate.supervision import ProcessState, Supervision

PROC = Path("/proc")
_STOPPED = ProcessState(name="", state="STOPPED", pid=0, uptime_seconds=0)


@dataclass(frozen=True)
class ProcessStatus:
    """One process as an operator sees it; `memory_megabytes` counts its children too, None where there is no /proc."""

    name: str
    state: str
    ready: bool
    pid: int
    uptime_seconds: int
    memory_megabytes: float | None


async def read_status(supervision: Supervision) -> tuple[ProcessStatus, ...]:
    """The status of every process, whether Kratt runs or not; of those on demand only while they run."""
    known = {state.name: state for state in await supervision.states() or ()}
    running = [process for process in supervision.processes if process.name in known and known[process.name].pid]
    ready = await ready_among(running)
    shown = [process for process in supervision.processes if process in running or not process.is_on_demand]
    return tuple(_status(each.name, known.get(each.name, _STOPPED), is_ready=each.name in ready) for each in shown)


def status_table(statuses: Sequence[ProcessStatus]) -> str:
    """The statuses as a table for a terminal."""
    width = max(9, *(len(status.name) for status in statuses))
    rows = [f"{'process':<{width}} {'state':<9} {'ready':<6} {'pid':>7} {'uptime':>9} {'memory':>9}"]
    for status in statuses:
        hours, rest = divmod(status.uptime_seconds, 3600)
        uptime = f"{hours}:{rest // 60:02}:{rest % 60:02}" if status.pid else "-"
        memory = f"{status.memory_megabytes:.0f} MB" if status.memory_megabytes is not None else "-"
        ready = "yes" if status.ready else "no"
        rows.append(
            f"{status.name:<{width}} {status.state.lower():<9} {ready:<6} "
            f"{status.pid or '-':>7} {uptime:>9} {memory:>9}"
        )
    return "\n".join(rows)


def _status(name: str, state: ProcessState, *, is_ready: bool) -> ProcessStatus:
    memory = _memory_megabytes(state.pid) if state.pid else None
    return ProcessStatus(name, state.state, is_ready, state.pid, state.uptime_seconds, memory)


def _memory_megabytes(group: int) -> float | None:
    """Resident memory of a process group: Supervisor gives each process one of its own."""
    if not PROC.is_dir():
        return None
    pages = 0
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[2]) == group:  # proc(5): pgrp is the 5th field, rss in pages the 24th; two stand before ")"
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
