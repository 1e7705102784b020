"""The address that a carrier's instructions name for the sound of a call."""

import logging
from collections.abc import Callable

from fastapi import APIRouter, WebSocket

from assistant.core.errors import TooOften
from assistant.intake import address_of
from assistant.pipeline.outside_turns import OutsideTurns
from assistant.pipeline.utterance import Ears
from connectors.conversation_relay.access import Access
from connectors.media_streams import PATH
from connectors.media_streams.call import Call

_TRY_AGAIN_LATER, _POLICY_VIOLATION = 1013, 1008

_log = logging.getLogger("kratt.media_streams")


def build_media_streams(turns: OutsideTurns, ears: Ears, access: Access, encode: Callable[[bytes], bytes]) -> APIRouter:
    """The WebSocket at PATH; `encode` makes mu-law of 16-bit samples."""
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
        await Call(socket, turns, ears, access, is_signed, encode).run()

    return router
