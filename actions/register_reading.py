"""What registers answered to the calls of a service, read and put into words."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.values.saying import SpokenValues, parse_money
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ServiceId, build_path
from assistant.content.service_spec import Call, Service
from assistant.core.errors import ServiceError, ServiceUnintelligible

_log = logging.getLogger("kratt.actions")

Record = Mapping[str, object]
"""One item of a register's answer, with the register's own field names."""


@dataclass(frozen=True)
class Asker:
    """On whose behalf, in which turn and for how long registers are asked."""

    subject: str | None
    turn_id: str | None
    timeout_seconds: float


@dataclass(frozen=True)
class Reading:
    """What one call brought: items in words and the sum of their amounts, or why it brought nothing."""

    call: Call
    items: tuple[Mapping[str, str], ...] = ()
    total: Decimal = Decimal(0)
    error: ServiceError | None = None


@dataclass(frozen=True)
class RegisterReader:
    """Makes the calls of one service."""

    service: Service
    xroad: XRoadClient

    async def read(
        self, calls: Sequence[Call], slots: Mapping[str, str], asker: Asker, words: SpokenValues
    ) -> tuple[Reading, ...]:
        """All calls at once; one that fails does not disturb the others."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._read_one(call, slots, asker, words)) for call in calls]
        return tuple(task.result() for task in tasks)

    async def _read_one(self, call: Call, slots: Mapping[str, str], asker: Asker, words: SpokenValues) -> Reading:
        try:
            answer = await self.xroad.get(
                ServiceId.parse(call.service),
                build_path(call.path, _path_values(slots, asker.subject)),
                subject=asker.subject,
                issue=asker.turn_id,
                timeout_seconds=asker.timeout_seconds,
            )
            records = select_records(answer, call, slots)
            items = tuple(
                put_into_words(record, call, words, optional=self.service.answers.each_if) for record in records
            )
            return Reading(call, items, add_up(records, call, self.service.sum))
        except ServiceError as error:
            facts = {"service": self.service.service, "call": call.id, "code": error.code, "detail": error.detail}
            _log.warning("register call failed", extra={"facts": {"turn_id": asker.turn_id, **facts}})
            return Reading(call, error=error)


def _path_values(slots: Mapping[str, str], subject: str | None) -> dict[str, str]:
    # The subject comes last: a slot that bears its name cannot take its place.
    return {**slots, "subject": subject or ""}


def select_records(answer: object, call: Call, slots: Mapping[str, str]) -> tuple[Record, ...]:
    """The items of an answer that the citizen asked about.

    Raises:
        ServiceUnintelligible: the answer has no items where the call says.
    """
    if call.items is not None:
        answer = answer.get(call.items) if isinstance(answer, Mapping) else None
    found = answer if isinstance(answer, list) else [answer]
    records = [record for record in found if isinstance(record, Mapping)]
    if len(records) != len(found):
        raise ServiceUnintelligible("the answer does not have the items that the call describes")
    wanted = {field: slots[slot] for field, slot in call.where.items() if slot in slots}
    return tuple(record for record in records if all(record.get(field) == value for field, value in wanted.items()))


def put_into_words(
    record: Record, call: Call, words: SpokenValues, *, optional: Mapping[str, str] = {}
) -> dict[str, str]:
    """What a call reads from an item, by the names that answers use; `optional` fields may be missing.

    Raises:
        ServiceUnintelligible: a field is missing or is not of its kind.
    """
    fields = {name: (record.get(read.from_), read.as_) for name, read in call.reads.items()}
    return {
        name: words.say(value, kind)
        for name, (value, kind) in fields.items()
        if value is not None or name not in optional
    }


def add_up(records: Sequence[Record], call: Call, name: str | None) -> Decimal:
    """The sum of the amounts that a call reads under this name.

    Raises:
        ServiceUnintelligible: one of them is not an amount.
    """
    read = call.reads.get(name) if name else None
    return sum((parse_money(record.get(read.from_)) for record in records), Decimal(0)) if read else Decimal(0)
