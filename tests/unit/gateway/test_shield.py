import httpx
import pytest

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("path", ["/", "/page/page.css", "/v1/words", "/nowhere", "/v1/login/callback", "/healthz"])
async def test_response_when_sent_then_it_has_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = dict(entry.split(" ", 1) for entry in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self' ws://kratt.test"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "microphone=(self)" in headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/v1/session", "/v1/words", "/nowhere", "/v1/login/callback"])
async def test_response_when_not_a_file_then_nobody_keeps_it(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["cache-control"] == "no-store"
