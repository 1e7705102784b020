"""The protocol of vosk-server with the real Vosk, by real clients over real sockets: a test for each habit."""

import asyncio
import contextlib
import functools
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
import websocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from assistant.adapters.sound_files import decode_wav
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.audio import Pcm
from assistant.core.languages import Language
from assistant.pipeline.utterance import Ears
from connectors.vosk_websocket.server import Address, VoskServer
from tests.outside import SOUND, OutsideWorld

pytestmark = pytest.mark.integration

MODEL = Path(__file__).resolve().parents[2] / "models" / "speech" / "en"
QUESTION = "when does my passport expire"
STREAMS = 4
EOF = '{"eof" : 1}'


@functools.cache
def said(rate: int = 8000, text: str = QUESTION) -> Pcm:
    command = ["flite", "-voice", "slt", "-t", text, "-o", "/dev/stdout"]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    samples = soxr.resample(np.frombuffer(pcm.samples, "<i2"), pcm.rate_hertz, rate)
    return Pcm(samples.astype("<i2").tobytes(), rate)


def frames(pcm: Pcm, length: int) -> Iterator[bytes]:
    for begin in range(0, len(pcm.samples), length):
        yield pcm.samples[begin : begin + length]


def silence(seconds: float, rate: int = 8000) -> Pcm:
    return Pcm(bytes(2 * int(seconds * rate)), rate)


@pytest.fixture(scope="module")
def speech() -> Iterator[VoskSpeech]:
    speech = VoskSpeech({Language.EN: MODEL}, streams=STREAMS)
    yield speech
    speech.close()


@pytest.fixture(scope="module")
async def url(speech: VoskSpeech) -> AsyncIterator[str]:
    ears = Ears(speech, SpeechSound, WebRtcVoice, 60)
    server = VoskServer(OutsideWorld().turns, ears, Address("127.0.0.1", 0))
    async with server.listening() as port:
        yield f"ws://127.0.0.1:{port}/any/path"


def is_result(reply: str) -> bool:
    """As FreeSWITCH's mod_vosk looks at it."""
    return '""' not in reply and '"partial"' not in reply


async def told(socket: Any, *messages: str | bytes) -> list[str]:
    """What comes for each of these, one after the other."""
    replies = []
    for message in messages:
        await socket.send(message)
        replies.append(await asyncio.wait_for(socket.recv(), 60))
    return replies


def text_of(replies: list[str]) -> str:
    return " ".join(json.loads(reply).get("text", "") for reply in replies).strip()


async def test_script_when_it_goes_in_lock_step_then_gets_one_reply_for_each_frame(url: str) -> None:
    """websocket/test.py and test_words.py of vosk-server, eagi.py of vosk-asterisk: chunks of 0.2 s, or 8000 bytes."""

    def go() -> list[Any]:
        socket = websocket.create_connection(url, timeout=10)
        socket.send('{ "config" : { "sample_rate" : 16000 } }')
        replies = []
        for frame in frames(said(16000), 8000):
            socket.send_binary(frame)
            replies.append(socket.recv())
        socket.send(EOF)
        replies += [socket.recv(), socket.recv()]
        socket.shutdown()
        return replies

    *replies, closed = await asyncio.to_thread(go)
    assert closed == ""
    assert len(replies) == len(list(frames(said(16000), 8000))) + 1
    assert text_of(replies) == QUESTION
    partials = [json.loads(reply)["partial"] for reply in replies if "partial" in json.loads(reply)]
    assert "passport" in " ".join(partials)


@pytest.mark.parametrize("rate", [8000, 8000.0, 16000.0, 44100])
async def test_rate_when_whole_or_not_then_is_understood(url: str, rate: float) -> None:
    async with connect(url, proxy=None) as socket:
        await socket.send(json.dumps({"config": {"sample_rate": rate}}))
        replies = await told(socket, *frames(said(int(rate)), 16000), EOF)
    assert text_of(replies) == QUESTION


