"""Who sends a turn: a browser or a speaker."""

from starlette.requests import HTTPConnection

from assistant.core.errors import UnknownConversation, UnknownDevice
from assistant.gateway.conversations import resume_or_start
from assistant.gateway.parts import GatewayParts
from assistant.pipeline.take_turn import Caller


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
        return Caller(await resume_or_start(connection, named, parts.sessions))
    return await speaker_of(token, named, parts, relock=relock)


async def speaker_of(token: str, named: str | None, parts: GatewayParts, *, relock: bool) -> Caller:
    """The same for a speaker: it has one conversation, whose name says nothing without its token."""
    device = await parts.devices.begin_turn(token, relock=relock)
    if named not in {None, device.device_id}:
        raise UnknownConversation
    return Caller(device.session, device.channel, device.device_id)
