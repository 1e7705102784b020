"""What a citizen said, and what a register answered, is in no log, no file and no figure of any process."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from assistant.production import SECRETS
from assistant.sandbox.population import POPULATION

pytestmark = pytest.mark.attack

CANARY = "kanaarilind zxqv seitse"
OPINION = "arvamus wqzx"
"""It is kept for those who run Kratt, and yet is in no log."""
MARY = "EE60001019906"


@pytest.fixture(scope="module", autouse=True)
def linked_apps(kratt) -> Iterator[None]:
    """Others who share this Kratt find Mary without an app."""
    yield
    assert kratt.command("citizen", "forget", MARY).returncode == 0


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
    assert client.post("/v1/turns/audio", params={"language": CANARY}, content=b"RIFF").status_code >= 400
    assert client.get("/v1/messages", headers={"Kratt-Conversation": CANARY}).json()["state"] == "none"
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


def link_the_app(kratt, client: httpx.Client) -> None:
    kratt.log_in(client, MARY)
    shown = client.post("/v1/smart-id/codes").json()
    scans = f"{kratt.settings.process_url('sandbox')}/sandbox/smart-id/scans"
    for link in (shown["address"] + CANARY.split(maxsplit=1)[0], shown["address"]):
        httpx.post(scans, json={"link": link}, trust_env=False)
    assert client.post("/v1/smart-id/codes/next").json()["state"] == "linked"
    assert client.post("/v1/smart-id/codes/next").status_code == 404
    assert client.get("/v1/smart-id/callback", params={"state": CANARY, "sessionSecretDigest": MARY}).status_code == 403


def talk_to_a_person(kratt, client: httpx.Client) -> None:
    with kratt.agent() as agent:
        agent.get("/v1/desk/queue")
        for text in ("i want to talk to a person", "yes", "yes", CANARY):
            assert client.post("/v1/turns", json={"text": text, "language": "en"}).status_code == 200
        case = agent.get("/v1/desk/queue").json()["cases"][-1]  # who came last
        path = f"/v1/desk/cases/{case['case_id']}"
        agent.post(f"{path}/claim").raise_for_status()
        assert CANARY in agent.get(path).text
        agent.post(f"{path}/messages", json={"text": CANARY, "key": "a-key-of-mine"}).raise_for_status()
        assert CANARY in client.get("/v1/messages").text
        agent.post(f"{path}/close").raise_for_status()
        agent.post("/v1/desk/leave").raise_for_status()
    assert client.post("/v1/feedback", json={"grade": 1, "words": OPINION}).status_code == 204


SAID = (say_it_typed, say_it_wrongly, speak, talk_to_a_person)
READ = (read_the_registers, have_a_register_fail, link_the_app)


@pytest.mark.parametrize("do", SAID + READ)
def test_logs_when_a_citizen_is_served_hold_nothing_of_it(kratt, do: Callable[..., None]) -> None:
    with kratt.client() as client:
        do(kratt, client)
    resident = POPULATION[MARY]
    secrets = {*CANARY.split(), *OPINION.split(), MARY[2:], resident.given_name, resident.family_name}
    secrets |= {"passport", "speeding"}
    logs = sorted((kratt.settings.state / "logs").glob("*.log*"))
    assert {"gateway.log", "engine.log", "actions.log", "sandbox.log"} <= {log.name for log in logs}
    found = [(log.name, secret) for log in logs for secret in secrets if is_in(secret, log)]
    assert not found


def write_and_err(kratt, client: httpx.Client) -> None:
    kratt.log_in(client, MARY)
    for text in ("i'm moving", f"to {CANARY} street 5", "i confirm", "cancel that", f"change my address to {CANARY}"):
        assert client.post("/v1/turns", json={"text": text, "language": "en"}).status_code == 200
    assert client.get("/v1/own-data").status_code == 200
    for path in (f"/v1/login/callback?code={CANARY}&state={MARY}", f"/v1/words?language={CANARY}", f"/v1/{MARY}"):
        answer = client.get(path)
        assert answer.status_code >= 400
        assert not any(is_said(secret, answer.text) for secret in (*CANARY.split(), MARY[2:]))


PROVE_WHO_USED_WHAT = ("record.db", "sandbox.db")
"""Databases that have to know personal codes: the record by law, and the state that is played."""


def test_files_when_canaries_were_served_then_no_word_of_theirs_and_no_code_where_none_belongs(kratt) -> None:
    with kratt.client() as client:
        for do in (say_it_typed, say_it_wrongly, read_the_registers, speak, link_the_app, write_and_err):
            do(kratt, client)
    files = [path for path in kratt.settings.state.rglob("*") if path.is_file() and path.suffix != ".wav"]
    assert {"gateway.log", "engine.log", "record.db", "dialogues.db", "kratt.db"} <= {path.name for path in files}
    words = [(str(path), word) for path in files for word in CANARY.split() if is_in(word, path)]
    assert not words
    bare = [path for path in files if not path.name.startswith(PROVE_WHO_USED_WHAT)]
    assert not [str(path) for path in bare if is_in(MARY[2:], path)]


def test_processes_and_figures_when_canaries_were_served_then_tell_nothing_of_them(kratt) -> None:
    with kratt.client() as client:
        read_the_registers(kratt, client)
        token = {"Authorization": f"Bearer {kratt.settings.secret('metrics_token')}"}
        figures = client.get("/metrics", headers=token).text
    pids = [each["pid"] for each in json.loads(kratt.command("status", "--json").stdout)]
    lines = [Path(f"/proc/{pid}/{what}").read_text() for pid in pids for what in ("cmdline", "comm")]
    secrets = [MARY[2:], *(kratt.settings.secret(name) for name in SECRETS if name != "tara_client_secret")]
    assert not [secret for secret in secrets for shown in (figures, *lines) if secret in shown]


def test_logs_when_a_turn_ends_hold_one_line_of_facts(kratt) -> None:
    with kratt.client() as client:
        turn_id = client.post("/v1/turns", json={"text": "hello", "language": "en"}).json()["turn_id"]
    lines = (kratt.settings.state / "logs" / "gateway.log").read_text().splitlines()
    (line,) = [line for line in lines if turn_id in line]
    assert '"outcome": "answered"' in line


def is_in(secret: str, log: Path) -> bool:
    return is_said(secret, log.read_text(encoding="utf-8", errors="replace"))


def is_said(secret: str, text: str) -> bool:
    return secret.casefold() in text.casefold()
