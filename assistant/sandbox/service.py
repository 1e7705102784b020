"""A service of a register: its operations, told apart by method and path, over the sandbox's state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from urllib.parse import parse_qsl

from assistant.sandbox.provider import Answer, Refused
from assistant.sandbox.records import Record
from assistant.sandbox.state import Records
from assistant.sandbox.xroad_message import RestRequest, write_identifier


@dataclass(frozen=True)
class Call:
    """What an operation gets.

    `values` are those of its path, `query` the parameters that it knows, and `obeys` the restrictions of its service.
    """

    request: RestRequest
    body: bytes
    values: Mapping[str, str]
    query: Mapping[str, str]
    records: Records
    obeys: frozenset[str]

    @property
    def user(self) -> str | None:
        """Who asks, as the client system says."""
        return self.request.header("x-road-userid")

    @property
    def subject(self) -> str:
        """The person in the path."""
        return self.values["subject"]

    @property
    def today(self) -> date:
        """The day that everything is counted from."""
        return self.records.today

    @property
    def resource(self) -> str:
        """The path of this call, after the name of its service."""
        return "/".join((write_identifier(self.request.service), *self.request.path))


@dataclass(frozen=True)
class Operation:
    """One method and path, with `{name}` for a whole segment, and what answers it.

    The rest describes it: `returns` is the record it answers, `items` the name of the list if it answers several,
    `takes` the record in its body and `query` the names of its parameters.
    """

    method: str
    path: str
    answer: Callable[[Call], Answer]
    returns: type[Record]
    items: str = ""
    takes: type[Record] | None = None
    query: tuple[str, ...] = ()

    @property
    def segments(self) -> list[str]:
        """The parts of its path."""
        return self.path.strip("/").split("/")

    def match(self, path: tuple[str, ...]) -> dict[str, str] | None:
        """The values of the path, None if it is another path."""
        if len(self.segments) != len(path):
            return None
        pairs = list(zip(self.segments, path, strict=True))
        if any(part != segment for part, segment in pairs if not part.startswith("{")):
            return None
        return {part.strip("{}"): segment for part, segment in pairs if part.startswith("{")}


@dataclass(frozen=True)
class Service:
    """A service as its register publishes it; `obeys` names the restrictions of a person that close it."""

    title: str
    operations: tuple[Operation, ...]
    obeys: frozenset[str] = frozenset()

    def answer(self, request: RestRequest, body: bytes, records: Records) -> Answer:
        """The answer of the operation that fits.

        Raises:
            Refused: none fits (404 and 405 are the register's own), or the operation says no.
        """
        matches = [(operation, operation.match(request.path)) for operation in self.operations]
        known = [(operation, values) for operation, values in matches if values is not None]
        for operation, values in known:
            if operation.method == request.verb:
                query = _read_query(request, operation.query)
                return operation.answer(Call(request, body, values, query, records, self.obeys))
        if known:
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "wrong_method")
        raise Refused(HTTPStatus.NOT_FOUND, "no_such_path")


def _read_query(request: RestRequest, known: tuple[str, ...]) -> dict[str, str]:
    pairs = parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
    query = dict(pairs)
    if len(query) != len(pairs) or not query.keys() <= set(known):
        raise Refused(HTTPStatus.BAD_REQUEST, "wrong_parameter", f"parameters are {', '.join(known) or 'none'}")
    return query
