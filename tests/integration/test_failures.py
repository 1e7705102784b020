"""What a citizen is told when a part of Kratt, or a register, is down, late or talks nonsense."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from assistant.content.project import read_content
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

RESPONSES = read_content(PROJECT / "nlu_data").plain_responses()
OFFICE_REQUESTS = {
    "en": "when is the tartu office open",
    "et": "millal on tartu teenindus avatud",
    "ru": "часы работы бюро в тарту",
}


def ask(kratt, text: str, language: str = "en", person: str = "") -> dict:
    with kratt.client() as client:
        if person:
            kratt.log_in(client, person)
        answer = client.post("/v1/turns", json={"text": text, "language": language})
    assert answer.status_code == 200, answer.text
    return answer.json()


def words_of(reply: dict) -> str:
    return " ".join(part["text"] for part in reply["reply"])


@contextmanager
def stopped(kratt, process: str) -> Iterator[None]:
    """The process is down, and stays down until the end."""
    control(kratt, "stop", process)
    try:
        yield
    finally:
        control(kratt, "start", process)
        wait_until_ready(kratt, process)


def wait_until_ready(kratt, process: str) -> None:
    url = f"{kratt.url}/readyz" if process == "engine" else f"{kratt.settings.process_url(process)}/healthz"
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).is_success:
                return
        time.sleep(0.2)
    pytest.fail(f"{process} did not come back")


@contextmanager
def frozen(kratt, process: str) -> Iterator[None]:
    """The process lives but does nothing: connections are accepted and never answered."""
    pid = int(control(kratt, "pid", process).strip())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def control(kratt, verb: str, process: str) -> str:
    configuration = kratt.settings.state / "supervisor" / "supervisor.conf"
    command = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(configuration), verb, process]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@contextmanager
def faulty(kratt, register: str, fault: str, seconds: float = 0) -> Iterator[None]:
    sandbox = kratt.settings.process_url("sandbox")
    body = {"fault": fault, "seconds": seconds}
    httpx.put(f"{sandbox}/sandbox/faults/{register}", json=body, trust_env=False).raise_for_status()
    try:
        yield
    finally:
        httpx.delete(f"{sandbox}/sandbox/faults", trust_env=False).raise_for_status()


def test_turn_when_the_engine_is_down_ends_in_words(kratt) -> None:
    with stopped(kratt, "engine"):
        for language in Language:
            reply = ask(kratt, "hello", language.value)
            assert reply["outcome"] == "failed_dialogue"
            assert words_of(reply) == RESPONSES["utter_failed_dialogue"][language]
        with kratt.client() as client:
            ready = client.get("/readyz")
            assert ready.status_code == 503
            assert ready.json()["checks"]["engine"]["ok"] is False
            assert client.get("/healthz").status_code == 200
    assert ask(kratt, "hello")["outcome"] == "answered"


def test_turn_when_the_action_server_is_down_says_so_and_small_talk_goes_on(kratt) -> None:
    with stopped(kratt, "actions"):
        for language in Language:
            reply = ask(kratt, OFFICE_REQUESTS[language.value], language.value)
            assert reply["outcome"] == "failed_actions"
            assert words_of(reply) == RESPONSES["utter_failed_actions"][language]
        assert ask(kratt, "hello")["outcome"] == "answered"
    assert ask(kratt, OFFICE_REQUESTS["en"])["outcome"] == "answered"


def test_readyz_when_all_runs_then_there_is_one_check_per_dependency_and_a_missing_one_is_named(kratt) -> None:
    with kratt.client() as client:
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        checks = ready.json()["checks"]
        assert set(checks) == {"engine", "actions", "recogniser", "voice", "login", "database"}
        assert "en" in checks["recogniser"]["detail"].split(", ")
        with stopped(kratt, "actions"):
            ready = client.get("/readyz")
            assert ready.status_code == 503
            assert [name for name, check in ready.json()["checks"].items() if not check["ok"]] == ["actions"]


def test_turn_when_the_state_is_down_names_the_register(kratt) -> None:
    with stopped(kratt, "sandbox"):
        for language in Language:
            reply = ask(kratt, OFFICE_REQUESTS[language.value], language.value)
            assert reply["outcome"] == "failed_register"
            assert words_of(reply)
    assert ask(kratt, OFFICE_REQUESTS["en"])["outcome"] == "answered"


@pytest.mark.parametrize("process", ["engine", "actions"])
def test_turn_when_a_process_hangs_ends_at_the_deadline(kratt, process: str) -> None:
    with frozen(kratt, process), kratt.client() as client:
        limit = kratt.settings.turn_seconds + 1
        answer = client.post("/v1/turns", json={"text": OFFICE_REQUESTS["en"], "language": "en"}, timeout=limit)
        assert answer.json()["outcome"] == "failed_deadline"
        assert words_of(answer.json()) == RESPONSES["utter_failed_deadline"][Language.EN]


@pytest.mark.parametrize("fault", ["html", "server_error", "xroad_error", "redirect", "truncated", "wrong_echo"])
def test_turn_when_a_register_talks_nonsense_names_the_register(kratt, fault: str) -> None:
    with faulty(kratt, "offices", fault):
        reply = ask(kratt, OFFICE_REQUESTS["en"])
    assert reply["outcome"] == "failed_register"
    assert "register of service offices" in words_of(reply)


def test_turn_when_a_register_is_late_ends_before_the_deadline(kratt) -> None:
    with faulty(kratt, "offices", "delay", seconds=30):
        reply = ask(kratt, OFFICE_REQUESTS["en"])
    assert reply["outcome"] == "failed_register"
    assert reply["durations_ms"]["total"] < kratt.settings.turn_seconds * 1000


def test_turn_when_one_of_two_registers_fails_tells_the_rest(kratt) -> None:
    with faulty(kratt, "taxdebts", "html"):
        reply = ask(kratt, "do i owe anything to the state", person="EE60001019906")
    assert reply["outcome"] == "answered_partly"
    assert "80 euro" in words_of(reply)
    assert "tax debt" in words_of(reply)
