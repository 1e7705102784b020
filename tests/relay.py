"""Twilio and Telnyx as the gateway sees them: payloads from their documents, over a real socket."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from connectors.carriers.access import Access
from connectors.conversation_relay import PATH
from connectors.conversation_relay.endpoint import build_conversation_relay
from tests.outside import OutsideWorld
from tests.serving import served

PUBLIC_URL = "https://kratt.example.ee"
SIGNED = f"wss://kratt.example.ee{PATH}"
AUTH_TOKEN = "12345678901234567890123456789012"
KEY = "key of a carrier that signs nothing"
ACCESS = Access(PUBLIC_URL, PATH, AUTH_TOKEN)

SETUP: dict[str, Any] = {
    "type": "setup",
    "sessionId": "VX00000000000000000000000000000000",
    "accountSid": "AC00000000000000000000000000000000",
    "parentCallSid": "",
    "callSid": "CA00000000000000000000000000000000",
    "from": "+18005550100",
    "to": "+18005550101",
    "forwardedFrom": "+18005550102",
    "callType": "PSTN",
    "callerName": "",
    "direction": "inbound",
    "callStatus": "RINGING",
    "customParameters": {"callReference": "bar"},
}
TELNYX_SETUP: dict[str, Any] = {
    "type": "setup",
    "sessionId": "7a7e6a4f-1d44-4f0c-b5d4-9f9bf3a5c1f2",
    "callSid": "v2:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
    "callControlId": "v2:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
    "from": "+13122010094",
    "to": "+13122123456",
    "direction": "inbound",
    "callStatus": "active",
    "customParameters": {"key": KEY},
}


def signature_of(address: str, token: str = AUTH_TOKEN) -> str:
    """As Twilio's own library makes it; tests/unit holds this to signatures that the library made."""
    return base64.b64encode(hmac.new(token.encode(), address.encode(), hashlib.sha1).digest()).decode()


@dataclass
class Carrier:
    """One end of a call."""

    socket: ClientConnection

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def prompt(self, words: str, **fields: Any) -> None:
        await self.send(**{"type": "prompt", "voicePrompt": words, "lang": "en-US", "last": True, **fields})

    async def receive(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await self.socket.recv())
        return frame

    async def spoken(self) -> str:
        """The words of a whole reply."""
        words = ""
        while True:
            frame = await self.receive()
            assert frame.keys() == {"type", "token", "last"}, frame
            words += frame["token"]
            if frame["last"]:
                return words


def world_of(access: Access = ACCESS, **fields: Any) -> OutsideWorld:
    return OutsideWorld(lambda turns: build_conversation_relay(turns, access), **fields)


@asynccontextmanager
async def calling(
    world: OutsideWorld, setup: dict[str, Any] | None = SETUP, signature: str | None = None
) -> AsyncIterator[Carrier]:
    """A call that has begun; without a setup, one that is about to."""
    headers = {"X-Twilio-Signature": signature_of(SIGNED) if signature is None else signature}
    async with (
        served(world.connector_alone) as address,
        connect(f"ws{address.removeprefix('http')}{PATH}", additional_headers=headers, proxy=None) as socket,
    ):
        carrier = Carrier(socket)
        if setup:
            await carrier.send(**setup)
        yield carrier
