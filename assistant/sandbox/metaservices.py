"""What a security server tells about services: PR-MREST 0.5 and PR-META 2.15, in the shape that X-Road writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from assistant.sandbox.access import AccessRights
from assistant.sandbox.members import MEMBER_NAMES
from assistant.sandbox.provider import Answer, Endpoint, Provider, answer_json
from assistant.sandbox.records import Json
from assistant.sandbox.xroad_error import INVALID_REQUEST, SERVER_FAULT, XroadError
from assistant.sandbox.xroad_message import Identifier, RestRequest, write_identifier

METASERVICES = frozenset({"listMethods", "allowedMethods", "getOpenAPI"})
"""Reserved codes: no register can publish a service under them."""

_JSON = "application/json; charset=utf-8"
_XML = "text/xml; charset=utf-8"
_HIDDEN_SERVER = "http://example.org/xroad-endpoint"  # Openapi3Anonymiser: nobody learns where a provider is
_NAMES = ("xroad_instance", "member_class", "member_code", "subsystem_code", "service_code")
_XML_NAMES = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")
_MEMBER_PARTS = 3


@dataclass(frozen=True)
class Metaservices:
    """Answers from what is published and allowed; needs no right itself."""

    services: Mapping[Identifier, Provider]
    rights: AccessRights

    def answer(self, request: RestRequest) -> Answer | None:
        """The answer, None if it is no call of a metaservice.

        Raises:
            XroadError: `getOpenAPI` was asked for nothing, or for what is not there.
        """
        if request.verb != "GET":
            return None
        match request.service[-1]:
            case "listMethods":
                return answer_json(
                    {"service": [_describe(each, self.services[each].endpoints) for each in self._of(request)]}
                )
            case "allowedMethods":
                return answer_json({"service": [self._allowed(request, each) for each in self._allowed_of(request)]})
            case "getOpenAPI":
                return self._open_api(request)
        return None

    def list_clients(self, accept: str, instance: str) -> Answer:
        """Every member and subsystem of an X-Road instance; JSON only for those who name it."""
        clients = [each for each in self._clients() if not instance or each[0] == instance]
        if any(part.partition(";")[0].strip().lower() == "application/json" for part in accept.split(",")):
            answer = answer_json({"member": [_describe_client(each) for each in clients]})
            return Answer(answer.content, media_type=_JSON)
        return Answer(_write_clients(clients).encode(), media_type=_XML)

    def _of(self, request: RestRequest) -> list[Identifier]:
        return [identifier for identifier in self.services if identifier[:-1] == request.service[:-1]]

    def _allowed_of(self, request: RestRequest) -> list[Identifier]:
        return [identifier for identifier in self._of(request) if self.rights.has_any(request.client, identifier)]

    def _allowed(self, request: RestRequest, service: Identifier) -> Json:
        endpoints = self.services[service].endpoints
        return _describe(service, [each for each in endpoints if self.rights.allow(request.client, service, each)])

    def _open_api(self, request: RestRequest) -> Answer:
        query = {name.lower(): value for name, value in parse_qsl(request.target.partition("?")[2])}
        if not (code := query.get("servicecode")):
            raise XroadError(INVALID_REQUEST, "Missing serviceCode in message body")
        service = (*request.service[:-1], code)
        if service not in self.services:
            raise XroadError(SERVER_FAULT, f"Service not found: SERVICE:{write_identifier(service)}")
        return answer_json({**self.services[service].describe(), "servers": [{"url": _HIDDEN_SERVER}]})

    def _clients(self) -> list[Identifier]:
        subsystems = {service[:-1] for service in self.services} | set(self.rights.by_client)
        members = {subsystem[:_MEMBER_PARTS] for subsystem in subsystems}
        return sorted(subsystems | members)


def _describe(service: Identifier, endpoints: Sequence[Endpoint]) -> Json:
    return {
        **dict(zip(_NAMES, service, strict=True)),
        "object_type": "SERVICE",
        "service_type": "OPENAPI",
        "endpoint_list": [{"method": endpoint.method, "path": endpoint.path} for endpoint in endpoints],
    }


def _describe_client(client: Identifier) -> Json:
    identifier = {"object_type": _kind(client), **dict(zip(_NAMES, client, strict=False))}
    return {"id": identifier, "name": _name(client)}


def _kind(client: Identifier) -> str:
    return "MEMBER" if len(client) == _MEMBER_PARTS else "SUBSYSTEM"


def _name(client: Identifier) -> str:
    return MEMBER_NAMES.get(client[2], client[2])


def _write_clients(clients: Iterable[Identifier]) -> str:
    members = "".join(map(_write_client, clients))
    spaces = 'xmlns:ns1="http://x-road.eu/xsd/identifiers" xmlns:ns2="http://x-road.eu/xsd/xroad.xsd"'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<ns2:clientList {spaces}>{members}</ns2:clientList>"


def _write_client(client: Identifier) -> str:
    parts = "".join(f"<ns1:{name}>{escape(part)}</ns1:{name}>" for name, part in zip(_XML_NAMES, client, strict=False))
    identifier = f'<ns2:id ns1:objectType="{_kind(client)}">{parts}</ns2:id>'
    return f"<ns2:member>{identifier}<ns2:name>{escape(_name(client))}</ns2:name></ns2:member>"
