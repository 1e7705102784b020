"""Whose data a register gives to whom."""

import re
from http import HTTPStatus

from assistant.core.personal_code import is_personal_code
from assistant.sandbox.population import CHILDREN
from assistant.sandbox.provider import Refused
from assistant.sandbox.records import Record, RegisterDate
from assistant.sandbox.service import Call
from assistant.sandbox.state import Records, Table

_FOREIGN_SUBJECT = re.compile(r"[A-Z]{2}[A-Za-z0-9_.~-]{1,253}", re.ASCII)


class Restriction(Record):
    """A person's wish that their data are not given out; `scope` is what services name in `obeys`."""

    scope: str
    since: RegisterDate


RESTRICTIONS = Table("restrictions", Restriction, key="scope")


def read_subject(call: Call) -> str:
    """The person in the path, if the register may give the user their data.

    Raises:
        Refused: nobody asks, it is no person, the user may not represent the person, or the person closed the data.
    """
    if not call.user or not is_subject(call.user):
        raise Refused(HTTPStatus.BAD_REQUEST, "user_required", "X-Road-UserId is required")
    if not is_subject(call.subject):
        raise Refused(HTTPStatus.BAD_REQUEST, "not_a_person", "not a personal code")
    if not may_represent(call.records, call.user, call.subject):
        raise Refused(HTTPStatus.FORBIDDEN, "no_representation")
    if any(each.scope in call.obeys for each in call.records.all(RESTRICTIONS, call.subject)):
        raise Refused(HTTPStatus.FORBIDDEN, "restricted_by_person")
    return call.subject


def may_represent(records: Records, user: str, person: str) -> bool:
    """Everybody may speak for themselves and for their children."""
    return person == user or records.find(CHILDREN, user, person) is not None


def is_subject(subject: str) -> bool:
    """Whether this can be a person: country prefix and code, as TARA and X-Road write it."""
    # A foreign (eIDAS) identifier is not an isikukood and has no check digit.
    if subject.startswith("EE"):
        return is_personal_code(subject[2:])
    return _FOREIGN_SUBJECT.fullmatch(subject) is not None
