"""What a citizen said, and what a register answered, is in no log of any process."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from assistant.sandbox.population import POPULATION

pytestmark = pytest.mark.attack

CANARY = "kanaarilind zxqv seitse"
MARY = "EE60001019906"


def say_it_typed(kratt, client: httpx.Client) -> None:
    for language in ("en", "et", "ru"):
        for text in (CANARY, f"when does my passport expire {CANARY}", f"my code is {MARY[2:]}", f"/{CANARY}" + "{}"):
            assert client.post("/v1/turns", json={"text": text, "language": language}).status_code == 200


def say_it_wrongly(kratt, client: httpx.Client) -> None:
    long = CANARY * 1000
    assert client.post("/v1/turns", json={"text": long}).status_code == 413
    assert client.post("/v1/turns", json={"text": CANARY, "language": CANARY}).status_code == 400
    assert client.post("/v1/turns", json={"text": [CANARY]}).status_code == 400
    assert client.post("/v1/turns", content=f'{{"text": {CANARY}').status_code in {400, 415}
    assert client.post("/v1/turns/audio", params={"conversation_id": CANARY}, content=b"RIFF").status_code >= 400
    assert client.get(f"/{CANARY}").status_code == 404


def read_the_registers(kratt, client: httpx.Client) -> None:
    kratt.log_in(client, MARY)
    for text in ("when do my documents expire", "do i have any fines to pay", "say that again please"):
        assert client.post("/v1/turns", json={"text": text, "language": "en"}).json()["outcome"] == "answered"


def have_a_register_fail(kratt, client: httpx.Client) -> None:
    kratt.log_in(client, MARY)
    sandbox = kratt.settings.process_url("sandbox")
    for fault in ("html", "truncated", "wrong_echo", "server_error"):
        body = {"fault": fault, "seconds": 0}
        httpx.put(f"{sandbox}/sandbox/faults/documents", json=body, trust_env=False).raise_for_status()
        answer = client.post("/v1/turns", json={"text": f"when does my passport expire {CANARY}", "language": "en"})
        assert answer.json()["outcome"] == "failed_register"
    httpx.delete(f"{sandbox}/sandbox/faults", trust_env=False).raise_for_status()


def speak(kratt, client: httpx.Client) -> None:
    file = kratt.settings.state / "canary.wav"
    subprocess.run(["espeak-ng", "-v", "en-gb", "-w", str(file), "when does my passport expire"], check=True)
    answer = client.post("/v1/turns/audio", content=file.read_bytes(), headers={"content-type": "audio/wav"})
    assert "passport" in answer.json()["transcript"]["text"]


@pytest.mark.parametrize("do", [say_it_typed, say_it_wrongly, read_the_registers, have_a_register_fail, speak])
def test_logs_when_a_citizen_is_served_hold_nothing_of_it(kratt, do: Callable[..., None]) -> None:
    with kratt.client() as client:
        do(kratt, client)
    resident = POPULATION[MARY]
    secrets = {*CANARY.split(), MARY[2:], "passport", "speeding", resident.given_name, resident.family_name}
    logs = sorted((kratt.settings.state / "logs").glob("*.log*"))
    assert {"gateway.log", "engine.log", "actions.log", "sandbox.log"} <= {log.name for log in logs}
    found = [(log.name, secret) for log in logs for secret in secrets if is_in(secret, log)]
    assert not found


def test_logs_when_a_turn_ends_hold_one_line_of_facts(kratt) -> None:
    with kratt.client() as client:
        turn_id = client.post("/v1/turns", json={"text": "hello", "language": "en"}).json()["turn_id"]
    lines = (kratt.settings.state / "logs" / "gateway.log").read_text().splitlines()
    (line,) = [line for line in lines if turn_id in line]
    assert '"outcome": "answered"' in line


def is_in(secret: str, log: Path) -> bool:
    return secret.casefold() in log.read_text(encoding="utf-8", errors="replace").casefold()
