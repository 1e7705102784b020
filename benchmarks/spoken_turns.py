"""Spoken turns from the end of speech: `.venv/bin/python benchmarks/spoken_turns.py`.

The English `spoken` conversations of nlu_data/**/tests.yml, said by two voices, are played in three ways to one Kratt:

* streamed: over the WebSocket, in pieces of 100 ms at the speed of speech, so that decoding happens while it is spoken.
  The clock starts when the last piece has been sent.
* plain: what one writes in an afternoon. After the recording has ended, vosk decodes it in one go (the same model,
  loaded already), the transcript goes to the same Kratt as a typed turn, and a new espeak-ng process speaks the reply.
* posted: the finished recording to `POST /v1/turns/audio`. The clock starts with the request; words and sound come
  together.

Each request is streamed, then plain, then posted, so that all meet the same load; the engine's work is the same in all.
Before, unmeasured, all requests are typed and one is spoken, so that connections are open. Kratt keeps sounds it has
made: each voice gets a Kratt that has not spoken yet, and the streamed turn comes first, so that its speech is made in
that turn; a posted turn finds its speech made already. Stages are Kratt's own account of a streamed turn; of `listen`,
only what is left to do at the end of speech counts.
"""

import asyncio
import base64
import json
import statistics
import subprocess
import time
from argparse import ArgumentParser
from collections import defaultdict
from dataclasses import dataclass, field

import httpx
from citizens import said_aloud, samples_of, spoken_conversations
from running import ANSWER_SECONDS, RunningKratt, percentile, running_kratt, table
from vosk import KaldiRecognizer, Model, SetLogLevel
from websockets.asyncio.client import ClientConnection, connect

from assistant.core.audio import BYTES_PER_SAMPLE, Pcm
from assistant.operate.supervision import no_certificates
from assistant.settings import PROJECT

CITIZENS = ("flite slt", "espeak-ng en-gb")
PIECE_SECONDS = 0.1
WARM_UPS = 3
STAGES = ("listen", "understand", "act", "present", "speak")
WAYS = ("streamed", "plain", "posted")


@dataclass
class Figures:
    """Milliseconds from the end of speech, by way; and by stage of a streamed turn."""

    to_text: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    to_sound: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, way: str, to_text: float, to_sound: float) -> None:
        """Seconds of one turn."""
        self.to_text[way].append(to_text * 1000)
        self.to_sound[way].append(to_sound * 1000)


class Citizen:
    """Says a conversation's requests in all ways, each way in a conversation of its own."""

    def __init__(self, kratt: RunningKratt, person: str, figures: Figures) -> None:
        self._kratt = kratt
        self._figures = figures
        self._clients = {way: self._client(person) for way in WAYS}

    async def say(self, recording: bytes, model: Model) -> None:
        """One request."""
        await self._stream(samples_of(recording))
        self._plain(samples_of(recording), model)
        self._post(recording)

    def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            client.close()

    def _client(self, person: str) -> httpx.Client:
        cookies = self._kratt.cookies(person)
        return httpx.Client(base_url=self._kratt.url, cookies=cookies, timeout=ANSWER_SECONDS, verify=no_certificates())

    def _post(self, recording: bytes) -> None:
        headers = {"Content-Type": "audio/wav"}
        begin = time.perf_counter()
        response = self._clients["posted"].post("/v1/turns/audio?language=en", content=recording, headers=headers)
        seconds = time.perf_counter() - begin
        if not base64.b64decode(response.raise_for_status().json()["speech"]["base64"]):
            raise RuntimeError("a spoken turn was not answered aloud")
        self._figures.note("posted", seconds, seconds)

    def _plain(self, sound: Pcm, model: Model) -> None:
        begin = time.perf_counter()
        recogniser = KaldiRecognizer(model, sound.rate_hertz)
        recogniser.AcceptWaveform(sound.samples)
        text = json.loads(recogniser.FinalResult())["text"] or "nothing"
        reply = self._clients["plain"].post("/v1/turns", json={"text": text, "language": "en"}).raise_for_status()
        to_text = time.perf_counter() - begin
        said = " ".join(part["text"] for part in reply.json()["reply"])
        subprocess.run(["espeak-ng", "-v", "en-gb", "--stdout", said], check=True, capture_output=True)
        self._figures.note("plain", to_text, time.perf_counter() - begin)

    async def _stream(self, sound: Pcm) -> None:
        jar = self._clients["streamed"].cookies
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar.jar)
        headers = {"Cookie": cookies} if cookies else {}
        async with connect(
            self._kratt.url.replace("http", "ws") + "/v1/speech", additional_headers=headers, proxy=None
        ) as socket:
            await socket.send(json.dumps({"type": "start", "language": "en", "rate_hertz": sound.rate_hertz}))
            answer = asyncio.ensure_future(self._receive(socket))
            await _speak(socket, sound)
            begin = time.perf_counter()
            await socket.send(json.dumps({"type": "stop"}))
            at_text, at_sound = await answer
            self._figures.note("streamed", at_text - begin, at_sound - begin)

    async def _receive(self, socket: ClientConnection) -> tuple[float, float]:
        """When the words of the reply came, and the first of its sound."""
        at_text = 0.0
        async for message in socket:
            if isinstance(message, bytes):
                return at_text, time.perf_counter()
            event = json.loads(message)
            if event["type"] == "reply":
                at_text = time.perf_counter()
                for stage in STAGES:
                    self._figures.stages[stage].append(event["durations_ms"].get(stage, 0.0))
            if event["type"] in ("error", "done"):
                break
        raise RuntimeError("a spoken turn was not answered aloud")


