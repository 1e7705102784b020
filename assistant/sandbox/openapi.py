"""The OpenAPI description of a service, made from its operations and the models of its records."""

from typing import Any

from pydantic.json_schema import models_json_schema

from assistant.sandbox.records import Json
from assistant.sandbox.service import Operation, Service

_REFERENCE = "#/components/schemas/{model}"
_USER = {"name": "X-Road-UserId", "in": "header", "required": True, "schema": {"type": "string"}}
_KEY = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
_PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
    "required": ["type", "title", "status"],
}


def describe_service(name: str, service: Service) -> Json:
    """The description, as `getOpenAPI` gives it; `name` is the service's X-Road identifier."""
    models: list[tuple[Any, Any]] = []
    for operation in service.operations:
        models.append((operation.returns, "serialization"))
        if operation.takes:
            models.append((operation.takes, "validation"))
    references, definitions = models_json_schema(models, ref_template=_REFERENCE)
    paths: dict[str, Json] = {}
    for operation in service.operations:
        described = _describe(operation, references)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    schemas = {**definitions.get("$defs", {}), "Problem": _PROBLEM}
    return {
        "openapi": "3.1.0",
        "info": {"title": service.title, "version": "1.0.0", "description": f"X-Road service {name}"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _describe(operation: Operation, references: dict[tuple[Any, Any], Json]) -> Json:
    answer = references[operation.returns, "serialization"]
    if operation.items:
        items = {"type": "array", "items": answer}
        answer = {"type": "object", "properties": {operation.items: items}, "required": [operation.items]}
    problem = {"description": "Refused", **_content(_REFERENCE.format(model="Problem"), "application/problem+json")}
    status = "201" if operation.takes else "200"
    described: Json = {
        "parameters": _parameters(operation),
        "responses": {
            status: {"description": "Answered", "content": {"application/json": {"schema": answer}}},
            "4XX": problem,
        },
    }
    if operation.takes:
        body = references[operation.takes, "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return described


def _content(reference: str, media_type: str) -> Json:
    return {"content": {media_type: {"schema": {"$ref": reference}}}}


def _parameters(operation: Operation) -> list[Json]:
    text = {"schema": {"type": "string"}}
    names = [part.strip("{}") for part in operation.segments if part.startswith("{")]
    parameters: list[Json] = [{"name": name, "in": "path", "required": True, **text} for name in names]
    parameters += [{"name": name, "in": "query", **text} for name in operation.query]
    parameters += [_USER] if "subject" in names else []
    return parameters + ([_KEY] if operation.takes else [])
