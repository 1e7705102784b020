"""Supervisor, the program that keeps the processes running, and its control socket."""

import asyncio
import configparser
import contextlib
import fcntl
import os
import shlex
import ssl
import subprocess
import sys
import xmlrpc.client
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.core.errors import OperationFailed, SettingsError
from assistant.core.state_folder import make_private_folder, naming_the_state_folder
from assistant.operate.processes import Process
from assistant.settings import PROJECT

SOCKET_PATH_BYTES = 90  # sockaddr_un holds 104 to 108, and Supervisor appends its process id while it binds
ANSWER_SECONDS = 5.0
START_SECONDS = 30.0
POLL_SECONDS = 0.1
STOP_SECONDS = 10.0  # for one process, before it is killed
FAILED_STATES = frozenset({"BACKOFF", "EXITED", "FATAL", "UNKNOWN"})


@dataclass(frozen=True)
class ProcessState:
    """What Supervisor knows about one process; `state` is its word for it, `pid` is 0 while it does not run."""

    name: str
    state: str
    pid: int
    uptime_seconds: int

    @property
    def has_failed(self) -> bool:
        """Whether it is down without having been told to stop."""
        return self.state in FAILED_STATES


class Supervision:
    """The processes of one state folder, under one Supervisor."""

    def __init__(self, state: Path, processes: Iterable[Process]) -> None:
        self.processes = tuple(processes)
        self.logs = state / "logs"
        self._folder = state / "supervisor"
        self._socket = self._folder / "control.sock"

    def log(self, name: str) -> Path:
        """The log of a process."""
        return self.logs / f"{name}.log"

    @contextlib.contextmanager
    def only_starter(self) -> Iterator[None]:
        """Be the only one who starts these processes; the system takes the lock back from whoever dies.

        Raises:
            OperationFailed: somebody else is starting them.
            SettingsError: the state folder cannot be written.
        """
        with contextlib.ExitStack() as held:
            with naming_the_state_folder():
                make_private_folder(self._folder)
                lock = held.enter_context((self._folder / "start.lock").open("w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OperationFailed("Kratt is being started already; `kratt status` shows how far it is") from None
            yield

    def start(self) -> None:
        """Start Supervisor and, through it, all processes.

        It blocks for a fraction of a second: a cancellation must not leave a Supervisor that nobody knows of.

        Raises:
            OperationFailed: Supervisor does not start.
            SettingsError: the state folder cannot be written, or its path is too long for a socket.
        """
        if len(os.fsencode(self._socket)) > SOCKET_PATH_BYTES:
            raise SettingsError(f"KRATT_STATE: {self._socket} is too long for a socket, choose a shorter folder")
        configuration = self._folder / "supervisor.conf"
        with naming_the_state_folder():
            for folder in (self._folder, self.logs):
                make_private_folder(folder)
            configuration.touch(mode=0o600)
            with configuration.open("w") as file:
                self._configuration().write(file)
        _run([sys.executable, "-m", "supervisor.supervisord", "--configuration", str(configuration)])

    async def states(self) -> tuple[ProcessState, ...] | None:
        """The state of each process in order of start; None while Supervisor does not run."""
        answer = await self._call("supervisor.getAllProcessInfo")
        if not isinstance(answer, list):
            return None
        by_name = {info["name"]: _process_state(info) for info in answer}
        return tuple(by_name[process.name] for process in self.processes if process.name in by_name)

    async def stop(self) -> bool:
        """Stop all processes in reverse order and Supervisor itself; False if it was not running.

        Raises:
            OperationFailed: it still runs long after it should have ended.
        """
        if not await self.is_running():
            return False
        await self._call("supervisor.shutdown")
        for _ in range(int(STOP_SECONDS / POLL_SECONDS) * (len(self.processes) + 1)):
            await asyncio.sleep(POLL_SECONDS)
            if not await self.is_running():
                return True
        raise OperationFailed(f"Kratt does not stop; the process id of its supervisor is in {self._folder / 'pid'}")

    async def start_process(self, name: str) -> None:
        """Start one process, without waiting for it; nothing, if it runs."""
        await self._call("supervisor.startProcess", name, False)  # False: not to wait

    async def stop_process(self, name: str) -> None:
        """Stop one process.

        Raises:
            OperationFailed: it still runs long after it should have ended.
        """
        await self._call("supervisor.stopProcess", name, False)
        for _ in range(int(2 * STOP_SECONDS / POLL_SECONDS)):
            if not (await self.state(name)).pid:
                return
            await asyncio.sleep(POLL_SECONDS)
        raise OperationFailed(f"{name} does not stop; see {self.log('supervisor')}")

    async def state(self, name: str) -> ProcessState:
        """The state of one process.

        Raises:
            OperationFailed: Supervisor does not run, or knows no such process.
        """
        for each in await self.states() or ():
            if each.name == name:
                return each
        raise OperationFailed(f"{name} is no process of a Kratt that runs here: `kratt up` starts it")

    async def is_running(self) -> bool:
        """Whether Supervisor answers."""
        return await self._call("supervisor.getState") is not None

    async def _call(self, method: str, *arguments: str | bool) -> object:
        body = xmlrpc.client.dumps(arguments, method)
        transport = httpx.AsyncHTTPTransport(uds=str(self._socket), verify=no_certificates())
        async with httpx.AsyncClient(transport=transport, timeout=ANSWER_SECONDS) as client:
            try:
                response = await client.post("http://supervisor/RPC2", content=body)
            except httpx.TransportError:
                return None
        try:
            return xmlrpc.client.loads(response.content)[0][0]
        except xmlrpc.client.Fault as fault:  # it is shutting down
            return fault.faultString

    def _configuration(self) -> configparser.RawConfigParser:
        configuration = configparser.RawConfigParser()
        log_rotation = {"logfile_maxbytes": "10MB", "logfile_backups": "3"}
        sections: dict[str, Mapping[str, str]] = {
            "unix_http_server": {"file": str(self._socket), "chmod": "0600"},
            "rpcinterface:supervisor": {
                "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
            },
            "supervisorctl": {"serverurl": f"unix://{self._socket}"},  # for an operator who stops one process
            "supervisord": {
                "logfile": str(self.log("supervisor")),
                "pidfile": str(self._folder / "pid"),
                "umask": "077",
                **log_rotation,
            },
        }
        for priority, process in enumerate(self.processes, start=1):
            sections[f"program:{process.name}"] = {
                "command": shlex.join(process.command),
                "environment": ",".join(_assignment(*variable) for variable in process.environment.items()),
                "directory": str(PROJECT),
                "priority": str(priority),
                "autostart": "false" if process.is_on_demand else "true",
                "autorestart": "true",
                "stopasgroup": "true",
                "killasgroup": "true",
                "stopwaitsecs": str(int(STOP_SECONDS)),
                "redirect_stderr": "true",
                "stdout_logfile": _escape(str(self.log(process.name))),  # which Supervisor expands twice
                **{f"stdout_{name}": value for name, value in log_rotation.items()},
            }
        for section, values in sections.items():
            configuration[section] = {name: _escape(value) for name, value in values.items()}
        return configuration


def no_certificates() -> ssl.SSLContext:
    """For clients of plain HTTP: loading the usual certificates takes longer than the answer."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _escape(value: str) -> str:
    return value.replace("%", "%%")


def _assignment(name: str, value: str) -> str:
    if '"' in value:  # Supervisor's configuration has no way to write one
        raise SettingsError(f"{name}: a quotation mark cannot stand in it")
    return f'{name}="{value}"'


def _process_state(info: Mapping[str, object]) -> ProcessState:
    pid, now, start = (int(str(info[key])) for key in ("pid", "now", "start"))
    return ProcessState(str(info["name"]), str(info["statename"]), pid, max(0, now - start) if pid else 0)


def _run(command: list[str]) -> None:
    try:
        # In a session of its own, Ctrl-C at the terminal does not reach it: we tell it to stop.
        subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=START_SECONDS, start_new_session=True
        )
    except subprocess.CalledProcessError as error:
        raise OperationFailed(f"Supervisor does not start: {error.stderr.strip()}") from None
    except subprocess.TimeoutExpired:
        raise OperationFailed(f"Supervisor does not start within {START_SECONDS:.0f} s") from None