async def test_asterisk_when_it_connects_then_its_subprotocol_is_echoed_and_8_khz_is_assumed(url: str) -> None:
    """res_speech_vosk.c: no config, frames of 3200 bytes; it waits for a text that is not empty."""
    async with connect(url, subprotocols=["ws"], proxy=None) as socket:  # type: ignore[list-item]
        assert socket.subprotocol == "ws"
        replies = await told(socket, *frames(said(), 3200), *frames(silence(2), 3200))
        await socket.send(EOF)
        replies.append(str(await socket.recv()))
    assert text_of(replies) == QUESTION


@pytest.mark.parametrize("offered", [["mqtt"], ["mqtt", "ws"], None])
async def test_handshake_when_a_subprotocol_is_unknown_then_it_does_not_fail(url: str, offered: Any) -> None:
    async with connect(url, subprotocols=offered, proxy=None) as socket:
        assert socket.subprotocol == ("ws" if offered and "ws" in offered else None)
        assert await told(socket, bytes(3200)) == ['{"partial": ""}']


async def test_freeswitch_when_it_looks_for_quotes_then_takes_results_for_results(url: str) -> None:
    """mod_vosk.c: no config and no eof, frames of 3200 bytes; a result has no `""` in it and no `"partial"`."""
    socket = await connect(url, proxy=None)
    replies = await told(socket, *frames(said(), 3200), *frames(silence(3), 3200))
    results = [reply for reply in replies if is_result(reply)]
    assert text_of(results) == QUESTION
    assert all('""' in reply or json.loads(reply)["partial"] for reply in replies if reply not in results)
    await (await socket.ping())  # it answers pings, and expects answers
    socket.transport.abort()  # it leaves without a farewell


async def test_jigasi_when_it_sends_without_reading_then_everything_is_answered_in_order(url: str) -> None:
    """VoskTranscriptionService: a rate with a point, frames one behind the other, and `eof` without waiting."""
    async with connect(url, proxy=None) as socket:
        await socket.send('{"config":{"sample_rate":16000.0}}')
        sent = list(frames(said(16000), 1280))
        for frame in sent:
            await socket.send(frame)
        await socket.send('{"eof":1}')
        replies = [reply async for reply in socket]
    assert len(replies) == len(sent) + 1
    assert all({"partial", "text"} & json.loads(reply).keys() for reply in replies)
    assert text_of(replies) == QUESTION
    assert socket.close_code == 1000


async def test_jigasi_when_an_utterance_is_one_frame_then_it_is_heard_whole(url: str) -> None:
    """In its one-shot mode."""
    frame = said(48000).samples + silence(3, 48000).samples + said(48000).samples
    async with connect(url, proxy=None) as socket:
        await socket.send('{"config": {"sample_rate": 48000}}')
        heard, last = await told(socket, frame, EOF)
    assert json.loads(heard)["text"] == json.loads(last)["text"] == QUESTION


@pytest.mark.parametrize("eof", ['{"eof" : 1}', '{"eof":1}', '{ "eof": true }', '\n{"eof"\t:1}\n'])
async def test_eof_when_written_with_any_blanks_then_the_last_words_come_and_the_socket_closes(
    url: str, eof: str
) -> None:
    async with connect(url, proxy=None) as socket:
        for frame in frames(said(), 3200):
            await told(socket, frame)
        (last,) = await told(socket, eof)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)
    assert json.loads(last)["text"].endswith("expire")
    assert socket.close_code == 1000


