"""A conversation in a chat that was made for Rasa, with the whole of Kratt."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.conversation


def say(client: httpx.Client, message: str, language: str) -> list[dict[str, Any]]:
    body = {"sender": "anna", "message": message, "metadata": {"language": language}}
    messages = client.post("/webhooks/rest/webhook", json=body).json()
    assert {message["recipient_id"] for message in messages} == {"anna"}
    return messages


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        ("en", "when is your office open", "Tartu"),
        ("et", "millal teie büroo lahti on", "Tartu"),
        ("ru", "когда открыт ваш офис", "Тарту"),
    ],
)
def test_button_when_its_payload_comes_back_as_text_then_the_question_is_answered(
    kratt: Any, language: str, question: str, answer: str
) -> None:
    with kratt.client() as client:
        asked = say(client, question, language)[-1]
        tartu = next(button for button in asked["buttons"] if answer in button["title"])
        assert not tartu["payload"].startswith("/")
        told = say(client, tartu["payload"], language)
    assert answer[:4] in " ".join(message["text"] for message in told)
