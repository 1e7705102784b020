"""Who asks in a turn, and for how long."""

import time
from dataclasses import dataclass

from assistant.content.service_spec import Service
from assistant.core.deadline import Deadline
from assistant.core.desk_now import NO_DESK, DeskNow
from assistant.core.identity import Assurance, TurnContext

LONGEST_SECONDS = 8.0
_KEPT_FOR_ANSWERING_SECONDS = 0.5


@dataclass(frozen=True)
class Asker:
    """The citizen as the signed turn context vouches for them; `subject` is None while nobody is logged in.

    `represented` is the person for whom they act, as the register that lists such persons has just said; `device` is
    their own speaker that they speak to, None at a screen. `desk` is what may be promised of it.
    """

    subject: str | None
    assurance: Assurance
    dialogue_id: str
    turn_id: str
    channel: str
    deadline: Deadline
    represented: str | None = None
    device: str | None = None
    desk: DeskNow = NO_DESK

    def may_use(self, service: Service) -> bool:
        """Whether the citizen is known as surely as the service demands."""
        needed = Assurance.parse(service.assurance)
        return needed is Assurance.NONE or (self.subject is not None and self.assurance >= needed)


def asker_of(context: TurnContext | None, dialogue_id: str) -> Asker:
    """The asker of a verified context; without one an unknown person, to whom public services are open."""
    if context is None:
        return Asker(None, Assurance.NONE, dialogue_id, "", "", Deadline.after(LONGEST_SECONDS))
    left = context.deadline_epoch_seconds - time.time() - _KEPT_FOR_ANSWERING_SECONDS
    return Asker(
        subject=context.subject,
        assurance=context.assurance,
        dialogue_id=dialogue_id,
        turn_id=context.turn_id,
        channel=context.channel,
        desk=context.desk,
        deadline=Deadline.after(max(0.0, min(left, LONGEST_SECONDS))),
        device=context.device,
    )
