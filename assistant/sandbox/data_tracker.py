"""A register's data tracker: who read what it holds about a person.

Source: e-gov/AJ, `dumonitor-openapi.yaml` 2.1.0: service code `findUsage`, three endpoints.
"""

from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Literal

from assistant.sandbox.personal import is_subject, may_represent
from assistant.sandbox.provider import Answer, Refused, answer_json
from assistant.sandbox.records import Record, RegisterMoment, write_record
from assistant.sandbox.service import Call, Operation, Service
from assistant.sandbox.state import Table

MOST_USAGES = 1000
_KEPT_DAYS = 730
_QUERY = ("userCode", "periodStart", "periodEnd", "offset", "limit")


class Usage(Record):
    """One act on one person's data; `action` says what for, in Estonian, as registers do."""

    logtime: RegisterMoment
    action: str
    receiver_code: str
    receiver_name: str | None = None
    receiver_system: str


class UsagePage(Record):
    """Part of a person's usages, newest first, of `totalUsages`."""

    total_usages: int
    usages: list[Usage]


class UsagePeriod(Record):
    """From when on usages are known; until now."""

    period_start: RegisterMoment


class Heartbeat(Record):
    """Whether the tracker works."""

    status: Literal["OK", "FAIL"]
    message: str | None = None


def data_tracker(title: str, table: Table[Usage]) -> Service:
    """`findUsage` over the usages in a table."""

    def find(call: Call) -> Answer:
        person = _read_person(call)
        start, end = _moment(call, "periodStart"), _moment(call, "periodEnd")
        offset, limit = _number(call, "offset", 0), _number(call, "limit", MOST_USAGES)
        theirs = [
            usage
            for usage in call.records.all(table, person)
            if (start is None or usage.logtime >= start) and (end is None or usage.logtime <= end)
        ]
        newest_first = sorted(theirs, key=lambda usage: usage.logtime, reverse=True)
        page = UsagePage(total_usages=len(theirs), usages=newest_first[offset : offset + min(limit, MOST_USAGES)])
        return answer_json(write_record(page, call.today))

    return Service(
        title,
        (
            Operation("GET", "/v2/findUsage", find, UsagePage, query=_QUERY),
            Operation("GET", "/v2/usagePeriod", _tell_period, UsagePeriod),
            Operation("GET", "/v2/heartbeat", _tell_heartbeat, Heartbeat),
        ),
    )


def _read_person(call: Call) -> str:
    """The person asked about, if the user may see their usages."""
    person = call.query.get("userCode", "")
    if not call.user or not is_subject(call.user):
        raise Refused(HTTPStatus.BAD_REQUEST, "user_required", "X-Road-UserId is required")
    if not is_subject(person):
        raise Refused(HTTPStatus.BAD_REQUEST, "not_a_person", "userCode is required")
    if not may_represent(call.records, call.user, person):
        raise Refused(HTTPStatus.FORBIDDEN, "no_representation")
    return person


def _moment(call: Call, name: str) -> datetime | None:
    text = call.query.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, "wrong_parameter", f"{name} is a date-time") from None
    # The description's examples have no offset.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise Refused(HTTPStatus.BAD_REQUEST, "wrong_parameter", f"{name} is a number")
    return int(text)


def _tell_period(call: Call) -> Answer:
    start = datetime.combine(call.today - timedelta(days=_KEPT_DAYS), time(), UTC)
    return answer_json(write_record(UsagePeriod(period_start=start), call.today))


def _tell_heartbeat(call: Call) -> Answer:
    return answer_json(write_record(Heartbeat(status="OK"), call.today))