async def test_reset_when_sent_then_a_result_comes_and_the_stream_goes_on(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        first = await told(socket, *frames(said(), 3200), '{"reset" : 1}')
        second = await told(socket, *frames(said(), 3200), '{"reset":1}', '{"reset":1}')
    assert text_of(first) == text_of(second) == QUESTION
    assert json.loads(second[-1]) == {"text": ""}
    begins = [json.loads(replies[at])["result"][0]["start"] for replies, at in ((first, -1), (second, -2))]
    assert begins[1] - begins[0] == pytest.approx(said().seconds, abs=0.2)  # times go on to count


async def test_browser_when_it_sends_eof_and_leaves_then_nothing_breaks(url: str) -> None:
    for _ in range(STREAMS):
        socket = await connect(url, proxy=None)
        await socket.send(said().samples)
        await socket.send(EOF)
        await socket.close()
    async with asyncio.timeout(20):  # each gives its place back
        while True:
            with contextlib.suppress(ConnectionClosed):  # busy
                async with connect(url, proxy=None) as socket:
                    assert text_of(await told(socket, said().samples, EOF)) == QUESTION
                    break


@pytest.mark.parametrize("first", [44, 1000, 10**6])
async def test_file_when_sent_with_its_header_then_the_header_is_no_sound(url: str, first: int) -> None:
    """The sample for Node sends the file as it is; its rate is in the header."""
    file = said(22050).to_wav()
    async with connect(url, proxy=None) as socket:
        replies = await told(socket, file[:first], *([file[first:]] if file[first:] else []), EOF)
    assert text_of(replies) == QUESTION


async def test_frames_when_cut_in_the_middle_of_a_sample_then_nothing_is_lost(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        assert text_of(await told(socket, *frames(said(), 1601), EOF)) == QUESTION


async def test_words_when_left_out_then_there_is_the_text_alone(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        (with_words,) = (await told(socket, said().samples, '{"reset": 1}'))[1:]
        await socket.send('{"config": {"words": 0}}')
        (without,) = (await told(socket, said().samples, EOF))[1:]
    result = json.loads(with_words)
    assert [word["word"] for word in result["result"]] == QUESTION.split()
    assert all(word.keys() == {"conf", "end", "start", "word"} for word in result["result"])
    assert all(0 < word["conf"] <= 1 and word["start"] < word["end"] for word in result["result"])
    assert json.loads(without) == {"text": QUESTION}


async def test_alternatives_when_asked_for_then_come_as_vosk_writes_them(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        await socket.send('{"config": {"max_alternatives": 3}}')
        empty, _, last = await told(socket, bytes(1600), said().samples, EOF)
    result = json.loads(last)
    assert empty == '{"partial": ""}'
    assert result.keys() == {"alternatives"}
    assert 1 <= len(result["alternatives"]) <= 3
    best = result["alternatives"][0]
    assert best["text"] == QUESTION
    assert best.keys() == {"confidence", "result", "text"}
    assert all(word.keys() == {"end", "start", "word"} for word in best["result"])
    assert is_result(last)


async def test_recogniser_when_it_gave_alternatives_then_the_next_client_gets_confidences(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        await socket.send('{"config": {"max_alternatives": 3}}')
        await told(socket, said().samples, EOF)
    async with connect(url, proxy=None) as socket:
        last = (await told(socket, said().samples, EOF))[-1]
    assert json.loads(last)["result"][0]["conf"] > 0


@pytest.mark.parametrize("phrases", [["yes", "no", "passport"], '["yes", "no", "passport"]'])
async def test_phrase_list_when_given_then_nothing_else_is_heard(url: str, phrases: Any) -> None:
    async with connect(url, proxy=None) as socket:
        await socket.send(json.dumps({"config": {"phrase_list": phrases, "sample_rate": 8000}}))
        replies = await told(socket, said(text="passport").samples, '{"reset":1}', said().samples, EOF)
    assert json.loads(replies[1])["text"] == "passport"
    assert set(json.loads(replies[3])["text"].split()) <= {"yes", "no", "passport"}


async def test_config_when_it_comes_late_then_it_holds_from_then_on_and_no_word_is_lost(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        await told(socket, said().samples)
        await socket.send('{"config": {"sample_rate": 16000}}')
        replies = await told(socket, bytes(3200), *frames(said(16000), 6400), EOF)
    assert json.loads(replies[0])["text"] == QUESTION
    assert text_of(replies[1:]) == QUESTION


async def events(socket: Any, *frames: bytes | str) -> list[Any]:
    """Everything that comes until the reply to these is over."""
    for frame in frames:
        await socket.send(frame)
    received: list[Any] = []
    while not received or received[-1] != {"done": 1}:
        message = await asyncio.wait_for(socket.recv(), 30)
        received.append(json.loads(message) if isinstance(message, str) else message)
    return received


async def test_dialogue_when_somebody_has_finished_then_the_transcript_the_reply_and_its_sound_come(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        await socket.send('{"config": {"dialogue": true, "sample_rate": 8000, "caller": "call 1"}}')
        received = await events(socket, *frames(said(), 3200), *frames(silence(1.5), 3200))
        again = await events(socket, *frames(said(), 3200), *frames(silence(1.5), 3200))
    texts = [each for each in received if isinstance(each, dict)]
    kinds = [next(iter(each)) for each in texts if "partial" not in each]
    assert kinds == ["result", "reply", "speech", "done"]
    (result,) = [each for each in texts if "result" in each]
    assert result["text"] == QUESTION
    assert any(each.get("partial") for each in texts)
    (reply,) = [each["reply"] for each in texts if "reply" in each]
    assert reply["text"].startswith(f"You said: {QUESTION}")
    assert reply.keys() == {"text", "buttons", "language", "outcome", "expects"}
    (announced,) = [each["speech"] for each in texts if "speech" in each]
    assert announced == {"rate_hertz": 8000, "bytes": len(SOUND)}
    assert b"".join(each for each in received if isinstance(each, bytes)) == SOUND
    assert {"clear": 1} in again  # the first reply plays for six seconds yet


async def test_reply_when_somebody_coughs_then_goes_on_and_when_they_speak_then_is_ended(url: str) -> None:
    cough = np.random.default_rng(7).normal(0, 3000, 2000).astype("<i2").tobytes()

    def kinds(socket: websocket.WebSocket, sound: bytes, until: str) -> list[str]:
        told: list[str] = []
        for _ in range(20):
            for begin in range(0, len(sound), 320):  # 20 ms, as telephones send it
                socket.send_binary(sound[begin : begin + 320])
            with contextlib.suppress(websocket.WebSocketTimeoutException):
                while until not in told:
                    message = socket.recv()
                    told += [] if isinstance(message, bytes) else [*json.loads(message)]
                return [kind for kind in told if kind != "partial"]
            sound = silence(0.5).samples  # a line goes on
        raise AssertionError(told)

    def go() -> list[list[str]]:
        socket = websocket.create_connection(url, timeout=2)
        socket.send('{"config": {"dialogue": true}}')
        sounds = [(said().samples, "done"), (cough, "resume"), (said(text="stop").samples, "done")]
        told = [kinds(socket, sound + silence(2).samples, until) for sound, until in sounds]
        socket.shutdown()
        return told

    answered, coughed, stopped = await asyncio.to_thread(go)
    assert "pause" not in answered
    assert coughed == ["pause", "resume"]
    assert stopped[:3] == ["pause", "clear", "result"]


async def test_dialogue_when_nobody_speaks_then_nothing_is_answered_and_each_frame_has_its_partial(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        await socket.send('{"config": {"dialogue": true}}')
        replies = await told(socket, *frames(silence(15), 16000))
    assert set(replies) == {'{"partial": ""}'}


async def test_dialogue_when_keys_are_pressed_then_they_are_a_choice_or_digits(url: str) -> None:
    async with connect(url, proxy=None) as socket:
        await socket.send('{"config": {"dialogue": true, "speech_rate": 16000}}')
        office = [json.dumps({"dtmf": key}) for key in "12*7#"]
        seven = await events(socket, *office)
        assert seven[0]["reply"]["text"].startswith("You said: 7")
        assert seven[1]["speech"]["rate_hertz"] == 16000
