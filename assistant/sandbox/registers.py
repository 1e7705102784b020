"""The registers of the sandbox: which services they publish and what they answer."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path

from assistant.core.personal_code import is_personal_code
from assistant.sandbox.population import POPULATION, Record, Resident
from assistant.sandbox.provider import Answer, Call, Operation, Service, answer_json, problem

_PUBLIC_INFORMATION = Path(__file__).with_name("public_information.json")
_FOREIGN_SUBJECT = re.compile(r"[A-Z]{2}[A-Za-z0-9_.~-]{1,253}", re.ASCII)

OPEN_SERVICES = (
    "EE/GOV/70008747/itds/documents",
    "EE/GOV/70008747/fines/fines",
    "EE/GOV/70000349/debts/taxdebts",
    "EE/GOV/70008747/offices/offices",
    "EE/GOV/70008747/offices/errands",
)
"""Services that the assistant was given a right to."""

CLOSED_SERVICE = "EE/GOV/70008440/rr/addresses"
"""A service that the assistant has no right to, so that access denied can be seen."""


@dataclass(frozen=True)
class PersonalList:
    """Answers `{key: [...]}` about one person; somebody whom the register does not know gets an empty list."""

    key: str
    records: Callable[[Resident, date], list[Record]]

    def __call__(self, call: Call) -> Answer:
        """Refuses a call that does not say who asks, or asks about no possible person."""
        if not call.user or not _is_subject(call.user):
            return problem(HTTPStatus.BAD_REQUEST, "X-Road-UserId is required")
        if not _is_subject(call.values["person"]):
            return problem(HTTPStatus.BAD_REQUEST, "not a personal code")
        resident = POPULATION.get(call.values["person"])
        return answer_json({self.key: self.records(resident, datetime.now(UTC).date()) if resident else []})


@dataclass(frozen=True)
class PublicRecords:
    """Answers one record by its code, naming the code under `key`; an unknown code is not found."""

    key: str
    records: Mapping[str, Record]

    def __call__(self, call: Call) -> Answer:
        """The record."""
        code = call.values["code"]
        if code not in self.records:
            return problem(HTTPStatus.NOT_FOUND)
        return answer_json({self.key: code, **self.records[code]})


def published_services() -> dict[str, Service]:
    """Every service of every register, by its X-Road identifier."""
    public = json.loads(_PUBLIC_INFORMATION.read_text(encoding="utf-8"))
    documents = PersonalList("documents", lambda person, today: [each.record(today) for each in person.documents])
    fines = PersonalList("fines", lambda person, today: [each.fine_record(today) for each in person.fines])
    debts = PersonalList("debts", lambda person, today: [each.debt_record(today) for each in person.debts])
    addresses = PersonalList("addresses", lambda _person, _today: [])
    operations = (
        Operation("GET", "/v1/persons/{person}/documents", documents),
        Operation("GET", "/v1/persons/{person}/fines", fines),
        Operation("GET", "/v1/persons/{person}/debts", debts),
        Operation("GET", "/v1/offices/{code}", PublicRecords("office", public["offices"])),
        Operation("GET", "/v1/errands/{code}", PublicRecords("errand", public["errands"])),
        Operation("GET", "/v1/persons/{person}/addresses", addresses),
    )
    names = (*OPEN_SERVICES, CLOSED_SERVICE)
    return {name: Service((operation,)) for name, operation in zip(names, operations, strict=True)}


def _is_subject(subject: str) -> bool:
    # A foreign (eIDAS) identifier is not an isikukood and has no check digit.
    if subject.startswith("EE"):
        return is_personal_code(subject[2:])
    return _FOREIGN_SUBJECT.fullmatch(subject) is not None
