"""Calls that no carrier of ours brings."""

import logging
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from connectors.carriers.access import Access
from connectors.conversation_relay import PATH, call
from tests.relay import AUTH_TOKEN, KEY, PUBLIC_URL, SETUP, SIGNED, TELNYX_SETUP, calling, signature_of, world_of

pytestmark = pytest.mark.attack

CANARY = "kanaarilind"
FORGED = {
    "none": "",
    "another token's": signature_of(SIGNED, "0" * 32),
    "of another address": signature_of("wss://evil.example/conversation-relay"),
    "of our page": signature_of(f"{PUBLIC_URL}/"),
    "no base64": "?" * 28,
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_handshake_when_its_signature_is_forged_then_is_refused(forgery: str) -> None:
    world = world_of()
    with pytest.raises(InvalidStatus) as refused:
        async with calling(world, None, FORGED[forgery]):
            pass
    assert refused.value.response.status_code == 403
    assert world.taken == []


@pytest.mark.parametrize(
    "first",
    [
        SETUP,
        {**TELNYX_SETUP, "customParameters": {"key": f"{KEY}."}},
        {**TELNYX_SETUP, "customParameters": {"Key": KEY}},
        {**TELNYX_SETUP, "customParameters": {"key": [KEY]}},
        {"type": "prompt", "voicePrompt": CANARY, "last": True},
        {"type": "other"},
    ],
)
async def test_call_when_it_brings_no_key_then_is_closed_before_anything_is_asked(first: dict[str, Any]) -> None:
    world = world_of(Access(PUBLIC_URL, PATH, AUTH_TOKEN, KEY))
    async with calling(world, first, signature="") as carrier:
        with pytest.raises(ConnectionClosed) as closed:
            await carrier.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in {1003, 1008}
    assert world.taken == []


async def test_setup_when_it_is_replayed_then_its_dialogue_is_not_shared_and_ends_with_the_call() -> None:
    world = world_of()
    async with calling(world) as carrier:
        await carrier.prompt("hello")
        await carrier.spoken()
        async with calling(world) as thief:
            with pytest.raises(ConnectionClosed) as closed:
                await thief.receive()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        await carrier.prompt("hello again")  # the caller does not notice
        await carrier.spoken()
    async with calling(world) as thief:
        await thief.prompt("say that again")
        await thief.spoken()
    first, again, after = (session.dialogue_id for _, session in world.taken)
    assert first == again
    assert after != first


async def test_socket_when_no_call_begins_then_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "SETUP_SECONDS", 0.01)
    async with calling(world_of(), None) as carrier:
        with pytest.raises(ConnectionClosed):
            await carrier.receive()


async def test_caller_when_a_number_or_a_parameter_claims_to_be_a_citizen_then_is_nobody() -> None:
    world = world_of()
    claims = {"subject": "EE60001019906", "channel": "web", "assurance": "high"}
    async with calling(world, {**SETUP, "from": "+37200000766", "customParameters": claims}) as carrier:
        await carrier.prompt("hello")
        await carrier.spoken()
    [(request, session)] = world.taken
    assert (request.channel, session.subject) == ("telephone", None)


async def test_logs_when_calls_are_served_and_refused_then_hold_no_word_of_theirs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "kratt")
    async with calling(world_of(), {**SETUP, "from": CANARY, "callerName": CANARY}) as carrier:
        await carrier.prompt(CANARY)
        await carrier.spoken()
        await carrier.send(type="interrupt", utteranceUntilInterrupt=CANARY, durationUntilInterruptMs=1)
        await carrier.send(type="error", description=CANARY)
        await carrier.send(type="dtmf", digit=CANARY)
        with pytest.raises(ConnectionClosed):
            await carrier.receive()
    assert [record.name for record in caplog.records if record.name == "kratt.conversation_relay"]
    assert not [
        record for record in caplog.records if CANARY in str(record.__dict__) and record.name.startswith("kratt")
    ]
