"""The calls of a service: what is read from registers, and what is written to them."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, ClassVar, Self

from pydantic import Field, StrictBool, StrictStr, model_validator

from assistant.content.spec import Kind, Localized, Name, ResponseName, Saying, Spec, When
from assistant.content.yaml_source import Misfit

SUBJECT = "subject"
"""The placeholder for the citizen who is logged in; no input can bear this name."""

DEVICE = "device"
"""The placeholder for the speaker that the citizen speaks to."""

CONSENT = "consent_reference"
"""The placeholder for the reference of the consent that a call needs; only in a query."""

OF_THE_TURN = frozenset({SUBJECT, DEVICE, CONSENT})
"""Placeholders whose values come with the signed turn, or are asked for it; no input can bear these names."""

TODAY = "today"
"""The placeholder for the day of the call, as in `{today-365}`; only in a query."""

KEY = "key"
"""The placeholder for the idempotency key of a write."""

TAKEN_NAMES = frozenset(
    {"text", "image", "custom", "buttons", "attachment", "elements", "response", "template", "json_message"}
    | {"tracker", "output_channel", "utter_action", "count", "total", "register", "again", "left", KEY, TODAY}
    | OF_THE_TURN
)
"""Names that a read or an input may not have: Rasa's messages or the answers themselves use them."""

LITERAL = "="
"""What stands before a text of a body that is the same for everybody; `true` and `false` stand for themselves."""

XroadService = Annotated[
    str, Field(pattern=r"^[^/\s]+(/[^/\s]+){4}$", description="instance/class/code/subsystem/service")
]


class Read(Spec):
    """One field that is read: where it stands in the register's answer and how it is put into words."""

    from_: str = Field(alias="from")
    as_: Kind = Field("text", alias="as")
    optional: bool = False


class Exchange(Spec):
    """What a read and a write have in common."""

    method: ClassVar[str]

    id: Name
    register_: Localized = Field(alias="register")
    service: XroadService
    operation: str
    when: When = {}
    reads: dict[Name, Read] = {}

    @model_validator(mode="before")
    @classmethod
    def _spell_out_reads(cls, data: object) -> object:
        # An editor may write `number: number`, or a plain list where names are the register's own.
        if not isinstance(data, Mapping) or "reads" not in data:
            return data
        reads = data["reads"]
        if isinstance(reads, list):
            reads = {field: field for field in reads}
        if not isinstance(reads, Mapping):
            return data
        return {
            **data,
            "reads": {name: {"from": read} if isinstance(read, str) else read for name, read in reads.items()},
        }

    @model_validator(mode="after")
    def _names_are_free(self) -> Self:
        if taken := sorted(self.reads.keys() & TAKEN_NAMES):
            raise Misfit(f"choose another name to read into: {', '.join(taken)}", "reads", taken[0])
        return self

    @cached_property
    def path(self) -> str:
        """The path of the operation, with its placeholders."""
        return self.operation.partition(" ")[2]

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """Names in braces in the address: `subject`, or inputs."""
        return frozenset(placeholders_of(self.path))


class Call(Exchange):
    """One read from a register over X-Road."""

    operation: Annotated[str, Field(pattern=r"^GET (/[^/\s]+)+$")]
    query: dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")], str] = {}
    items: str | None = None
    consent: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = None
    where: dict[str, Name] = {}
    reads: Annotated[dict[Name, Read], Field(min_length=1)]
    each: Saying | None = None
    all: Saying | None = None

    @model_validator(mode="after")
    def _says_one_way(self) -> Self:
        if self.each and self.all:
            raise Misfit("give `each` or `all`, not both", "all")
        if CONSENT in self.placeholders and not self.consent:
            raise Misfit("name the purpose that the citizen has to consent to: consent", "query")
        return self

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """Names in braces in the path or in the query: `subject`, or inputs."""
        return frozenset(placeholders_of(" ".join((self.path, *self.query.values())))) - {TODAY}


class Write(Exchange):
    """One act in a register over X-Road; `status` tells by its idempotency key whether it was done."""

    operation: Annotated[str, Field(pattern=r"^POST (/[^/\s]+)+$")]
    status: Annotated[str, Field(pattern=r"^GET (/[^/\s]+)+$")]
    body: Annotated[dict[str, StrictStr | StrictBool], Field(min_length=1)]
    refusals: dict[Name, ResponseName] = {}

    @model_validator(mode="after")
    def _can_be_asked_about(self) -> Self:
        if KEY not in placeholders_of(self.status):
            raise Misfit("needs {key} in its path", "status")
        return self

    @property
    def status_path(self) -> str:
        """The path where the register tells the state of an act."""
        return self.status.partition(" ")[2]

    @property
    def status_placeholders(self) -> frozenset[str]:
        """Names in braces in that path."""
        return frozenset(placeholders_of(self.status_path))

    def filled(self, value_of: Callable[[str, str], str | None]) -> dict[str, str | bool]:
        """What is sent, with values by field and source; a field whose value nobody knows is left out."""
        body: dict[str, str | bool] = {}
        for field, source in self.body.items():
            if isinstance(source, bool):
                body[field] = source
            elif source.startswith(LITERAL):
                body[field] = source.removeprefix(LITERAL)
            elif (value := value_of(field, source)) is not None:
                body[field] = value
        return body

    @property
    def sources(self) -> dict[str, str]:
        """Register field -> where its value comes from: an input, `input.read` or `call.read`; no literals."""
        return {
            field: source
            for field, source in self.body.items()
            if isinstance(source, str) and not source.startswith(LITERAL)
        }


def placeholders_of(address: str) -> list[str]:
    """The names in braces."""
    return re.findall(r"{(\w+)}", address)
