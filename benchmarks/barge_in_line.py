"""How soon a telephone bridge is told to halt: `.venv/bin/python benchmarks/barge_in_line.py`.

A call over the socket of vosk-server, with the whole of Kratt. A question is answered aloud; then "stop" is said into
the answer, in frames of 20 ms at the pace of speech. What is measured is the time from the frame with the first loud
sample being sent to `pause` being received, and to `clear`.
"""

import argparse
import asyncio
import json
from typing import Any

import numpy as np
import soxr
from citizens import said_aloud, samples_of
from running import free_ports, percentile, running_kratt, table
from websockets.asyncio.client import connect

QUESTION = "how much is a new passport"
VOICES = ("flite slt", "flite rms", "espeak-ng en-us")
ROUNDS, QUICK_ROUNDS = 10, 2
RATE, FRAME_SECONDS = 8000, 0.02
FRAME_BYTES = int(RATE * FRAME_SECONDS) * 2
LOUD = 0.02
"""Of full scale: where speech begins."""


def spoken(text: str, voice: str) -> bytes:
    """A recording as a telephone sends it, from the first loud sample on."""
    sound = samples_of(said_aloud(text, voice))
    samples = soxr.resample(np.frombuffer(sound.samples, "<i2"), sound.rate_hertz, RATE).astype("<i2")
    return bytes(samples[np.argmax(np.abs(samples) > LOUD * 32768) :].tobytes())


ENDS = {"done", "resume"}
"""A reply was sent, or goes on."""


async def told(socket: Any, sound: bytes, pace_seconds: float) -> dict[str, float]:
    """When each kind of message came, in seconds from the first frame on, until one of ENDS."""
    loop = asyncio.get_running_loop()
    began, came = loop.time(), dict[str, float]()

    async def send() -> None:
        for number, at in enumerate(range(0, len(sound), FRAME_BYTES)):
            await asyncio.sleep(max(0.0, began + number * pace_seconds - loop.time()))
            await socket.send(sound[at : at + FRAME_BYTES])

    sending = asyncio.create_task(send())
    while not ENDS & came.keys():
        message = await asyncio.wait_for(socket.recv(), 20)
        if isinstance(message, str):
            came |= dict.fromkeys(json.loads(message).keys() - came.keys(), loop.time() - began)
    await sending
    return came


async def measure(port: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds by what was told."""
    silence, times = bytes(3 * RATE), dict[str, list[float]](pause=[], clear=[])
    for number in range(rounds * len(VOICES)):
        voice = VOICES[number % len(VOICES)]
        async with connect(f"ws://127.0.0.1:{port}", proxy=None) as socket:
            await socket.send('{"config": {"dialogue": true, "language": "en"}}')
            await told(socket, spoken(QUESTION, voice) + silence, 0)
            came = await told(socket, spoken("stop", voice) + silence, FRAME_SECONDS)
        for kind in times.keys() & came.keys():  # a word that was hardly heard ends nothing
            times[kind].append(1000 * came[kind])
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = QUICK_ROUNDS if parser.parse_args().quick else ROUNDS
    port = free_ports(1)[0]
    with running_kratt(connectors="vosk_websocket", vosk_port=str(port)):
        times = asyncio.run(measure(port, rounds))
    rows = [(kind, len(each), percentile(each, 50), percentile(each, 95)) for kind, each in times.items()]
    print(table(("milliseconds until", "times", "p50", "p95"), rows))


if __name__ == "__main__":
    main()
