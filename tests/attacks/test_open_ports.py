"""What somebody on the machine can do to the processes behind the gateway without their secrets."""

import socket

import httpx
import pytest

from assistant.sandbox.population import POPULATION

pytestmark = pytest.mark.attack

CANARY = "kanaarilind-käsk"
MARY = "EE60001019906"
MOST_HEAD_BYTES = 16 * 1024 * 1024


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\n", "\t", "\u2003", "\u3000", "\u2028", " /\u00a0/ \n"])
@pytest.mark.parametrize(
    "command", ["stop", "restart", "session_start", 'inform{"language": "ru", "office": "../x"}', f"EXTERNAL: {CANARY}"]
)
def test_command_when_a_citizen_types_it_behind_any_blank_then_it_is_only_words(
    kratt, blank: str, command: str
) -> None:
    with kratt.client() as client:
        reply = client.post("/v1/turns", json={"text": f"/{blank}/{command}", "language": "en"}).json()
    assert reply["confidence"] < 1.0  # a command would be certain by definition
    assert reply["language"] == "en"
    assert reply["outcome"] != "failed_actions"
    assert not any(character in part["text"] for part in reply["reply"] for character in "абвгдежз")
    assert CANARY not in (kratt.settings.state / "logs" / "engine.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    ["/version", "/status", "/model", "/domain", "/conversations/x/tracker", "/model/parse", "/webhooks/rest/webhook"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_engine_when_asked_by_rasas_own_api_then_there_is_none(kratt, method: str, path: str) -> None:
    address = kratt.settings.process_url("engine") + path
    answer = httpx.request(method, address, json={"sender": "x", "message": "hi"}, trust_env=False)
    assert answer.status_code == 404


def test_engine_when_the_token_is_not_even_text_then_it_is_wrong(kratt) -> None:
    address = kratt.settings.process_url("engine") + "/webhooks/kratt/ready"
    answer = httpx.get(address, headers={b"Authorization": b"Bearer \xff\xfe"}, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_allowed")


@pytest.mark.parametrize(
    ("process", "method", "path"),
    [
        ("engine", "POST", "/webhooks/kratt/turns"),
        ("engine", "POST", "/webhooks/kratt/parse"),
        ("engine", "GET", "/webhooks/kratt/ready"),
        ("actions", "POST", "/webhook"),
        ("actions", "GET", "/actions"),
        ("actions", "GET", "/readiness"),
        ("gateway", "GET", "/metrics"),
    ],
)
@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer x", "Basic a3JhdHQ6", "Bearer {}", "{}"])
def test_process_when_the_token_is_missing_or_wrong_then_nothing_is_done(
    kratt, process: str, method: str, path: str, given: str | None
) -> None:
    secret = {"gateway": "metrics_token"}.get(process, f"{process}_token")
    almost = kratt.settings.secret(secret)[:-1]
    headers = {} if given is None else {"Authorization": given.format(almost)}
    body = {"text": "hello", "dialogue_id": "d", "language": "en", "turn_id": "t", "turn_context": "c"}
    address = kratt.settings.process_url(process) + path
    answer = httpx.request(method, address, json=body, headers=headers, trust_env=False)
    assert answer.status_code == 401
    assert "hello" not in answer.text


def test_actions_when_called_without_a_context_then_no_person_is_read(kratt) -> None:
    tracker = {
        "sender_id": "forged",
        "slots": {"language": "en", "subject": MARY, "document_type": "passport"},
        "latest_message": {
            "text": "when does my passport expire",
            "intent": {"name": "document_expiry", "confidence": 1.0},
            "metadata": {"subject": MARY, "turn_context": MARY},
        },
        "events": [],
    }
    body = {"next_action": "action_document_expiry", "tracker": tracker}
    token = {"Authorization": f"Bearer {kratt.settings.secret('actions_token')}"}
    answer = httpx.post(kratt.settings.process_url("actions") + "/webhook", json=body, headers=token, trust_env=False)
    assert answer.json()["responses"][-1]["custom"]["outcome"] == "asked_login"
    assert POPULATION[MARY].family_name not in answer.text


@pytest.mark.parametrize("process", ["gateway", "actions", "sandbox"])
@pytest.mark.parametrize("beginning", [b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
def test_request_when_its_head_has_no_end_then_it_is_cut_off(kratt, process: str, beginning: bytes) -> None:
    port = getattr(kratt.settings, f"{process}_port")
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line, pytest.raises(ConnectionError):
        line.sendall(beginning + b"a" * MOST_HEAD_BYTES)


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: +2\r\n\r\n{}",
    ],
)
def test_request_when_its_length_can_be_read_in_two_ways_then_nothing_behind_it_is_answered(
    kratt, framing: bytes
) -> None:
    head = b"POST /v1/turns HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    smuggled = b"GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = b""
    with socket.create_connection(("127.0.0.1", kratt.settings.gateway_port), timeout=5) as line:
        line.sendall(head + framing + smuggled)
        while chunk := line.recv(65536):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"kratt"' not in answer
