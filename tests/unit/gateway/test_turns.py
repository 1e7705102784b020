import base64
import io
import wave
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from assistant.core.errors import DialogueFailed

pytestmark = pytest.mark.unit

WAV = {"Content-Type": "audio/wav"}


async def test_typed_turn_when_answered_then_the_whole_reply_comes_back(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/turns", json={"text": "where is the office"})
    reply = answer.json()
    assert answer.status_code == 200
    assert (reply["language"], reply["outcome"]) == ("en", "asked_detail")
    assert reply["reply"] == [
        {
            "text": "Which office do you mean?",
            "buttons": [{"title": "Tallinn", "payload": "in tallinn"}, {"title": "Tartu", "payload": "in tartu"}],
        }
    ]
    assert reply["intent"] == {"name": "document_expiry", "confidence": 0.97}
    assert reply["confidence"] == 0.97
    assert [entry["name"] for entry in reply["ranking"]] == ["document_expiry", "greet"]
    assert reply["entities"] == [{"name": "document_type", "value": "passport", "start": 13, "end": 21}]
    assert reply["transcript"] is None
    assert reply["speech"] is None
    stages = {stage: spent for stage, spent in reply["durations_ms"].items() if stage != "total"}
    assert reply["durations_ms"]["total"] == pytest.approx(sum(stages.values()))


@pytest.mark.parametrize(("asked", "answered"), [("et", "et"), ("ET-ee", "et"), ("ru", "ru"), (None, "en")])
async def test_typed_turn_when_a_language_is_named_then_the_reply_is_in_it(
    client: httpx.AsyncClient, asked: str | None, answered: str
) -> None:
    body = {"text": "hello"} | ({"language": asked} if asked else {})
    reply = await client.post("/v1/turns", json=body)
    assert reply.json()["language"] == answered


async def test_typed_turn_when_speech_is_wanted_then_a_wav_comes_along(client: httpx.AsyncClient) -> None:
    reply = (await client.post("/v1/turns", json={"text": "hello", "speak": True})).json()
    assert reply["speech"]["content_type"] == "audio/wav"
    with wave.open(io.BytesIO(base64.b64decode(reply["speech"]["base64"]))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (22050, 1, 22050)


async def test_typed_turn_when_the_voice_is_down_then_the_words_are_there(
    client: httpx.AsyncClient, gateway: Any
) -> None:
    gateway.voice.fails = True
    answer = await client.post("/v1/turns", json={"text": "hello", "speak": True})
    assert (answer.status_code, answer.json()["speech"]) == (200, None)
    assert answer.json()["reply"][0]["text"] == "You said: hello"


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [(DialogueFailed("down"), "failed_dialogue"), (RuntimeError("secret"), "failed_unexpected")],
)
async def test_typed_turn_when_a_stage_fails_then_it_is_a_reply_in_the_citizens_language(
    client: httpx.AsyncClient, gateway: Any, failure: Exception, outcome: str
) -> None:
    gateway.dialogue.fails = failure
    answer = await client.post("/v1/turns", json={"text": "hello", "language": "ru"})
    assert (answer.status_code, answer.json()["outcome"]) == (200, outcome)
    assert answer.json()["reply"][0]["text"] == f"utter_{outcome} in ru"


async def test_spoken_turn_when_heard_then_transcript_reply_and_speech_come_back(
    client: httpx.AsyncClient, wav: Callable[..., bytes]
) -> None:
    answer = await client.post("/v1/turns/audio?language=en", content=wav(), headers=WAV)
    reply = answer.json()
    assert answer.status_code == 200
    assert reply["transcript"]["text"] == "when does my passport expire"
    assert reply["transcript"]["confidence"] == pytest.approx(0.9)
    assert reply["transcript"]["words"][1] == {
        "text": "does",
        "start_seconds": 0.5,
        "end_seconds": 1.0,
        "confidence": 0.9,
    }
    assert reply["outcome"] == "asked_login"
    assert reply["speech"]["base64"]


async def test_spoken_turn_when_speech_is_not_wanted_then_there_is_none(
    client: httpx.AsyncClient, wav: Callable[..., bytes]
) -> None:
    answer = await client.post("/v1/turns/audio?speak=false", content=wav(), headers=WAV)
    assert answer.json()["speech"] is None


async def test_spoken_turn_when_silent_then_it_is_asked_again(
    client: httpx.AsyncClient, gateway: Any, wav: Callable[..., bytes]
) -> None:
    gateway.speech.says = ""
    answer = await client.post("/v1/turns/audio", content=wav(), headers=WAV)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "unanswerable_no_speech")


@pytest.mark.parametrize("kind", ["audio/wav", "audio/x-wav", "application/octet-stream", "audio/wav; rate=16000"])
async def test_spoken_turn_when_the_type_is_a_wav_then_it_is_taken(
    client: httpx.AsyncClient, wav: Callable[..., bytes], kind: str
) -> None:
    answer = await client.post("/v1/turns/audio", content=wav(), headers={"Content-Type": kind})
    assert answer.status_code == 200
