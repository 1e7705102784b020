"""The address that a carrier's instructions name for a call."""

import logging

from fastapi import APIRouter, WebSocket

from assistant.core.errors import TooOften
from assistant.intake import address_of
from assistant.pipeline.outside_turns import OutsideTurns
from connectors.conversation_relay import PATH
from connectors.conversation_relay.access import Access
from connectors.conversation_relay.call import Call

_TRY_AGAIN_LATER, _POLICY_VIOLATION = 1013, 1008

_log = logging.getLogger("kratt.conversation_relay")


def build_conversation_relay(turns: OutsideTurns, access: Access) -> APIRouter:
    """The WebSocket at PATH."""
    router = APIRouter()

    @router.websocket(PATH)
    async def answer_call(socket: WebSocket) -> None:
        try:
            await turns.take_turn.count_address(address_of(socket))
        except TooOften:
            await socket.close(_TRY_AGAIN_LATER)
            return
        is_signed = access.is_signed(socket)
        if not is_signed and not access.key:
            _log.warning("call refused", extra={"facts": {"detail": "no signature of the carrier's"}})
            await socket.close(_POLICY_VIOLATION)
            return
        await socket.accept()
        await Call(socket, turns, access, is_signed, turns.default_language).run()

    return router
