"""A turn on any channel: counted, answered, and what its reply promises done."""

from dataclasses import dataclass, replace

from assistant.core.channels import Channel
from assistant.core.desk_now import NO_DESK
from assistant.core.devices import Devices, HandOver, HandOvers, OwnScreens, Waiting
from assistant.core.languages import Language
from assistant.core.ports import Counted, RateLimiter, Session
from assistant.pipeline.answer_turn import Answer, AnswerTurn, Request
from assistant.pipeline.lock_out import LockOut
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.tell_editors import TellEditors
from assistant.pipeline.with_desk import DeskDuty


@dataclass(frozen=True)
class Caller:
    """Whose turn it is, and where its reply is seen or heard; `device_id` if a speaker sends it."""

    session: Session
    channel: Channel = Channel.WEB
    device_id: str | None = None


@dataclass(frozen=True)
class TakeTurn:
    """What every connector ends in.

    Counting stands apart: an address is counted before anything is read, a caller before they speak.
    """

    answer_turn: AnswerTurn
    devices: Devices
    own_screens: OwnScreens
    hand_overs: HandOvers
    own_data: OwnData
    rate_limiter: RateLimiter
    lock_out: LockOut
    desk_duty: DeskDuty | None = None
    tell_editors: TellEditors | None = None

    async def count_address(self, address: str) -> None:
        """Count a turn before anything of it is read.

        Raises:
            TooOften: there were too many from this address.
        """
        await self.rate_limiter.admit(Counted.TURN_OF_ADDRESS, address)

    async def count_caller(self, caller: Caller) -> None:
        """Count a turn of a device, anything else being known by its conversation, and of the person behind it.

        Raises:
            TooOften: there were too many.
        """
        await self.rate_limiter.admit(Counted.TURN_OF_DEVICE, caller.device_id or caller.session.dialogue_id)
        if caller.session.subject:
            await self.rate_limiter.admit(Counted.TURN_OF_PERSON, caller.session.subject)

    async def __call__(self, request: Request, caller: Caller) -> Answer:
        """The answer, once what it promises was done: a request waits elsewhere, a speaker is locked, a session ended.

        Raises:
            CallerError: the request cannot become a turn.
            ServiceUnavailable: what the reply promises could not be done.
        """
        desk = await self.desk_duty() if self.desk_duty else NO_DESK
        answered = await self.answer_turn(replace(request, channel=caller.channel.value, desk=desk), caller.session)
        reply, subject = answered.reply, caller.session.subject
        said = reply.transcript.text if reply.transcript else request.said
        if self.tell_editors and isinstance(said, str):
            await self.tell_editors(said, reply, caller.session, caller.channel.value)
        if reply.own_screen and subject:
            await self.own_screens.put(subject, tuple(Waiting(text, reply.language) for text in reply.own_screen))
        if reply.is_forgotten and subject:
            await self.own_data.forget(subject)
        if reply.is_locked_out:
            return await self._locked_out(answered, caller)
        if reply.is_stopped and caller.device_id:
            await self.devices.lock(caller.device_id)
        if reply.is_moving and caller.device_id:
            return replace(answered, hand_over=await self._move(caller.device_id, caller.session, reply.language))
        return answered

    async def _locked_out(self, answered: Answer, caller: Caller) -> Answer:
        """The answer, in the conversation that comes after: the one before is nobody's any more."""
        fresh = await self.lock_out(caller.session, caller.channel.value, caller.device_id)
        if fresh is None:
            return answered
        reply = replace(answered.reply, conversation_id=fresh.conversation_id)
        return replace(answered, reply=reply, session=fresh)

    async def _move(self, device_id: str, session: Session, language: Language) -> str:
        """The token by which a speaker's dialogue goes on on a screen; its citizen's own page gets it by itself."""
        token = await self.hand_overs.offer(HandOver(device_id, session.dialogue_id))
        if session.subject:
            await self.own_screens.put(session.subject, (Waiting("", language, token),))
        return token
