"""A speech server in the design of alphacep's vosk-server, for benchmarks/speech_capacity.py to measure against.

Written anew from the protocol: a text frame `{"config": {"sample_rate": ...}}`, then PCM frames, each of which gets one
result, and `{"eof": 1}` for the last one. One process, one model, one recogniser per connection, decoding in a pool of
threads, one per core. The original's own code does not run with current releases of `websockets`.
"""

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from vosk import KaldiRecognizer, Model, SetLogLevel
from websockets.asyncio.server import ServerConnection, serve

LARGEST_FRAME_BYTES = 16 * 1024 * 1024


class Server:
    """Recognises what comes in over any number of sockets."""

    def __init__(self, folder: str) -> None:
        """Load the model."""
        SetLogLevel(-1)
        self._model = Model(folder)
        self._threads = ThreadPoolExecutor(len(os.sched_getaffinity(0)))

    async def serve(self, port: int) -> None:
        """Listen for ever."""
        # Compression off: sound hardly shrinks, and it would cost this server more than its protocol needs.
        async with serve(self._hear, "127.0.0.1", port, max_size=LARGEST_FRAME_BYTES, compression=None) as server:
            await server.serve_forever()

    async def _hear(self, socket: ServerConnection) -> None:
        loop = asyncio.get_running_loop()
        recogniser, rate_hertz = None, 8000.0
        async for message in socket:
            if isinstance(message, str) and "config" in (command := json.loads(message)):
                rate_hertz = float(command["config"]["sample_rate"])
                continue
            if recogniser is None:
                recogniser = KaldiRecognizer(self._model, rate_hertz)
                recogniser.SetWords(True)
            if isinstance(message, str):
                await socket.send(await loop.run_in_executor(self._threads, recogniser.FinalResult))
                return
            await socket.send(await loop.run_in_executor(self._threads, _decode, recogniser, message))


def _decode(recogniser: KaldiRecognizer, samples: bytes) -> str:
    return str(recogniser.Result() if recogniser.AcceptWaveform(samples) else recogniser.PartialResult())


if __name__ == "__main__":
    asyncio.run(Server(sys.argv[1]).serve(int(sys.argv[2])))
