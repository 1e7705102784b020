import shlex
import socket
from pathlib import Path

import httpx
import pytest

from assistant.core.errors import OperationFailed
from assistant.operate.sandbox import make_certificates, reset_sandbox
from assistant.settings import Settings

pytestmark = pytest.mark.unit


def test_reset_when_sandbox_runs_then_asked_once() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(204)

    with httpx.Client(base_url="http://sandbox", transport=httpx.MockTransport(answer)) as http:
        reset_sandbox(http)
    assert asked == ["POST /sandbox/reset"]


def test_reset_when_nobody_is_there_then_says_where() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # held, but nobody listens
        port = closed.getsockname()[1]
        with (
            httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
            pytest.raises(OperationFailed, match=rf"127\.0\.0\.1:{port}"),
        ):
            reset_sandbox(http)


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", "https://127.0.0.1:9443"), ("::1", "https://[::1]:9443")])
def test_certificates_when_made_then_lines_name_files_that_are_there(tmp_path: Path, host: str, url: str) -> None:
    state = tmp_path / "a state"
    lines = make_certificates(Settings(state=state, host=host, sandbox_tls_port=9443))
    words = [shlex.split(line) for line in lines]
    assert {word[0] for word in words} == {"export"}
    values = dict(word[1].split("=", 1) for word in words)
    assert values.pop("KRATT_SANDBOX_TLS_PORT") == "9443"
    assert values.pop("KRATT_XROAD_URL") == url
    assert values.keys() == {"KRATT_XROAD_CERTIFICATE", "KRATT_XROAD_KEY", "KRATT_XROAD_CA"}
    assert all(Path(value).is_file() and Path(value).is_relative_to(state) for value in values.values())
