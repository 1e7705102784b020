"""docs/guides/http-api.md names every route, event, field, error code and outcome, and nothing else."""

import ast
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI

from actions.citizen_data import build_citizen_router
from actions.record.find_usage import build_usage_router
from actions.record.memory_api import build_memory_router
from actions.record.provider import Callers
from actions.record.restrictions_api import build_restrictions_router
from actions.server import Parts, Secrets
from actions.server import create_app as create_actions
from assistant.content.project import read_content
from assistant.core.errors import CallerError, KrattError, ServiceError, ServiceUnavailable, StageError
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.gateway import speech
from assistant.gateway.app import add_shield
from assistant.gateway.app import create_app as create_gateway
from assistant.gateway.errors import add_error_handlers
from assistant.gateway.wire import ReplyBody, TurnBody
from assistant.sandbox.app import create_app as create_sandbox
from assistant.sandbox.faults import FaultKind
from assistant.settings import PROJECT

pytestmark = pytest.mark.architecture

GUIDE = (PROJECT / "docs" / "guides" / "http-api.md").read_text(encoding="utf-8")
ROUTE_HEADING = re.compile(r"^### `([A-Z]+ /\S*)`$", re.MULTILINE)
ROUTE_CELL = re.compile(r"`([A-Z]+ /[^\s`]*)`")
FAMILIES = {KrattError, CallerError, StageError, ServiceError}
"""Classes that group others; their own codes are never told to anybody."""


def test_gateway_routes_when_listed_then_the_guide_has_each():
    app = create_gateway(SimpleNamespace(version={"kratt": "0"}, public_url="http://127.0.0.1:8080", embedders=()))
    routes = {route for route in routes_of(app) if not route.endswith((" /page", " /desk_page"))}
    assert {
        f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods
    } <= routes
    assert set(ROUTE_HEADING.findall(GUIDE)) == routes
    assert "`/page/`" in section("### `GET /`")
    assert "`/desk_page/`" in section("### `GET /desk`")


def test_engine_routes_when_listed_then_the_guide_has_each():
    # The channel imports Rasa, which lives in another environment: its routes are read from the source.
    tree = ast.parse((PROJECT / "assistant" / "engine" / "channel.py").read_text(encoding="utf-8"))
    routes = {
        f"{decorator.func.attr.upper()} /webhooks/kratt{decorator.args[0].value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
    }
    assert routes
    assert set(ROUTE_CELL.findall(section("### Engine"))) == routes


def test_actions_routes_when_listed_then_the_guide_has_each():
    own = (
        build_usage_router(None, {}, Callers(frozenset(), ())),
        build_restrictions_router(None, Callers(frozenset(), ())),
        build_memory_router(None, None, Callers(frozenset(), ())),
    )
    gateways = build_citizen_router(SimpleNamespace(), SimpleNamespace())
    parts = Parts((), {}, SimpleNamespace(), SimpleNamespace(), SimpleNamespace(), own, for_gateway=gateways)
    app = create_actions(parts, Secrets("s" * 32, "token"))
    assert set(ROUTE_CELL.findall(section("### Actions"))) == set(routes_of(app))


def test_sandbox_routes_when_listed_then_the_guide_has_each():
    app = create_sandbox(issuer="http://127.0.0.1:8090", client_id="k", client_secret="s", redirect_uris=frozenset())
    routes = set(routes_of(app)) - {"GET /openapi.json"}
    xroad = {route for route in routes if "/r{version}" in route}
    assert xroad
    assert "`/r{version}/{target}`" in section("### Sandbox")
    assert set(ROUTE_CELL.findall(section("### Sandbox"))) == routes - xroad


