import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from assistant.gateway import speech

pytestmark = pytest.mark.unit

START = {"type": "start", "language": "en", "rate_hertz": 16000}
STOP = {"type": "stop"}
CANCEL = {"type": "cancel"}
FRAME = b"\x01\x00" * 1600  # 0.1 s


async def test_utterance_when_stopped_then_events_and_sound_come_in_order(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    async with open_socket() as socket:
        await socket.say(START, FRAME, FRAME, STOP)
        events = [await socket.event() for _ in range(8)]
    ready, first, second, transcript, reply, announced, *sound = events
    assert ready == {"type": "ready", "conversation_id": reply["conversation_id"]}
    assert (first["text"], second["text"]) == ("when", "when does")
    assert transcript["text"] == reply["transcript"]["text"] == "when does my passport expire"
    assert (reply["type"], reply["outcome"], reply["speech"]) == ("reply", "asked_login", None)
    assert announced == {"type": "speech", "rate_hertz": 22050, "bytes": 44100}
    assert len(b"".join(sound)) == 44100
    assert gateway.speech.heard == FRAME * 2


async def test_reply_when_it_is_long_then_each_sentence_is_announced(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    gateway.speech.says = "hello. there"  # is echoed
    announced = []
    async with open_socket() as socket:
        await socket.say({**START, "speech_rate_hertz": 8000}, FRAME, STOP)
        while (event := await socket.event()) != {"type": "done"}:
            announced += [event] if isinstance(event, dict) and event["type"] == "speech" else []
    assert len(announced) == 2
    assert gateway.voice.rates == [8000, 22050]  # what the first piece has, the others must have


async def test_utterance_when_done_then_another_may_follow_in_the_same_conversation(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    async with open_socket() as socket:
        await socket.say(START, FRAME, STOP)
        first = await socket.events_until("done")
        await socket.say(STOP, FRAME, START, FRAME, STOP)  # late news of the first, then the second
        second = await socket.events_until("done")
    assert first["reply"]["conversation_id"] == second["reply"]["conversation_id"]
    assert first["reply"]["turn_id"] != second["reply"]["turn_id"]
    assert gateway.speech.open_streams == 0


async def test_utterance_when_it_follows_a_question_then_the_recogniser_knows_what_was_asked(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    gateway.speech.says = "which office"
    async with open_socket() as socket:
        await socket.say(START, FRAME, STOP)
        reply = (await socket.events_until("done"))["reply"]
        await socket.say(START, FRAME, STOP)
        await socket.events_until("done")
    assert reply["expects"] == "choice"
    first, second = gateway.speech.phrases
    assert first == ()
    assert {"tallinn", "tartu"} <= set(second)


async def test_partial_when_nothing_new_is_heard_then_it_is_not_sent_again(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    gateway.speech.says = "hello"
    async with open_socket() as socket:
        await socket.say(START, FRAME, FRAME, FRAME, STOP)
        kinds = [(await socket.event())["type"] for _ in range(4)]
    assert kinds == ["ready", "partial", "transcript", "reply"]


async def test_utterance_when_cancelled_then_nothing_is_answered(open_socket: Callable[..., Any], gateway: Any) -> None:
    async with open_socket() as socket:
        await socket.say(START, FRAME, CANCEL, START, STOP)
        await socket.events_until("done")
    assert len(gateway.dialogue.turns) == 1
    assert gateway.speech.open_streams == 0


async def test_utterance_when_silence_is_wanted_then_no_sound_comes(open_socket: Callable[..., Any]) -> None:
    async with open_socket() as socket:
        await socket.say({**START, "speak": False}, FRAME, STOP)
        events = await socket.events_until("done")
    assert not {"speech", "sound"} & events.keys()


@pytest.mark.parametrize(
    "begin", [[{**START, "until_silence": True}], [START, {"type": "until_silence"}]], ids=["at the start", "later"]
)
async def test_utterance_when_it_ends_by_silence_then_no_stop_is_waited_for(
    open_socket: Callable[..., Any], gateway: Any, begin: list[Any]
) -> None:
    async with open_socket() as socket:
        await socket.say(*begin, *[FRAME] * 9)  # a word in each of the first five, then nothing new
        events = await socket.events_until("done")
    assert events["reply"]["outcome"] == "asked_login"
    assert gateway.speech.heard == FRAME * 8


@pytest.mark.parametrize("says", ["", "mhm"])
async def test_sound_into_a_reply_when_it_is_no_word_then_no_turn_is_taken_and_the_next_may_come(
    open_socket: Callable[..., Any], gateway: Any, says: str
) -> None:
    gateway.speech.says = says
    start = {**START, "until_silence": True, "interrupts": True}
    async with open_socket() as socket:
        await socket.say(start, *[FRAME] * 10)
        assert "transcript" not in await socket.events_until("false_interruption")
        gateway.speech.says = "stop"
        await socket.say(start, *[FRAME] * 10)
        events = await socket.events_until("done")
    assert events["transcript"]["text"] == "stop"
    assert [turn.text for turn, _ in gateway.dialogue.turns] == ["stop"]
    assert gateway.speech.open_streams == 0


async def test_utterance_when_longer_than_allowed_then_it_is_closed_and_answered(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    async with open_socket() as socket:
        await socket.say(START, *[FRAME + FRAME[:100]] * 20)  # 2 s, and never a stop; 1 s is allowed
        events = await socket.events_until("done")
    assert events["reply"]["outcome"] == "asked_login"
    assert len(gateway.speech.heard) == 32000


@pytest.mark.parametrize("language", ["et", "ru"])
async def test_utterance_when_there_is_no_speech_model_then_the_turn_fails_in_words(
    open_socket: Callable[..., Any], language: str
) -> None:
    async with open_socket() as socket:
        await socket.say({**START, "language": language}, FRAME, STOP)
        reply = (await socket.events_until("done"))["reply"]
    assert reply["outcome"] == "failed_speech"
    assert reply["reply"][0]["text"] == f"utter_failed_speech in {language}"


async def test_utterance_when_too_many_are_speaking_then_the_client_is_told_so_before_anybody_speaks(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    gateway.speech.most_streams = 0
    async with open_socket() as socket:
        await socket.say(START)
        error = await socket.event()
        assert (error["type"], error["code"], await socket.event()) == ("error", "busy", 1013)
    assert error["message"] == "utter_error_busy in en"
    assert not gateway.dialogue.turns


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("encoding", "sample"),
    [("pcm_s16le", b"\x00\x40"), ("pcm_f32le", b"\x00\x00\x00\x3f"), ("pcm_mulaw", b"\x8f"), ("pcm_alaw", b"\xba")],
)
async def test_utterance_when_its_sound_is_of_any_format_then_the_recogniser_gets_one(
    open_socket: Callable[..., Any], gateway: Any, rate: int, channels: int, encoding: str, sample: bytes
) -> None:
    start = {**START, "rate_hertz": rate, "encoding": encoding, "channels": channels}
    async with open_socket() as socket:
        await socket.say(start, *[sample * channels * (rate // 10)] * 3, STOP)
        await socket.events_until("done")
    heard = memoryview(gateway.speech.heard).cast("h")
    assert len(heard) == pytest.approx(16_000 * 0.3, abs=2)
    assert heard[2_400] == pytest.approx(16_384, rel=0.03)  # G.711 has no half of full scale


async def test_utterance_when_the_recogniser_breaks_then_the_turn_fails_in_words_and_the_stream_is_free(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    gateway.speech.breaks = True
    async with open_socket() as socket:
        await socket.say(START, FRAME, FRAME, STOP)
        reply = (await socket.events_until("done"))["reply"]
    assert reply["outcome"] == "failed_speech"
    assert gateway.speech.open_streams == 0


@pytest.mark.parametrize(
    ("messages", "code", "close"),
    [
        (["{"], "malformed_turn", 1003),
        ([{"type": "hello"}], "malformed_turn", 1003),
        ([{**START, "rate_hertz": "fast"}], "malformed_turn", 1003),
        ([{**START, "extra": 1}], "malformed_turn", 1003),
        ([START, START], "malformed_turn", 1003),
        ([START, b"\x00"], "malformed_turn", 1003),
        ([{**START, "encoding": "opus"}], "malformed_turn", 1003),
        ([{**START, "channels": 3}], "malformed_turn", 1003),
        ([{**START, "encoding": "pcm_f32le", "channels": 2}, b"\x00" * 12], "malformed_turn", 1003),
        ([{**START, "rate_hertz": 5}], "unsupported_audio", 1008),
        ([{**START, "language": "fr"}], "unknown_language", 1008),
        ([{**START, "conversation_id": "no"}], "unknown_conversation", 1008),
    ],
)
async def test_socket_when_it_gets_what_makes_no_utterance_then_it_says_why_and_closes(
    open_socket: Callable[..., Any], gateway: Any, messages: list[Any], code: str, close: int
) -> None:
    async with open_socket(**{"accept-language": "ru"}) as socket:
        await socket.say(*messages)
        error = (await socket.events_until("error"))["error"]
        assert (error["code"], await socket.event()) == (code, close)
    assert error["message"].startswith(f"utter_error_{code} in ")
    assert gateway.speech.open_streams == 0


async def test_socket_when_the_client_stalls_then_the_utterance_ends(
    open_socket: Callable[..., Any], gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "STALL_SECONDS", 0.001)
    async with open_socket() as socket:
        await socket.say(START)
        assert (await socket.events_until("error"))["error"]["code"] == "malformed_turn"
    assert gateway.speech.open_streams == 0
    assert not gateway.dialogue.turns


async def test_socket_when_the_client_leaves_then_the_stream_is_free(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    async with open_socket() as socket:
        await socket.say(START, FRAME)
        await socket.events_until("partial")
        assert gateway.speech.open_streams == 1
    assert gateway.speech.open_streams == 0


@pytest.mark.parametrize("origin", ["http://evil.test", "null"])
async def test_socket_when_a_page_of_another_origin_opens_it_then_it_is_refused(
    open_socket: Callable[..., Any], gateway: Any, origin: str
) -> None:
    session = await gateway.sessions.start()
    async with open_socket(origin=origin, cookie=f"kratt_conversation={session.conversation_id}") as socket:
        assert socket.handshake["type"] == "websocket.close"


async def test_socket_when_a_browser_opens_it_then_the_handshake_brings_the_conversation(
    open_socket: Callable[..., Any],
) -> None:
    async with open_socket(origin="http://kratt.test") as socket:
        cookie = dict(socket.handshake["headers"])[b"set-cookie"].decode()
        await socket.say(START)
        ready = await socket.event()
    assert cookie.startswith(f"kratt_conversation={ready['conversation_id']};")


async def test_socket_when_the_browser_has_a_conversation_then_it_goes_on(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    session = await gateway.sessions.start()
    cookie = f"kratt_conversation={session.conversation_id}"
    async with open_socket(origin="http://kratt.test", cookie=cookie) as socket:
        assert not socket.handshake["headers"]
        await socket.say(START)
        assert (await socket.event())["conversation_id"] == session.conversation_id
    assert gateway.sessions.started == 1


async def test_socket_when_no_browser_opens_it_then_a_session_waits_for_the_first_utterance(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    async with open_socket():
        pass
    assert gateway.sessions.started == 0


async def test_socket_when_something_unexpected_breaks_then_it_closes_without_a_word(
    open_socket: Callable[..., Any], gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken_find(conversation_id: str) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(gateway.sessions, "find", broken_find)
    async with open_socket() as socket:
        await socket.say({**START, "conversation_id": "any"})
        assert await socket.event() == 1011


class _Leaving(asyncio.Queue[Any]):
    """Takes what the gateway sends until the client has left, as a server does: with an error of the connection."""

    async def put(self, item: Any) -> None:
        if '"transcript"' in item.get("text", ""):
            raise ConnectionResetError
        await super().put(item)


async def test_socket_when_the_client_leaves_after_its_last_word_then_the_turn_has_not_failed(
    open_socket: Callable[..., Any], gateway: Any
) -> None:
    gateway.speech.says = "which office"
    socket = open_socket()
    socket._from_app = _Leaving()
    async with socket:
        await socket.say(START, FRAME, STOP)
    assert [turn.text for turn, _ in gateway.dialogue.turns] == ["which office"]
