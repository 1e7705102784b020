"""What the gateway tells of citizens who log in, and who have themselves locked out: both on the access record."""

import uuid
from dataclasses import dataclass

from actions.asker import Asker
from actions.record.access_record import Access, AccessRecord
from actions.standing import ANSWER_SECONDS, FIELDS, Standings
from assistant.content.own_responses import PURPOSES
from assistant.core.deadline import Deadline
from assistant.core.errors import ServiceUnavailable
from assistant.core.identity import Assurance

LOG_IN, LOCK = PURPOSES


@dataclass(frozen=True)
class ComingsAndGoings:
    """`own_service` is the X-Road service of our own by whose name a lock stands on the record."""

    record: AccessRecord
    standings: Standings
    own_service: str

    async def may_log_in(self, subject: str) -> bool:
        """Whether nothing speaks against it: the population register does not know them as deceased.

        Where that cannot be asked, or not be recorded, somebody may: whatever they ask for is checked again.
        """
        asker = Asker(subject, Assurance.NONE, "", uuid.uuid4().hex, "", Deadline.after(ANSWER_SECONDS))
        asked = Access(subject, subject, LOG_IN, str(self.standings.service), FIELDS, Assurance.NONE, "", "")
        try:
            (issue,) = await self.record.write([asked])
        except ServiceUnavailable:
            return True
        return await self.standings.is_alive(asker, issue)

    async def note_lock(self, subject: str, assurance: Assurance, dialogue_id: str, channel: str) -> None:
        """Put on the record that they had themselves locked out.

        Raises:
            ServiceUnavailable: the database is down.
        """
        await self.record.write(
            [Access(subject, subject, LOCK, self.own_service, (), assurance, dialogue_id, channel)],
        )
