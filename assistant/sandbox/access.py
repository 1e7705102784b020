"""Access rights: denied by default, given for a service or for some of its endpoints (X-Road UG-SS, section 7)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.sandbox.provider import Endpoint
from assistant.sandbox.xroad_message import Identifier

CLOSED_SERVICES = frozenset({("EE", "GOV", "70000310", "karr", "convictions")})
"""Services that the assistant has no right to."""

_GLOB = re.compile(r"\\(?P<escaped>[\\*])|(?P<any>\*\*)|(?P<part>\*)|(?P<other>.)", re.DOTALL)


@dataclass(frozen=True)
class AccessRight:
    """What may be called: one method or `*`, and paths; `*` is anything in a segment, `**` anything at all."""

    service: Identifier
    method: str = "*"
    path: str = "**"

    def covers(self, service: Identifier, endpoint: Endpoint) -> bool:
        """Whether the endpoint of the service is within it."""
        if service != self.service or self.method not in {"*", endpoint.method}:
            return False
        return re.fullmatch(compile_glob(self.path), endpoint.path, re.DOTALL) is not None


@dataclass(frozen=True)
class AccessRights:
    """The rights of each registered client."""

    by_client: Mapping[Identifier, tuple[AccessRight, ...]]

    def knows(self, client: Identifier) -> bool:
        """Whether the client is registered."""
        return client in self.by_client

    def allow(self, client: Identifier, service: Identifier, endpoint: Endpoint) -> bool:
        """Whether the client may call it; the path is decoded."""
        return any(right.covers(service, endpoint) for right in self.by_client.get(client, ()))

    def has_any(self, client: Identifier, service: Identifier) -> bool:
        """Whether the client may call anything of the service."""
        return any(right.service == service for right in self.by_client.get(client, ()))


def standing_rights(services: Iterable[Identifier], *, assistant: Identifier, tracker: Identifier) -> AccessRights:
    """The rights in the sandbox: the assistant has nearly all, the data tracker what it asks of every provider."""
    assistants = tuple(AccessRight(service) for service in services if service not in CLOSED_SERVICES)
    tracked = AccessRight((*assistant, "findUsage"), "GET", "/v2/**")
    return AccessRights({assistant: assistants, tracker: (tracked,)})


def compile_glob(glob: str) -> str:
    r"""The regular expression of an X-Road path pattern; `\` takes the meaning from `*` and `\`."""
    return "".join(map(_expression, _GLOB.finditer(glob)))


def _expression(match: re.Match[str]) -> str:
    if match["any"]:
        return ".*"
    if match["part"]:
        return "[^/]*"
    return re.escape(match["escaped"] or match["other"])
