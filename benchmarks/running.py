"""What the benchmarks measure: a Kratt of their own, and the stock Rasa that a team would start from instead.

Both run on free ports with state of their own and are stopped at the end, so a Kratt that runs already is left alone.
"""

import asyncio
import copy
import hashlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
from ruamel.yaml import YAML

from assistant.content.compile import LANGUAGE_SLOT, RASA_VERSION, compile_content
from assistant.content.project import Content, read_content
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.operate.engine_client import engine_client
from assistant.operate.gateway_client import GatewayClient
from assistant.operate.processes import kratt_processes
from assistant.operate.status import ProcessStatus, read_status
from assistant.operate.supervision import Supervision, no_certificates
from assistant.settings import PROJECT, Settings

STOCK_FOLDER = PROJECT / "var" / "benchmarks" / "stock_content"
STOCK_PIPELINE: list[dict[str, object]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "epochs": 100},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
"""The pipeline of `rasa init` (rasa/cli/initial_project/config.yml)."""
STOCK_EPOCHS = 1
STOCK_POLICIES: list[dict[str, object]] = [
    {"name": "MemoizationPolicy"},
    {"name": "TEDPolicy", "max_history": 5, "epochs": STOCK_EPOCHS},
    {"name": "RulePolicy"},
]
"""The policies of `rasa init`, which names no others."""
ANSWER_SECONDS = 60.0
START_SECONDS = 300.0
POLL_SECONDS = 0.25

Ask = Callable[[str], Awaitable[str]]
"""Sends one message of a conversation; what came of it: the outcome, or "failed"."""
Parse = Callable[[str], Awaitable[str]]
"""The first intent of a text outside any conversation."""


class System(Protocol):
    """A running assistant."""

    @property
    def name(self) -> str:
        """What its column is called."""
        ...

    @property
    def seconds_to_ready(self) -> float:
        """From the command to the first answer."""
        ...

    def conversation(self, person: str = "") -> AbstractAsyncContextManager[Ask]:
        """A new conversation, of a logged-in test person if one is named."""
        ...

    def understanding(self) -> AbstractAsyncContextManager[Parse]:
        """The engine alone."""
        ...

    async def memory_megabytes(self) -> Mapping[str, float]:
        """Resident memory by process."""
        ...


@dataclass(frozen=True)
class RunningKratt:
    """All four processes of Kratt."""

    settings: Settings
    seconds_to_ready: float
    name: str = "Kratt"

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self.settings.process_url("gateway")

    def cookies(self, person: str) -> httpx.Cookies:
        """The cookies of a new conversation in which this person is logged in."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=ANSWER_SECONDS) as client:
            if person:
                GatewayClient(client, Language.EN).log_in(person)
            return client.cookies

    @asynccontextmanager
    async def conversation(self, person: str = "") -> AsyncIterator[Ask]:
        """Typed turns over `POST /v1/turns`."""
        async with _client(self.url, self.cookies(person) if person else None) as client:

            async def ask(text: str) -> str:
                response = await client.post("/v1/turns", json={"text": text, "language": "en"})
                return str(response.raise_for_status().json()["outcome"])

            yield ask

    @asynccontextmanager
    async def understanding(self) -> AsyncIterator[Parse]:
        """What the gateway asks when nothing shall be done: the engine's `parse`."""
        async with engine_client(self.settings) as engine:

            async def parse(text: str) -> str:
                found = await engine.parse(text, Language.EN, Deadline.after(ANSWER_SECONDS))
                return found.intent.name if found.intent else "failed"

            yield parse

    async def register_milliseconds(self, person: str, calls: int) -> list[float]:
        """What the documents register itself takes to answer, asked without Kratt."""
        address = f"/r1/EE/GOV/70008747/itds/documents/v1/persons/{person}/documents"
        headers = {"X-Road-Client": self.settings.xroad_client, "X-Road-UserId": person}
        milliseconds = []
        async with _client(self.settings.process_url("sandbox")) as client:
            for _ in range(calls):
                begin = time.perf_counter()
                (await client.get(address, headers=headers)).raise_for_status()
                milliseconds.append((time.perf_counter() - begin) * 1000)
        return milliseconds

    async def memory_megabytes(self) -> Mapping[str, float]:
        """As `kratt status` counts it, voices and recogniser included."""
        return {status.name: status.memory_megabytes or 0.0 for status in await self._statuses()}

    async def pid_of(self, process: str) -> int:
        """The number of one of its processes."""
        return next(status.pid for status in await self._statuses() if status.name == process)

    async def turns_taken(self) -> int:
        """How many turns the gateway has counted since its start."""
        headers = {"Authorization": f"Bearer {self.settings.secret('metrics_token')}"}
        async with _client(self.url) as client:
            figures = (await client.get("/metrics", headers=headers)).raise_for_status().text
        return sum(int(float(count)) for count in re.findall(r"^kratt_turns_total\{.*} (\S+)$", figures, re.MULTILINE))

    async def _statuses(self) -> tuple[ProcessStatus, ...]:
        return await read_status(Supervision(self.settings.state, kratt_processes(self.settings)))


