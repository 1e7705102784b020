"""A register behind its security server: what it is asked and what it answers, without anything of X-Road."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer of a register."""

    content: bytes
    status: int = HTTPStatus.OK
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """What an operation gets: the values of its path, and who asks according to `X-Road-UserId`."""

    values: Mapping[str, str]
    user: str | None = None


@dataclass(frozen=True)
class Operation:
    """One method and path, with `{name}` for a whole segment, and what answers it."""

    method: str
    path: str
    answer: Callable[[Call], Answer]

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The values of the path, None if it is another path."""
        template = self.path.strip("/").split("/")
        if len(template) != len(segments):
            return None
        pairs = list(zip(template, segments, strict=True))
        if any(part != segment for part, segment in pairs if not part.startswith("{")):
            return None
        return {part.strip("{}"): segment for part, segment in pairs if part.startswith("{")}


@dataclass(frozen=True)
class Service:
    """A service as its register publishes it."""

    operations: tuple[Operation, ...]

    def answer(self, method: str, segments: tuple[str, ...], user: str | None) -> Answer:
        """The answer of the operation that fits; 404 and 405 are the register's own."""
        matches = [(operation, operation.match(segments)) for operation in self.operations]
        known = [(operation, values) for operation, values in matches if values is not None]
        for operation, values in known:
            if operation.method == method:
                return operation.answer(Call(values, user))
        return problem(HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND)


def answer_json(body: object) -> Answer:
    """A good answer."""
    return Answer(json.dumps(body, ensure_ascii=False).encode())


def problem(status: HTTPStatus, detail: str = "") -> Answer:
    """A refusal by the register itself (RFC 9457)."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value}
    content = json.dumps(body | ({"detail": detail} if detail else {}))
    return Answer(content.encode(), status=status, media_type=PROBLEM)
