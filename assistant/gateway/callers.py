"""Who sends a turn, a browser or a speaker, and what becomes of the turn besides its reply."""

from dataclasses import dataclass, replace

from starlette.requests import HTTPConnection

from assistant.core.channels import Channel
from assistant.core.devices import Waiting
from assistant.core.errors import UnknownConversation, UnknownDevice
from assistant.core.ports import Session
from assistant.gateway.conversations import resume_or_start
from assistant.gateway.parts import GatewayParts
from assistant.pipeline.answer_turn import Answer, Request


@dataclass(frozen=True)
class Caller:
    """Whose turn it is, and where its reply is seen or heard; `device_id` if a speaker sends it.

    `is_browser`: nothing but a cookie names its conversation.
    """

    session: Session
    channel: Channel = Channel.WEB
    device_id: str | None = None
    is_browser: bool = False


def device_token(connection: HTTPConnection) -> str | None:
    """The token by which a speaker says which one it is; None for all others.

    Raises:
        UnknownDevice: the header is none of ours.
    """
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnknownDevice
    return token


async def caller_of(
    connection: HTTPConnection, named: str | None, parts: GatewayParts, *, relock: bool = False
) -> Caller:
    """Who sends a turn in the conversation `named`, or in the one that goes on.

    Raises:
        UnknownDevice: no speaker has the token that was sent.
        UnknownConversation: the named one does not live, or is not the speaker's.
    """
    token = device_token(connection)
    if token is None:
        return Caller(await resume_or_start(connection, named, parts.sessions), is_browser=named is None)
    return await speaker_of(token, named, parts, relock=relock)


async def speaker_of(token: str, named: str | None, parts: GatewayParts, *, relock: bool) -> Caller:
    """The same for a speaker: it has one conversation, whose name says nothing without its token."""
    device = await parts.devices.begin_turn(token, relock=relock)
    if named not in {None, device.device_id}:
        raise UnknownConversation
    return Caller(device.session, device.channel, device.device_id)


async def answer(request: Request, caller: Caller, parts: GatewayParts) -> Answer:
    """The answer to a request, once what it promises was done: a request waits elsewhere, a speaker is locked.

    Raises:
        CallerError: the request cannot become a turn.
        ServiceUnavailable: what the reply promises could not be done.
    """
    answered = await parts.answer_turn(replace(request, channel=caller.channel.value), caller.session)
    reply = answered.reply
    if reply.own_screen and caller.session.subject:
        waiting = tuple(Waiting(text, reply.language) for text in reply.own_screen)
        await parts.own_screens.put(caller.session.subject, waiting)
    if reply.is_forgotten and caller.session.subject:
        await parts.own_data.forget(caller.session.subject)
    if reply.is_stopped and caller.device_id:
        await parts.devices.lock(caller.device_id)
    return answered
