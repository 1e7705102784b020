"""The consumer's security server with everything behind it: `/r1/{service}/{path}` in, the register's answer out."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.sandbox.faults import Faults
from assistant.sandbox.provider import Answer, Provider, answer_json
from assistant.sandbox.xroad_error import (
    ACCESS_DENIED,
    MALFORMED,
    UNKNOWN_MEMBER,
    UNKNOWN_SERVICE,
    XroadError,
    XroadVersion,
    error_response,
)
from assistant.sandbox.xroad_message import VERBS, Headers, Identifier, RestRequest, read_request, write_identifier

_METASERVICES = {"listMethods", "allowedMethods"}


@dataclass(frozen=True)
class SecurityServer:
    """Passes a call on to its register, if it is well-formed and the client has the right.

    `rights` names the services open to each registered client; a client that is not in it is unknown.
    """

    services: Mapping[Identifier, Provider]
    rights: Mapping[Identifier, Set[Identifier]]
    faults: Faults
    version: XroadVersion

    def router(self) -> APIRouter:
        """Every protocol version and verb comes here: what is wrong with them is X-Road's to say."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/r{version}/{target:path}", self.serve, methods=list(VERBS))
        return router

    async def serve(self, request: Request) -> Response:
        """One call."""
        body = await request.body()
        try:
            message = read_request(
                request.method,
                _raw_path(request.scope),
                request.scope["query_string"].decode("latin-1"),
                _headers(request),
            )
            answer = await self._answer(message, body)
        except XroadError as error:
            return error_response(error, request.headers.get("accept", ""), self.version)
        headers = message.receipt(body) | dict(answer.headers)
        return Response(answer.content, answer.status, headers, answer.media_type)

    async def _answer(self, message: RestRequest, body: bytes) -> Answer:
        if message.client not in self.rights:
            raise XroadError(UNKNOWN_MEMBER, f"Client '{_name('SUBSYSTEM', message.client)}' not found")
        provider, code = message.service[:-1], message.service[-1]
        if all(service[:-1] != provider for service in self.services):
            name = _name("SERVICE", message.service)
            raise XroadError(UNKNOWN_MEMBER, f'Could not find addresses for service provider "{name}"')
        if code in _METASERVICES:
            return self._list(message)
        if message.service not in self.services:
            raise XroadError(UNKNOWN_SERVICE, f"Unknown service: {_name('SERVICE', message.service)}")
        if message.service not in self.rights[message.client]:
            raise XroadError(ACCESS_DENIED, f"Request is not allowed: {_name('SERVICE', message.service)}")
        service = self.services[message.service]
        return await self.faults.spoil(message.service, await service.answer(message, body))

    def _list(self, message: RestRequest) -> Answer:
        allowed = self.rights[message.client]
        return answer_json(
            {
                "service": [
                    _describe(identifier, service)
                    for identifier, service in self.services.items()
                    if identifier[:-1] == message.service[:-1]
                    and (message.service[-1] == "listMethods" or identifier in allowed)
                ]
            }
        )


@dataclass(frozen=True)
class OriginFormOnly:
    """Refuses a request target that names a scheme or a host (`http://other/r1/...`, `//other/r1/...`).

    Only the h11 parser of uvicorn shows such a scheme; httptools drops it.
    """

    app: ASGIApp
    version: XroadVersion

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        target: ASGIApp = self.app
        if scope["type"] == "http":
            path = _raw_path(scope)
            if not path.startswith("/") or path.startswith("//"):
                target = error_response(XroadError(MALFORMED, "Invalid request URI"), "", self.version)
        await target(scope, receive, send)


def _raw_path(scope: Scope) -> str:
    raw_path: bytes = scope["raw_path"]
    return raw_path.decode("latin-1")


def _headers(request: Request) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)


def _name(kind: str, identifier: Identifier) -> str:
    return f"{kind}:{write_identifier(identifier)}"


def _describe(identifier: Identifier, service: Provider) -> dict[str, object]:
    instance, member_class, member_code, subsystem, code = identifier
    return {
        "xroad_instance": instance,
        "member_class": member_class,
        "member_code": member_code,
        "subsystem_code": subsystem,
        "service_code": code,
        "object_type": "SERVICE",
        "service_type": "OPENAPI",
        "endpoint_list": [{"method": endpoint.method, "path": endpoint.path} for endpoint in service.endpoints],
    }
