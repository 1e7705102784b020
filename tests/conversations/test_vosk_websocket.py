"""A call with the whole of Kratt, over the socket of vosk-server: spoken questions, spoken answers, and a key."""

import json
import subprocess
from typing import Any

import numpy as np
import pytest
import soxr
import websocket

from assistant.adapters.sound_files import decode_wav

pytestmark = pytest.mark.conversation

RATE = 8000


def spoken(text: str) -> bytes:
    """The question, and a second and a half of silence, as a telephone sends it."""
    command = ["flite", "-voice", "slt", "-t", text, "-o", "/dev/stdout"]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    samples = soxr.resample(np.frombuffer(pcm.samples, "<i2"), pcm.rate_hertz, RATE)
    return bytes(samples.astype("<i2").tobytes()) + bytes(3 * RATE)


def answer(call: websocket.WebSocket, *, said: str = "", key: str = "") -> dict[str, Any]:
    """Everything that comes for a question or a key, by kind; `sound` is how many bytes were spoken."""
    if key:
        call.send(json.dumps({"dtmf": key}))
    sound = spoken(said) if said else b""
    for begin in range(0, len(sound), 3200):
        call.send_binary(sound[begin : begin + 3200])
    told: dict[str, Any] = {"sound": 0}
    while "done" not in told:
        message = call.recv()
        if isinstance(message, bytes):
            told["sound"] += len(message)
        else:
            told |= json.loads(message)
    return told


def test_call_when_questions_are_asked_then_they_are_answered_aloud(kratt: Any) -> None:
    call = websocket.create_connection(f"ws://127.0.0.1:{kratt.settings.vosk_port}", timeout=30)
    call.send(json.dumps({"config": {"dialogue": True, "sample_rate": RATE, "language": "en"}}))
    price = answer(call, said="how much is a new passport")
    assert price["text"] == "how much is a new passport"
    assert "60 euros" in price["reply"]["text"]
    assert price["speech"]["rate_hertz"] == RATE
    assert price["sound"] > RATE  # more than half a second
    personal = answer(call, said="when does my passport expire")
    assert personal["reply"]["outcome"] == "asked_login"
    offices = answer(call, said="when is your office open")
    assert offices["reply"]["expects"] == "choice"
    chosen = answer(call, key="1")
    assert chosen["reply"]["outcome"] == "answered"
    assert offices["reply"]["buttons"][0]["title"].split()[0] in chosen["reply"]["text"]
    call.shutdown()
