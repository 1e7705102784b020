"""Whether anything is lost or doubled under load: `.venv/bin/python benchmarks/channels_load.py`.

One Kratt, and at it at the same time

* CHATS people who chat as the widget does: `POST /v1/turns` with a key, the conversation in a header, one connection.
  They hold DIALOGUES one after the other, each in a conversation of its own, and think THINK_SECONDS on average before
  a question (exponentially distributed).
* SPEAKERS people who talk as the widget lets them: recordings over the WebSocket, in pieces of 100 ms at the speed of
  speech, the next one as soon as the reply was received.

Then the storm, ROUNDS times: all ask at once, all connections are cut while the answers are under way or somebody
speaks, and all come back at once: who chats sends the question again by its key, who talks says it again.

Each question must get one reply, with the words that it got when it was asked alone, and the gateway must have counted
as many turns as were asked: what it counts more was doubled. Who speaks must get one transcript, one reply and the
whole of its sound. What is heard otherwise than alone is told, and is no fault of the channel. Exit code 1 if anything
was lost, doubled, or another's.
"""

import argparse
import asyncio
import itertools
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

import httpx
from citizens import said_aloud, samples_of, spoken_conversations
from running import ANSWER_SECONDS, RunningKratt, percentile, running_kratt, table
from websockets.asyncio.client import ClientConnection, connect

from assistant.core.audio import BYTES_PER_SAMPLE, Pcm
from assistant.operate.supervision import no_certificates

CHATS, SPEAKERS = 200, 10
THINK_SECONDS = 10.0
MINUTES, QUICK_MINUTES = 2.0, 0.5
ROUNDS, QUICK_ROUNDS = 5, 2
CUT_SECONDS = 0.5
"""Within so long a connection is cut after a question was sent, or somebody began to speak."""
BUSY_SECONDS = 0.2
RETRY_SECONDS = 1.0
"""As the widget waits."""
PIECE_SECONDS = 0.1
SITE = "https://agency.example.ee"
DIALOGUES = (
    ("en", ("what are the opening hours", "tartu", "say that again")),
    ("en", ("how much is a new passport", "when is the narva office open")),
    ("et", ("millal on tartu kontor avatud", "korda palun")),
    ("ru", ("когда открыто бюро в тарту", "сколько стоит новый паспорт")),
    ("en", ("when does my passport expire", "when is the tartu office open")),
)
HEADER = ("", "asked", "lost", "doubled", "wrong", "heard otherwise", "p50 ms", "p95 ms", "first sound p95 ms")
VOICES = ("flite slt", "flite rms", "flite awb", "espeak-ng en-us")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One of a dialogue, with the words of the reply that it got when it was asked alone."""

    text: str
    language: str
    reply: Words = ()


Dialogue = tuple[Question, ...]


@dataclass
class Tally:
    """What became of what was asked; milliseconds until the reply's words, and until its first sound."""

    asked: int = 0
    turn_ids: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    heard_otherwise: int = 0
    refused_busy: int = 0
    sent_again: int = 0
    to_words: list[float] = field(default_factory=list)
    to_sound: list[float] = field(default_factory=list)

    def row(self, name: str) -> tuple[object, ...]:
        """A line of the table."""
        times = [f"{percentile(self.to_words, each):.0f}" for each in (50, 95)]
        sound = f"{percentile(self.to_sound, 95):.0f}" if self.to_sound else ""
        return (name, self.asked, self.lost, self.doubled, len(self.wrong), self.heard_otherwise, *times, sound)

    @property
    def lost(self) -> int:
        """Questions without a reply."""
        return self.asked - len(set(self.turn_ids))

    @property
    def doubled(self) -> int:
        """Replies that came for two questions."""
        return len(self.turn_ids) - len(set(self.turn_ids))

    @property
    def is_whole(self) -> bool:
        """Whether each question had its own reply."""
        return not (self.lost or self.doubled or self.wrong)


