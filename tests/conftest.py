"""The whole of Kratt, running once in each process of tests that need all of it."""

import fcntl
import functools
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from assistant.content.project import Content, read_content
from assistant.core.desk_agents import new_agent
from assistant.core.editors import Editor, Role, add_editor
from assistant.core.languages import Language
from assistant.operate.gateway_client import GatewayClient
from assistant.operate.supervision import no_certificates
from assistant.settings import PROJECT, Settings

CHROMIUM = Path("/usr/bin/chromium")

_NEEDS_KRATT = re.compile(r"[(,] *kratt(_url)?[,:)]")
"""A parameter that is the running Kratt; tests in _FOLDERS_OF_KRATT may get it by way of other fixtures."""
_BROWSER = "tests/browser/"
_FOLDERS_OF_KRATT = (_BROWSER, "tests/conversations/")
_CONSOLES_OF_THEIR_OWN = ("tests/browser/test_console_ed", "tests/browser/test_first_service.py")
"""Editing needs no citizens: these run beside the Kratt that the others share."""

# How long an example takes is the machine's matter.
_SLOW = [hypothesis.HealthCheck.too_slow]
# The same examples each time: what fails must have been changed. Others are looked for by the profile `long`.
hypothesis.settings.register_profile("kratt", deadline=None, suppress_health_check=_SLOW, derandomize=True)
hypothesis.settings.register_profile("long", deadline=None, suppress_health_check=_SLOW, max_examples=1000)
hypothesis.settings.load_profile("kratt")