def test_socket_events_when_listed_then_the_guide_has_each():
    tree = ast.parse((PROJECT / "assistant" / "gateway" / "speech.py").read_text(encoding="utf-8"))
    sent = {
        value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "type" and isinstance(value, ast.Constant)
    }
    taken = {
        name
        for kind in (speech.Start, speech.UntilSilence, speech.End)
        for name in get_args(kind.model_fields["type"].annotation)
    }
    socket = section("### `WS /v1/speech`")
    from_client, from_gateway = socket.partition("| from the gateway |")[::2]
    commands, of_start = from_client.partition("| field of `start` |")[::2]
    assert cells(commands) == taken
    assert cells(of_start) == speech.Start.model_fields.keys() - {"type"}
    assert cells(from_gateway) == sent


@pytest.mark.parametrize(("header", "shape"), [("field of the reply", ReplyBody), ("field of the request", TurnBody)])
def test_fields_when_listed_then_the_guide_has_each(header: str, shape: Any):
    table = GUIDE.partition(f"| {header} |")[2].partition("\n\n")[0]
    assert cells(table) == shape.model_fields.keys()


def test_outcomes_when_listed_then_the_guide_has_each_and_no_other():
    assert cells(section("## Outcomes")) == {outcome.value for outcome in Outcome}


async def test_error_codes_when_raised_then_the_guide_has_each_with_its_status():
    answered = {code: status async for code, status in answered_errors()}
    told = dict(re.findall(r"^\| `(\w+)` \| (\d{3}) \|", section("## Errors"), re.MULTILINE))
    assert {code: int(status) for code, status in told.items()} == answered


def test_codes_when_no_citizen_sees_them_then_the_guide_has_each():
    inner = section("## Errors").partition("never in an answer to a citizen")[2]
    codes = {kind.code for kind in {*kinds(KrattError)} - FAMILIES} | {"malformed_call"}
    outer = {kind.code for kind in kinds(CallerError)} | {ServiceUnavailable.code}
    assert cells(inner) == codes - outer


def test_faults_when_listed_then_the_runbook_has_each():
    runbook = (PROJECT / "docs" / "runbooks" / "a-register-is-down.md").read_text(encoding="utf-8")
    assert cells(runbook.partition("## Practise")[2]) == {kind.value for kind in FaultKind}


async def answered_errors() -> Any:
    """Each error that an address of the gateway may raise, with what a client sees of it."""
    responses = read_content(PROJECT / "nlu_data").plain_responses()
    parts = SimpleNamespace(responses=responses, default_language=Language.EN, public_url="http://kratt", words={})
    app = FastAPI(openapi_url=None)
    add_error_handlers(app, parts)
    add_shield(app, parts)
    raised = [*({*kinds(CallerError)} - FAMILIES), ServiceUnavailable, RuntimeError]
    for kind in raised:
        app.add_api_route(f"/{kind.__name__}", raising(kind))
    paths = [*((f"/{kind.__name__}", "GET") for kind in raised), ("/nowhere", "GET"), ("/RuntimeError", "PUT")]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kratt") as client:
        for path, method in paths:
            answer = await client.request(method, path)
            yield answer.json()["code"], answer.status_code


def raising(kind: type[Exception]) -> Any:
    async def fail() -> None:
        raise kind

    return fail


def kinds(kind: type[KrattError]) -> Iterator[type[KrattError]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from kinds(subclass)


def routes_of(app: Any, prefix: str = "") -> Iterator[str]:
    for route in app.routes:
        inner = getattr(route, "original_router", None)  # FastAPI keeps an included router whole
        if inner is not None:
            yield from routes_of(inner, prefix + route.include_context.prefix)
        elif "WebSocket" in type(route).__name__:
            yield f"WS {prefix}{route.path}"
        else:
            methods = getattr(route, "methods", None) or {""}
            yield from (f"{method} {prefix}{route.path}" for method in methods if method != "HEAD")


def section(heading: str) -> str:
    level = len(heading.partition(" ")[0])
    body = GUIDE.partition(f"{heading}\n")[2]
    assert body, heading
    return re.split(rf"^#{{1,{level}}} ", body, maxsplit=1, flags=re.MULTILINE)[0]


def cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
