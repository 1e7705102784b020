"""Sound and clients as bad as they come, against a gateway process of its own with the real recogniser and voice.

No engine runs behind it: a turn that understood words ends with `failed_dialogue`, which is an honest reply, too.
"""

import asyncio
import contextlib
import functools
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import wave
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import pytest
import soxr
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from assistant.adapters.sound_files import decode_wav
from assistant.content.project import read_content
from assistant.core.languages import Language
from assistant.operate.processes import kratt_processes
from assistant.operate.supervision import no_certificates
from assistant.settings import PROJECT, Settings

pytestmark = pytest.mark.attack

RESPONSES = read_content(PROJECT / "nlu_data").plain_responses()
RATE = 16_000
START = {"type": "start", "language": "en", "rate_hertz": RATE, "speak": False}
STREAMS = 3
LONGEST_SECONDS = 5
CROWD = 200
QUESTION = "when does my passport expire"

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Gateway:
    """A gateway's process; `url` without a scheme."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def connect(self, **options: Any) -> connect:
        return connect(f"ws://{self.url}/v1/speech", proxy=None, **options)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://{self.url}{path}", trust_env=False, verify=no_certificates())

    def open_files(self) -> int:
        return len(list((Path("/proc") / str(self.process.pid) / "fd").iterdir()))

    def children(self) -> list[int]:
        threads = (Path("/proc") / str(self.process.pid) / "task").iterdir()
        return [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]


@contextlib.contextmanager
def gateway_process(state: Path, port: int, **own: str) -> Iterator[Gateway]:
    settings = Settings(state=state, gateway_port=port)
    process = next(each for each in kratt_processes(settings) if each.name == "gateway")
    variables = {"KRATT_STATE": str(state), "KRATT_GATEWAY_PORT": str(port), **own}
    environment = {**os.environ, **variables}  # noqa: TID251  # the process needs PATH and the like
    log = state / "gateway.log"
    with log.open("wb") as output:
        running = subprocess.Popen(process.command, cwd=PROJECT, env=environment, stdout=output, stderr=output)
    try:
        gateway = Gateway(running, f"127.0.0.1:{port}", log)
        wait_for(lambda: gateway.get("/healthz").is_success)
        yield gateway
    finally:
        running.terminate()
        assert running.wait(timeout=20) == -signal.SIGTERM or running.returncode == 0


def wait_for(is_there: Callable[[], bool]) -> None:
    end = time.monotonic() + 200
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if is_there():
                return
        time.sleep(0.05)
    pytest.fail("waited in vain")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, find_free_ports: Callable[[int], list[int]]) -> Iterator[Gateway]:
    limits = {"KRATT_SPEECH_STREAMS": str(STREAMS), "KRATT_SPEECH_SECONDS": str(LONGEST_SECONDS)}
    with gateway_process(tmp_path_factory.mktemp("k"), find_free_ports(1)[0], **limits) as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Iterator[Gateway]:
    """The same process for all; after each it lives, complains of nothing unexpected and hears a question."""
    yield running
    log = running.log.read_text()
    assert running.process.poll() is None, log
    assert "Traceback" not in log
    assert '"unexpected"' not in log
    assert QUESTION not in log
    assert asyncio.run(hears(running))


@functools.cache
def said() -> Samples:
    command = ["flite", "-voice", "slt", "-t", QUESTION, "-o", "/dev/stdout"]
    sound = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    assert sound.rate_hertz == RATE
    return np.frombuffer(sound.samples, "<i2").astype(float)


def pcm(samples: Samples) -> bytes:
    return bytes(samples.clip(-32_768, 32_767).astype("<i2").tobytes())


def music(seconds: float) -> Samples:
    """Chords, each a quarter of a second, with overtones and a beat."""
    time_ = np.arange(int(RATE * 0.25)) / RATE
    chords = [(220.0, 277.2, 329.6), (246.9, 311.1, 370.0), (196.0, 246.9, 293.7), (261.6, 329.6, 392.0)]
    played = [
        sum(np.sin(2 * np.pi * tone * harmonic * time_) / harmonic for tone in chord for harmonic in (1, 2, 3))
        * np.exp(-6 * time_)
        for chord in chords
    ]
    return np.resize(np.concatenate(played), int(seconds * RATE)) * 4_000


def packets_lost(samples: Samples, share: float) -> Samples:
    """Packets of 20 ms, of which a share is silence, as after a telephone network."""
    packet = RATE // 50
    lost = np.random.default_rng(5).random(len(samples) // packet + 1) < share
    return np.where(np.repeat(lost, packet)[: len(samples)], 0.0, samples)


async def take(gateway: Gateway, sound: bytes, **start: object) -> dict[str, Any]:
    """One utterance; its events by type."""
    async with gateway.connect() as client:
        await client.send(json.dumps(START | start))
        for first in range(0, len(sound), 6_400):
            await client.send(sound[first : first + 6_400])
        await client.send(json.dumps({"type": "stop"}))
        return await events_of(client)


async def hears(gateway: Gateway) -> bool:
    client = await ready_when_there_is_a_place(gateway)
    await client.send(pcm(said()))
    await client.send(json.dumps({"type": "stop"}))
    events = await events_of(client)
    await client.close()
    return bool(events["transcript"]["text"] == QUESTION)


async def ready_when_there_is_a_place(gateway: Gateway) -> ClientConnection:
    """A client whose utterance has begun; who left just now may still have to be noticed."""
    async with asyncio.timeout(60):
        while True:
            client = await gateway.connect()
            await client.send(json.dumps(START))
            if json.loads(await client.recv())["type"] == "ready":
                return client
            await client.close()


async def events_of(client: ClientConnection) -> dict[str, Any]:
    events: dict[str, Any] = {}
    async for message in client:
        event = json.loads(message) if isinstance(message, str) else {"type": "sound"}
        events[event["type"]] = event
        if event["type"] in {"done", "error"}:
            break
    return events


def check_honest(turn: Mapping[str, Any]) -> None:
    """The citizen is told what happened: nothing was heard, or (there is no engine here) there is no answer now."""
    outcome = "failed_dialogue" if turn["transcript"]["text"] else "unanswerable_no_speech"
    assert turn["reply"]["outcome"] == outcome
    assert turn["reply"]["reply"][0]["text"] == RESPONSES[f"utter_{outcome}"][Language.EN]


NO_SPEECH: dict[str, Callable[[], Samples]] = {
    "silence": lambda: np.zeros(2 * RATE),
    "roar": lambda: np.random.default_rng(3).normal(0, 9_000, 2 * RATE),
    "full scale": lambda: np.full(2 * RATE, 32_767.0),
    "alternating": lambda: np.resize([-32_768.0, 32_767.0], 2 * RATE),
}


@pytest.mark.parametrize("sound", NO_SPEECH.values(), ids=NO_SPEECH)
async def test_sound_without_speech_is_said_to_be_none(gateway: Gateway, sound: Callable[[], Samples]) -> None:
    turn = await take(gateway, pcm(sound()))
    assert turn["transcript"]["text"] == ""
    check_honest(turn)


BAD_SOUND: dict[str, tuple[Callable[[], Samples], str]] = {
    "music": (lambda: music(3), ""),
    "clipped music": (lambda: music(3) * 50, ""),
    "shouted": (lambda: said() * 30, "passport expire"),
    "whispered": (lambda: said() / 60, "passport"),
    "over music": (lambda: said() + np.resize(music(1), len(said())) / 4, "passport"),
    "30 % of packets lost": (lambda: packets_lost(said(), 0.3), ""),
}


@pytest.mark.parametrize(("sound", "heard"), BAD_SOUND.values(), ids=BAD_SOUND)
async def test_sound_that_is_bad_is_heard_as_far_as_it_goes(
    gateway: Gateway, sound: Callable[[], Samples], heard: str
) -> None:
    turn = await take(gateway, pcm(sound()))
    assert heard in turn["transcript"]["text"]
    check_honest(turn)


@pytest.mark.parametrize(("true", "declared"), [(8_000, 16_000), (16_000, 8_000), (44_100, 16_000), (16_000, 48_000)])
async def test_speech_whose_rate_is_not_the_declared_one_gets_an_honest_reply(
    gateway: Gateway, true: int, declared: int
) -> None:
    sound = pcm(soxr.resample(said(), RATE, true))
    check_honest(await take(gateway, sound, rate_hertz=declared))


async def test_stream_that_never_ends_is_answered_at_its_longest(gateway: Gateway) -> None:
    async with gateway.connect() as client:
        await client.send(json.dumps(START))

        async def go_on() -> None:
            while True:
                await client.send(bytes(RATE))
                await asyncio.sleep(0)  # a send that need not wait lets nobody else read

        endless = asyncio.create_task(go_on())
        turn = await events_of(client)
        endless.cancel()
    check_honest(turn)


async def test_client_that_stops_reading_keeps_nobody_else_from_speaking(gateway: Gateway) -> None:
    assert "speech" in await take(gateway, bytes(RATE), speak=True)  # the voice's pipes are open from now on
    files = gateway.open_files()
    host, port = gateway.url.split(":")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    deaf.connect((host, int(port)))
    async with gateway.connect(sock=deaf, max_queue=1) as client:
        await client.send(json.dumps(START | {"speak": True}))
        await client.send(pcm(said()))
        await client.send(json.dumps({"type": "stop"}))
        client.transport.pause_reading()
        turns = await asyncio.gather(*(take(gateway, pcm(said())) for _ in range(STREAMS - 1)))
        assert [turn["transcript"]["text"] for turn in turns] == [QUESTION] * (STREAMS - 1)
        client.transport.abort()
    await asyncio.to_thread(wait_for, lambda: gateway.open_files() <= files)


async def test_crowd_that_comes_at_once_is_told_busy_except_for_a_few(gateway: Gateway) -> None:
    files = gateway.open_files()

    async def come(let_go: asyncio.Event, told: asyncio.Queue[str]) -> int | None:
        async with gateway.connect(open_timeout=60) as client:
            await client.send(json.dumps(START))
            event = json.loads(await client.recv())
            await told.put(event["type"] if event["type"] == "ready" else event["code"])
            await let_go.wait()
            with contextlib.suppress(ConnectionClosed):
                await client.recv() if event["type"] == "error" else None
            return client.close_code

    let_go, told = asyncio.Event(), asyncio.Queue[str]()
    crowd = [asyncio.create_task(come(let_go, told)) for _ in range(CROWD)]
    answers = [await told.get() for _ in range(CROWD)]
    let_go.set()
    codes = await asyncio.gather(*crowd)
    assert (answers.count("ready"), answers.count("busy")) == (STREAMS, CROWD - STREAMS)
    assert codes.count(1013) == CROWD - STREAMS
    await asyncio.to_thread(wait_for, lambda: gateway.open_files() <= files)


async def test_recording_while_all_places_are_taken_is_told_busy(gateway: Gateway) -> None:
    async with contextlib.AsyncExitStack() as speakers:
        for _ in range(STREAMS):
            client = await speakers.enter_async_context(gateway.connect())
            await client.send(json.dumps(START))
            assert json.loads(await client.recv())["type"] == "ready"
        async with httpx.AsyncClient(trust_env=False, verify=no_certificates()) as http:
            address = f"http://{gateway.url}/v1/turns/audio?language=en"
            answer = await http.post(address, content=wav(pcm(said())), headers={"Content-Type": "audio/wav"})
    assert (answer.status_code, answer.json().get("code")) == (503, "busy"), answer.text
    assert answer.json()["message"] == RESPONSES["utter_error_busy"][Language.EN]


async def test_clients_that_vanish_while_they_speak_leave_their_places(gateway: Gateway) -> None:
    for _ in range(3 * STREAMS):
        client = await ready_when_there_is_a_place(gateway)
        await client.send(pcm(said()))
        client.transport.abort()
    clients = [await ready_when_there_is_a_place(gateway) for _ in range(STREAMS)]
    for client in clients:
        await client.close()


async def test_client_that_offers_to_deflate_its_frames_is_declined(gateway: Gateway) -> None:
    async with gateway.connect(compression="deflate") as client:
        assert not client.protocol.extensions


async def test_voice_that_is_killed_speaks_again_in_the_next_turn(gateway: Gateway) -> None:
    assert "speech" in await take(gateway, pcm(said()), speak=True)
    for pid in gateway.children():
        os.kill(pid, signal.SIGKILL)
    assert "speech" in await take(gateway, bytes(RATE), speak=True)


def test_gateway_whose_speech_models_are_broken_says_so_to_operators_and_citizens(
    tmp_path: Path, find_free_ports: Callable[[int], list[int]]
) -> None:
    models = tmp_path / "models" / "speech"
    for language in ("en", "et", "ru"):
        shutil.copytree(
            PROJECT / "models" / "speech" / "en", models / language, ignore=shutil.ignore_patterns("source")
        )
    (models / "en" / "graph" / "Gr.fst").unlink()
    for damaged in (models / "et" / "am" / "final.mdl", models / "ru" / "graph" / "HCLr.fst"):
        damaged.write_bytes(damaged.read_bytes()[:5_000])
    port = find_free_ports(1)[0]
    with gateway_process(tmp_path, port, KRATT_MODELS=str(tmp_path / "models")) as gateway:
        turn = asyncio.run(take(gateway, pcm(said())))
        check = gateway.get("/readyz").json()["checks"]["recogniser"]
        log = gateway.log.read_text()
    assert turn["reply"]["outcome"] == "failed_speech"
    assert turn["reply"]["reply"][0]["text"] == RESPONSES["utter_failed_speech"][Language.EN]
    assert check == {"ok": False, "detail": "speech_to_text_failed: damaged speech model: en, et, ru"}
    assert f"{models / 'en'} is not a speech model: it lacks graph/Gr.fst" in log
    assert f"{models / 'et'}: Vosk cannot load this speech model, am/final.mdl is damaged" in log
    assert f"{models / 'ru'}: Vosk cannot load this speech model, its graph is damaged" in log
    assert str(models / "ru" / "graph" / "HCLr.fst") in log


def wav(samples: bytes) -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return data.getvalue()
