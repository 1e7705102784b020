"""What registers answered to the calls of a service, read and put into words."""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from actions.asker import Asker
from actions.values.saying import SpokenValues, parse_money
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ServiceId, build_path, build_query
from actions.xroad.question import Question
from assistant.content.exchange_spec import CONSENT, DEVICE, SUBJECT, Call, Exchange, Read
from assistant.content.service_spec import Service
from assistant.content.spec import Kind
from assistant.core.calendar import citizens_today
from assistant.core.channels import Channel
from assistant.core.errors import AccessRestricted, ServiceError, ServiceRefused, ServiceUnintelligible

_log = logging.getLogger("kratt.actions")

_DAY = re.compile(r"{today([+-]\d{1,4})?}")

NO_RECORD_PROBLEM = "no_record"
"""The code of the problem by which a register says that it knows nothing about the person."""

NO_DEVICE = "none"
"""What `{device}` stands for at a screen."""

RESTRICTED_PROBLEM = "restricted_by_person"
"""The code of the problem by which a register says that the citizen closed their data."""

Record = Mapping[str, object]
"""One item of a register's answer, with the register's own field names."""


class ConsentCheck(Protocol):
    """Knows what a citizen has consented to, at this moment."""

    async def reference(self, purpose: str, asker: Asker, *, link: bool) -> str:
        """The reference of the consent to a purpose.

        Raises:
            ConsentMissing: there is none in force; with `link` a request for one was started.
            ConsentUnchecked: nobody can tell.
        """


class Permission(Protocol):
    """Decides whether personal data may be read now, and records that it is."""

    async def grant(self, service: Service, calls: Sequence[Call], asker: Asker) -> Mapping[str, str | ServiceError]:
        """By call: the id of its access record, which the register gets to see, or why it must not be made."""

    async def refusal(self, service: Service, asker: Asker, *, is_act: bool) -> ServiceError | None:
        """Why the asker must not use the service at all, whatever was consented to; None if they may."""


@dataclass(frozen=True)
class Item:
    """One item that a register told: what was read, as it stands there (`raw`) and put into words.

    `call` is the id of the call, `register` what its register is called.
    """

    call: str
    register: str
    raw: Mapping[str, str]
    words: Mapping[str, str]
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class Reading:
    """What one call brought, or why it brought nothing."""

    call: Call
    items: tuple[Item, ...] = ()
    error: ServiceError | None = None


@dataclass(frozen=True)
class Asked:
    """What a call is made with; `consent` is the reference of the citizen's, where the call needs one."""

    inputs: Mapping[str, str]
    asker: Asker
    consent: str = ""


@dataclass(frozen=True)
class RegisterReader:
    """Makes calls of services."""

    xroad: XRoadClient
    permission: Permission
    consents: ConsentCheck

    async def read(
        self, service: Service, calls: Sequence[Call], inputs: Mapping[str, str], asker: Asker, words: SpokenValues
    ) -> tuple[Reading, ...]:
        """All calls at once; one that fails does not disturb the others."""
        consents = await self._consents(service, calls, asker)
        refused = {id_: consent for id_, consent in consents.items() if isinstance(consent, ServiceError)}
        personal = [call for call in calls if service.is_personal(call) and call.id not in refused]
        issues = await self.permission.grant(service, personal, asker) if personal else {}
        allowed: Mapping[str, str | ServiceError] = {**issues, **refused}
        references = {id_: consent for id_, consent in consents.items() if isinstance(consent, str)}
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(
                    self._read_one(service, call, Asked(inputs, asker, references.get(call.id, "")), allowed, words)
                )
                for call in calls
            ]
        return tuple(task.result() for task in tasks)

    async def _consents(
        self, service: Service, calls: Sequence[Call], asker: Asker
    ) -> Mapping[str, str | ServiceError]:
        """By call that needs one: the reference of the citizen's consent, or why the call must not be made."""
        needing = [call for call in calls if call.consent]
        # Nothing is asked, and no consent requested, in the name of who has died.
        if needing and (refused := await self.permission.refusal(service, asker, is_act=False)):
            return {call.id: refused for call in needing}
        link = Channel.of(asker.channel) is Channel.WEB  # it is to be opened where nobody else reads it
        found: dict[str, str | ServiceError] = {}
        for call in needing:
            try:
                found[call.id] = await self.consents.reference(call.consent or "", asker, link=link)
            except ServiceError as error:
                found[call.id] = error
        return found

    async def _read_one(
        self,
        service: Service,
        call: Call,
        asked: Asked,
        allowed: Mapping[str, str | ServiceError],
        words: SpokenValues,
    ) -> Reading:
        issue, asker = allowed.get(call.id), asked.asker
        try:
            if isinstance(issue, ServiceError):
                raise issue
            answer = await self.xroad.get(_question(service, call, asked, issue), asker.deadline.remaining_seconds)
            records = select_records(answer.body, call, asked.inputs)
            return Reading(call, tuple(read_item(record, call, words, service.sum) for record in records))
        except ServiceRefused as error:
            if error.problem == NO_RECORD_PROBLEM:
                return Reading(call)
            return Reading(call, error=_told(service, call, asker, error))
        except ServiceError as error:
            return Reading(call, error=_told(service, call, asker, error))


