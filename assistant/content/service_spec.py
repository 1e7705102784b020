"""What a service.yml says: the single source of a service (docs/adr/0004)."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assistant.content.exchange_spec import KEY, OF_THE_TURN, SUBJECT, Call, Exchange, Write
from assistant.content.input_spec import Input
from assistant.content.spec import Case, Localized, Name, ResponseName, Saying, Spec, Terms, When
from assistant.content.yaml_source import Misfit, read_model
from assistant.core.errors import ContentError

Place = tuple[str | int, ...]
QUESTION_PREFIX = "utter_ask_"
"""Of the responses that ask for an input."""
MOST_BUTTONS = 8
"""A question with more answers has none of them as buttons."""


class Owner(Spec):
    """The institution that answers for a service; `code` is its register code."""

    institution: Localized
    code: Annotated[str, Field(pattern=r"^\d{8}$")]


class Answers(Spec):
    """What is said when; see docs/guides/service-yml.md."""

    found: Saying | None = None
    each: Saying | None = None
    none: Saying | None = None
    read_back: Saying | None = None
    done: Saying | None = None
    page: Annotated[int | None, Field(ge=1)] = None
    newest_first: Name | None = None
    distinct: bool = False

    @property
    def sayings(self) -> dict[str, Saying]:
        """Every saying there is, by its key."""
        pairs = ((name, getattr(self, name)) for name in ("found", "each", "none", "read_back", "done"))
        return {name: saying for name, saying in pairs if saying}


class Offer(Spec):
    """A service to offer next, with what is known of its inputs.

    `when` names reads or inputs, and holds if it does for any item that was told.
    """

    when: When = {}
    offer: Name
    with_: dict[Name, str] = Field({}, alias="with")


def _offers(written: object) -> object:
    # An editor writes the name of a service that is always offered.
    return (
        [{"offer": each} if isinstance(each, str) else each for each in written]
        if isinstance(written, list)
        else written
    )


class Service(Spec):
    """Everything about one service."""

    service: Name
    title: Localized
    owner: Owner
    assurance: Literal["none", "substantial", "high"]
    data_class: Literal["public", "personal", "sensitive"]
    purpose: Localized
    calls: tuple[Call, ...] = ()
    inputs: tuple[Input, ...] = ()
    stops: tuple[Case, ...] = ()
    writes: tuple[Write, ...] = ()
    confirm: Literal["none", "read_back", "in_words", "sign"] = "none"
    any_voice: bool = False
    any_capacity: bool = False
    phone: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] = None
    answers: Answers
    sum: Name | None = None
    degrade: ResponseName
    next: Annotated[tuple[Offer, ...], BeforeValidator(_offers)] = ()

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.calls and not self.writes:
            raise Misfit("a service calls at least one register", "service")
        if bool(self.writes) != (self.confirm != "none"):
            raise Misfit(
                "what writes is confirmed: read_back, in_words or sign; what only reads is not: none", "confirm"
            )
        if self.any_voice and self.confirm != "read_back":
            raise Misfit("any voice confirms only what is read back: confirm: read_back", "any_voice")
        if self.any_capacity and not self.writes:
            raise Misfit("what only reads is open to everybody whose data it is", "any_capacity")
        needed = ["read_back", "done"] if self.writes else ["none"]
        needed += ["none"] if any(entry.choose for entry in self.inputs) else []
        for name in needed:
            if name not in self.answers.sayings:
                raise Misfit(f"{name} is missing", "answers")
        if not self.writes and not (
            self.answers.found or self.answers.each or all(call.each or call.all for call in self.calls)
        ):
            raise Misfit("name a response in `found`, in `each` or in both", "answers")
        return self

    @model_validator(mode="after")
    def _protects_personal_data(self) -> Self:
        if self.data_class != "public" and self.assurance == "none":
            raise Misfit("personal data needs an assurance of substantial or high", "assurance")
        if self.assurance == "none" and any(self.is_personal(exchange) for exchange, _ in self._exchanges()):
            raise Misfit("a call about {subject} needs an assurance of substantial or high", "assurance")
        if self.writes and self.assurance == "none":
            raise Misfit("what writes needs an assurance of substantial or high", "assurance")
        return self

    @model_validator(mode="after")
    def _knows_the_phone(self) -> Self:
        if (self.confirm == "sign") != (self.phone is not None):
            raise Misfit("what is signed needs to know where the phone's number is read: call.read", "phone")
        if self.phone is None:
            return self
        call = next((call for call in self.calls if call.id == self.phone_source[0]), None)
        if call is None or call.items is not None or self.phone_source[1] not in call.reads:
            raise Misfit(f"no call reads {self.phone}, or it reads a list", "phone")
        return self

    @model_validator(mode="after")
    def _names_what_exists(self) -> Self:
        inputs = {entry.slot for entry in self.inputs}
        for name, place in self._used_inputs():
            if name not in inputs:
                raise Misfit(f"not among the inputs: {name}", *place)
        for name, place in self._used_names():
            if name not in self.names:
                raise Misfit(f"neither read by a call nor an input: {name}", *place)
        for name, place in self._used_reads():
            if name not in self.read_names:
                raise Misfit(f"not read by any call: {name}", *place)
        return self

    @model_validator(mode="after")
    def _takes_from_what_exists(self) -> Self:
        calls = {call.id: call for call in self.calls}
        for at, entry in enumerate(self.inputs):
            for call in entry.choose.calls if entry.choose else ():
                if call not in calls:
                    raise Misfit(f"no call has the id {call}", "inputs", at, "choose")
            source = entry.prefill_source
            if source and not (source[0] in calls and source[1] in calls[source[0]].reads):
                raise Misfit(f"no call reads {entry.prefill}", "inputs", at, "prefill")
        for at, write in enumerate(self.writes):
            for field, source_name in write.sources.items():
                if not self._has_source(source_name):
                    raise Misfit(f"neither an input nor read by a call: {source_name}", "writes", at, "body", field)
                self._check_label(source_name.partition(".")[0], ("writes", at, "body", field))
        return self

    def _has_source(self, source: str) -> bool:
        name, _, read = source.partition(".")
        entry = self.input(name)
        if not read or entry is None:
            return entry is not None if not read else any(c.id == name and read in c.reads for c in self.calls)
        listed = entry.choose.calls if entry.choose else ()
        return any(call.id in listed and read in call.reads for call in self.calls)

    def _check_label(self, name: str, place: Place) -> None:
        entry = self.input(name)
        if entry and not entry.label:
            raise Misfit(f"{name} is sent, so it is read back and needs a label", *place)

    def _exchanges(self) -> Iterator[tuple[Exchange, Place]]:
        yield from ((call, ("calls", at)) for at, call in enumerate(self.calls))
        yield from ((write, ("writes", at)) for at, write in enumerate(self.writes))

    def _used_inputs(self) -> Iterator[tuple[str, Place]]:
        """Each input that must exist, and the place that names it."""
        for exchange, place in self._exchanges():
            wanted = exchange.placeholders - OF_THE_TURN - {KEY}
            yield from ((slot, (*place, "operation")) for slot in sorted(wanted))
            if isinstance(exchange, Call):
                yield from ((slot, (*place, "where")) for slot in exchange.where.values())

    def _used_names(self) -> Iterator[tuple[str, Place]]:
        """Each input or read that a condition names, and the place that does."""
        for exchange, place in self._exchanges():
            yield from ((name, (*place, "when", name)) for name in exchange.when)
            if isinstance(exchange, Call):
                yield from self._in_cases(exchange.each or (), (*place, "each"))
                yield from self._in_cases(exchange.all or (), (*place, "all"))
        for at, entry in enumerate(self.inputs):
            yield from ((name, ("inputs", at, "when", name)) for name in entry.when)
        for at, offer in enumerate(self.next):
            yield from ((name, ("next", at, "when", name)) for name in offer.when)
        yield from self._in_cases(self.stops, ("stops",))
        for key, saying in self.answers.sayings.items():
            yield from self._in_cases(saying, ("answers", key))

    @staticmethod
    def _in_cases(cases: tuple[Case, ...], place: Place) -> Iterator[tuple[str, Place]]:
        for at, case in enumerate(cases):
            yield from ((name, (*place, at)) for name in (*case.when, *case.has))

    def _used_reads(self) -> Iterator[tuple[str, Place]]:
        if self.sum:
            yield self.sum, ("sum",)
        if self.answers.newest_first:
            yield self.answers.newest_first, ("answers", "newest_first")
        for at, entry in enumerate(self.inputs):
            if entry.choose:
                yield from ((name, ("inputs", at, "choose")) for name in (entry.choose.key, *entry.choose.label))

    @cached_property
    def read_names(self) -> frozenset[str]:
        """Everything that calls and writes read."""
        return frozenset(name for exchange, _ in self._exchanges() for name in exchange.reads)

    @cached_property
    def names(self) -> frozenset[str]:
        """Everything that conditions and responses may use: inputs, reads, and `<input>_<read>` of a chosen item."""
        chosen = {
            f"{entry.slot}_{read}"
            for entry in self.inputs
            if entry.choose
            for call in self.calls
            if call.id in entry.choose.calls
            for read in call.reads
        }
        return self.read_names | chosen | {entry.slot for entry in self.inputs}

    @cached_property
    def response_names(self) -> frozenset[str]:
        """Every response that the service may utter, besides its questions."""
        sayings = [*self.answers.sayings.values(), *(call.each or call.all or () for call in self.calls), self.stops]
        said = {case.say for saying in sayings for case in saying if case.say}
        refused = {response for write in self.writes for response in write.refusals.values()}
        return frozenset(said | refused | {self.degrade})

    @property
    def phone_source(self) -> tuple[str, str]:
        """The call and the read that tell the number of the citizen's own phone."""
        call, _, read = (self.phone or "").partition(".")
        return call, read

    @property
    def questions(self) -> frozenset[str]:
        """The responses that ask for an input: those asked, and those a citizen may want to correct."""
        return frozenset(f"{QUESTION_PREFIX}{entry.slot}" for entry in self.inputs if entry.required or entry.prefill)

    def is_personal(self, exchange: Exchange) -> bool:
        """Whether it is about the citizen, or about somebody whom they represent."""
        represented = {self.represented.slot} if self.represented else set()
        return bool(exchange.placeholders & {SUBJECT, *represented})

    @cached_property
    def represented(self) -> Input | None:
        """The input that is a person for whom the citizen acts."""
        return next((entry for entry in self.inputs if entry.choose and entry.choose.represents), None)

    @cached_property
    def mandates(self) -> frozenset[str]:
        """The calls that list for whom the citizen may act."""
        choose = self.represented.choose if self.represented else None
        return frozenset(choose.calls if choose else ())

    def input(self, slot: str) -> Input | None:
        """The input of that name."""
        return next((entry for entry in self.inputs if entry.slot == slot), None)

    @property
    def action(self) -> str:
        """The Rasa action that runs the service."""
        return f"action_{self.service}"


class TermsFile(Spec):
    """A terms.yml."""

    terms: dict[Name, Localized]


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
    """Words for codes, from common/terms.yml and the terms.yml of services.

    Raises:
        ContentError: a file cannot be read, a term lacks a language, or is written twice in different words.
    """
    terms: dict[str, Localized] = {}
    for path in (content / "common" / "terms.yml", *sorted((content / "services").glob("*/terms.yml"))):
        for name, words in read_model(path, TermsFile).terms.items():
            if terms.setdefault(name, words) != words:
                raise ContentError(f"{name} has other words in another terms.yml", file=str(path))
    return terms
