"""The address that a carrier's instructions name for the sound of a call."""

import logging
from collections.abc import Callable

from fastapi import APIRouter, WebSocket

from assistant.pipeline.outside_turns import OutsideTurns
from assistant.pipeline.utterance import Ears
from connectors.carriers.access import Access
from connectors.carriers.endpoint import build_endpoint
from connectors.media_streams.call import Call

_log = logging.getLogger("kratt.media_streams")


def build_media_streams(turns: OutsideTurns, ears: Ears, access: Access, encode: Callable[[bytes], bytes]) -> APIRouter:
    """The WebSocket; `encode` makes mu-law of 16-bit samples."""

    async def serve(socket: WebSocket, is_signed: bool) -> None:
        await Call(socket, turns, ears, access, is_signed, encode).run()

    return build_endpoint(turns, access, serve, _log)
