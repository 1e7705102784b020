"""Starting Kratt, staying with it, and stopping it."""

import asyncio
import contextlib
import signal
from collections.abc import Callable

from assistant.operate.readiness import check_startable, wait_until_ready
from assistant.operate.supervision import Supervision

WATCH_SECONDS = 1.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


async def run(supervision: Supervision, address: str, say: Say, *, detach: bool) -> None:
    """Start Kratt; unless detached, stay until Ctrl-C, SIGTERM or a closed terminal, and stop it then.

    Whatever ends the start early, a failure or a signal, stops what was started.

    Raises:
        OperationFailed: a process cannot start, died, or is not ready in time; or somebody else is starting Kratt.
        SettingsError: a port is taken.
    """
    work = asyncio.create_task(_start_and_watch(supervision, address, say, detach=detach))

    def stop() -> None:
        say("Stopping ...")
        work.cancel()

    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await asyncio.wait({work})
    if work.cancelled():
        say("Stopped.")
    else:
        work.result()


async def start(supervision: Supervision, say: Say) -> bool:
    """Start all processes and wait until they are ready; False if they run already.

    Raises:
        OperationFailed: a process cannot start, died, or is not ready in time; or somebody else is starting Kratt.
        SettingsError: a port is taken.
    """
    with supervision.only_starter():
        if await supervision.is_running():
            return False
        check_startable(supervision.processes)
        say("Starting " + ", ".join(each.name for each in supervision.processes if not each.is_on_demand) + " ...")
        async with contextlib.AsyncExitStack() as started:
            started.push_async_callback(supervision.stop)
            supervision.start()
            await wait_until_ready(supervision, say)
            started.pop_all()
    return True


async def watch(supervision: Supervision, say: Say) -> None:
    """Stay until Kratt is stopped from elsewhere, telling when a process had to be started again."""
    pids: dict[str, int] = {}
    while (states := await supervision.states()) is not None:
        for state in states:
            if state.pid and pids.setdefault(state.name, state.pid) != state.pid:
                pids[state.name] = state.pid
                say(f"{state.name} ended and was started again; see {supervision.log(state.name)}")
        await asyncio.sleep(WATCH_SECONDS)
    say("Kratt was stopped.")


async def _start_and_watch(supervision: Supervision, address: str, say: Say, *, detach: bool) -> None:
    if not await start(supervision, say):
        say(f"Kratt is running already: {address} (`kratt status` tells more, `kratt down` stops it)")
        return
    if detach:
        say(f"Kratt is ready: {address} (`kratt down` stops it)")
        return
    say(f"Kratt is ready: {address} (Ctrl-C stops it)")
    try:
        await watch(supervision, say)
    finally:
        await supervision.stop()
