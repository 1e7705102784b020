"""The real Supervisor with small processes that answer HTTP."""

import asyncio
import os
import signal
import socket
import stat
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.core.errors import OperationFailed, SettingsError
from assistant.operate.processes import Process
from assistant.operate.readiness import check_startable
from assistant.operate.run import run, start, watch
from assistant.operate.status import read_status
from assistant.operate.supervision import Supervision

pytestmark = pytest.mark.integration

REFUSE = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503)
        self.end_headers()
        self.wfile.write(sys.argv[2].encode())
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
OWN_ERRORS = (
    "from assistant.core.errors import SettingsError; raise SettingsError('KRATT_X: is wrong')",
    """print('{"level": "critical", "detail": "KRATT_X: is wrong"}\\nTraceback'); raise SystemExit(3)""",
)

SERVE = """
import http.server, os, signal, sys
def end(*_):
    open(sys.argv[2], "a").write(sys.argv[3] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if os.environ["GREETING"] == 'per % cent, a space' else 500)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come about within 30 s")


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short path, as sockets want it, with characters that configuration files like to interpret."""
    return tmp_path_factory.mktemp("50% s")


@pytest.fixture
def processes(folder: Path) -> tuple[Process, ...]:
    return tuple(server(name, folder) for name in ("well", "tap"))  # not in the order of the alphabet


@pytest.fixture
async def supervision(folder: Path, processes: tuple[Process, ...]) -> AsyncIterator[Supervision]:
    supervision = Supervision(folder, processes)
    yield supervision
    await supervision.stop()


def server(name: str, folder: Path) -> Process:
    port = free_port()
    program = folder / "serve.py"
    program.write_text(SERVE)
    return Process(
        name=name,
        command=(sys.executable, str(program), str(port), str(folder / "ended"), name),
        host="127.0.0.1",
        port=port,
        ready_url=f"http://127.0.0.1:{port}/",
        ready_seconds=20,
        environment={"GREETING": "per % cent, a space"},
    )


def refusing(process: Process, answer: str, **changes: object) -> Process:
    """The process in whose place something answers 503 and these words."""
    program = Path(process.command[1]).with_name("refuse.py")
    program.write_text(REFUSE)
    return replace(process, command=(sys.executable, str(program), str(process.port), answer), **changes)


async def test_start_when_all_is_well_then_every_process_is_ready_and_told(supervision):
    said: list[str] = []
    await start(supervision, said.append)
    statuses = await read_status(supervision)
    assert [(status.name, status.ready) for status in statuses] == [("well", True), ("tap", True)]
    assert all(status.pid and status.state in {"STARTING", "RUNNING"} for status in statuses)
    assert all(status.memory_megabytes and status.memory_megabytes > 1 for status in statuses)
    assert {line.split()[0] for line in said if " ready in " in line} == {"well", "tap"}


async def test_start_when_running_then_only_its_owner_may_control_it_or_read_its_settings(supervision, folder):
    await start(supervision, print)
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder / "supervisor").iterdir()}
    assert files["control.sock"] == files["supervisor.conf"] == 0o600
    assert stat.S_IMODE((folder / "supervisor").stat().st_mode) == 0o700
    assert stat.S_IMODE(supervision.log("well").stat().st_mode) & 0o077 == 0


async def test_process_on_demand_when_it_is_wanted_then_it_alone_starts_and_stops(folder, processes):
    silent = replace(processes[0], ready_url="", port=0)
    supervision = Supervision(folder, (silent, replace(processes[1], is_on_demand=True)))
    try:
        await start(supervision, print)
        assert [status.name for status in await read_status(supervision)] == ["well"]
        await supervision.start_process("tap")
        assert (await supervision.state("tap")).pid
        assert [status.name for status in await read_status(supervision)] == ["well", "tap"]
        await supervision.stop_process("tap")
        assert ((await supervision.state("tap")).state, (await supervision.state("well")).has_failed) == (
            "STOPPED",
            False,
        )
        assert [(status.name, status.ready) for status in await read_status(supervision)] == [("well", True)]
        with pytest.raises(OperationFailed, match="kratt up"):
            await supervision.state("nothing")
    finally:
        await supervision.stop()


