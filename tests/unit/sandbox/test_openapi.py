"""The descriptions of all registers: valid as far as their structure tells, and true to what is answered."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.sandbox.openapi import describe_service
from assistant.sandbox.registers import find_registers

pytestmark = pytest.mark.unit

SERVICES = find_registers().services
METHODS = {"get", "post", "put", "patch", "delete"}
DESCRIPTIONS = {name: describe_service(name, service) for name, service in SERVICES.items()}
EACH = pytest.mark.parametrize("name", SERVICES)


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


@EACH
def test_description_when_made_then_has_what_openapi_requires(name: str) -> None:
    description = DESCRIPTIONS[name]
    assert re.fullmatch(r"3\.1\.\d", description["openapi"])
    assert description["info"].keys() >= {"title", "version"}
    assert description["paths"]
    for path, method, operation in operations(description):
        assert path.startswith("/")
        assert method in METHODS
        assert all(re.fullmatch(r"\d\d\d|[1-5]XX", status) for status in operation["responses"])
        assert all(response["description"] for response in operation["responses"].values())
        assert ("requestBody" in operation) == (method == "post")


@EACH
def test_description_when_read_then_every_reference_leads_somewhere(name: str) -> None:
    schemas = DESCRIPTIONS[name]["components"]["schemas"]
    found = set(references(DESCRIPTIONS[name]))
    assert {each.removeprefix("#/components/schemas/") for each in found} <= schemas.keys()
    assert all(re.fullmatch(r"[a-zA-Z0-9._-]+", schema) for schema in schemas)


@EACH
def test_description_when_path_has_values_then_each_is_a_parameter(name: str) -> None:
    for path, _, operation in operations(DESCRIPTIONS[name]):
        parameters = [(each["in"], each["name"]) for each in operation["parameters"]]
        assert len(set(parameters)) == len(parameters)
        assert {value for kind, value in parameters if kind == "path"} == set(re.findall(r"{(\w+)}", path))
        assert (("header", "X-Road-UserId") in parameters) == ("{subject}" in path)
