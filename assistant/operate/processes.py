"""The processes that make up Kratt on one machine."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.content.model_bank import MODEL
from assistant.settings import PROJECT, Settings
from assistant.tryout_settings import environment_of_try_outs, has_try_outs, settings_of_try_outs

SPARES = frozenset({"recogniser", "login"})  # without them, who types may still ask what is public
LARGEST_FRAME_BYTES = 1024 * 1024  # of the speech WebSocket: ten seconds at 48 kHz
READY = "/webhooks/kratt/ready"
NO_MODEL = "no model is loaded"  # said by assistant/engine/channel.py
READY_SECONDS = 300.0  # the first time, on a slow disk or a busy machine; who dies is noticed at once


@dataclass(frozen=True)
class Process:
    """One process: how it is started, and the address that answers 200 within `ready_seconds` once it is ready.

    `needs` are files without which it cannot start, each with the command that makes it; `hopeless` are words of a 503
    that no waiting will change, each with the command that helps; `spares` are the checks in its answer which it can
    do some of its work without. Without an address it is ready as soon as it runs. One that is `is_on_demand` starts
    when somebody wants it.
    """

    name: str
    command: tuple[str, ...]
    host: str
    port: int = 0
    ready_url: str = ""
    ready_seconds: float = READY_SECONDS
    ready_headers: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[Path, str] = field(default_factory=dict)
    hopeless: Mapping[str, str] = field(default_factory=dict)
    spares: frozenset[str] = frozenset()
    is_on_demand: bool = False

    @property
    def port_setting(self) -> str:
        """The variable that moves it to another port."""
        return f"KRATT_{self.name.upper()}_PORT"


def kratt_processes(settings: Settings) -> tuple[Process, ...]:
    """All processes, in the order in which they start; they stop in the opposite one."""
    simulated = () if settings.is_production else (_app_process(settings, "sandbox"),)
    return (
        *simulated,
        _app_process(settings, "actions"),
        _engine_process(settings),
        _candidate_process(settings),
        *((_app_process(settings, "console"),) if settings.console_editors else ()),
        *(tryout_processes(settings) if has_try_outs(settings) else ()),
        # Sound hardly shrinks: browsers would deflate every frame of it for nothing, and the gateway inflate it.
        _app_process(
            settings,
            "gateway",
            *("--ws-max-size", str(LARGEST_FRAME_BYTES), "--ws-per-message-deflate", "false"),
        ),
        _publisher_process(settings),
    )


def tryout_processes(settings: Settings) -> tuple[Process, ...]:
    """A second Kratt without a gateway, while an editor tries a draft."""
    own, environment = settings_of_try_outs(settings), environment_of_try_outs(settings)
    engine = replace(_engine_process(own), needs={settings.engine_python: "make setup"})
    simulated, actions = (
        replace(process, environment=environment)
        for process in (_app_process(own, "sandbox"), _app_process(own, "actions"))
    )
    return tuple(replace(each, name=f"tryout_{each.name}", is_on_demand=True) for each in (simulated, actions, engine))


def candidate_model(settings: Settings) -> Path:
    """The model that the engine on trial starts with."""
    return settings.state / "candidate" / MODEL.name


def _app_process(settings: Settings, name: str, *options: str) -> Process:
    port: int = getattr(settings, f"{name}_port")
    # The gateway is ready when all that it needs is: it answers for itself at once, but for the whole only at the end.
    path = "/readyz" if name == "gateway" else "/healthz"
    command = [sys.executable, "-P", "-m", "uvicorn", "--factory", f"assistant.bootstrap.{name}:create"]
    command += ["--app-dir", str(PROJECT), "--host", settings.host, "--port", str(port)]
    command += ["--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "5"]
    # h11 bounds a request's head (64 KiB), which httptools keeps whatever its size, and shows an absolute request URI.
    http = "assistant.gateway.impatient_http:ImpatientHttp" if name == "gateway" else "h11"
    command += ["--http", http, *options]
    # What a client says of itself in X-Forwarded-* is not believed; what the operator's own proxy says of it, is.
    trusted = settings.trusted_proxies if name == "gateway" else ""
    command += ["--proxy-headers", "--forwarded-allow-ips", trusted] if trusted else ["--no-proxy-headers"]
    return Process(
        name=name,
        command=tuple(command),
        host=settings.host,
        port=port,
        ready_url=settings.process_url(name) + path,
        spares=SPARES if name == "gateway" else frozenset(),
    )


def _publisher_process(settings: Settings) -> Process:
    command = (sys.executable, "-P", "-m", "assistant.operate.publisher")
    return Process("publisher", command, settings.host, environment={"PYTHONPATH": str(PROJECT)})


def _candidate_process(settings: Settings) -> Process:
    """A second engine, while a new model is tried."""
    live, port, model = _engine_process(settings), settings.candidate_port, candidate_model(settings)
    changed = {str(settings.models / MODEL): str(model), str(settings.engine_port): str(port)}
    return replace(
        live,
        name="candidate",
        command=tuple(changed.get(word, word) for word in live.command),
        port=port,
        ready_url=f"{settings.process_url('candidate')}{READY}",
        needs={settings.engine_python: "make setup"},
        is_on_demand=True,
    )


def _engine_process(settings: Settings) -> Process:
    folder = PROJECT / "assistant" / "engine"
    token = settings.secret("engine_token")
    model = settings.models / MODEL
    command = [str(settings.engine_python), "-m", "assistant.engine.lean_rasa", "run", "--model", str(model)]
    command += ["--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml")]
    command += ["--interface", settings.host, "--port", str(settings.engine_port)]
    return Process(
        name="engine",
        command=tuple(command),
        host=settings.host,
        port=settings.engine_port,
        ready_url=f"{settings.process_url('engine')}{READY}",
        ready_headers={"Authorization": f"Bearer {token}"},
        environment={
            "KRATT_ENGINE_TOKEN": token,
            "KRATT_ACTIONS_URL": f"{settings.process_url('actions')}/webhook",
            "KRATT_ACTIONS_AUTHORIZATION": f"Bearer {settings.secret('actions_token')}",
            "KRATT_DIALOGUE_DATABASE": settings.dialogue_database_url,
            "KRATT_DATA_KEY": settings.secret("data_key"),
            "KRATT_SESSION_MINUTES": str(settings.session_minutes),
            "RASA_TELEMETRY_ENABLED": "false",
            "PYTHONPATH": str(PROJECT),  # this Kratt's own components, whatever is installed
            # The network's matrices are too small to share: more threads would only wait for each other.
            "OPENBLAS_NUM_THREADS": "1",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        },
        needs={settings.engine_python: "make setup", model: "kratt train"},
        # Rasa listens only after it has tried to load the model, and goes on without one.
        hopeless={NO_MODEL: "kratt train"},
    )
