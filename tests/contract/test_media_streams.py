"""Calls over Media Streams, with the payloads that Twilio and Telnyx document; the recogniser is told its words."""

import json
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from assistant.adapters.sound_samples import MU_LAW, mu_law_of
from assistant.core.channels import Channel
from connectors.carriers.access import Access
from connectors.carriers.line import MOST_FRAME_CHARACTERS
from connectors.media_streams import PATH
from tests.fake_speech import SECOND, FakeSpeech
from tests.media_streams import START, STREAM, TELNYX_START, calling
from tests.outside import SOUND, OutsideWorld
from tests.relay import KEY, PUBLIC_URL

pytestmark = pytest.mark.contract


async def test_caller_when_they_have_spoken_then_the_reply_is_played_and_marked() -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    async with calling(world, speech) as carrier:
        await carrier.say(SECOND)
        mark = await carrier.is_told("mark")
    assert carrier.kinds == ["media", "mark"]
    assert mark["streamSid"] == STREAM
    assert carrier.played() == mu_law_of(SOUND)
    ((request, session),) = world.taken
    assert (request.channel, request.speech_rate_hertz, session.subject) == (Channel.TELEPHONE.value, 8000, None)


async def test_call_of_telnyx_when_it_brings_the_key_then_is_served() -> None:
    world = OutsideWorld()
    async with calling(world, FakeSpeech(), TELNYX_START, Access(PUBLIC_URL, PATH, key=KEY)) as carrier:
        await carrier.say(SECOND, track="inbound_track")
        assert (await carrier.is_told("mark"))["stream_id"] == TELNYX_START["stream_id"]


@pytest.mark.parametrize(("says", "confidence"), [("mhm", 0.9), ("two", 0.3), ("", 0.0)])
async def test_reply_when_somebody_coughs_then_is_cleared_and_its_rest_played_again(
    says: str, confidence: float
) -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    async with calling(world, speech) as carrier:
        await carrier.say(SECOND)
        await carrier.is_told("mark")
        before = len(carrier.played())
        speech.says, speech.confidence = says, confidence
        await carrier.say(SECOND + bytes(32000))
        await carrier.is_told("mark")
    assert carrier.kinds == ["media", "mark", "clear", "media", "mark"]
    rest = carrier.played()[before:]
    assert mu_law_of(SOUND).endswith(rest)
    assert len(rest) > before // 2
    assert len(world.taken) == 1


async def test_reply_when_somebody_speaks_into_it_then_is_cleared_and_they_are_answered() -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    async with calling(world, speech) as carrier:
        await carrier.say(SECOND)
        await carrier.is_told("mark")
        speech.says = "stop"
        await carrier.say(SECOND)
        await carrier.is_told("mark")
    assert carrier.kinds == ["media", "mark", "clear", "media", "mark"]
    assert len(world.taken) == 2


async def test_reply_when_its_mark_comes_back_then_nothing_is_cleared() -> None:
    world, speech = OutsideWorld(), FakeSpeech()
    async with calling(world, speech) as carrier:
        await carrier.say(SECOND)
        mark = await carrier.is_told("mark")
        await carrier.send(event="mark", streamSid=STREAM, mark=mark["mark"])
        await carrier.say(SECOND)
        await carrier.is_told("mark")
    assert "clear" not in carrier.kinds


async def test_key_when_it_is_the_number_of_a_choice_then_that_is_said() -> None:
    world = OutsideWorld()
    async with calling(world, FakeSpeech("office")) as carrier:
        await carrier.say(SECOND)
        await carrier.is_told("mark")
        await carrier.send(event="dtmf", streamSid=STREAM, dtmf={"track": "inbound_track", "digit": "2"})
        await carrier.is_told("clear")
        await carrier.is_told("mark")
    assert world.taken[-1][0].said == "in tartu"


async def test_sound_when_it_is_what_the_caller_hears_then_nobody_listens() -> None:
    speech = FakeSpeech()
    async with calling(OutsideWorld(), speech) as carrier:
        await carrier.say(SECOND, track="outbound")
        await carrier.send(event="stop", streamSid=STREAM, stop={"callSid": "CA0"})
        with pytest.raises(ConnectionClosed) as closed:
            await carrier.is_told("media")
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, speech.languages_asked) == (1000, [])


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["hello"], 1003),
        ([{"event": "media", "media": {"payload": "%%"}}], 1003),
        ([{"event": "dtmf", "dtmf": {"digit": "12"}}], 1003),
        ([START], 1003),
        ([b"\0\1"], 1003),
        ([" " * (MOST_FRAME_CHARACTERS + 1)], 1009),
    ],
)
async def test_frame_when_malformed_then_the_call_is_closed_with_the_code(frames: list[Any], code: int) -> None:
    async with calling(OutsideWorld(), FakeSpeech()) as carrier:
        for frame in frames:
            await carrier.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
        with pytest.raises(ConnectionClosed) as closed:
            await carrier.is_told("media")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


@pytest.mark.parametrize(
    ("media_format", "code"),
    [
        ({"encoding": "OPUS", "sample_rate": 8000}, 1003),
        ({"encoding": "PCMU", "sample_rate": 8000, "channels": 2}, 1003),
    ],
)
async def test_sound_when_it_is_none_that_is_decoded_then_the_call_is_closed(
    media_format: dict[str, Any], code: int
) -> None:
    start = {**TELNYX_START, "start": {**TELNYX_START["start"], "media_format": media_format}}
    async with calling(OutsideWorld(), FakeSpeech(), start) as carrier:
        with pytest.raises(ConnectionClosed) as closed:
            await carrier.is_told("media")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


async def test_call_when_it_has_neither_signature_nor_key_then_is_refused() -> None:
    refusing = Access(PUBLIC_URL, PATH, "another token of an account, not ours")
    with pytest.raises(InvalidStatus) as refused:
        async with calling(OutsideWorld(), FakeSpeech(), access=refusing):
            pass
    assert refused.value.response.status_code == 403
    keyless = {**TELNYX_START, "start": {**TELNYX_START["start"], "custom_parameters": {"key": "guessed"}}}
    async with calling(OutsideWorld(), FakeSpeech(), keyless, Access(PUBLIC_URL, PATH, key=KEY)) as carrier:
        with pytest.raises(ConnectionClosed) as closed:
            await carrier.is_told("media")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_call_when_it_is_hung_up_then_the_recogniser_is_given_back() -> None:
    speech = FakeSpeech("")
    async with calling(OutsideWorld(), speech) as carrier:
        await carrier.say(SECOND[:3200])
        await carrier.send(event="stop", streamSid=STREAM)
        with pytest.raises(ConnectionClosed):
            await carrier.is_told("media")
    assert (len(speech.languages_asked), speech.open_streams) == (1, 0)


def test_mu_law_when_made_of_samples_then_each_is_the_nearest() -> None:
    samples = np.arange(-32768, 32768).astype("<i2")
    back = MU_LAW[np.frombuffer(mu_law_of(samples.tobytes()), np.uint8)].astype(np.int32)
    steps = np.sort(np.unique(MU_LAW)).astype(np.int32)
    nearest = np.abs(samples.astype(np.int32)[:, None] - steps[None, :]).min(axis=1)
    assert np.array_equal(np.abs(samples.astype(np.int32) - back), nearest)
