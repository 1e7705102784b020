"""The address that a carrier's instructions name for a call."""

import logging

from fastapi import APIRouter, WebSocket

from assistant.pipeline.outside_turns import OutsideTurns
from connectors.carriers.access import Access
from connectors.carriers.endpoint import build_endpoint
from connectors.conversation_relay.call import Call

_log = logging.getLogger("kratt.conversation_relay")


def build_conversation_relay(turns: OutsideTurns, access: Access) -> APIRouter:
    """The WebSocket."""

    async def serve(socket: WebSocket, is_signed: bool) -> None:
        await Call(socket, turns, access, is_signed, turns.default_language).run()

    return build_endpoint(turns, access, serve, _log)