class Chat:
    """A citizen at the widget."""

    def __init__(self, url: str, tally: Tally) -> None:
        """Connects with the first question."""
        self._url = url
        self._tally = tally
        self._http = self._client()
        self._conversation = ""

    async def hold(self, dialogue: Dialogue, wait: Callable[[], Awaitable[None]]) -> None:
        """Ask all of it in a conversation of its own."""
        self._conversation = ""
        for question in dialogue:
            await wait()
            await self.ask(question, secrets.token_urlsafe(16))

    async def ask(self, question: Question, key: str) -> None:
        """One question, which is sent until it is answered."""
        self._tally.asked += 1
        begin = time.perf_counter()
        try:
            reply = await self._deliver(question, key)
        except httpx.HTTPError as error:
            self._tally.wrong.append(repr(error))
            return
        self._tally.to_words.append((time.perf_counter() - begin) * 1000)
        self._note(reply, question)

    async def _deliver(self, question: Question, key: str) -> dict[str, object]:
        while True:
            try:
                return await self.send(question, key)
            except httpx.TransportError:  # such as a kept connection that the gateway was just about to close
                self._tally.sent_again += 1
            except httpx.HTTPStatusError as error:
                if error.response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    raise
                self._tally.refused_busy += 1
            await asyncio.sleep(RETRY_SECONDS)

    async def send(self, question: Question, key: str) -> dict[str, object]:
        """The reply, as the widget asks for it."""
        headers = {"Idempotency-Key": key, "Kratt-Conversation": self._conversation}
        body = {"text": question.text, "language": question.language}
        response = await self._http.post("/v1/turns", json=body, headers=headers)
        reply: dict[str, object] = response.raise_for_status().json()
        self._conversation = str(reply["conversation_id"])
        return reply

    async def lose_connection(self, question: Question, key: str, seconds: float) -> None:
        """Send a question of a new conversation, and go away before it is answered, or right then."""
        self._conversation = ""
        sending = asyncio.ensure_future(self.send(question, key))
        await asyncio.wait([sending], timeout=seconds)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await self._http.aclose()
        self._http = self._client()

    async def leave(self) -> None:
        """Close the page."""
        await self._http.aclose()

    def _note(self, reply: dict[str, object], question: Question) -> None:
        self._tally.turn_ids.append(str(reply["turn_id"]))
        words = words_of(reply)
        if question.reply and words != question.reply:
            self._tally.wrong.append(f"{question.text}: {reply['outcome']}: {' '.join(words)}")

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._url,
            headers={"Origin": SITE},
            timeout=ANSWER_SECONDS,
            trust_env=False,
            verify=no_certificates(),
        )


class Voice:
    """A citizen who talks to the widget."""

    def __init__(self, url: str, tally: Tally) -> None:
        """Connects with the first utterance."""
        self._url = url.replace("http", "ws") + "/v1/speech"
        self._tally = tally

    async def say(self, sound: Pcm, heard: str) -> None:
        """One utterance, whose reply is received to the end; `heard` was the transcript when it was said alone."""
        self._tally.asked += 1
        async with await self.start(sound.rate_hertz) as socket:
            answer = asyncio.ensure_future(self.receive(socket))
            await _speak(socket, sound)
            end = time.perf_counter()
            await socket.send(json.dumps({"type": "stop"}))
            transcript, at_words, at_sound = await answer
        self._tally.to_words.append((at_words - end) * 1000)
        self._tally.to_sound.append((at_sound - end) * 1000)
        self._tally.heard_otherwise += heard not in {"", transcript}

    async def lose_connection(self, sound: Pcm, seconds: float) -> None:
        """Begin to speak, and be gone."""
        socket = await self.start(sound.rate_hertz)
        speaking = asyncio.ensure_future(_speak(socket, sound))
        await asyncio.wait([speaking], timeout=seconds)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        socket.transport.abort()

    async def start(self, rate_hertz: int) -> ClientConnection:
        """A socket that is ready for sound; whoever is told busy tries again."""
        start = {"type": "start", "language": "en", "rate_hertz": rate_hertz}
        while True:
            socket = await connect(self._url, origin=SITE, proxy=None)  # type: ignore[arg-type]  # a NewType of str
            await socket.send(json.dumps(start))
            event = json.loads(await socket.recv())
            if event["type"] == "ready":
                return socket
            if event.get("code") != "busy":
                raise RuntimeError(f"a start was answered with {event}")
            self._tally.refused_busy += 1
            await asyncio.sleep(BUSY_SECONDS)

    async def receive(self, socket: ClientConnection) -> tuple[str, float, float]:
        """The transcript, and when the reply's words and its first sound came."""
        events: list[str] = []
        transcript, missing, at_words, at_sound = "", 0, 0.0, 0.0
        async for message in socket:
            if isinstance(message, bytes):
                at_sound = at_sound or time.perf_counter()
                missing -= len(message)
                continue
            event = json.loads(message)
            events += [event["type"]] if event["type"] not in {"partial", "speech"} else []
            if event["type"] == "transcript":
                transcript = event["text"]
            elif event["type"] == "reply":
                at_words = time.perf_counter()
                self._tally.turn_ids.append(event["turn_id"])
            elif event["type"] == "speech":
                missing += event["bytes"]
            elif event["type"] in {"done", "error"}:
                break
        if events != ["transcript", "reply", "done"] or missing or not at_sound:
            self._tally.wrong.append(f"{transcript}: {events}, {missing} bytes are missing")
        return transcript, at_words, at_sound


