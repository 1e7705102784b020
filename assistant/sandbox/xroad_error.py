"""Errors of X-Road itself, as opposed to a register's own refusals, and how they look on the wire."""

import json
import uuid
from http import HTTPStatus
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape

from fastapi import Response

XroadVersion: TypeAlias = Literal["7.7", "7.8"]
"""Up to 7.7.1 a code reads `Server.ServerProxy.AccessDenied`, from 7.8.0 on `server.serverproxy.access_denied`."""

MALFORMED = "server.clientproxy.internal_error"
NO_CERTIFICATE = "server.clientproxy.ssl_authentication_failed"
NO_CLIENT = "server.clientproxy.invalid_client_identifier"
UNKNOWN_MEMBER = "server.clientproxy.unknown_member"
UNKNOWN_SERVICE = "server.serverproxy.unknown_service"
INVALID_REQUEST = "server.serverproxy.invalid_request"
SERVER_FAULT = "server.serverproxy.internal_error"
ACCESS_DENIED = "server.serverproxy.access_denied"
PROVIDER_UNREACHABLE = "server.serverproxy.service_failed.network_error"
PROVIDER_TIMED_OUT = "server.serverproxy.service_failed.http_error"

_OLD_WORDS = {"clientproxy": "ClientProxy", "serverproxy": "ServerProxy"}
_XML_TYPES = {"text/xml", "application/xml", "text/*"}


class XroadError(Exception):
    """A security server refused or failed; `code` in the spelling of 7.8."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both; the message goes to the client system."""
        super().__init__(message)
        self.code = code
        self.message = message


def spell(code: str, version: XroadVersion) -> str:
    """The code as a security server of that version writes it."""
    if version == "7.8":
        return code
    return ".".join(_OLD_WORDS.get(part) or "".join(map(str.capitalize, part.split("_"))) for part in code.split("."))


def error_response(error: XroadError, accept: str, version: XroadVersion) -> Response:
    """500 for the server's faults, 400 for the client's; JSON unless XML is asked for (`sendErrorResponse`)."""
    code = spell(error.code, version)
    fields = {"type": code, "message": error.message, "detail": str(uuid.uuid4())}
    is_server = error.code.startswith("server.")
    status = HTTPStatus.INTERNAL_SERVER_ERROR if is_server else HTTPStatus.BAD_REQUEST
    if _asks_for_xml(accept):
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        return Response(f"<error>{inner}</error>", status, {"X-Road-Error": code}, "text/xml")
    return Response(json.dumps(fields), status, {"X-Road-Error": code}, "application/json")


def _asks_for_xml(accept: str) -> bool:
    return any(part.partition(";")[0].strip().lower() in _XML_TYPES for part in accept.split(","))
