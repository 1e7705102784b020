"""What clients of the Wyoming port must not be able to do: it has no passwords, so anybody near may try."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from wyoming.asr import Transcript
from wyoming.info import Describe

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.sandbox.tls import Pair, keep_certificates
from connectors.wyoming import hearing, wire
from connectors.wyoming.server import tls_context
from connectors.wyoming.wire import LONGEST_LINE_BYTES, MOST_DATA_BYTES, MOST_PAYLOAD_BYTES, Line
from tests.outside import OutsideWorld
from tests.wyoming_port import HOST, MODEL, Port, open_port, recording, said

pytestmark = pytest.mark.attack

MALFORMED, TOO_MUCH, UNSUPPORTED = "malformed_turn", "too_much", "unsupported_audio"


@pytest.fixture(scope="module")
def speech() -> Iterator[VoskSpeech]:
    speech = VoskSpeech({Language.EN: MODEL}, streams=1)
    yield speech
    speech.close()


@pytest.fixture(scope="module")
async def voice() -> AsyncIterator[EspeakVoice]:
    voice = EspeakVoice()
    yield voice
    await voice.close()


@pytest.fixture
async def port(speech: VoskSpeech, voice: EspeakVoice) -> AsyncIterator[Port]:
    async with open_port(speech, voice, OutsideWorld()) as port:
        yield port


def event(kind: str, payload: bytes = b"", **data: Any) -> bytes:
    """An event as the protocol has it."""
    body = json.dumps(data).encode()
    return line(type=kind, data_length=len(body), payload_length=len(payload)) + body + payload


def line(**header: Any) -> bytes:
    return json.dumps(header).encode() + b"\n"


def audio(kind: str, payload: bytes = b"", rate: Any = 16_000, width: Any = 2, channels: Any = 1) -> bytes:
    return event(kind, payload, rate=rate, width=width, channels=channels)


START = audio("audio-start")
NO_EVENTS = [
    (b"\n", MALFORMED),
    (b"hello\n", MALFORMED),
    (b"GET / HTTP/1.1\r\nHost: kratt\r\n\r\n", MALFORMED),
    (b"\x16\x03\x01\x02\x00\x01\x00\n", MALFORMED),
    (b"\xff\xfe\n", MALFORMED),
    (b"[" * 60_000 + b"\n", MALFORMED),
    (b'{"type": "describe", "data": ' + b'{"a":' * 10_000 + b"\n", MALFORMED),
    (b'"describe"\n', MALFORMED),
    (line(type=7), MALFORMED),
    (line(data={}), MALFORMED),
    (line(type="describe", data=[]), MALFORMED),
    (line(type="describe", data_length=-1), MALFORMED),
    (line(type="describe", data_length="9"), MALFORMED),
    (line(type="describe", data_length=1.5), MALFORMED),
    (line(type="describe", data_length=True), MALFORMED),
    (line(type="describe", payload_length=-(10**30)), MALFORMED),
    (line(type="describe", data_length=2) + b"[]", MALFORMED),
    (line(type="describe", data_length=3) + b"\xff\xfe\xfd", MALFORMED),
    (line(type="ping", data_length=20) + b'{"text": "\\ud800xx"}', MALFORMED),
    (line(type="describe", data_length=MOST_DATA_BYTES + 1), TOO_MUCH),
    (line(type="audio-chunk", payload_length=MOST_PAYLOAD_BYTES + 1), TOO_MUCH),
    (line(type="audio-chunk", payload_length=10**15), TOO_MUCH),
    (line(type="describe", data_length=10**400), TOO_MUCH),
    (b"x" * (LONGEST_LINE_BYTES + 1), TOO_MUCH),
]
NO_REQUESTS = [
    (audio("audio-chunk", bytes(640)), MALFORMED),
    (event("audio-stop"), MALFORMED),
    (event("audio-start"), MALFORMED),
    (audio("audio-start", rate="16000"), MALFORMED),
    (audio("audio-start", rate=16_000.0), MALFORMED),
    (audio("audio-start", channels=0), MALFORMED),
    (audio("audio-start", rate=-1), UNSUPPORTED),
    (audio("audio-start", rate=10**9), UNSUPPORTED),
    (audio("audio-start", width=0), UNSUPPORTED),
    (audio("audio-start", width=4), UNSUPPORTED),
    (audio("audio-start", channels=1000), UNSUPPORTED),
    (START + audio("audio-chunk", bytes(641)), MALFORMED),
    (START + audio("audio-chunk", bytes(640), rate=8_000), MALFORMED),
    (START + audio("audio-chunk", bytes(640), channels=2), MALFORMED),
    (START + event("audio-chunk", bytes(640)), MALFORMED),
    (event("transcribe", language=7) + START, MALFORMED),
    (event("transcribe", language="tlh") + START, "unknown_language"),
    (event("transcribe", context="anna"), MALFORMED),
    (event("transcript"), MALFORMED),
    (event("transcript", text=["hello"]), MALFORMED),
    (event("transcript", text=""), MALFORMED),
    (event("transcript", text="\x00\x01"), MALFORMED),
    (event("transcript", text="x" * 101), TOO_MUCH),
    (event("transcript", text="hello", context={"conversation_id": "x" * 201}), MALFORMED),
    (event("transcript", text="hello", context={"conversation_id": "a\nb"}), MALFORMED),
    (event("synthesize", text=7), MALFORMED),
    (event("synthesize", text="hello", voice={"name": "kratt-tlh"}), "unknown_language"),
    (event("synthesize", text="hello", voice="kratt-en"), MALFORMED),
    (event("synthesize", text="hello", text_format="html"), MALFORMED),
    (event("synthesize-start") + event("synthesize-chunk", text="x" * 5001), TOO_MUCH),
]


@pytest.mark.parametrize(("sent", "code"), [*NO_EVENTS, *NO_REQUESTS])
async def test_client_when_it_sends_what_is_no_request_then_is_told_so_and_others_do_not_notice(
    port: Port, sent: bytes, code: str
) -> None:
    reader, writer = await asyncio.open_connection(HOST, port.port)
    writer.write(sent)
    told = await asyncio.wait_for(reader.read(), 10)  # to its end: the connection is closed
    writer.close()
    header, _, body = told.partition(b"\n")
    assert json.loads(header)["type"] == "error"
    assert json.loads(body)["code"] == code
    assert port.world.taken == []
    assert (await port.ask(Describe(), until="info"))[0].type == "info"
    if START in sent:  # nobody holds the only stream
        transcript = await port.ask(*recording(said("yes")), until="transcript")
        assert transcript[-1].data["text"] == "yes"


@pytest.mark.parametrize(
    "sent",
    [
        b'{"type": "describe"',
        line(type="describe", data_length=10) + b"{",
        START + audio("audio-chunk", bytes(640))[:-1],
        START + audio("audio-chunk", bytes(640)),
        event("synthesize", text="A long text. " * 300),
        event("transcript", text="hello"),
    ],
)
async def test_client_when_it_leaves_in_the_middle_then_nothing_of_it_stays(port: Port, sent: bytes) -> None:
    _, writer = await asyncio.open_connection(HOST, port.port)
    writer.write(sent)
    await writer.drain()
    writer.transport.abort()
    transcript = await _when_free(port)
    assert transcript[-1].data["text"] == "yes"
    async with asyncio.timeout(10):
        while port.service.connections:  # noqa: ASYNC110  # the other one may be noticed a moment later
            await asyncio.sleep(0)


async def test_client_when_it_sends_an_event_byte_by_byte_then_it_is_given_up(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "STALL_SECONDS", 0.05)
    monkeypatch.setattr(wire, "LINGER_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection(HOST, port.port)
    writer.write(START + b'{"type": ')
    told = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert b'"malformed_turn"' in told


async def test_client_when_it_names_a_conversation_of_the_page_then_it_does_not_get_into_it(port: Port) -> None:
    port.world.sessions["secret of anna"] = Session("secret of anna", "dialogue of anna", "EE60001019906", "Mary")
    for context in ({"conversation_id": "secret of anna"}, {"device_id": "secret of anna"}):
        events = await port.ask(Transcript("hello", context, "en"), until="handled")
        assert "Mary" not in str(events)
    assert all(session.subject is None for _, session in port.world.taken)
    assert "dialogue of anna" not in {session.dialogue_id for _, session in port.world.taken}


async def test_client_when_the_port_is_encrypted_then_only_who_is_in_the_file_of_clients_gets_in(
    speech: VoskSpeech, voice: EspeakVoice, tmp_path: Path
) -> None:
    own, strangers = (keep_certificates(tmp_path / name, HOST) for name in ("own", "strangers"))
    files = (own.server.certificate, own.server.key, own.client.certificate)
    tls = tls_context(*map(str, files))
    answers = {}
    async with open_port(speech, voice, OutsideWorld(), tls=tls) as port:
        for who, shown in (
            ("client", own.client),
            ("server", own.server),
            ("stranger", strangers.client),
            ("nobody", None),
        ):
            answers[who] = await _described(port, own.server, shown)
        with contextlib.suppress(OSError):
            assert not await port.ask(Describe(), until="info")  # plain
    assert answers == {"client": True, "server": False, "stranger": False, "nobody": False}


async def _described(port: Port, server: Pair, shown: Pair | None) -> bool:
    """Whether the port tells what it can do to whoever shows a certificate."""
    context = ssl.create_default_context(cafile=server.certificate)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    if shown:
        context.load_cert_chain(shown.certificate, shown.key)
    try:
        reader, writer = await asyncio.open_connection(HOST, port.port, ssl=context)
        line = Line(reader, writer)
        await line.send(Describe())
        told = await line.receive(10)
    except OSError:
        return False
    line.close()
    return told is not None and told.type == "info"


async def _when_free(port: Port) -> list[Any]:
    """A transcript, as soon as the stream is free that a client has left open."""
    async with asyncio.timeout(10):
        while (events := await port.ask(*recording(said("yes")), until="transcript"))[0].type == "error":
            assert events[0].data["code"] == "busy"
        return events