async def _speak(socket: ClientConnection, sound: Pcm) -> None:
    """Send the sound at the speed of speech."""
    piece = int(sound.rate_hertz * PIECE_SECONDS) * BYTES_PER_SAMPLE
    begin = time.perf_counter()
    for number, first in enumerate(range(0, len(sound.samples), piece), start=1):
        await asyncio.sleep(max(0.0, begin + number * PIECE_SECONDS - time.perf_counter()))
        await socket.send(sound.samples[first : first + piece])


def words_of(reply: dict[str, object]) -> Words:
    """What is shown of a reply."""
    return tuple(part["text"] for part in reply["reply"])  # type: ignore[attr-defined]  # JSON


async def asked_alone(url: str) -> list[Dialogue]:
    """The dialogues with the words of their replies, while nobody else asks."""
    dialogues = []
    for language, texts in DIALOGUES:
        chat = Chat(url, Tally())
        questions = [Question(text, language) for text in texts]
        replies = [words_of(await chat.send(each, secrets.token_urlsafe(16))) for each in questions]
        await chat.leave()
        dialogues.append(
            tuple(Question(each.text, language, reply) for each, reply in zip(questions, replies, strict=True))
        )
    return dialogues


async def heard_alone(url: str, sounds: Sequence[Pcm]) -> list[str]:
    """The transcripts of the recordings, while nobody else speaks."""
    voice = Voice(url, Tally())
    transcripts = []
    for sound in sounds:
        async with await voice.start(sound.rate_hertz) as socket:
            answer = asyncio.ensure_future(voice.receive(socket))
            await socket.send(sound.samples)
            await socket.send(json.dumps({"type": "stop"}))
            transcripts.append((await answer)[0])
    return transcripts


def recordings() -> list[Pcm]:
    """The requests of the content that are spoken, each in one of the voices."""
    requests = dict.fromkeys(turn.say for talk in spoken_conversations() for turn in talk.turns)
    said = zip(itertools.islice(requests, 4 * SPEAKERS), itertools.cycle(VOICES))
    return [samples_of(said_aloud(text, voice)) for text, voice in said]


