"""The population register: whether somebody lives, what they may do by themselves, and whose guardian they are."""

from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, HTTPException

from assistant.sandbox.operations import personal_view
from assistant.sandbox.population import CHILDREN, PERSONS, Child
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Record
from assistant.sandbox.service import Call, Service
from assistant.sandbox.state import Records, Rows, State, Table

FULL_AGE = 18

Capacity = Literal["full", "minor", "restricted"]


class Standing(Record):
    """`capacity` is the active legal capacity (General Part of the Civil Code Act, section 8)."""

    alive: bool = True
    capacity: Capacity = "full"


class Entry(Standing):
    """What is entered of somebody; with a `guardian` that one decides for them, like a parent."""

    guardian: str | None = None


STANDINGS = Table("standings", Entry)


def _standing(call: Call, subject: str) -> Standing:
    entered, person = call.records.only(STANDINGS, subject), call.records.only(PERSONS, subject)
    if entered:
        return Standing(alive=entered.alive, capacity=entered.capacity)
    if person is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no_record")
    born = person.birth_date
    is_minor = isinstance(born, date) and (call.today.year - born.year, call.today.month, call.today.day) < (
        FULL_AGE,
        born.month,
        born.day,
    )
    return Standing(capacity="minor" if is_minor else "full")


SERVICES = {
    "EE/GOV/70008440/rr/standing": Service(
        "Whether a person lives, and their legal capacity",
        (personal_view("/v1/persons/{subject}/standing", _standing, Standing),),
    ),
}


def seed(_today: date) -> Iterator[Rows]:
    """Nothing is entered of anybody: who is of age has full capacity."""
    yield STANDINGS.of("")


def standing_router(state: State) -> APIRouter:
    """`PUT /sandbox/standings/{subject}`: somebody dies, loses capacity or gets a guardian; `DELETE` undoes it all."""
    router = APIRouter(prefix="/sandbox/standings", tags=["standings"])

    @router.put("/{subject}", status_code=HTTPStatus.NO_CONTENT)
    async def enter(subject: str, entry: Entry) -> None:
        with state.transaction() as records:
            _end_guardianship(records, subject)
            records.replace(STANDINGS, subject, entry)
            if entry.guardian:
                records.put(CHILDREN, entry.guardian, _ward(records, subject))

    @router.delete("/{subject}", status_code=HTTPStatus.NO_CONTENT)
    async def undo(subject: str) -> None:
        with state.transaction() as records:
            _end_guardianship(records, subject)
            records.replace(STANDINGS, subject)

    return router


def _ward(records: Records, subject: str) -> Child:
    person = records.only(PERSONS, subject)
    if person is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "nobody has this code")
    return Child(subject=subject, **person.model_dump())


def _end_guardianship(records: Records, subject: str) -> None:
    entered = records.only(STANDINGS, subject)
    if entered and entered.guardian:
        records.remove(CHILDREN, entered.guardian, subject)
