import stat
from pathlib import Path

import httpx
import pytest

from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from assistant.operate.gateway_client import GatewayClient
from assistant.operate.kept_speaker import KeptSpeaker

pytestmark = pytest.mark.unit


class Gateway:
    """Knows one speaker, linked or not."""

    def __init__(self, *, is_linked: bool) -> None:
        self.is_linked, self.asked = is_linked, list[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        if request.url.path == "/v1/devices":
            return httpx.Response(201, json={"token": "secret", "say": "code 1"})
        if request.headers.get("authorization") != "Bearer secret":
            return httpx.Response(404, json={"code": "unknown_device", "message": "I do not know this speaker."})
        match request.url.path:
            case "/v1/devices/own":
                return httpx.Response(200, json={"is_linked": self.is_linked, "is_locked": True})
            case "/v1/devices/code":
                return httpx.Response(200, json={"say": "code 2"})
            case _:
                return httpx.Response(204)


def client(gateway: Gateway) -> GatewayClient:
    http = httpx.Client(base_url="http://kratt.test", transport=httpx.MockTransport(gateway))
    return GatewayClient(http, Language.EN)


def test_speaker_when_new_then_says_its_code_and_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    gateway = Gateway(is_linked=False)
    kitchen = KeptSpeaker(tmp_path, "kitchen")
    assert client(gateway).become(kitchen) == "code 1"
    assert kitchen.token == "secret"
    assert stat.S_IMODE((tmp_path / "speakers" / "kitchen").stat().st_mode) == 0o600
    assert client(gateway).become(kitchen) == "code 2"


def test_speaker_when_linked_then_says_no_code_and_can_be_locked(tmp_path: Path) -> None:
    gateway = Gateway(is_linked=True)
    kitchen = KeptSpeaker(tmp_path, "kitchen")
    kitchen.keep("secret")
    speaker = client(gateway)
    assert speaker.become(kitchen) == ""
    speaker.relock()
    assert gateway.asked == ["GET /v1/devices/own", "POST /v1/devices/lock"]


def test_speaker_when_the_gateway_has_forgotten_it_then_is_made_known_anew(tmp_path: Path) -> None:
    kitchen = KeptSpeaker(tmp_path, "kitchen")
    kitchen.keep("old")
    assert client(Gateway(is_linked=False)).become(kitchen) == "code 1"
    assert kitchen.token == "secret"


@pytest.mark.parametrize("name", ["", "../secrets/turn_secret", "Kitchen", "a b", "x" * 41])
def test_speaker_when_its_name_is_none_for_a_file_then_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OperationFailed):
        KeptSpeaker(tmp_path, name)