async def test_stop_when_running_then_processes_end_in_reverse_order(supervision, folder):
    await start(supervision, print)
    assert await supervision.stop()
    assert (folder / "ended").read_text().split() == ["tap", "well"]
    assert not await supervision.stop()


async def test_watch_when_a_process_is_killed_then_it_comes_back_and_that_is_told(supervision):
    await start(supervision, print)
    said: list[str] = []
    watching = asyncio.create_task(watch(supervision, said.append))
    await asyncio.sleep(0.5)
    states = await supervision.states()
    os.kill(states[0].pid, signal.SIGKILL)
    await until(lambda: bool(said))
    assert said[0].startswith("well ended and was started again")
    await supervision.stop()
    await watching
    assert said[-1] == "Kratt was stopped."


async def test_start_when_a_process_dies_then_it_is_named_with_the_end_of_its_log_and_nothing_is_left(
    folder, processes
):
    dying = replace(processes[1], command=(sys.executable, "-c", "print('a word before'); raise SystemExit(3)"))
    supervision = Supervision(folder, (processes[0], dying))
    with pytest.raises(OperationFailed, match=r"(?s)tap died while it started.*a word before"):
        await start(supervision, print)
    assert not await supervision.is_running()
    check_startable(processes)  # the first one gave its port back


@pytest.mark.parametrize("program", OWN_ERRORS)
async def test_start_when_a_process_dies_of_an_error_of_ours_then_that_line_is_all(folder, processes, program):
    supervision = Supervision(folder, [replace(processes[1], command=(sys.executable, "-c", program))])
    with pytest.raises(OperationFailed, match=r"^tap died while it started: KRATT_X: is wrong \(.*tap\.log tells more"):
        await start(supervision, print)


async def test_start_when_a_process_will_never_get_ready_then_it_says_at_once_what_helps(folder, processes):
    hopeless = refusing(
        processes[1], '{"message": "no model is loaded"}', hopeless={"no model is loaded": "kratt train"}
    )
    supervision = Supervision(folder, (processes[0], hopeless))
    with pytest.raises(OperationFailed, match=r"tap runs, but no model is loaded: `kratt train` .*tap\.log"):
        await start(supervision, print)
    assert not await supervision.is_running()


async def test_start_when_only_what_it_can_spare_is_missing_then_it_is_started_and_that_is_told(folder, processes):
    checks = '{"checks": {"login": {"ok": false, "detail": "down"}, "engine": {"ok": true, "detail": ""}}}'
    supervision = Supervision(folder, (processes[0], refusing(processes[1], checks, spares=frozenset({"login"}))))
    said: list[str] = []
    try:
        assert await start(supervision, said.append)
    finally:
        await supervision.stop()
    assert said[-1].split() == ["tap", "without", "login:", "down"]


async def test_start_when_what_is_missing_is_needed_then_it_is_not_ready(folder, processes):
    checks = '{"checks": {"engine": {"ok": false, "detail": "down"}}}'
    needy = refusing(processes[1], checks, spares=frozenset({"login"}), ready_seconds=2)
    with pytest.raises(OperationFailed, match="tap is not ready after 2 s"):
        await start(Supervision(folder, [needy]), print)


async def test_start_when_two_start_at_once_then_one_is_told_so_and_the_other_wins(folder, processes):
    supervision = Supervision(folder, processes)
    try:
        results = await asyncio.gather(
            *(start(Supervision(folder, processes), print) for _ in range(2)), return_exceptions=True
        )
        assert await supervision.is_running()
    finally:
        await supervision.stop()
    assert True in results
    assert [str(result) for result in results if result is not True] == [
        "Kratt is being started already; `kratt status` shows how far it is"
    ]


async def test_start_when_the_state_folder_cannot_be_written_then_the_setting_is_named(folder, processes):
    (folder / "file").touch()
    with pytest.raises(SettingsError, match=r"^KRATT_STATE: "):
        await start(Supervision(folder / "file" / "state", processes), print)


