"""The Centre of Registers: who has which role in a company, and who was authorised to act for it."""

from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Literal, TypeVar

from assistant.sandbox.operations import personal_list
from assistant.sandbox.personal import is_subject
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY
from assistant.sandbox.provider import Answer, Refused, answer_json
from assistant.sandbox.records import Day, Record, RegisterDate, write_record
from assistant.sandbox.service import Call, Operation, Service
from assistant.sandbox.state import Rows, Table


class Role(Record):
    """A person's role in a company; `annual_report_due` is when its next or late annual report is due."""

    registry_code: str
    company_name: str
    role: Literal["board_member", "shareholder"]
    representation: Literal["represents_alone", "represents_jointly", "no_representation"]
    annual_report_status: Literal["due", "overdue", "filed"]
    annual_report_due: RegisterDate | None = None


class Mandate(Record):
    """A mandate to act for a company, as its board member sees it; without an end it holds until it is withdrawn."""

    registry_code: str
    company_name: str
    holder_name: str
    valid_until: RegisterDate | None = None


R = TypeVar("R", bound=Record)

ROLES = Table("company_roles", Role)
MANDATES = Table("company_mandates", Mandate)


def company_list(path: str, table: Table[R], items: str) -> Operation:
    """GET `{items: [...]}` of the company in the path, for whoever may represent it alone at this moment."""

    def answer(call: Call) -> Answer:
        company = call.values["company"]
        if not call.user or not is_subject(call.user):
            raise Refused(HTTPStatus.BAD_REQUEST, "user_required", "X-Road-UserId is required")
        if call.request.header("x-road-represented-party") != company or not _may_represent(call, company):
            raise Refused(HTTPStatus.FORBIDDEN, "no_representation")
        return answer_json({items: [write_record(each, call.today) for each in call.records.all(table, company)]})

    return Operation("GET", path, answer, table.model, items)


def _may_represent(call: Call, company: str) -> bool:
    roles = call.records.all(ROLES, call.user or "")
    return any(each.registry_code == company and each.representation == "represents_alone" for each in roles)


SERVICES = {
    "EE/GOV/70000310/companies/roles": Service(
        "Roles of a person in companies",
        (personal_list("/v1/persons/{subject}/roles", ROLES, "roles", filters=("role", "representation")),),
        obeys=frozenset({"companies"}),
    ),
    "EE/GOV/70000310/companies/mandates": Service(
        "Mandates given by a person's companies",
        (personal_list("/v1/persons/{subject}/mandates", MANDATES, "mandates"),),
        obeys=frozenset({"companies"}),
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """A company with a report due, one whose report is late, one in good order, and a mere share."""
    yield ROLES.of(
        MARY,
        Role(
            registry_code="16000017",
            company_name="Sinilind OÜ",
            role="board_member",
            representation="represents_alone",
            annual_report_status="due",
            annual_report_due=Day(37),
        ),
        Role(
            registry_code="16000022",
            company_name="Meretuul OÜ",
            role="shareholder",
            representation="no_representation",
            annual_report_status="filed",
        ),
    )
    yield ROLES.of(
        JAAK,
        Role(
            registry_code="16000038",
            company_name="Emajõe Tarkvara OÜ",
            role="board_member",
            representation="represents_jointly",
            annual_report_status="overdue",
            annual_report_due=Day(-20),
        ),
    )
    yield ROLES.of(
        MARI_LIIS,
        Role(
            registry_code="16000043",
            company_name="Nordwind Digital OÜ",
            role="board_member",
            representation="represents_alone",
            annual_report_status="filed",
        ),
    )
    yield MANDATES.of(
        MARY,
        Mandate(
            registry_code="16000017",
            company_name="Sinilind OÜ",
            holder_name="Jaak-Kristjan Jõeorg",
            valid_until=Day(200),
        ),
    )
