"""What our own X-Road services have in common: who may call them, and how they refuse."""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any
from urllib.parse import unquote

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from assistant.core.errors import ServiceError

_KEY = re.compile(r"[\w\-]{16,128}", re.ASCII)

PROBLEM = "application/problem+json"


class CallRefused(Exception):
    """The answer is a problem (RFC 9457) of this status and code; neither it nor its title holds what was asked."""

    def __init__(self, status: int, code: str, title: str) -> None:
        """Keep what the answer says."""
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title


class ProviderRoute(APIRoute):
    """A route that answers with problems instead of FastAPI's errors, which quote what was asked."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with our errors translated."""
        handle = super().get_route_handler()

        async def handle_or_refuse(request: Request) -> Response:
            try:
                return await handle(request)
            except CallRefused as refusal:
                return _problem(refusal.status, refusal.code, refusal.title)
            except ServiceError as error:
                return _problem(500, error.code, "the record does not answer")

        return handle_or_refuse


@dataclass(frozen=True)
class Callers:
    """The subsystems that may call, as their X-Road identifiers, and the `networks` that their calls come from.

    The security server vouches for `X-Road-Client`; anybody else may write there what they like.
    """

    clients: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]

    def check(self, request: Request) -> None:
        """Let only these subsystems pass.

        Raises:
            CallRefused: the call does not come from the security server, or names another subsystem, none, or several.
        """
        if not self._is_security_server(request):
            raise CallRefused(403, "address_not_allowed", "only the security server may call")
        if unquote(_only(request, "X-Road-Client")) not in self.clients:
            raise CallRefused(403, "client_not_allowed", "this service is not open to the calling subsystem")

    def check_own(self, request: Request, person: str) -> None:
        """Let a person reach only what is about them; acting for somebody else is not possible here.

        Raises:
            CallRefused: as `check`; or `X-Road-UserId` names nobody or somebody else.
        """
        self.check(request)
        if _only(request, "X-Road-UserId") != person:
            raise CallRefused(403, "person_not_allowed", "X-Road-UserId is another person than the one asked about")

    def _is_security_server(self, request: Request) -> bool:
        try:
            address = ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        return any(address in network for network in self.networks)


def read_key(request: Request) -> str:
    """The idempotency key of a write.

    Raises:
        CallRefused: there is none that could be one.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise CallRefused(400, "key_missing", "Idempotency-Key is needed: 16 to 128 letters, digits, - or _")
    return key


def _only(request: Request, name: str) -> str:
    values = request.headers.getlist(name)
    if len(values) != 1 or not values[0]:
        raise CallRefused(400, "header_missing", f"{name} is needed, once")
    return values[0]


def _problem(status: int, code: str, title: str) -> JSONResponse:
    content = {"type": "about:blank", "title": title, "status": status, "code": code}
    return JSONResponse(content, status, media_type=PROBLEM)
