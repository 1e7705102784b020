"""Ready-made operations, so that a register is little more than its models and its seed."""

import hashlib
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeVar

from pydantic import ValidationError

from assistant.sandbox.personal import read_subject
from assistant.sandbox.provider import Answer, Refused, answer_json
from assistant.sandbox.records import Json, Receipt, Record, write_record
from assistant.sandbox.service import Call, Operation
from assistant.sandbox.state import PUBLIC, Table

LONGEST_KEY = 255
_FIRST_RECEIPT = 100_001

R = TypeVar("R", bound=Record)
B = TypeVar("B", bound=Record)


class _Submission(Record):
    key: str
    body_hash: str
    answer: Json


_SUBMISSIONS = Table("submissions", _Submission, key="key")


def personal_list(path: str, table: Table[R], items: str, filters: tuple[str, ...] = ()) -> Operation:
    """GET `{items: [...]}`: a person's records; somebody whom the register does not know gets an empty list.

    `filters` are query parameters that are named like a field: only records whose field has that value are answered.
    """

    def view(call: Call, subject: str) -> Sequence[R]:
        return call.records.all(table, subject)

    return personal_view(path, view, table.model, items, filters)


def personal_record(path: str, table: Table[R], absent: R | None = None) -> Operation:
    """GET one record: the person's only one, or, if the path ends with `{a_key}`, the one with that key.

    Somebody without it gets `absent`, or else 404 with the code `no_record`.
    """
    key = _last_name(path)

    def view(call: Call, subject: str) -> R:
        records = call.records
        found = records.only(table, subject) if key == "subject" else records.find(table, subject, call.values[key])
        return _found(found or absent)

    return personal_view(path, view, table.model)


def personal_view(
    path: str,
    view: Callable[[Call, str], Record | Sequence[Record]],
    returns: type[Record],
    items: str = "",
    filters: tuple[str, ...] = (),
) -> Operation:
    """GET whatever `view` makes for a person of any tables: one record, or with `items` several."""

    def answer(call: Call) -> Answer:
        found = view(call, read_subject(call))
        return _answer_record(call, found) if isinstance(found, Record) else _answer_list(call, found, items)

    return Operation("GET", path, answer, returns, items, query=filters)


def public_list(path: str, table: Table[R], items: str, filters: tuple[str, ...] = ()) -> Operation:
    """GET `{items: [...]}`: all records that belong to nobody."""

    def answer(call: Call) -> Answer:
        records: Sequence[R] = call.records.all(table)
        return _answer_list(call, records, items)

    return Operation("GET", path, answer, table.model, items, query=filters)


def public_record(path: str, table: Table[R]) -> Operation:
    """GET the record whose key is the last part of the path; 404 `no_record` if there is none."""
    key = _last_name(path)

    def answer(call: Call) -> Answer:
        return _answer_record(call, _found(call.records.find(table, PUBLIC, call.values[key])))

    return Operation("GET", path, answer, table.model)


def submission(
    path: str, takes: type[B], act: Callable[[Call, B], Receipt], returns: type[Receipt] = Receipt
) -> tuple[Operation, Operation]:
    """POST a person's matter once per `Idempotency-Key`, and GET `.../{key}` for what became of it.

    `act` does it: reads and changes records of any table (`call.records`), raises `Refused` to say no, which undoes
    everything and leaves the key free, and returns the receipt, numbered by `next_receipt(call)`.
    The same key with the same body gets the same answer again; with another body it is refused (422 `key_reused`).
    """

    def post(call: Call) -> Answer:
        read_subject(call)
        key, body = _read_key(call), _read_body(call, takes)
        body_hash = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
        done = call.records.find(_SUBMISSIONS, call.resource, key)
        if done is None:
            answer = write_record(act(call, body), call.today)
            done = _Submission(key=key, body_hash=body_hash, answer=answer)
            call.records.put(_SUBMISSIONS, call.resource, done)
        if done.body_hash != body_hash:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "key_reused", "the key was used for another body")
        return answer_json(done.answer, HTTPStatus.CREATED)

    def get(call: Call) -> Answer:
        read_subject(call)
        collection, _, _ = call.resource.rpartition("/")
        done = call.records.find(_SUBMISSIONS, collection, call.values["key"])
        if done is None:
            raise Refused(HTTPStatus.NOT_FOUND, "unknown_key")
        return answer_json(done.answer)

    return Operation("POST", path, post, returns, takes=takes), Operation("GET", path + "/{key}", get, returns)


def next_receipt(call: Call) -> str:
    """The number of the receipt that the present submission gets; digits only, because it is read aloud."""
    return str(_FIRST_RECEIPT + call.records.count(_SUBMISSIONS))


def _answer_record(call: Call, record: Record) -> Answer:
    return answer_json(write_record(record, call.today))


def _answer_list(call: Call, records: Sequence[Record], items: str) -> Answer:
    answers = [write_record(record, call.today) for record in records]
    wanted = [each for each in answers if all(_text(each.get(name)) == value for name, value in call.query.items())]
    return answer_json({items: wanted})


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _found(record: R | None) -> R:
    if record is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no_record")
    return record


def _last_name(path: str) -> str:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    return names[-1]


def _read_key(call: Call) -> str:
    key = call.request.header("idempotency-key") or ""
    if not 0 < len(key) <= LONGEST_KEY:
        raise Refused(HTTPStatus.BAD_REQUEST, "key_required", "Idempotency-Key is required")
    return key


def _read_body(call: Call, model: type[B]) -> B:
    try:
        return model.model_validate_json(call.body)
    except ValidationError as error:
        fields = sorted({".".join(map(str, each["loc"])) for each in error.errors()})
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "wrong_body", f"wrong: {', '.join(fields)}") from None
