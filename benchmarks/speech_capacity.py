"""How many people one core can hear at once: `.venv/bin/python benchmarks/speech_capacity.py`.

The English `spoken` conversations of nlu_data/**/tests.yml, said by four voices with pauses between, are strung into
DIFFERENT_STREAMS of STREAM_SECONDS, longer than the 15 s within which Kratt decodes a second time what it is not sure
of, for the others do not. They are played at the speed of speech, in pieces of 100 ms, to

* decoding alone: Vosk in a pool of threads, fed on the beat by the same process. With a new recogniser for each stream,
  as is usual, and with recognisers that are used again, as Kratt's are.
* vosk-server's design: benchmarks/vosk_server_alone.py, one process with the same model, over its WebSocket protocol.
* Kratt: the process of its gateway as `kratt up` starts it, over its WebSocket. No engine runs behind it: what the
  others do not do is not counted, and the turn ends with an apology after the transcript.

What is measured has the first core for itself, who speaks the others. A word's delay is from its end in the sound to
the first partial result that has as many words; where a word ends, Vosk says of the same sound decoded in one go. N
streams are held in real time if 95 % of the words and of the last results come within HELD_SECONDS. Tried are numbers
around what the processor time of SAMPLE_STREAMS promises, which are played ROUNDS times to all in turn. Memory of a
stream: what the process's peak grows by from one stream to SAMPLE_STREAMS, divided by the difference.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

import httpx
import numpy as np
import soxr
from citizens import said_aloud, samples_of, spoken_conversations
from running import free_ports, percentile, table
from vosk import KaldiRecognizer, Model, SetLogLevel
from websockets.asyncio.client import ClientConnection, connect

from assistant.core.audio import BYTES_PER_SAMPLE
from assistant.operate.processes import kratt_processes
from assistant.settings import PROJECT, Settings

MODEL = str(PROJECT / "models" / "speech" / "en")
RATE_HERTZ = 16_000
PIECE_SECONDS = 0.1
VOICES = ("slt", "rms", "awb", "kal16")
STREAM_SECONDS = 16
PAUSE_SECONDS = 0.6
SAMPLE_STREAMS = 8
ROUNDS = 3
HELD_SECONDS = 1.0
MOST_STREAMS = 64
START_SECONDS = 300
DIFFERENT_STREAMS = 8
UNKNOWN_WORD = "[unk]"
FIRST_CORE, *OTHER_CORES = sorted(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Said:
    """One stream: s16 samples at RATE_HERTZ, and the second at which each word ends."""

    samples: bytes
    word_ends: tuple[float, ...]


@dataclass
class Delays:
    """Seconds of one stream."""

    word_ends: Sequence[float]
    begin: float = field(default_factory=time.perf_counter)
    of_words: list[float] = field(default_factory=list)
    of_last: float = 0.0

    def note(self, words: int) -> None:
        """So many words have been read by now."""
        passed = time.perf_counter() - self.begin
        self.of_words += [passed - end for end in self.word_ends[len(self.of_words) : words]]

    def end(self) -> None:
        """The last result has come."""
        self.of_last = time.perf_counter() - self.begin - STREAM_SECONDS


@dataclass(frozen=True)
class Load:
    """What so many streams at once came to; processor seconds are per second of sound, megabytes the peak."""

    streams: int
    word_delays: tuple[float, ...]
    last_delays: tuple[float, ...]
    processor_seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def is_held(self) -> bool:
        """Whether the results keep up with the sound."""
        return max(percentile(self.word_delays, 95), percentile(self.last_delays, 95)) <= HELD_SECONDS


class Sample(NamedTuple):
    """What a few streams come to: processor seconds for a second of sound, megabytes for a stream, delays of words."""

    processor_seconds: float
    megabytes: float
    word_delays: list[float]


class System(Protocol):
    """What is measured; `pid` is the process that decodes."""

    name: str
    pid: int

    def hear(self, streams: Sequence[Said]) -> list[Delays]:
        """Play all of them at once."""
        ...


@dataclass
class SocketServer:
    """A server over its WebSocket."""

    name: str
    pid: int
    url: str

    def hear(self, streams: Sequence[Said]) -> list[Delays]:
        """Play all of them at once, each over a connection of its own."""
        return asyncio.run(_together([self._hear(said, at) for at, said in enumerate(streams)]))

    async def _hear(self, said: Said, at: int) -> Delays:
        await asyncio.sleep(_offset(at))
        async with connect(self.url, proxy=None, compression=None, ping_interval=None) as socket:
            await self.start(socket)
            delays = Delays(said.word_ends)
            receiving = asyncio.create_task(self.receive(socket, delays))
            await _on_the_beat(said.samples, delays.begin, socket.send)
            await socket.send(self.end)
            await receiving
            return delays

    end: ClassVar[str]

    async def start(self, socket: ClientConnection) -> None:
        """Say what is coming."""
        raise NotImplementedError

    async def receive(self, socket: ClientConnection, delays: Delays) -> None:
        """Take what comes until the last result."""
        raise NotImplementedError


class VoskServer(SocketServer):
    """The protocol of vosk-server."""

    end = json.dumps({"eof": 1})

    async def start(self, socket: ClientConnection) -> None:
        """The rate; there is no answer."""
        await socket.send(json.dumps({"config": {"sample_rate": RATE_HERTZ}}))

    async def receive(self, socket: ClientConnection, delays: Delays) -> None:
        """A result for every piece, until the server closes."""
        whole = 0
        async for message in socket:
            result = json.loads(message)
            whole += _count(result.get("text", ""))
            delays.note(whole + _count(result.get("partial", "")))
        delays.end()


class KrattGateway(SocketServer):
    """The protocol of Kratt."""

    end = json.dumps({"type": "stop"})

    async def start(self, socket: ClientConnection) -> None:
        """An utterance."""
        start = {"type": "start", "language": "en", "rate_hertz": RATE_HERTZ, "speak": False}
        await socket.send(json.dumps(start))
        if json.loads(await socket.recv())["type"] != "ready":
            raise RuntimeError("Kratt takes no more streams")

    async def receive(self, socket: ClientConnection, delays: Delays) -> None:
        """Partial results when there are new ones, then the transcript."""
        async for message in socket:
            event = json.loads(message)
            if event["type"] in {"partial", "transcript"}:
                delays.note(_count(event["text"]))
            if event["type"] == "transcript":
                delays.end()
            if event["type"] == "done":
                return
        raise RuntimeError("Kratt hung up")


class DecodingAlone:
    """A process that plays and decodes by itself."""

    def __init__(self, *, reuses: bool) -> None:
        """Start it and wait until the model is loaded."""
        self.name = f"decoding alone, {'recognisers reused' if reuses else 'new recognisers'}"
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_decode_alone, args=(there, reuses), daemon=True)
        self._process.start()
        self._here.recv()
        self.pid = self._process.pid or 0

    def hear(self, streams: Sequence[Said]) -> list[Delays]:
        """Let it play all of them at once."""
        self._here.send(list(streams))
        delays: list[Delays] = self._here.recv()
        return delays

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join()


def _decode_alone(there: Connection, reuses: bool) -> None:
    _keep_to_first_core(os.getpid())
    SetLogLevel(-1)
    model = Model(MODEL)
    threads, idle = ThreadPoolExecutor(1), list[KaldiRecognizer]()
    there.send("ready")

    async def hear(said: Said, at: int) -> Delays:
        await asyncio.sleep(_offset(at))
        loop = asyncio.get_running_loop()
        recogniser = idle.pop() if reuses and idle else KaldiRecognizer(model, RATE_HERTZ)
        recogniser.SetWords(True)
        delays, whole = Delays(said.word_ends), 0

        async def feed(piece: bytes) -> None:
            nonlocal whole
            result = json.loads(await loop.run_in_executor(threads, _decode, recogniser, piece))
            whole += _count(result.get("text", ""))
            delays.note(whole + _count(result.get("partial", "")))

        await _on_the_beat(said.samples, delays.begin, feed)
        last = json.loads(await loop.run_in_executor(threads, recogniser.FinalResult))
        delays.note(whole + _count(last["text"]))
        delays.end()
        idle.append(recogniser)
        return delays

    while True:
        there.send(asyncio.run(_together([hear(said, at) for at, said in enumerate(there.recv())])))


def _decode(recogniser: KaldiRecognizer, samples: bytes) -> str:
    return str(recogniser.Result() if recogniser.AcceptWaveform(samples) else recogniser.PartialResult())


@contextlib.contextmanager
def decoding_alone(*, reuses: bool) -> Iterator[System]:
    """Vosk with nothing around it."""
    system = DecodingAlone(reuses=reuses)
    try:
        yield system
    finally:
        system.close()


@contextlib.contextmanager
def vosk_server() -> Iterator[System]:
    """The server of benchmarks/vosk_server_alone.py, listening."""
    port = free_ports(1)[0]
    command = [sys.executable, str(Path(__file__).with_name("vosk_server_alone.py")), MODEL, str(port)]
    with _process(command, {}) as pid:
        _wait_until(lambda: httpx.get(f"http://127.0.0.1:{port}", trust_env=False).status_code > 0)
        yield VoskServer("vosk-server's design", pid, f"ws://127.0.0.1:{port}")


@contextlib.contextmanager
def kratt_gateway() -> Iterator[System]:
    """Kratt's gateway process, its recogniser ready."""
    with tempfile.TemporaryDirectory(prefix="k") as state:
        port = free_ports(1)[0]
        own = {"KRATT_STATE": state, "KRATT_GATEWAY_PORT": str(port), "KRATT_SPEECH_STREAMS": str(MOST_STREAMS)}
        own["KRATT_ADDRESS_TURNS_PER_MINUTE"] = "0"
        settings = Settings(state=Path(state), gateway_port=port)
        gateway = next(each for each in kratt_processes(settings) if each.name == "gateway")
        with _process(list(gateway.command), own) as pid:
            url = f"{settings.process_url('gateway')}/readyz"
            _wait_until(lambda: httpx.get(url, trust_env=False, timeout=30).json()["checks"]["recogniser"]["ok"])
            yield KrattGateway("Kratt's gateway", pid, f"ws://127.0.0.1:{port}/v1/speech")


