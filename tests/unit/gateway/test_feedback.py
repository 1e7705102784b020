from typing import Any

import httpx
import pytest

from assistant.core.feedback import Feedback
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


async def test_feedback_when_given_after_a_turn_then_it_is_kept_and_logged_nowhere(
    client: httpx.AsyncClient, gateway: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await client.post("/v1/turns", json={"text": "hello"})
    answer = await client.post("/v1/feedback", json={"grade": 2, "words": " too slow ", "language": "et"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert gateway.feedback.given == [Feedback(2, "too slow", Language.ET)]
    assert "too slow" not in str([vars(record) for record in caplog.records])


async def test_feedback_when_nobody_has_talked_then_it_is_refused(client: httpx.AsyncClient, gateway: Any) -> None:
    answer = await client.post("/v1/feedback", json={"grade": 5})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_conversation")
    assert gateway.feedback.given == []


@pytest.mark.parametrize(
    "body",
    [{}, {"grade": 0}, {"grade": 6}, {"grade": "good"}, {"grade": 3, "words": "a" * 501}, {"grade": 3, "who": "x"}],
)
async def test_feedback_when_it_is_none_then_it_is_refused(client: httpx.AsyncClient, body: dict[str, object]) -> None:
    await client.post("/v1/turns", json={"text": "hello"})
    assert (await client.post("/v1/feedback", json=body)).json()["code"] == "malformed_turn"