def _question(service: Service, call: Call, asked: Asked, issue: str | None) -> Question:
    asker = asked.asker
    values = {**path_values(asked.inputs, asker), CONSENT: asked.consent}
    return Question(
        ServiceId.parse(call.service),
        build_path(call.path, values),
        build_query({name: with_days(text) for name, text in call.query.items()}, values),
        # A public register is not told who asks.
        subject=asker.subject if service.is_personal(call) else None,
        issue=issue or asker.turn_id or None,
        represented_party=asker.represented if service.is_personal(call) else None,
    )


def with_days(text: str) -> str:
    """`{today}`, `{today-365}` and the like as ISO dates."""
    return _DAY.sub(lambda found: (citizens_today() + timedelta(days=int(found[1] or 0))).isoformat(), text)


def _told(service: Service, call: Call, asker: Asker, error: ServiceError) -> ServiceError:
    """The error, logged; the citizen's own restriction is an error of its own."""
    facts = {"service": service.service, "call": call.id, "code": error.code, "detail": error.detail}
    _log.warning("register call failed", extra={"facts": {"turn_id": asker.turn_id, **facts}})
    if isinstance(error, ServiceRefused) and error.problem == RESTRICTED_PROBLEM:
        return AccessRestricted(error.detail)
    return error


def path_values(inputs: Mapping[str, str], asker: Asker) -> dict[str, str]:
    """What placeholders stand for. Who asks, and at which speaker, comes last: no input can take its place."""
    return {**inputs, SUBJECT: asker.subject or "", DEVICE: asker.device or NO_DEVICE}


def select_records(answer: object, call: Call, inputs: Mapping[str, str]) -> tuple[Record, ...]:
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
    wanted = {field: inputs[slot] for field, slot in call.where.items() if slot in inputs}
    return tuple(record for record in records if all(record.get(field) == value for field, value in wanted.items()))


def read_item(record: Record, call: Exchange, words: SpokenValues, summed: str | None = None) -> Item:
    """What a call reads from an item.

    Raises:
        ServiceUnintelligible: a field is missing or is not of its kind.
    """
    fields = {name: (record.get(read.from_), read) for name, read in call.reads.items()}
    present = {n: (value, read) for n, (value, read) in fields.items() if not (read.optional and value in (None, []))}
    return Item(
        call.id,
        call.register_[words.language],
        raw={name: _raw(value, read, words) for name, (value, read) in present.items()},
        words={name: words.say(value, _kind(value, read)) for name, (value, read) in present.items()},
        amount=parse_money(fields[summed][0]) if summed in fields else Decimal(0),
    )


def _raw(value: object, read: Read, words: SpokenValues) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.say(value, read.as_ if read.as_ in {"localized", "list"} else "text")


def _kind(value: object, read: Read) -> Kind:
    # A yes or no that is read for conditions only needs no words of its own.
    return "yes_no" if isinstance(value, bool) and read.as_ == "text" else read.as_
