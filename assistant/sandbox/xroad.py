"""The consumer's security server with everything behind it: `/r1/{service}/{path}` in, the provider's answer out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.sandbox.access import AccessRights
from assistant.sandbox.call_log import CallLog
from assistant.sandbox.faults import Faults
from assistant.sandbox.metaservices import Metaservices
from assistant.sandbox.provider import Answer, Endpoint, Provider
from assistant.sandbox.xroad_error import (
    ACCESS_DENIED,
    MALFORMED,
    NO_CERTIFICATE,
    UNKNOWN_MEMBER,
    UNKNOWN_SERVICE,
    XroadError,
    XroadVersion,
    error_response,
)
from assistant.sandbox.xroad_message import VERBS, Headers, Identifier, RestRequest, read_request, write_identifier


@dataclass(frozen=True)
class SecurityServer:
    """Passes a call on to its provider, if it is well-formed and the client has the right.

    With `needs_certificate` a call over plain HTTP is refused, as for a client whose connection type is HTTPS.
    """

    services: Mapping[Identifier, Provider]
    rights: AccessRights
    faults: Faults
    version: XroadVersion
    needs_certificate: bool = False
    calls: CallLog = field(default_factory=CallLog)

    def router(self) -> APIRouter:
        """Every protocol version and verb comes here: what is wrong with them is X-Road's to say."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/r{version}/{target:path}", self.serve, methods=list(VERBS))
        router.add_api_route("/listClients", self.list_clients, methods=["GET"])
        return router

    async def serve(self, request: Request) -> Response:
        """One call."""
        body = await request.body()
        message: RestRequest | None = None
        try:
            message = read_request(
                request.method,
                _raw_path(request.scope),
                request.scope["query_string"].decode("latin-1"),
                _headers(request),
            )
            self._check_client(message, request.scope["scheme"])
            answer = await self._answer(message, body)
            response = _respond(message, body, answer) if answer else NoAnswer()
        except XroadError as error:
            response = error_response(error, request.headers.get("accept", ""), self.version)
        if message is not None:
            self.calls.note(message, response.status_code)
        return response

    async def list_clients(self, request: Request) -> Response:
        """Who there is on X-Road; anybody may ask."""
        accept = ",".join(request.headers.getlist("accept"))
        answer = self._metaservices.list_clients(accept, request.query_params.get("xRoadInstance", ""))
        return Response(answer.content, media_type=answer.media_type)

    @property
    def _metaservices(self) -> Metaservices:
        return Metaservices(self.services, self.rights)

    def _check_client(self, message: RestRequest, scheme: str) -> None:
        name = _name("SUBSYSTEM", message.client)
        if not self.rights.knows(message.client):
            raise XroadError(UNKNOWN_MEMBER, f"Client '{name}' not found")
        # Over TLS nobody comes this far without the right certificate.
        if self.needs_certificate and scheme != "https":
            raise XroadError(NO_CERTIFICATE, f"Client ({name}) specifies HTTPS but did not supply TLS certificate")

    async def _answer(self, message: RestRequest, body: bytes) -> Answer | None:
        name = _name("SERVICE", message.service)
        if all(service[:-1] != message.service[:-1] for service in self.services):
            raise XroadError(UNKNOWN_MEMBER, f'Could not find addresses for service provider "{name}"')
        if (told := self._metaservices.answer(message)) is not None:
            return told
        if message.service not in self.services:
            raise XroadError(UNKNOWN_SERVICE, f"Unknown service: {name}")
        # The decoded path, as the pattern is matched against it: an encoded slash separates here, too.
        if not self.rights.allow(message.client, message.service, Endpoint(message.verb, "/" + "/".join(message.path))):
            raise XroadError(ACCESS_DENIED, f"Request is not allowed: {name}")
        provider = self.services[message.service]
        return await self.faults.strike(message.service, message.verb, lambda: provider.answer(message, body))


class NoAnswer(Response):
    """Closes the connection without a word.

    ASGI has no such message. uvicorn closes the connection of a response that it cannot write, and says so in its log.
    """

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Sends a header that no server will write."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"no answer", b"\n")]})


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


def _respond(message: RestRequest, body: bytes, answer: Answer) -> Response:
    response = Response(answer.content, answer.status, message.receipt(body), answer.media_type)
    for name, value in answer.headers.items():
        response.headers[name] = value
    if answer.repeated:
        response.headers.append(answer.repeated, response.headers[answer.repeated])
    return response


def _raw_path(scope: Scope) -> str:
    raw_path: bytes = scope["raw_path"]
    return raw_path.decode("latin-1")


def _headers(request: Request) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)


def _name(kind: str, identifier: Identifier) -> str:
    return f"{kind}:{write_identifier(identifier)}"
