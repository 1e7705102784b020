"""Which of the services that content calls are really open to us, asked of X-Road itself (`allowedMethods`)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import BaseModel, ValidationError

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import NO_PATH, ServiceId
from actions.xroad.question import Question
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceError, ServiceRefused, ServiceUnintelligible

_ANSWER_SECONDS = 5.0
_PAUSES_SECONDS = (0, 2, 5, 15, 30)
"""Before each round: the security server may be started at the same moment as we are."""

_ANYTHING = "*"

_log = logging.getLogger("kratt.actions")


class Openness(StrEnum):
    """Whether we may call an endpoint."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Endpoint:
    """One method and path of a service, with `{name}` for what differs from call to call."""

    service: ServiceId
    method: str
    path: str


class _AllowedEndpoint(BaseModel):
    method: str
    path: str


class _AllowedService(BaseModel):
    # In snake case, whatever the OpenAPI annex of PR-MREST says: so are its example and X-Road's code.
    xroad_instance: str
    member_class: str
    member_code: str
    subsystem_code: str
    service_code: str
    endpoint_list: tuple[_AllowedEndpoint, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return self.xroad_instance, self.member_class, self.member_code, self.subsystem_code, self.service_code


class _Allowed(BaseModel):
    service: tuple[_AllowedService, ...]


class Preflight:
    """Asks every provider once after the start; what is closed is logged, and all of it kept for `/readiness`."""

    def __init__(self, xroad: XRoadClient, endpoints: Iterable[Endpoint]) -> None:
        self._xroad = xroad
        self._found = dict.fromkeys(endpoints, Openness.UNKNOWN)

    @property
    def report(self) -> Mapping[str, Mapping[str, str]]:
        """By X-Road service and operation: `open`, `closed`, or `unknown` as long as its provider was not heard."""
        report: dict[str, dict[str, str]] = {}
        for endpoint, openness in self._found.items():
            operations = report.setdefault("/".join(endpoint.service.parts), {})
            operations[f"{endpoint.method} {endpoint.path}"] = openness.value
        return report

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ask while other things are done; leaving does not wait for what was not answered."""
        asking = asyncio.create_task(self.run())
        try:
            yield
        finally:
            asking.cancel()
            await asyncio.wait([asking])

    async def run(self) -> None:
        """Ask all providers, and those that were not heard a few times more."""
        for pause in _PAUSES_SECONDS:
            providers = {endpoint.service.provider for endpoint in self._unknown()}
            if not providers:
                return
            await asyncio.sleep(pause)
            async with asyncio.TaskGroup() as group:
                for provider in providers:
                    group.create_task(self._ask(provider))

    def _unknown(self) -> list[Endpoint]:
        return [endpoint for endpoint, openness in self._found.items() if openness is Openness.UNKNOWN]

    async def _ask(self, provider: tuple[str, ...]) -> None:
        question = Question(ServiceId((*provider, "allowedMethods")), NO_PATH, subject=None, issue=None)
        allowed: tuple[_AllowedService, ...] = ()
        try:
            allowed = _read((await self._xroad.get(question, _ANSWER_SECONDS)).body)
        except ServiceRefused as refusal:  # nothing of a provider is open that X-Road will not even ask
            _log.warning("provider is not open to us", extra={"facts": _facts("/".join(provider), refusal)})
        except ServiceError as error:
            _log.warning("provider was not heard", extra={"facts": _facts("/".join(provider), error)})
            return
        for endpoint in self._unknown():
            if endpoint.service.provider == provider:
                self._keep(endpoint, is_open=_is_open(endpoint, allowed))

    def _keep(self, endpoint: Endpoint, *, is_open: bool) -> None:
        self._found[endpoint] = Openness.OPEN if is_open else Openness.CLOSED
        if not is_open:
            facts = {"service": "/".join(endpoint.service.parts), "operation": f"{endpoint.method} {endpoint.path}"}
            _log.warning("service is not open to us", extra={"facts": facts})


def endpoints_of(services: Iterable[Service]) -> Iterator[Endpoint]:
    """Every endpoint that content calls.

    Raises:
        ServiceRefused: a call names something that is no X-Road service.
    """
    for service in services:
        for call in service.calls:
            yield Endpoint(ServiceId.parse(call.service), "GET", call.path)
        for write in service.writes:
            yield Endpoint(ServiceId.parse(write.service), "POST", write.path)
            yield Endpoint(ServiceId.parse(write.service), "GET", write.status_path)


def _read(answer: object) -> tuple[_AllowedService, ...]:
    try:
        return _Allowed.model_validate(answer).service
    except ValidationError:
        raise ServiceUnintelligible("not a list of allowed methods") from None


def _is_open(endpoint: Endpoint, allowed: Iterable[_AllowedService]) -> bool:
    """Whether the service is allowed, and if it lists endpoints (one that is open as a whole need not), one of them."""
    return any(
        not service.endpoint_list or any(_covers(pattern, endpoint) for pattern in service.endpoint_list)
        for service in allowed
        if service.parts == endpoint.service.parts
    )


def _covers(pattern: _AllowedEndpoint, endpoint: Endpoint) -> bool:
    """`*` is any part of one segment, `**` goes on over slashes; a placeholder fits only what fits everything."""
    if pattern.method not in {endpoint.method, _ANYTHING}:
        return False
    segments = endpoint.path.split("/")
    reached = {0}
    for part in pattern.path.split("/"):
        # All ways at once, as a provider's pattern must not be able to make us try them one by one.
        ends = {at + 1 for at in reached if at < len(segments) and fnmatchcase(segments[at], part)}
        reached = set(range(min(ends), len(segments) + 1)) if ends and "**" in part else ends
    return len(segments) in reached


def _facts(provider: str, error: ServiceError) -> dict[str, str]:
    return {"provider": provider, "code": error.code, "detail": error.detail}
