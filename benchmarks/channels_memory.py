"""Whether connections leave anything behind: `.venv/bin/python benchmarks/channels_memory.py`.

CONNECTIONS sockets of each kind are opened at one gateway, TOGETHER at a time, do what a client begins with, and are
closed, or cut as by a network that is gone. After WARM_UPS of the kind, which fill caches and allocators' pools, the
gateway's resident memory, open files and threads are read; then again at the end. Exit code 1 if files are left open.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping

from running import RunningKratt, free_ports, running_kratt, table
from speech_soak import held_by
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError
from websockets.frames import CloseCode

from connectors.conversation_relay import PATH as RELAY_PATH

CONNECTIONS, QUICK_CONNECTIONS = 1000, 100
WARM_UPS = 200
TOGETHER = 8
SETTLE_SECONDS = 2.0
BUSY_SECONDS, MOST_TRIES = 0.1, 100
"""Who is told busy tries again."""
PUBLIC_URL = "https://kratt.example.ee"
RELAY_TOKEN = "of the benchmark"
START = {"type": "start", "language": "en", "rate_hertz": 16_000}
SOUND = bytes(6400)
"""A fifth of a second of silence."""

Client = Callable[[], Awaitable[None]]


async def _talk(
    address: str, *messages: object, headers: Mapping[str, str] | None = None, is_cut: bool = False
) -> None:
    """Send what there is, wait for as many answers as are in it, and go."""
    socket = await connect(address, proxy=None, additional_headers=headers or {})
    for message in messages:
        if message is ANSWER:
            await socket.recv()
        else:
            await socket.send(message if isinstance(message, str | bytes) else json.dumps(message))
    await _leave(socket, is_cut=is_cut)


ANSWER = object()
"""Stands among the messages where one of the server's is waited for."""


async def _leave(socket: ClientConnection, *, is_cut: bool) -> None:
    if is_cut:
        socket.transport.abort()
    await socket.close()


async def _ask_wyoming(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b'{"type": "describe"}\n')
    await reader.readline()
    writer.close()
    await writer.wait_closed()


def clients_of(kratt: RunningKratt, vosk_port: int, wyoming_port: int) -> dict[str, Client]:
    """What is opened, by its name."""
    gateway = kratt.url.replace("http", "ws")
    speech = f"{gateway}/v1/speech"
    vosk = f"ws://127.0.0.1:{vosk_port}"
    relay = f"{PUBLIC_URL.replace('http', 'ws')}{RELAY_PATH}"
    signature = base64.b64encode(hmac.new(RELAY_TOKEN.encode(), relay.encode(), hashlib.sha1).digest()).decode()
    setup = {"type": "setup", "sessionId": "VX0", "callSid": "CA0", "from": "+18005550100", "to": "+18005550101"}
    socket_io = f"{gateway}/socket.io/?EIO=4&transport=websocket"
    return {
        "speech, nothing said": lambda: _talk(speech),
        "speech, taken back": lambda: _talk(speech, START, ANSWER, SOUND, {"type": "cancel"}),
        "speech, cut while speaking": lambda: _talk(speech, START, ANSWER, SOUND, is_cut=True),
        "vosk-server, cut while speaking": lambda: _talk(
            vosk, {"config": {"sample_rate": 16_000}}, SOUND, ANSWER, is_cut=True
        ),
        "Socket.IO": lambda: _talk(
            socket_io, ANSWER, "40", ANSWER, '42["session_request",{"session_id":null}]', ANSWER
        ),
        "ConversationRelay": lambda: _talk(f"{gateway}{RELAY_PATH}", setup, headers={"X-Twilio-Signature": signature}),
        "Wyoming": lambda: _ask_wyoming(wyoming_port),
    }


async def open_all(client: Client, count: int) -> None:
    """So many connections, some at a time."""
    rest = iter(range(count))

    async def keep_opening() -> None:
        for _ in rest:
            await _be_served(client)

    await asyncio.gather(*(keep_opening() for _ in range(TOGETHER)))
    await asyncio.sleep(SETTLE_SECONDS)  # what was cut is noticed


async def _be_served(client: Client) -> None:
    for _ in range(MOST_TRIES):
        try:
            await client()
        except ConnectionClosedError as error:
            if error.rcvd is None or error.rcvd.code != CloseCode.TRY_AGAIN_LATER:
                raise
            await asyncio.sleep(BUSY_SECONDS)
        else:
            return
    raise RuntimeError("the gateway stays busy, although nobody is there")


async def measure(kratt: RunningKratt, clients: Mapping[str, Client], count: int) -> list[tuple[object, ...]]:
    """A row for each kind of connection."""
    pid = await kratt.pid_of("gateway")
    rows: list[tuple[object, ...]] = []
    for name, client in clients.items():
        await open_all(client, min(WARM_UPS, count))
        before = held_by(pid)
        await open_all(client, count)
        after = held_by(pid)
        pairs = (f"{old:.0f} / {new:.0f}" for old, new in zip(before[1:], after[1:], strict=True))
        rows.append((name, f"{before[0]:.1f}", f"{after[0]:.1f}", f"{after[0] - before[0]:+.1f}", *pairs))
        print(*rows[-1], flush=True)
        if after[1] > before[1]:
            raise SystemExit(f"{name}: {after[1] - before[1]} files are left open")
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_CONNECTIONS} connections of each kind")
    parser.add_argument("--only", nargs="*", default=[], metavar="KIND", help="such as Wyoming; by default all")
    wanted = parser.parse_args()
    count = QUICK_CONNECTIONS if wanted.quick else CONNECTIONS
    vosk_port, wyoming_port = free_ports(2)
    own = {
        "connectors": "rasa_channels,vosk_websocket,wyoming,conversation_relay",
        "vosk_port": str(vosk_port),
        "wyoming_port": str(wyoming_port),
        "relay_auth_token": RELAY_TOKEN,
        "public_url": PUBLIC_URL,
    }
    with running_kratt(**own) as kratt:
        clients = clients_of(kratt, vosk_port, wyoming_port)
        chosen = {name: client for name, client in clients.items() if name in (wanted.only or clients)}
        rows = asyncio.run(measure(kratt, chosen, count))
    print(table([f"{count} connections", "MB before", "MB after", "grown", "files", "threads"], rows))


if __name__ == "__main__":
    main()
