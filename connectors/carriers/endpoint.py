"""The address that a carrier's instructions name for a call."""

import logging
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, WebSocket

from assistant.core.errors import TooOften
from assistant.intake import address_of
from assistant.pipeline.outside_turns import OutsideTurns
from connectors.carriers.access import Access

_TRY_AGAIN_LATER, _POLICY_VIOLATION = 1013, 1008

Serve = Callable[[WebSocket, bool], Awaitable[None]]
"""Serves a call on an accepted socket, whose handshake was signed or not: then the call has to bring the key."""


def build_endpoint(turns: OutsideTurns, access: Access, serve: Serve, log: logging.Logger) -> APIRouter:
    """The WebSocket at the path of `access`."""
    router = APIRouter()

    @router.websocket(access.path)
    async def answer_call(socket: WebSocket) -> None:
        try:
            await turns.take_turn.count_address(address_of(socket))
        except TooOften:
            await socket.close(_TRY_AGAIN_LATER)
            return
        is_signed = access.is_signed(socket)
        if not is_signed and not access.key:
            log.warning("call refused", extra={"facts": {"detail": "no signature of the carrier's"}})
            await socket.close(_POLICY_VIOLATION)
            return
        await socket.accept()
        await serve(socket, is_signed)

    return router
