import logging
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.unit

JSON = {"Content-Type": "application/json"}
WAV = {"Content-Type": "audio/wav"}
SECRET = "my-secret-words"


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "code"),
    [
        ("/v1/turns", b"", JSON, 400, "malformed_turn"),
        ("/v1/turns", b"{", JSON, 400, "malformed_turn"),
        ("/v1/turns", b"\x00\xff\xfe", JSON, 400, "malformed_turn"),
        ("/v1/turns", b"[" * 4000, JSON, 400, "malformed_turn"),
        ("/v1/turns", b'["text"]', JSON, 400, "malformed_turn"),
        ("/v1/turns", b'{"text": 5}', JSON, 400, "malformed_turn"),
        ("/v1/turns", b'{"txt": "my-secret-words"}', JSON, 400, "malformed_turn"),
        ("/v1/turns", b'{"text": "a", "speak": "my-secret-words"}', JSON, 400, "malformed_turn"),
        ("/v1/turns", b'{"text": ""}', JSON, 400, "malformed_turn"),
        ("/v1/turns", b'{"text": " \\n "}', JSON, 400, "malformed_turn"),
        ("/v1/turns", b'{"text": "a\\u0000b"}', JSON, 400, "malformed_turn"),
        ("/v1/turns", b'{"text": "a"}', {"Content-Type": "text/plain"}, 400, "malformed_turn"),
        ("/v1/turns", b'{"text": "a", "language": "fr"}', JSON, 400, "unknown_language"),
        ("/v1/turns", b'{"text": "a", "conversation_id": "no"}', JSON, 404, "unknown_conversation"),
        ("/v1/turns", b'{"text": "a", "conversation_id": ""}', JSON, 404, "unknown_conversation"),
        ("/v1/turns", b'{"text": "' + b"a" * 201 + b'"}', JSON, 413, "too_much"),
        ("/v1/turns", b'{"text": "' + b"a" * 5000 + b'"}', JSON, 413, "too_much"),
        ("/v1/turns/audio", b"", WAV, 415, "unsupported_audio"),
        ("/v1/turns/audio", b"RIFF....WAVE", WAV, 415, "unsupported_audio"),
        ("/v1/turns/audio", b"ID3", {"Content-Type": "audio/mpeg"}, 415, "unsupported_audio"),
        ("/v1/turns/audio", b"a" * 65537, WAV, 413, "too_much"),
        ("/v1/turns/audio?language=fr", b"", WAV, 400, "unknown_language"),
        ("/v1/turns/audio?speak=my-secret-words", b"", WAV, 400, "malformed_turn"),
    ],
)
async def test_turn_when_it_cannot_be_one_then_status_code_and_words_say_why(
    client: httpx.AsyncClient, path: str, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await client.post(path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"] == f"utter_error_{code} in en"
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/page/%2e%2e/app.py", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/redoc", 404, "not_found"),
        ("GET", "/v1/turns", 405, "method_not_allowed"),
        ("DELETE", "/", 405, "method_not_allowed"),
    ],
)
async def test_route_when_there_is_none_then_the_error_has_the_same_shape(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json().keys() == {"code", "message"}


@pytest.mark.parametrize(
    ("body", "accepted", "language"),
    [
        (b'{"text": "", "language": "et"}', "ru", "et"),
        (b'{"text": "", "language": "fr"}', "ru", "ru"),
        (b"{", "ru", "ru"),
        (b"{", "fr, de;q=0.9, et-EE;q=0.8, en;q=0.1", "et"),
        (b"{", "en;q=0.2, ru;q=0.7", "ru"),
        (b"{", "fr", "en"),
        (b"{", ";;;q=x,,", "en"),
        (b"{", "", "en"),
    ],
)
async def test_error_when_told_then_it_is_in_the_requests_language(
    client: httpx.AsyncClient, body: bytes, accepted: str, language: str
) -> None:
    answer = await client.post("/v1/turns", content=body, headers=JSON | {"Accept-Language": accepted})
    assert answer.json()["message"].endswith(f"in {language}")


async def test_error_when_unexpected_then_the_log_learns_its_type_and_place_and_the_client_nothing(
    client: httpx.AsyncClient, gateway: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken_start() -> None:
        raise RuntimeError(SECRET)

    gateway.sessions.start = broken_start
    with caplog.at_level(logging.DEBUG):
        answer = await client.post("/v1/turns", json={"text": SECRET, "language": "et"})
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert answer.json()["message"].endswith("in et")
    assert SECRET not in answer.text + caplog.text + repr([vars(record) for record in caplog.records])
    [facts] = [record.facts for record in caplog.records if record.message == "unexpected"]
    assert facts["error"] == "RuntimeError"
    assert facts["at"][-1].startswith(f"{__file__}:")
