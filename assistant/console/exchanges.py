"""What trying a call of a service and trying an act have in common."""

from typing import Annotated, Literal, TypeVar

from fastapi import HTTPException
from fastapi import Path as InPath

from assistant.content.editing.draft import Draft
from assistant.content.editing.services import at, service_path
from assistant.content.editing.yaml_text import yaml_text
from assistant.content.exchange_spec import Call, Write
from assistant.content.yaml_source import faults
from assistant.core.errors import EditRefused, NotAllowed

Number = Annotated[int, InPath(ge=0, le=100)]
"""The place of a call or an act in its list."""

_Exchange = TypeVar("_Exchange", Call, Write)
_Sandbox = TypeVar("_Sandbox")


def exchange_of(
    draft: Draft, service: str, section: Literal["calls", "writes"], number: int, kind: type[_Exchange]
) -> _Exchange:
    """The exchange at that place of a service.yml.

    Raises:
        HTTPException: there is none, 404.
        EditRefused: it is not as it has to be; says why.
    """
    path = service_path(service)
    written = at(yaml_text(draft.read(path).text, path).value, (section, number))
    if written is None:
        raise HTTPException(404)
    if wrong := faults(written, kind):
        name = "call" if section == "calls" else "act"
        raise EditRefused(f"mend the {name} first", reasons=[each.detail for each in wrong])
    return kind.model_validate(written)


def given(sandbox: _Sandbox | None) -> _Sandbox:
    """The sandbox, where there is one.

    Raises:
        NotAllowed: there is none, as in production.
    """
    if sandbox is None:
        raise NotAllowed("there is no sandbox here, and a draft never reaches a real register")
    return sandbox