async def test_start_when_a_process_never_gets_ready_then_it_is_named_and_nothing_is_left(folder, processes):
    idle = replace(processes[1], command=(sys.executable, "-c", "import signal; signal.pause()"), ready_seconds=1)
    supervision = Supervision(folder, (processes[0], idle))
    with pytest.raises(OperationFailed, match="tap is not ready after 1 s"):
        await start(supervision, print)
    assert not await supervision.is_running()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_run_when_it_gets_a_signal_then_everything_is_stopped(number, supervision):
    said: list[str] = []
    running = asyncio.create_task(run(supervision, "http://address", said.append, detach=False))
    await until(lambda: running.done() or any("http://address" in line for line in said))
    assert not running.done()
    os.kill(os.getpid(), number)
    await running
    assert said[-1] == "Stopped."
    assert not await supervision.is_running()


async def test_run_when_it_gets_a_signal_while_it_starts_then_everything_is_stopped(folder, processes):
    idle = replace(processes[1], command=(sys.executable, "-c", "import signal; signal.pause()"))
    supervision = Supervision(folder, (processes[0], idle))
    said: list[str] = []
    running = asyncio.create_task(run(supervision, "http://address", said.append, detach=False))
    await until(lambda: running.done() or any("ready in" in line for line in said))
    assert not running.done()
    os.kill(os.getpid(), signal.SIGINT)
    await running
    assert said[-1] == "Stopped."
    assert not await supervision.is_running()


async def test_run_when_detached_then_it_returns_and_a_second_one_says_that_it_runs(supervision):
    said: list[str] = []
    await run(supervision, "http://address", said.append, detach=True)
    assert await supervision.is_running()
    before = await supervision.states()
    await run(supervision, "http://address", said.append, detach=True)
    assert "running already: http://address" in said[-1]
    assert [state.pid for state in await supervision.states()] == [state.pid for state in before]


async def test_start_when_the_state_folder_has_a_long_path_then_the_setting_is_named(folder, processes):
    supervision = Supervision(folder / ("long" * 30), processes)
    with pytest.raises(SettingsError, match="KRATT_STATE"):
        await start(supervision, print)


async def test_start_when_supervisor_was_killed_before_then_its_traces_do_no_harm(folder, processes):
    supervision = Supervision(folder, processes)
    await start(supervision, print)
    pids = [state.pid for state in await supervision.states()]
    for pid in (int((folder / "supervisor" / "pid").read_text()), *pids):
        os.kill(pid, signal.SIGKILL)
    await asyncio.sleep(0.5)
    assert not await supervision.is_running()
    await start(supervision, print)
    assert await supervision.stop()


def test_check_startable_when_a_port_is_taken_then_process_port_and_setting_are_named(processes):
    with socket.socket() as other:
        other.bind(("127.0.0.1", processes[0].port))
        other.listen()
        with pytest.raises(SettingsError, match=rf"well .*127\.0\.0\.1:{processes[0].port}.*KRATT_WELL_PORT"):
            check_startable(processes)


def test_check_startable_when_the_address_is_not_ours_then_the_setting_is_named(processes):
    with pytest.raises(SettingsError, match="KRATT_HOST"):
        check_startable([replace(processes[0], host="192.0.2.1")])


def test_check_startable_when_a_file_is_missing_then_its_maker_is_named(processes, folder):
    needy = replace(processes[0], needs={folder / "model": "kratt train"})
    with pytest.raises(OperationFailed, match="`kratt train`"):
        check_startable([needy])


async def test_start_when_a_setting_cannot_be_passed_on_then_it_is_named(folder, processes):
    supervision = Supervision(folder, [replace(processes[0], environment={"TOKEN": 'a " quote'})])
    with pytest.raises(SettingsError, match=r"^TOKEN: ") as raised:
        await start(supervision, print)
    assert "quote" not in str(raised.value).replace("quotation", "")
