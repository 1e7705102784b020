"""A citizen asks for another manner of speaking, and hears it from a whole Kratt."""

import base64
import io
import wave

import httpx
import numpy as np
import pytest

pytestmark = pytest.mark.integration


def spoken(client: httpx.Client, text: str, **options: object) -> tuple[float, float]:
    """Seconds and mean loudness of the reply."""
    reply = client.post("/v1/turns", json={"text": text, "language": "en", "speak": True, **options}).json()
    with wave.open(io.BytesIO(base64.b64decode(reply["speech"]["base64"]))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
        return len(samples) / file.getframerate(), float(np.abs(samples).mean())


def test_reply_when_slower_and_louder_speech_was_asked_for_then_is_slower_and_louder(kratt) -> None:
    with kratt.client() as client:
        before = spoken(client, "how much is a new passport")
        spoken(client, "please speak slower")
        spoken(client, "please speak slower")
        slower = spoken(client, "how much is a new passport")
        spoken(client, "speak louder")
        louder = spoken(client, "how much is a new passport")
    with kratt.client() as another:
        after = spoken(another, "how much is a new passport")
    assert slower[0] > 1.3 * before[0]
    assert louder[1] > 1.1 * slower[1]
    assert after == before


def test_reply_when_a_telephone_asks_then_has_its_rate(kratt) -> None:
    with kratt.client() as client:
        seconds, _ = spoken(client, "how much is a new passport")
        at_8000, _ = spoken(client, "how much is a new passport", speech_rate_hertz=8000)
    assert at_8000 == pytest.approx(seconds, abs=0.01)