SYSTEMS: dict[str, Callable[[], contextlib.AbstractContextManager[System]]] = {
    "decoding": lambda: decoding_alone(reuses=False),
    "decoding_reused": lambda: decoding_alone(reuses=True),
    "vosk_server": vosk_server,
    "kratt": kratt_gateway,
}


@contextlib.contextmanager
def _process(command: list[str], own: dict[str, str]) -> Iterator[int]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **own},  # noqa: TID251  # the process needs PATH and the like
            stdout=log,
            stderr=log,
        )
        _keep_to_first_core(process.pid)
        try:
            yield process.pid
        except Exception:
            log.seek(0)
            sys.stderr.write(log.read().decode())
            raise
        finally:
            process.terminate()
            process.wait()


def _wait_until(is_ready: Callable[[], bool]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(httpx.HTTPError, KeyError):
            if is_ready():
                return
        time.sleep(0.1)
    raise RuntimeError("a server did not start")


def _keep_to_first_core(pid: int) -> None:
    os.sched_setaffinity(pid, {FIRST_CORE})


async def _together(streams: Sequence[Awaitable[Delays]]) -> list[Delays]:
    return list(await asyncio.gather(*streams))


async def _on_the_beat(samples: bytes, begin: float, feed: Callable[[bytes], Awaitable[object]]) -> None:
    piece = int(RATE_HERTZ * PIECE_SECONDS) * BYTES_PER_SAMPLE
    for number, first in enumerate(range(0, len(samples), piece), start=1):
        # A piece can be sent when it has been spoken.
        await asyncio.sleep(max(0.0, begin + number * PIECE_SECONDS - time.perf_counter()))
        await feed(samples[first : first + piece])


def _offset(at: int) -> float:
    """People do not speak on one beat: streams start within a second, spread by the golden ratio."""
    return at * 0.618 % 1


def _count(text: str) -> int:
    return sum(word != UNKNOWN_WORD for word in text.split())


def streams_of(count: int) -> list[Said]:
    """So many different streams."""
    requests = [turn.say for talk in spoken_conversations() for turn in talk.turns]
    voices = [f"flite {voice}" for voice in VOICES]
    SetLogLevel(-1)
    model = Model(MODEL)
    streams = []
    for stream in range(count):
        sound, at = b"", stream * 7
        while len(sound) < STREAM_SECONDS * RATE_HERTZ * BYTES_PER_SAMPLE:
            pcm = samples_of(said_aloud(requests[at % len(requests)], voices[stream % len(voices)]))
            samples = soxr.resample(np.frombuffer(pcm.samples, "<i2"), pcm.rate_hertz, RATE_HERTZ)
            sound += samples.astype("<i2").tobytes() + bytes(int(PAUSE_SECONDS * RATE_HERTZ) * BYTES_PER_SAMPLE)
            at += 1
        sound = sound[: STREAM_SECONDS * RATE_HERTZ * BYTES_PER_SAMPLE]
        streams.append(Said(sound, _word_ends(model, sound)))
    return streams


def _word_ends(model: Model, sound: bytes) -> tuple[float, ...]:
    recogniser = KaldiRecognizer(model, RATE_HERTZ)
    recogniser.SetWords(True)
    results = []
    step = RATE_HERTZ // 5 * BYTES_PER_SAMPLE
    for first in range(0, len(sound), step):
        if recogniser.AcceptWaveform(sound[first : first + step]):
            results.append(recogniser.Result())
    results.append(recogniser.FinalResult())
    words = [word for result in results for word in json.loads(result).get("result", [])]
    return tuple(word["end"] for word in words if word["word"] != UNKNOWN_WORD)


def load(system: System, streams: Sequence[Said]) -> Load:
    """Play these streams to a system, all at once."""
    _forget_peak(system.pid)
    before = _processor_seconds(system.pid)
    delays = system.hear(streams)
    used = _processor_seconds(system.pid) - before
    return Load(
        len(streams),
        tuple(each for stream in delays for each in stream.of_words),
        tuple(stream.of_last for stream in delays),
        used / (len(streams) * STREAM_SECONDS),
        _peak_megabytes(system.pid),
    )


def _processor_seconds(pid: int) -> float:
    fields = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # user and system time, proc(5)


def _forget_peak(pid: int) -> None:
    (Path("/proc") / str(pid) / "clear_refs").write_text("5")  # proc(5)


def _peak_megabytes(pid: int) -> float:
    status = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1000


def sample(systems: Sequence[System], streams: Sequence[Said], rounds: int) -> list[Sample]:
    """A few streams, played to the systems in turn, so that all meet the same machine."""
    alone = [load(system, streams[:1]) for system in systems]
    few = [[load(system, streams[:SAMPLE_STREAMS]) for system in systems] for _ in range(rounds)]
    return [
        Sample(
            statistics.median(each.processor_seconds for each in loads),
            (loads[-1].megabytes - one.megabytes) / (SAMPLE_STREAMS - 1),
            [delay for each in loads for delay in each.word_delays],
        )
        for one, loads in zip(alone, zip(*few, strict=True), strict=True)
    ]


def most_held(system: System, streams: Sequence[Said], promised: int) -> Load:
    """The load of the most streams that are held; searched from `promised` on, by one in twenty."""
    step = max(1, promised // 20)
    tried: dict[int, Load] = {}
    count = min(promised, len(streams))
    while 0 < count <= len(streams) and count not in tried:
        tried[count] = load(system, streams[:count])
        print(f"  {count} streams: {'held' if tried[count].is_held else 'not held'}", file=sys.stderr)
        count += step if tried[count].is_held else -step
    held = [each for each in tried.values() if each.is_held]
    if not held:
        raise RuntimeError(f"{system.name} holds no streams")
    return max(held, key=lambda each: each.streams)


def main() -> None:
    """Measure each system and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=SYSTEMS, action="append", help="measure this one; may be repeated")
    parser.add_argument(
        "--quick", action="store_true", help="play each a few streams once, without looking for the limit"
    )
    options = parser.parse_args()
    streams = streams_of(DIFFERENT_STREAMS) * (MOST_STREAMS // DIFFERENT_STREAMS)
    os.sched_setaffinity(0, OTHER_CORES or [FIRST_CORE])
    with contextlib.ExitStack() as running:
        systems = [running.enter_context(SYSTEMS[name]()) for name in options.only or SYSTEMS]
        samples = sample(systems, streams, 1 if options.quick else ROUNDS)
        few = f"p95 of a partial, {SAMPLE_STREAMS} streams (ms)"
        rows = [
            (system.name, seconds * 1000, megabytes, percentile(delays, 95) * 1000)
            for system, (seconds, megabytes, delays) in zip(systems, samples, strict=True)
        ]
        print(table(["", "ms of processor for a second", "MB for a stream", few], rows), flush=True)
        if options.quick:
            return
        held = [most_held(each, streams, round(1 / figures[0])) for each, figures in zip(systems, samples, strict=True)]
    rows = [
        (system.name, load.streams, percentile(load.word_delays, 95) * 1000, percentile(load.last_delays, 95) * 1000)
        for system, load in zip(systems, held, strict=True)
    ]
    print(table(["", "streams held by a core", "p95 of a partial (ms)", "p95 of the last (ms)"], rows))


if __name__ == "__main__":
    main()
