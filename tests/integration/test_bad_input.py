"""Rubbish sent to a whole Kratt: one honest answer or a 4xx with a code, never a crash, never a wait."""

import io
import math
import struct
import wave
from array import array

import pytest

from assistant.content.project import read_content
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

RESPONSES = read_content(PROJECT / "nlu_data").plain_responses()


def wav(samples: bytes, rate: int = 16000, width: int = 2, channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate)
        writer.writeframes(samples)
    return file.getvalue()


def float_wav(samples: array) -> bytes:
    data = samples.tobytes()
    header = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, 1, 16000, 64000, 4, 32)
    return header + struct.pack("<4sI", b"data", len(data)) + data


SILENCE = bytes(32000)
TONE = array("h", (int(8000 * math.sin(index / 10)) for index in range(16000))).tobytes()


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"text": "", "language": "en"}', 400, "malformed_turn"),
        (b'{"text": "   ", "language": "en"}', 400, "malformed_turn"),
        (b'{"text": "a\\u0000b", "language": "en"}', 400, "malformed_turn"),
        (b'{"language": "en"}', 400, "malformed_turn"),
        (b'{"text": ["hello"], "language": "en"}', 400, "malformed_turn"),
        (b"{'text': hello", 400, "malformed_turn"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", 400, "malformed_turn"),
        (b'{"text": "hello", "language": "xx"}', 400, "unknown_language"),
        (b'{"text": "' + b"a" * 2000 + b'", "language": "en"}', 413, "too_much"),
        (b'{"text": "' + b"a" * 1_000_000 + b'", "language": "en"}', 413, "too_much"),
        (b'{"text": "hello", "language": "en", "conversation_id": "default"}', 404, "unknown_conversation"),
    ],
    ids=["empty", "blank", "control", "no text", "list", "not json", "binary", "language", "long", "1 MB", "stranger"],
)
def test_text_when_it_is_no_turn_is_refused_with_a_code(kratt, content: bytes, status: int, code: str) -> None:
    with kratt.client() as client:
        answer = client.post("/v1/turns", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"] == RESPONSES[f"utter_error_{code}"][Language.EN]


@pytest.mark.parametrize(
    ("recording", "status", "code"),
    [
        (b"", 415, "unsupported_audio"),
        (b"RIFF", 415, "unsupported_audio"),
        (b"\xff\xfb\x90\x00" * 500, 415, "unsupported_audio"),
        (wav(b"")[:30], 415, "unsupported_audio"),
        (wav(SILENCE * 600), 413, "too_much"),
    ],
    ids=["0 bytes", "4 bytes", "mp3", "truncated header", "10 minutes"],
)
def test_sound_when_it_cannot_be_heard_is_refused_with_a_code(kratt, recording: bytes, status: int, code: str) -> None:
    with kratt.client() as client:
        headers = {"content-type": "audio/wav"}
        answer = client.post("/v1/turns/audio", params={"language": "ru"}, content=recording, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"] == RESPONSES[f"utter_error_{code}"][Language.RU]


@pytest.mark.parametrize(
    "recording",
    [
        wav(SILENCE),
        wav(b""),
        wav(bytes([128]) * 16000, width=1),
        float_wav(array("f", [0.0] * 16000)),
        wav(SILENCE)[:-9001],
        wav(SILENCE * 2, rate=48000, channels=2),
    ],
    ids=["silence", "no samples", "8 bit", "float", "truncated data", "48 kHz stereo"],
)
def test_sound_when_nobody_speaks_says_that_nothing_was_heard(kratt, recording: bytes) -> None:
    with kratt.client() as client:
        headers = {"content-type": "audio/wav"}
        answer = client.post("/v1/turns/audio", params={"language": "en"}, content=recording, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["outcome"] == "unanswerable_no_speech"
    assert answer.json()["reply"][0]["text"] == RESPONSES["utter_unanswerable_no_speech"][Language.EN]


def test_sound_when_its_language_has_no_model_is_answered_in_that_language(kratt) -> None:
    with kratt.client() as client:
        headers = {"content-type": "audio/wav"}
        answer = client.post("/v1/turns/audio", params={"language": "et"}, content=wav(TONE), headers=headers)
    assert answer.json()["outcome"] == "failed_speech"
    assert answer.json()["reply"][0]["text"] == RESPONSES["utter_failed_speech"][Language.ET]