async def _speak(socket: ClientConnection, sound: Pcm) -> None:
    """Send the sound at the speed of speech."""
    piece = int(sound.rate_hertz * PIECE_SECONDS) * BYTES_PER_SAMPLE
    begin = time.perf_counter()
    for number, first in enumerate(range(0, len(sound.samples), piece), start=1):
        # A piece can be sent when it has been spoken.
        await asyncio.sleep(max(0.0, begin + number * PIECE_SECONDS - time.perf_counter()))
        await socket.send(sound.samples[first : first + piece])


async def measure(kratt: RunningKratt, voice: str, figures: Figures) -> None:
    """All conversations in one voice."""
    SetLogLevel(-1)
    model = Model(str(PROJECT / "models" / "speech" / "en"))
    conversations = spoken_conversations()
    for conversation in conversations:
        async with kratt.conversation(conversation.as_ or "") as ask:
            for exchange in conversation.turns:
                await ask(exchange.say)
    await _converse(Citizen(kratt, "", Figures()), [said_aloud("what can you do", voice)] * WARM_UPS, model)
    for conversation in conversations:
        recordings = [said_aloud(exchange.say, voice) for exchange in conversation.turns]
        await _converse(Citizen(kratt, conversation.as_ or "", figures), recordings, model)


async def _converse(citizen: Citizen, recordings: list[bytes], model: Model) -> None:
    try:
        for recording in recordings:
            await citizen.say(recording, model)
    finally:
        citizen.close()


def show(figures: Figures) -> None:
    """Print the tables."""
    rows: list[tuple[object, ...]] = []
    for name, by_way in (("to the reply's words", figures.to_text), ("to its first sound", figures.to_sound)):
        for percent in (50, 95):
            values = [percentile(by_way[way], percent) for way in WAYS]
            rows.append((f"{name}, p{percent} (ms)", *values, f"{values[1] / values[0]:.1f} ×"))
    print(f"{len(figures.to_text['plain'])} spoken turns, from the end of speech:\n")
    print(table(["", *WAYS, "streamed beats plain by"], rows))
    print()
    print(
        table(
            ["stage of a streamed turn", "p50 (ms)", "p95 (ms)"],
            [(stage, statistics.median(values), percentile(values, 95)) for stage, values in figures.stages.items()],
        )
    )


def main() -> None:
    """Start Kratt, measure, stop it."""
    figures = Figures()
    for voice in CITIZENS:
        with running_kratt() as kratt:
            asyncio.run(measure(kratt, voice, figures))
    show(figures)


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
