"""The protocol of vosk-server where nothing has to be recognised: what is wrong is told by the code of the close."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.audio import Encoding, Pcm, SoundFormat
from assistant.core.dictation import Alternative, Dictated, Segment
from assistant.core.errors import Busy, MalformedTurn, SpeechToTextFailed
from assistant.core.languages import Language
from assistant.core.ports import Counted
from assistant.core.turns import Word
from assistant.pipeline.utterance import Ears
from connectors.vosk_websocket import line
from connectors.vosk_websocket import server as server_module
from connectors.vosk_websocket.results import partial_json, result_json
from connectors.vosk_websocket.server import LARGEST_FRAME_BYTES, Address, VoskServer
from connectors.vosk_websocket.wav_header import without_header
from tests.outside import OutsideWorld

pytestmark = pytest.mark.contract

HELLO = Segment((Word("hello", 0.1, 0.5, 0.9),))
EOF = '{"eof": 1}'


@dataclass
class FakeDictations:
    """Hears a word in each second of sound; keeps what it was asked for."""

    fails: Exception | None = None
    opened: list[tuple[Any, ...]] = field(default_factory=list)
    open_streams: int = 0
    samples: int = 0

    def languages(self) -> frozenset[Language]:
        return frozenset({Language.ET})

    async def open_dictation(
        self, language: Language, phrases: Sequence[str] = (), alternatives: int = 0
    ) -> "FakeDictations":
        if self.fails:
            raise self.fails
        self.opened.append((language, phrases, alternatives))
        self.open_streams += 1
        return self

    async def accept(self, samples: bytes) -> Dictated:
        self.samples += len(samples) // 2
        return Dictated((), "hello")

    async def finish(self) -> Segment:
        return HELLO

    async def close(self) -> None:
        self.open_streams -= 1


@asynccontextmanager
async def served(dictations: FakeDictations, **world: Any) -> AsyncIterator[str]:
    ears = Ears(dictations, SpeechSound, WebRtcVoice, 60)  # type: ignore[arg-type]  # nobody is answered
    server = VoskServer(OutsideWorld(**world).turns, ears, Address("127.0.0.1", 0, "https://k.ee"))
    async with server.listening() as port:
        yield f"ws://127.0.0.1:{port}/"


async def code_of(url: str, *messages: str | bytes) -> int | None:
    """What the socket closes with after these."""
    async with connect(url, proxy=None) as socket:
        with contextlib.suppress(ConnectionClosed):
            for message in messages:
                await socket.send(message)
            async with asyncio.timeout(20):
                while True:
                    await socket.recv()
        return socket.close_code


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["hello"], 1003),
        (["{"], 1003),
        (["[" * 100_000], 1003),
        (["[]"], 1003),
        (["{}"], 1003),
        (['{"eof": 0}'], 1003),
        (['{"dtmf": "1"}'], 1003),
        (['{"config": {"dialogue": true}}', '{"dtmf": "E"}'], 1003),
        (['{"config": {"dialogue": true}}', '{"dtmf": ""}'], 1003),
        (['{"config": {"dialogue": true}}', '{"dtmf": "A"}', EOF], 1000),
        (['{"config": {"dialogue": true}}', '{"dtmf": "12"}'], 1003),
        (['{"config": []}'], 1003),
        (['{"config": {"sample_rate": "fast"}}'], 1003),
        (['{"config": {"sample_rate": 7999}}'], 1003),
        (['{"config": {"sample_rate": 1e309}}'], 1003),
        (['{"config": {"max_alternatives": 11}}'], 1003),
        (['{"config": {"phrase_list": "{"}}'], 1003),
        (['{"config": {"phrase_list": [1]}}'], 1003),
        (['{"config": {"phrase_list": ["' + "x" * 501 + '"]}}'], 1003),
        (['{"config": {"language": "tlh"}}'], 1008),
        (['{"config": {"model": "/etc/passwd"}}'], 1008),
        ([b"RIFF\0\0\0\0WAVE"], 1003),
        ([b"RIFF\0\0\0\0WAVEdata\0\0\0\0"], 1003),
        ([b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0xx"], 1003),
        ([b"", EOF], 1000),
        ([b"x", EOF], 1000),
        ([EOF], 1000),
        ([EOF, EOF], 1000),
    ],
)
async def test_message_when_wrong_then_the_code_of_the_close_says_so(messages: list[str | bytes], code: int) -> None:
    dictations = FakeDictations()
    async with served(dictations) as url:
        assert await code_of(url, *messages) == code
    assert dictations.open_streams == 0


async def test_text_when_it_is_not_utf_8_then_the_library_closes_with_its_code() -> None:
    async with served(FakeDictations()) as url, connect(url, proxy=None) as socket:
        await socket.send(b"\xff", text=True)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)
        assert socket.close_code == 1007


@pytest.mark.parametrize(
    ("error", "code"), [(Busy(), 1013), (SpeechToTextFailed(), 1011), (MalformedTurn("no phrase is known"), 1003)]
)
async def test_recogniser_when_there_is_none_then_the_code_says_why(error: Exception, code: int) -> None:
    async with served(FakeDictations(error)) as url:
        assert await code_of(url, bytes(320)) == code


async def test_frame_when_of_16_mib_then_is_taken_and_a_larger_one_is_not() -> None:
    dictations = FakeDictations()
    async with served(dictations) as url:
        assert await code_of(url, bytes(LARGEST_FRAME_BYTES), EOF) == 1000
        assert dictations.samples == pytest.approx(LARGEST_FRAME_BYTES, rel=0.001)  # from 8 to 16 kHz
        async with connect(url, proxy=None) as socket:
            larger = (LARGEST_FRAME_BYTES + 1).to_bytes(8, "big")
            socket.transport.write(b"\x82\xff" + larger + bytes(4))  # its announcement is enough
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 10)
            assert socket.close_code == 1009


async def test_config_when_changed_then_the_recogniser_is_opened_by_it_once_sound_comes() -> None:
    dictations = FakeDictations()
    async with served(dictations) as url, connect(url, proxy=None) as socket:
        await socket.send('{"config": {"sample_rate": 16000, "unknown": {}}}')
        for config in ({}, {"words": False}, {"phrase_list": ["a", "b"]}, {"phrase_list": []}, {"max_alternatives": 2}):
            await socket.send(json.dumps({"config": config}))
            await socket.send(bytes(320))
            reply = json.loads(await socket.recv())
            assert {"partial", "text", "alternatives"} & reply.keys()
    expected = [(Language.ET, (), 0), (Language.ET, ("a", "b"), 0), (Language.ET, (), 0), (Language.ET, (), 2)]
    assert dictations.opened == expected


async def test_client_when_it_pauses_then_others_have_the_recogniser_and_no_word_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "STALL_SECONDS", 0.05)
    dictations = FakeDictations()
    async with served(dictations) as url, connect(url, proxy=None) as socket:
        await socket.send(bytes(320))
        assert await socket.recv() == '{"partial": "hello"}'
        async with asyncio.timeout(10):
            while dictations.open_streams:  # noqa: ASYNC110  # nobody tells
                await asyncio.sleep(0.01)
        await socket.send(bytes(320))
        assert json.loads(str(await socket.recv()))["text"] == "hello"


async def test_client_when_idle_for_too_long_then_the_socket_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "STALL_SECONDS", 0.01)
    monkeypatch.setattr(line, "IDLE_SECONDS", 0.01)
    async with served(FakeDictations()) as url:
        assert await code_of(url) == 1001


async def test_clients_when_too_many_then_one_more_is_told_to_come_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "MOST_CONNECTIONS", 1)
    async with served(FakeDictations()) as url, connect(url, proxy=None):
        assert await code_of(url, EOF) == 1013


async def test_address_when_it_connects_too_often_then_is_told_to_come_later() -> None:
    async with served(FakeDictations(), per_minute={Counted.TURN_OF_ADDRESS: 2}) as url:
        assert [await code_of(url, EOF) for _ in range(3)] == [1000, 1000, 1013]


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [(None, True), ("https://k.ee", True), ("own", True), ("https://evil.example", False), ("null", False)],
)
async def test_page_when_of_another_origin_then_gets_no_socket(origin: str | None, is_let_in: bool) -> None:
    async with served(FakeDictations()) as url:
        named: Any = url.replace("ws", "http").rstrip("/") if origin == "own" else origin
        if is_let_in:
            async with connect(url, origin=named, proxy=None) as socket:
                await socket.send(EOF)
                assert json.loads(await socket.recv())["text"] == ""
            return
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, origin=named, proxy=None)
        assert refused.value.response.status_code == 403


PAIR = Segment(alternatives=(Alternative(2.5, HELLO.words), Alternative(1.5, ()), Alternative(1.0, HELLO.words * 2)))


def test_results_when_written_then_have_vosks_keys_and_nothing_empty_beside_words() -> None:
    word = {"conf": 0.9, "end": 0.5, "start": 0.1, "word": "hello"}
    timed = {key: value for key, value in word.items() if key != "conf"}
    written = {
        "words": result_json(HELLO, words=True, alternatives=False),
        "text": result_json(HELLO, words=False, alternatives=False),
        "empty": result_json(Segment(), words=True, alternatives=False),
        "several": result_json(PAIR, words=True, alternatives=True),
        "none of several": result_json(Segment(), words=True, alternatives=True),
        "partial": partial_json("tere õhtust"),
    }
    assert json.loads(written["words"]) == {"result": [word], "text": "hello"}
    assert json.loads(written["text"]) == {"text": "hello"}
    assert written["empty"] == '{"text": ""}'
    assert json.loads(written["several"]) == {
        "alternatives": [
            {"confidence": 2.5, "result": [timed], "text": "hello"},
            {"confidence": 1.0, "result": [timed, timed], "text": "hello hello"},
        ]
    }
    assert json.loads(written["none of several"]) == {"alternatives": [{"confidence": 0.0, "text": ""}]}
    assert written["partial"] == '{"partial": "tere õhtust"}'
    assert ['""' in each for each in written.values()] == [False, False, True, False, True, False]


def test_header_when_it_tells_a_format_then_that_is_the_sounds() -> None:
    assert without_header(b"no header") == (None, b"no header")
    assert without_header(Pcm(b"abcd", 22050).to_wav()) == (SoundFormat(22050), b"abcd")
    mu_law = (
        b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x07\0\x02\0\x40\x1f\0\0\0\0\0\0\x02\0\x08\0data\0\0\0\0xy"
    )
    assert without_header(mu_law) == (SoundFormat(8000, Encoding.MULAW, 2), b"xy")