@dataclass(frozen=True)
class RunningStockRasa:
    """Kratt's content on the stock pipeline and policies, served by `rasa run --enable-api`."""

    url: str
    pid: int
    seconds_to_ready: float
    name: str = "stock Rasa"

    @asynccontextmanager
    async def conversation(self, person: str = "") -> AsyncIterator[Ask]:
        """Messages over its REST channel; it knows no persons."""
        sender = os.urandom(8).hex()
        async with _client(self.url) as client:

            async def ask(text: str) -> str:
                body = {"sender": sender, "message": text}
                response = await client.post("/webhooks/rest/webhook", json=body)
                return Outcome.ANSWERED.value if response.raise_for_status().json() else "failed"

            yield ask

    @asynccontextmanager
    async def understanding(self) -> AsyncIterator[Parse]:
        """Rasa's own `POST /model/parse`."""
        async with _client(self.url) as client:

            async def parse(text: str) -> str:
                response = await client.post("/model/parse", json={"text": text})
                return str(response.raise_for_status().json()["intent"]["name"])

            yield parse

    async def memory_megabytes(self) -> Mapping[str, float]:
        """Its one process."""
        resident = (Path("/proc") / str(self.pid) / "statm").read_text().split()[1]
        return {"rasa": int(resident) * os.sysconf("SC_PAGE_SIZE") / 1e6}


@contextmanager
def running_kratt(**own: str) -> Iterator[RunningKratt]:
    """Kratt with the model of this tree, trained first if the content has changed; `own` are further settings."""
    with tempfile.TemporaryDirectory(prefix="k") as state:
        ports = dict(zip(("gateway", "engine", "candidate", "actions", "sandbox"), free_ports(5), strict=True))
        # One citizen on one address is all the citizens of the benchmarks.
        limits = dict.fromkeys(("turns_per_minute", "address_turns_per_minute", "address_logins_per_minute"), "0")
        values = {"state": state, **limits, **own, **{f"{name}_port": str(port) for name, port in ports.items()}}
        environment = {**os.environ, **{f"KRATT_{name.upper()}": value for name, value in values.items()}}  # noqa: TID251
        _kratt(environment, "train")
        begin = time.perf_counter()
        _kratt(environment, "up", "--detach")
        try:
            settings = Settings(**values)  # type: ignore[arg-type]  # pydantic reads numbers and paths from strings
            yield RunningKratt(settings, time.perf_counter() - begin)
        finally:
            _kratt(environment, "down")


