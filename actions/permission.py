"""Whether personal data may be read now: the citizen did not forbid it, it is on the record, and they may act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.asker import Asker
from actions.record.access_record import Access, AccessRecord
from actions.record.restrictions import Restrictions
from actions.standing import FIELDS, Standings
from actions.xroad.identifiers import ServiceId
from assistant.content.exchange_spec import Exchange
from assistant.content.service_spec import Service
from assistant.core.errors import AccessBlocked, AccessNotRecorded, ServiceError, ServiceUnavailable


@dataclass(frozen=True)
class RecordedPermission:
    """Asks the citizen's restrictions, writes the access record, asks who may act; without either nothing is read."""

    restrictions: Restrictions
    record: AccessRecord
    standings: Standings

    async def grant(
        self, service: Service, exchanges: Sequence[Exchange], asker: Asker, confirmation_id: str | None = None
    ) -> Mapping[str, str | ServiceError]:
        """By call or write: the id of its access record, which the register gets to see, or why it must not be made."""
        if asker.subject is None:
            raise AssertionError(f"{service.service} reads personal data of nobody")  # Asker.may_use was not asked
        subject = asker.subject
        try:
            allowed = [e for e in exchanges if not await self.restrictions.blocks(subject, ServiceId.parse(e.service))]
            accesses = [_access(service, exchange, asker, subject, confirmation_id) for exchange in allowed]
            ids = await self.record.write(accesses)
        except ServiceUnavailable as error:
            return {exchange.id: AccessNotRecorded(error.detail) for exchange in exchanges}
        granted: dict[str, str | ServiceError] = {each.id: id_ for each, id_ in zip(allowed, ids, strict=True)}
        is_act = confirmation_id is not None and not service.any_capacity
        if ids and (refused := await self.standings.refusal(asker, ids[0], is_act=is_act)):
            granted = dict.fromkeys(granted, refused)
        return {exchange.id: granted.get(exchange.id, AccessBlocked()) for exchange in exchanges}

    async def refusal(self, service: Service, asker: Asker, *, is_act: bool) -> ServiceError | None:
        """Why the asker must not use the service, or with `is_act` not do what it does; None if they may.

        It is asked before anything is filled in, read back, or asked of the consent service; `grant` asks once more.
        """
        if asker.subject is None:
            return None
        asked = Access(
            subject=asker.represented or asker.subject,
            user=asker.subject,
            purpose=service.service,
            service=str(self.standings.service),
            fields=FIELDS,
            assurance=asker.assurance,
            dialogue_id=asker.dialogue_id,
            channel=asker.channel,
        )
        try:
            (issue,) = await self.record.write([asked])
        except ServiceUnavailable as error:
            return AccessNotRecorded(error.detail)
        return await self.standings.refusal(asker, issue, is_act=is_act and not service.any_capacity)


def _access(service: Service, exchange: Exchange, asker: Asker, subject: str, confirmation_id: str | None) -> Access:
    return Access(
        subject=asker.represented or subject,
        user=subject,
        purpose=service.service,
        service=exchange.service,
        fields=tuple(sorted(read.from_ for read in exchange.reads.values())),
        assurance=asker.assurance,
        dialogue_id=asker.dialogue_id,
        channel=asker.channel,
        confirmation_id=confirmation_id,
    )