@dataclass(frozen=True)
class RunningKratt:
    """A complete Kratt on ports of its own: real Rasa, real Vosk, real voices, real HTTP between processes."""

    settings: Settings
    environment: Mapping[str, str]
    embedder: str
    """The origin of a web site that may carry the chat widget; nobody serves it yet."""
    agent_token: str

    @property
    def url(self) -> str:
        return self.settings.process_url("gateway")

    def command(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run `kratt` the way a person at a terminal would."""
        command = [sys.executable, "-m", "assistant.cli", *words]
        return subprocess.run(
            command,
            cwd=PROJECT,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def log_in(self, client: httpx.Client, person: str) -> None:
        """Log a test person in through the sandbox TARA page, as a browser would."""
        GatewayClient(client, Language.EN).log_in(person)

    def link_app(self, client: httpx.Client) -> httpx.Response:
        """Link the Smart-ID app of who is logged in, as their own phone would: the sandbox has the app."""
        opened = client.get("/v1/smart-id").headers["location"]
        with httpx.Client(base_url=self.settings.process_url("sandbox"), trust_env=False) as sandbox:
            back = sandbox.post("/sandbox/smart-id/scans", json={"link": opened}).json()["callbackUrl"]
        return client.get(httpx.URL(back).raw_path.decode())

    def agent(self) -> httpx.Client:
        """An agent of the desk, who is on duty once they ask for the queue, and until they leave."""
        headers = {"Authorization": f"Bearer {self.agent_token}"}
        return httpx.Client(base_url=self.url, trust_env=False, verify=no_certificates(), timeout=20, headers=headers)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, verify=no_certificates(), timeout=20)


@pytest.fixture(scope="session")
def trained_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models with one of dialogue, which is trained once per test run: to be copied, not to be changed."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "trained"  # noqa: TID251
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        models = shared / "models"
        if not models.exists():
            content = content_repository(tmp_path_factory.mktemp("trained"))
            own = {"KRATT_CONTENT": str(content), "KRATT_MODELS": str(models_folder(shared / "unfinished"))}
            command = [sys.executable, "-m", "assistant.cli", "train"]
            environment = {**os.environ, **own}  # noqa: TID251  # the processes need PATH and the like
            subprocess.run(command, cwd=PROJECT, env=environment, check=True, timeout=600)
            (shared / "unfinished").rename(models)
    return models


@pytest.fixture(scope="session")
def kratt(tmp_path_factory: pytest.TempPathFactory, trained_models: Path) -> Iterator[RunningKratt]:
    # A short folder: the supervisor's socket lies in it.
    state = tmp_path_factory.mktemp("k")
    *own_ports, embedders_port = free_ports(12)
    names = ("GATEWAY", "ENGINE", "CANDIDATE", "ACTIONS", "SANDBOX", "VOSK", "WYOMING", "CONSOLE")
    names += ("TRYOUT_ENGINE", "TRYOUT_ACTIONS", "TRYOUT_SANDBOX")
    ports = dict(zip(names, own_ports, strict=True))
    embedder = f"http://localhost:{embedders_port}"
    token, line = new_agent("Tiiu")
    agents = state / "agents"
    agents.write_text(line, encoding="utf-8")
    editors = tmp_path_factory.mktemp("console") / "editors"  # it has a personal code
    add_editor(editors, Editor("EE60001019906", "Mari Maasikas", "mari@example.ee", frozenset(Role)))
    # Conversations let registers fail again and again; the breaker has tests of its own.
    own = {
        "KRATT_STATE": str(state),
        "KRATT_CONTENT": str(content_repository(tmp_path_factory.mktemp("content"))),
        "KRATT_MODELS": str(shutil.copytree(trained_models, state / "models", symlinks=True)),
        "KRATT_CONSOLE_EDITORS": str(editors),
        "KRATT_DESK_AGENTS": str(agents),
        "KRATT_DESK_HOURS": str(PROJECT / "tests" / "data" / "desk.yml"),
        "KRATT_XROAD_FAILURES": "0",
        "KRATT_PHONE_QUESTIONS": "0",
        "KRATT_CONNECTORS": "rasa_channels,vosk_websocket,wyoming,alexa,conversation_relay",
        "KRATT_ALEXA_SKILL_IDS": "amzn1.ask.skill.ours",
        "KRATT_RELAY_AUTH_TOKEN": "12345678901234567890123456789012",
        # One citizen on one address is all the citizens of the tests.
        **dict.fromkeys(("KRATT_TURNS_PER_MINUTE", "KRATT_ADDRESS_TURNS_PER_MINUTE"), "0"),
        "KRATT_ADDRESS_LOGINS_PER_MINUTE": "0",
        **dict.fromkeys(("KRATT_WIDGET_ORIGINS", "KRATT_RASA_ORIGINS"), embedder),
        **{f"KRATT_{name}_PORT": str(port) for name, port in ports.items()},
    }
    environment = {**os.environ, **own}  # noqa: TID251  # the processes need PATH and the like
    settings = Settings(**{name.removeprefix("KRATT_").lower(): value for name, value in own.items()})
    running = RunningKratt(settings, environment, embedder, token)
    done = running.command("up", "--detach")
    assert done.returncode == 0, done.stdout + done.stderr
    yield running
    done = running.command("down")
    assert done.returncode == 0, done.stdout + done.stderr


def content_repository(folder: Path) -> Path:
    """A copy of the content in a repository of its own: what editors do in tests stays there."""
    content = Path(shutil.copytree(PROJECT / "nlu_data", folder / "nlu_data"))
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.ee")
    # At one time, so that the commit is the same wherever it is made: a trained model names it.
    when = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-01T00:00:00Z")
    for words in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-q", "-m", "As it was")):
        subprocess.run(["git", *words], cwd=content, env={**os.environ, **when}, check=True)  # noqa: TID251
    return content


def models_folder(folder: Path) -> Path:
    """Models as they come with Kratt: those of speech, and none of dialogue."""
    folder.mkdir()
    (folder / "speech").symlink_to(PROJECT / "models" / "speech")
    return folder


@pytest.fixture(scope="session")
def kratt_url(kratt: RunningKratt) -> str:
    return kratt.url


@pytest.fixture(scope="session")
def content() -> Content:
    """Kratt's own content: what holds for it must hold for an editor's."""
    return read_content(PROJECT / "nlu_data")


@pytest.fixture(scope="session")
def find_free_ports() -> Callable[[int], list[int]]:
    return free_ports


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; all are held until the last is found."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class Together(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Where tests run in several processes, those of a file run in one, and all that share a Kratt.

    Tests in a browser share one, all others another, so that two processes have about as much to do.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        if not _needs_kratt(file):
            return file
        return "kratt in a browser" if file.startswith(_BROWSER) else "kratt"


@functools.cache
def _needs_kratt(file: str) -> bool:
    if file.startswith(_CONSOLES_OF_THEIR_OWN):
        return False
    text = (PROJECT / file).read_text(encoding="utf-8")
    return file.startswith(_FOLDERS_OF_KRATT) or _NEEDS_KRATT.search(text) is not None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Complain of a test that would start a second Kratt."""
    if "kratt" in getattr(item, "fixturenames", ()) and not _needs_kratt(item.nodeid.partition("::")[0]):
        raise pytest.UsageError(f"{item.nodeid} shares the Kratt, and its file does not show it")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Say which tests may run apart."""
    return Together(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many attacks were run, and how many got through."""
    attacks = {
        outcome: [each for each in terminalreporter.stats.get(outcome, ()) if "attack" in getattr(each, "keywords", ())]
        for outcome in ("passed", "failed")
    }
    if count := sum(map(len, attacks.values())):
        terminalreporter.write_line(f"{count} attacks, of which {len(attacks['failed'])} got through")
