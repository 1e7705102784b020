"""Whether personal data may be read now: the citizen did not forbid it, and it is on the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.asker import Asker
from actions.record.access_record import Access, AccessRecord
from actions.record.restrictions import Restrictions
from actions.xroad.identifiers import ServiceId
from assistant.content.exchange_spec import Exchange
from assistant.content.service_spec import Service
from assistant.core.errors import AccessBlocked, AccessNotRecorded, ServiceError, ServiceUnavailable


@dataclass(frozen=True)
class RecordedPermission:
    """Asks the citizen's restrictions, then writes the access record; without either nothing is read."""

    restrictions: Restrictions
    record: AccessRecord

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
        granted = {exchange.id: id_ for exchange, id_ in zip(allowed, ids, strict=True)}
        return {exchange.id: granted.get(exchange.id, AccessBlocked()) for exchange in exchanges}


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