@dataclass(frozen=True)
class Crowd:
    """Who is there, and what they say."""

    kratt: RunningKratt
    dialogues: Sequence[Dialogue]
    sounds: Sequence[tuple[Pcm, str]]
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    async def talk(self, seconds: float) -> list[tuple[object, ...]]:
        """Chat and speak for so long; the rows of the table.

        Raises:
            SystemExit: something was lost, doubled or another's.
        """
        typed, spoken = Tally(), Tally()
        end = time.monotonic() + seconds
        before = await self.kratt.turns_taken()
        chats = [self._chatting(typed, at, end) for at in range(CHATS)]
        voices = [self._speaking(spoken, at, end) for at in range(SPEAKERS)]
        await asyncio.gather(*chats, *voices)
        return await self._rows(before, {f"{CHATS} chats": typed, f"{SPEAKERS} voices": spoken})

    async def storm(self, rounds: int) -> list[tuple[object, ...]]:
        """Cut all connections and let all come back, again and again; the rows of the table.

        Raises:
            SystemExit: as `talk`.
        """
        typed, spoken = Tally(), Tally()
        before = await self.kratt.turns_taken()
        chats = [Chat(self.kratt.url, typed) for _ in range(CHATS)]
        voices = [Voice(self.kratt.url, spoken) for _ in range(SPEAKERS)]
        for number in range(rounds):
            asked = [(chat, self.dialogues[(at + number) % len(self.dialogues)][0]) for at, chat in enumerate(chats)]
            keyed = [(chat, question, secrets.token_urlsafe(16)) for chat, question in asked]
            said = [(voice, *self.sounds[(at + number) % len(self.sounds)]) for at, voice in enumerate(voices)]
            await _all(
                [chat.lose_connection(question, key, self._cut_after) for chat, question, key in keyed],
                [voice.lose_connection(sound, CUT_SECONDS) for voice, sound, _ in said],
            )
            await _all([chat.ask(*rest) for chat, *rest in keyed], [voice.say(*rest) for voice, *rest in said])
        for chat in chats:
            await chat.leave()
        return await self._rows(before, {"chats in the storm": typed, "voices in the storm": spoken})

    @property
    def _cut_after(self) -> float:
        return self.chance.uniform(0, CUT_SECONDS)

    async def _think(self) -> None:
        await asyncio.sleep(self.chance.expovariate(1 / THINK_SECONDS))

    async def _chatting(self, tally: Tally, at: int, end: float) -> None:
        chat = Chat(self.kratt.url, tally)
        for dialogue in itertools.islice(itertools.cycle(self.dialogues), at % len(self.dialogues), None):
            if time.monotonic() >= end:
                break
            await chat.hold(dialogue, self._think)
        await chat.leave()

    async def _speaking(self, tally: Tally, at: int, end: float) -> None:
        voice = Voice(self.kratt.url, tally)
        for sound, heard in itertools.islice(itertools.cycle(self.sounds), at * 4 % len(self.sounds), None):
            if time.monotonic() >= end:
                break
            await voice.say(sound, heard)

    async def _rows(self, before: int, tallies: dict[str, Tally]) -> list[tuple[object, ...]]:
        taken = await self.kratt.turns_taken() - before
        asked = sum(tally.asked for tally in tallies.values())
        print(f"{', '.join(tallies)}: {asked} turns were asked, the gateway counted {taken}", flush=True)
        for name, tally in tallies.items():
            again = f"{name}: told busy {tally.refused_busy} times, sent again {tally.sent_again} times"
            print(again, *(f"{count} times {what}" for what, count in Counter(tally.wrong).most_common(5)), sep="\n  ")
        rows = [tally.row(name) for name, tally in tallies.items()]
        print(table(HEADER, rows), flush=True)
        if asked != taken or not all(tally.is_whole for tally in tallies.values()):
            raise SystemExit("something was lost, doubled or another's")
        return rows


async def _all(*groups: Iterable[Awaitable[None]]) -> None:
    await asyncio.gather(*itertools.chain(*groups))


async def measure(kratt: RunningKratt, *, is_quick: bool, only_storm: bool) -> list[tuple[object, ...]]:
    """The rows of the table."""
    sounds = recordings()
    heard = await heard_alone(kratt.url, sounds)
    crowd = Crowd(kratt, await asked_alone(kratt.url), list(zip(sounds, heard, strict=True)))
    rows = [] if only_storm else await crowd.talk((QUICK_MINUTES if is_quick else MINUTES) * 60)
    return rows + await crowd.storm(QUICK_ROUNDS if is_quick else ROUNDS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_MINUTES:g} minutes and {QUICK_ROUNDS} storms")
    parser.add_argument("--storm", action="store_true", help="the storm alone")
    given = parser.parse_args()
    with running_kratt(widget_origins=SITE) as kratt:
        rows = asyncio.run(measure(kratt, is_quick=given.quick, only_storm=given.storm))
    print(table(HEADER, rows))


if __name__ == "__main__":
    main()
