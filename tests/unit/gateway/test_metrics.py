import httpx
import pytest

pytestmark = pytest.mark.unit

TOKEN = {"Authorization": "Bearer token of the metrics"}


async def test_metrics_when_turns_have_ended_then_they_are_counted_with_their_stages(client: httpx.AsyncClient) -> None:
    for text in ("my passport", "which office", "my passport"):
        await client.post("/v1/turns", json={"text": text, "language": "et"})
    answer = await client.get("/metrics", headers=TOKEN)
    assert (answer.status_code, answer.headers["content-type"][:25]) == (200, "text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'kratt_turns_total{channel="web",language="et",outcome="asked_login"} 2.0' in lines
    assert 'kratt_turns_total{channel="web",language="et",outcome="asked_detail"} 1.0' in lines
    assert 'kratt_stage_seconds_count{heard="no",stage="understand"} 3.0' in lines
    assert 'kratt_stage_seconds_count{heard="no",stage="total"} 3.0' in lines
    assert "passport" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "token of the metrics"}])
async def test_metrics_when_the_token_is_missing_or_wrong_then_nothing_is_shown(
    headers: dict[str, str], client: httpx.AsyncClient
) -> None:
    answer = await client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")
