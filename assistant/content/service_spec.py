"""What a service.yml says: the single source of a service (docs/adr/0004)."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from assistant.content.yaml_source import Misfit, read_model
from assistant.core.errors import ContentError
from assistant.core.languages import Language

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
ResponseName = Annotated[str, Field(pattern=r"^utter_[a-z0-9_]+$")]


def _in_every_language(words: dict[Language, str]) -> dict[Language, str]:
    missing = [language for language in Language if not words.get(language, "").strip()]
    if missing:
        raise ValueError(f"missing in {', '.join(missing)}")
    return words


Localized = Annotated[dict[Language, str], AfterValidator(_in_every_language)]
"""A text in every language that Kratt answers in."""

When = dict[Name, tuple[str, ...]]
"""Slots and the values they must have; an empty mapping always holds."""


TAKEN_NAMES = frozenset(
    {"text", "image", "custom", "buttons", "attachment", "elements", "response", "template", "json_message"}
    | {"tracker", "output_channel", "utter_action", "count", "total", "register"}
)
"""Names that a read may not have: Rasa's messages or the answers themselves use them."""


Kind = Literal["text", "date", "money", "term", "localized"]
"""How a value of a register is put into words."""

Terms = Mapping[str, Mapping[Language, str]]
"""The words for codes that registers and slots use."""


class Spec(BaseModel):
    """Base of all parts: frozen, and a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Owner(Spec):
    """The institution that answers for a service; `code` is its register code."""

    institution: Localized
    code: Annotated[str, Field(pattern=r"^\d{8}$")]


class Read(Spec):
    """One field that is read: where it stands in the register's answer and how it is put into words."""

    from_: str = Field(alias="from")
    as_: Kind = Field("text", alias="as")


class Call(Spec):
    """One call to a register over X-Road."""

    id: Name
    register_: Localized = Field(alias="register")
    service: Annotated[
        str, Field(pattern=r"^[^/\s]+(/[^/\s]+){4}$", description="instance/class/code/subsystem/service")
    ]
    operation: Annotated[str, Field(pattern=r"^GET (/[^/\s]+)+$")]
    when: When = {}
    items: str | None = None
    reads: dict[Name, Read]
    where: dict[str, Name] = {}

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

    @property
    def path(self) -> str:
        """The path of the operation, with its placeholders."""
        return self.operation.removeprefix("GET ")

    @property
    def placeholders(self) -> frozenset[str]:
        """Names in braces in the path: `subject`, or slots."""
        return frozenset(re.findall(r"{(\w+)}", self.path))


class Input(Spec):
    """A slot that the service takes from the citizen's words; asked for only if `required`, and then only `when`."""

    slot: Name
    one_of: Annotated[tuple[Name, ...], Field(min_length=1)]
    required: bool = False
    when: When = {}


class Answers(Spec):
    """Responses by what was found; see docs/guides/service-yml.md."""

    found: ResponseName | None = None
    each: ResponseName | None = None
    each_if: dict[Name, ResponseName] = {}
    none: ResponseName

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.found or self.each):
            raise ValueError("name a response in `found`, in `each` or in both")
        return self

    @property
    def names(self) -> frozenset[str]:
        """Every response named."""
        return frozenset(filter(None, (self.found, self.each, self.none, *self.each_if.values())))


class Service(Spec):
    """Everything about one service."""

    service: Name
    title: Localized
    owner: Owner
    assurance: Literal["none", "substantial", "high"]
    data_class: Literal["public", "personal", "sensitive"]
    purpose: Localized
    calls: Annotated[tuple[Call, ...], Field(min_length=1)]
    inputs: tuple[Input, ...] = ()
    confirm: Literal["none"] = "none"
    answers: Answers
    sum: Name | None = None
    degrade: ResponseName

    @model_validator(mode="after")
    def _protects_personal_data(self) -> Self:
        if self.data_class != "public" and self.assurance == "none":
            raise Misfit("personal data needs an assurance of substantial or high", "assurance")
        if self.assurance == "none" and any("subject" in call.placeholders for call in self.calls):
            raise Misfit("a call about {subject} needs an assurance of substantial or high", "assurance")
        return self

    @model_validator(mode="after")
    def _names_what_exists(self) -> Self:
        slots = {entry.slot for entry in self.inputs}
        for slot, place in self._used_slots():
            if slot not in slots:
                raise Misfit(f"not among the inputs: {slot}", *place)
        for at, call in enumerate(self.calls):
            if taken := sorted(call.reads.keys() & TAKEN_NAMES):
                raise Misfit(f"choose another name to read into: {', '.join(taken)}", "calls", at, "reads", taken[0])
        reads = set().union(*(call.reads for call in self.calls))
        if unknown := sorted(self.answers.each_if.keys() - reads):
            raise Misfit(f"not read by any call: {', '.join(unknown)}", "answers", "each_if", unknown[0])
        if self.sum and self.sum not in reads:
            raise Misfit(f"not read by any call: {self.sum}", "sum")
        return self

    def _used_slots(self) -> Iterator[tuple[str, tuple[str, int, str]]]:
        """Each slot that a call or a condition names, and the place where it does."""
        for at, call in enumerate(self.calls):
            yield from ((slot, ("calls", at, "operation")) for slot in sorted(call.placeholders - {"subject"}))
            yield from ((slot, ("calls", at, "where")) for slot in call.where.values())
            yield from ((slot, ("calls", at, "when")) for slot in call.when)
        for at, entry in enumerate(self.inputs):
            yield from ((slot, ("inputs", at, "when")) for slot in entry.when)

    @property
    def action(self) -> str:
        """The Rasa action that runs the service."""
        return f"action_{self.service}"

    @property
    def form(self) -> str | None:
        """The Rasa form that asks for what is required, if anything is."""
        return f"{self.service}_form" if any(entry.required for entry in self.inputs) else None


class TermsFile(Spec):
    """A terms.yml."""

    terms: dict[Name, Localized]


def holds(when: When, slots: Mapping[str, object]) -> bool:
    """Whether every slot named has one of the values it must have."""
    return all(slots.get(slot) in values for slot, values in when.items())


def read_services(content: Path) -> tuple[Service, ...]:
    """All services of a content folder, by name.

    Raises:
        ContentError: a service.yml that cannot be read, or a folder that is not named like its service.
    """
    services = []
    for path in sorted((content / "services").glob("*/service.yml")):
        service = read_model(path, Service)
        if service.service != path.parent.name:
            raise ContentError(
                f"service: is named {service.service} but lies in {path.parent.name}", file=str(path), line=1
            )
        services.append(service)
    return tuple(services)


def read_terms(content: Path) -> Terms:
    """Words for codes, from common/terms.yml.

    Raises:
        ContentError: the file cannot be read, or a term lacks a language.
    """
    return read_model(content / "common" / "terms.yml", TermsFile).terms
