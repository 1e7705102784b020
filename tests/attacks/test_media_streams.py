"""Streams of sound that no carrier of ours brings, or that one brings wrongly."""

import base64
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from assistant.adapters.sql_calls import SqlCalls
from assistant.core.audio import HIGHEST_RATE_HERTZ
from assistant.database import SqlDatabase
from connectors.carriers.access import Access
from connectors.carriers.line import MOST_FRAME_CHARACTERS
from connectors.media_streams import PATH
from tests.fake_speech import SECOND, FakeSpeech
from tests.media_streams import CONNECTED, SIGNED, START, STREAM, TELNYX_START, Carrier, calling
from tests.outside import OutsideWorld
from tests.relay import KEY, PUBLIC_URL, signature_of
from tests.serving import served

pytestmark = pytest.mark.attack

CANARY = "kanaarilind"
ADDRESS = f"wss://kratt.example.ee{PATH}"
FORGED = {
    "none": "",
    "another token's": signature_of(ADDRESS, "0" * 32),
    "of another address": signature_of("wss://evil.example/media-streams"),
    "of the other connector": signature_of("wss://kratt.example.ee/conversation-relay"),
    "of our page": signature_of("https://kratt.example.ee/"),
    "with a query": signature_of(f"{ADDRESS}?x=1"),
    "no base64": "?" * 28,
    "cut": SIGNED[:-4],
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_handshake_when_its_signature_is_forged_then_is_refused(forgery: str) -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    async with calling(world, speech), served(world.connector_alone) as address:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(
                f"ws{address.removeprefix('http')}{PATH}",
                additional_headers={"X-Twilio-Signature": FORGED[forgery]},
                proxy=None,
            ):
                pass
    assert refused.value.response.status_code == 403
    assert (world.taken, speech.languages_asked) == ([], [])


async def closed_by(frames: list[Any], world: OutsideWorld, speech: FakeSpeech, start: dict[str, Any] = START) -> int:
    """The code of the close that frames behind the start bring about."""
    async with calling(world, speech, start) as carrier:
        with pytest.raises(ConnectionClosed) as closed:
            await sent_to(carrier, frames)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def sent_to(carrier: Carrier, frames: list[Any]) -> None:
    for frame in frames:
        await carrier.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
    await carrier.is_told("nothing")


def media(payload: bytes, **more: Any) -> dict[str, Any]:
    return {"event": "media", "streamSid": STREAM, "media": {"payload": base64.b64encode(payload).decode()}, **more}


RUBBISH: dict[str, list[Any]] = {
    "binary": [b"\x00\xff" * 500],
    "text that is none": ["\x00\x01\x02"],
    "no object": ["[1, 2]"],
    "deep": ["[" * 30_000],
    "deep object": ['{"event":' * 7_000],
    "huge number": [json.dumps({"event": "media"})[:-1] + ', "x": ' + "9" * 60_000 + ', "media": 1}'],
    "not a number": ['{"event": "media", "media": {"payload": NaN}}'],
    "half a letter": ['{"event": "dtmf", "dtmf": {"digit": "\\ud800"}}'],
    "no base64": [{"event": "media", "streamSid": STREAM, "media": {"payload": "&" * 200}}],
    "a payload that is no text": [{"event": "media", "streamSid": STREAM, "media": {"payload": ["AAAA"]}}],
    "keys that are none": [{"event": "dtmf", "streamSid": STREAM, "dtmf": {"digit": "1; DROP"}}],
}


@pytest.mark.parametrize("kind", RUBBISH)
async def test_frame_when_it_is_rubbish_then_the_call_ends_and_nobody_listened(kind: str) -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    assert await closed_by(RUBBISH[kind], world, speech) == 1003
    assert (world.taken, speech.open_streams) == ([], 0)


async def test_frame_when_it_is_too_long_then_the_call_ends_before_it_is_read() -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    frame = json.dumps(media(bytes(MOST_FRAME_CHARACTERS)))
    assert await closed_by([frame], world, speech) == 1009
    assert (world.taken, speech.open_streams) == ([], 0)


@pytest.mark.parametrize("event", ["media", "dtmf", "mark", "stop"])
async def test_frame_when_it_is_of_another_stream_then_the_call_ends(event: str) -> None:
    parts = {
        "media": {"payload": base64.b64encode(bytes(160)).decode()},
        "dtmf": {"digit": "1"},
        "mark": {"name": "1"},
        "stop": {},
    }
    frame = {"event": event, "streamSid": "MZ00000000000000000000000000000000", event: parts[event]}
    world, speech = OutsideWorld(), FakeSpeech()
    assert await closed_by([frame], world, speech) == 1003
    assert (world.taken, speech.open_streams) == ([], 0)


@pytest.mark.parametrize("rate", [-8000, 0, 1, 7999, HIGHEST_RATE_HERTZ + 1, 10**9, 10**40])
async def test_sound_when_its_rate_is_absurd_then_nothing_is_made_of_it(rate: int) -> None:
    start = {
        **TELNYX_START,
        "start": {**TELNYX_START["start"], "media_format": {"encoding": "PCMU", "sample_rate": rate}},
    }
    world, speech = OutsideWorld(), FakeSpeech()
    stream = {"stream_id": TELNYX_START["stream_id"]}
    frame = {"event": "media", **stream, "media": {"payload": base64.b64encode(bytes(20_000)).decode()}}
    assert await closed_by([frame], world, speech, start) in {1003, 1008}
    assert (world.taken, speech.open_streams) == ([], 0)


@pytest.mark.parametrize(
    "start",
    [
        {**START, "start": {**START["start"], "callSid": "a" * 201}},
        {**START, "start": {**START["start"], "callSid": "a\u202eb"}},
        {**START, "start": {**START["start"], "callSid": ""}},
        {**START, "start": {**START["start"], "callSid": ["CA0"]}},
        {**START, "streamSid": ""},
        {"event": "start"},
    ],
)
async def test_start_when_it_names_no_call_then_nobody_is_served(start: dict[str, Any]) -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    frames = [media(bytes(8000), streamSid=start.get("streamSid")) for _ in range(10)]
    assert await closed_by(frames, world, speech, start) == 1003
    assert world.taken == []


async def test_start_when_it_is_replayed_beside_the_call_then_its_dialogue_is_not_shared() -> None:
    world = OutsideWorld()
    async with calling(world, FakeSpeech()) as carrier:
        await carrier.say(SECOND)
        await carrier.is_told("mark")
        async with connect(
            f"ws{carrier.address.removeprefix('http')}{PATH}",
            additional_headers={"X-Twilio-Signature": SIGNED},
            proxy=None,
        ) as thief:
            await thief.send(json.dumps(CONNECTED))
            await thief.send(json.dumps(START))
            with pytest.raises(ConnectionClosed) as closed:
                await thief.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        await carrier.say(SECOND)  # the caller does not notice
        await carrier.is_told("mark")
    assert len(world.taken) == 2


async def test_start_when_it_is_replayed_at_another_gateway_then_it_is_refused_until_the_call_is_over(
    tmp_path: Path,
) -> None:
    worlds = []
    databases = [SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE") for _ in range(2)]
    for database in databases:
        calls = SqlCalls(database)
        await calls.open()
        worlds.append(OutsideWorld(calls=calls))
    async with calling(worlds[0], FakeSpeech()) as carrier:
        await carrier.say(SECOND)
        await carrier.is_told("mark")
        speech = FakeSpeech()
        assert await closed_by([media(bytes(8000))], worlds[1], speech) == 1008
        assert (worlds[1].taken, speech.languages_asked) == ([], [])
        await carrier.say(SECOND)  # the caller does not notice
        await carrier.is_told("mark")
        await carrier.send(event="stop", streamSid=STREAM)
        with pytest.raises(ConnectionClosed):
            await carrier.is_told("nothing")
    assert len(worlds[0].taken) == 2
    async with calling(worlds[1], FakeSpeech()) as carrier:
        await carrier.say(SECOND)
        await carrier.is_told("mark")
    for database in databases:
        await database.close()


async def test_start_when_it_is_replayed_after_the_call_then_a_new_dialogue_begins() -> None:
    world, dialogues = OutsideWorld(), []
    for _ in range(2):
        async with calling(world, FakeSpeech()) as carrier:
            await carrier.say(SECOND)
            await carrier.is_told("mark")
            await carrier.send(event="stop", streamSid=STREAM)
            with pytest.raises(ConnectionClosed):
                await carrier.is_told("nothing")
        dialogues.append(world.taken[-1][1].dialogue_id)
    assert dialogues[0] != dialogues[1]


async def test_logs_when_streams_are_served_and_refused_then_hold_no_word_of_theirs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "kratt")
    start = {**START, "start": {**START["start"], "customParameters": {"key": CANARY, "from": CANARY}}}
    assert await closed_by([{"event": "dtmf", "dtmf": {"digit": CANARY}}], OutsideWorld(), FakeSpeech(), start) == 1003
    keyed = {**TELNYX_START, "start": {**TELNYX_START["start"], "custom_parameters": {"key": CANARY}}}
    async with calling(OutsideWorld(), FakeSpeech(), keyed, Access(PUBLIC_URL, PATH, key=KEY)) as carrier:
        with pytest.raises(ConnectionClosed):
            await carrier.is_told("nothing")
    assert [record for record in caplog.records if record.name == "kratt.media_streams"]
    assert not [each for each in caplog.records if CANARY in str(each.__dict__) and each.name.startswith("kratt")]