@contextmanager
def running_stock_rasa() -> Iterator[RunningStockRasa]:
    """Kratt's own content on the pipeline and policies of `rasa init`, with the Rasa of Kratt's own engine.

    It is trained once per content, into var/, and for STOCK_EPOCHS epochs instead of 100: how long a network was
    trained changes what it answers, not how fast it does or how large it is.
    """
    compiled = hashlib.sha256(repr(stock_files(read_content(PROJECT / "nlu_data"))).encode()).hexdigest()
    trained = STOCK_FOLDER / "trained_on"
    if not trained.exists() or trained.read_text() != compiled:
        _train_stock_rasa()
        trained.write_text(compiled)
    port = free_ports(1)[0]
    begin = time.perf_counter()
    with running_rasa(STOCK_FOLDER, port) as pid:
        yield RunningStockRasa(f"http://127.0.0.1:{port}", pid, time.perf_counter() - begin)


def stock_files(content: Content) -> dict[str, object]:
    """A Rasa project of the content, by path: what Kratt compiles, and stories, without which TED would have no part.

    Nothing here tells stock Rasa the language of a turn, so its slot starts as English. Each service gets the happy
    path as its story: greeting, request, thanks.
    """
    compiled = compile_content(content)
    domain = copy.deepcopy(compiled["domain.yml"])
    domain["slots"][LANGUAGE_SLOT]["initial_value"] = Language.EN.value  # type: ignore[index]
    stories = [
        {
            "story": service.service,
            "steps": [*_steps("greet"), *_steps(service.service, service.action), *_steps("thank")],
        }
        for service in content.services
    ]
    config = {"recipe": "default.v1", "assistant_id": "stock", "language": "xx", "policies": STOCK_POLICIES}
    pipeline = [each | {"epochs": STOCK_EPOCHS} if "epochs" in each else each for each in STOCK_PIPELINE]
    return compiled | {
        "domain.yml": domain,
        "data/stories.yml": {"version": RASA_VERSION, "stories": stories},
        "config.yml": config | {"pipeline": pipeline},
    }


def _steps(intent: str, action: str = "") -> list[dict[str, str]]:
    return [{"intent": intent}, {"action": action or f"utter_{intent}"}]


def _train_stock_rasa() -> None:
    yaml = YAML()
    yaml.width = 4096
    for name, data in stock_files(read_content(PROJECT / "nlu_data")).items():
        path = STOCK_FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)
    words = ("train", "--fixed-model-name", "stock")
    subprocess.run(rasa(*words), cwd=STOCK_FOLDER, env=quiet(), stdout=sys.stderr, check=True)


@contextmanager
def running_rasa(folder: Path, port: int, *words: str) -> Iterator[int]:
    """`rasa run --enable-api` in a project's folder, ready to answer; its process id."""
    command = rasa("run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port), *words)
    with (folder / "run.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=quiet(), stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/status", process, folder / "run.log")
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def asked_alone(script: Path, question: object, *packages: str) -> Any:
    """What a script says to a question, both JSON, in an environment of its own; None if that cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder, "bin", "python")
        try:
            venv.create(folder, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True, capture_output=True)
        except subprocess.CalledProcessError:
            return None
        done = subprocess.run([python, script], input=json.dumps(question), check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; numbers get three significant digits."""
    lines = [header, ["---"] * len(header), *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _client(url: str, cookies: httpx.Cookies | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, cookies=cookies, timeout=ANSWER_SECONDS, trust_env=False, verify=no_certificates()
    )


def _kratt(environment: Mapping[str, str], *words: str) -> None:
    command = [sys.executable, "-P", "-m", "assistant.cli", *words]
    subprocess.run(command, cwd=PROJECT, env=environment, stdout=sys.stderr, check=True)


def rasa(*words: str) -> list[str]:
    """The command line of Rasa in Kratt's engine environment."""
    return [str(PROJECT / ".venv-engine" / "bin" / "python"), "-W", "ignore", "-m", "rasa", *words]


def quiet() -> dict[str, str]:
    """The environment of a Rasa that keeps to itself."""
    own = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    return {**os.environ, **own}  # noqa: TID251  # the process needs PATH and the like


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    async def wait() -> None:
        async with asyncio.timeout(START_SECONDS), _client("") as client:
            while process.poll() is None:
                try:
                    if (await client.get(url)).is_success:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(POLL_SECONDS)
            raise RuntimeError(f"Rasa died; see {log}")

    asyncio.run(wait())
