import json
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest

from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from assistant.operate.gateway_client import GatewayClient

pytestmark = pytest.mark.unit

REPLY = {
    "turn_id": "t",
    "conversation_id": "c",
    "language": "et",
    "outcome": "answered",
    "reply": [{"text": "Jah.", "buttons": []}],
    "transcript": None,
    "intent": None,
    "confidence": None,
    "ranking": [],
    "entities": [],
    "sources": [],
    "durations_ms": {"total": 1.0},
    "speech": None,
}
GATEWAY = "http://gateway.test:8080"
LOGIN_PAGE = "http://sandbox.test:8090/oidc/authorize"


def client(answer: Callable[[httpx.Request], httpx.Response]) -> GatewayClient:
    return GatewayClient(httpx.Client(base_url=GATEWAY, transport=httpx.MockTransport(answer)), Language.ET)


class FakeKratt:
    """A gateway and a login service that know one person."""

    def __init__(self) -> None:
        self.turns: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return {
            "/v1/login": self.begin,
            "/oidc/authorize": self.choose,
            "/v1/login/callback": self.finish,
            "/v1/turns": self.turn,
            "/v1/turns/audio": self.turn,
        }[request.url.path](request)

    def begin(self, request: httpx.Request) -> httpx.Response:
        place = f"{LOGIN_PAGE}?state=s&redirect_uri=u&ui_locales={request.url.params['language']}"
        return httpx.Response(302, headers={"Location": place, "Set-Cookie": "kratt_login=begun; Path=/v1/login"})

    def choose(self, request: httpx.Request) -> httpx.Response:
        fields = parse_qs(request.content.decode())
        if fields.get("person") != ["EE60001019906"] or fields.get("state") != ["s"] or request.url.query:
            return httpx.Response(400, text="<p>no")
        return httpx.Response(302, headers={"Location": f"{GATEWAY}/v1/login/callback?code=c&state=s"})

    def finish(self, request: httpx.Request) -> httpx.Response:
        is_same_browser = "kratt_login=begun" in request.headers.get("cookie", "")
        headers = {"Location": "/", "Set-Cookie": "kratt_conversation=known; Path=/"} if is_same_browser else {}
        return httpx.Response(302 if is_same_browser else 403, headers=headers)

    def turn(self, request: httpx.Request) -> httpx.Response:
        self.turns.append(request)
        return httpx.Response(200, json=REPLY)


def test_ask_when_kratt_runs_then_text_and_language_are_sent_and_the_reply_comes_back():
    kratt = FakeKratt()
    assert client(kratt).ask("tere").reply[0].text == "Jah."
    assert json.loads(kratt.turns[0].content) == {"text": "tere", "language": "et", "speak": False}


def test_ask_aloud_when_kratt_runs_then_the_recording_is_the_body():
    kratt = FakeKratt()
    client(kratt).ask_aloud(b"RIFF", speak=True)
    request = kratt.turns[0]
    assert (request.content, request.headers["content-type"]) == (b"RIFF", "audio/wav")
    assert dict(request.url.params) == {"language": "et", "speak": "true"}


def test_log_in_when_the_person_is_known_then_the_next_turn_carries_the_conversation():
    kratt = FakeKratt()
    gateway = client(kratt)
    gateway.log_in("EE60001019906")
    gateway.ask("tere")
    assert "kratt_conversation=known" in kratt.turns[0].headers["cookie"]


def test_log_in_when_the_person_is_unknown_then_it_says_so():
    with pytest.raises(OperationFailed, match=r"sandbox\.test:8090 does not know"):
        client(FakeKratt()).log_in("EE1")


def test_log_in_when_the_gateway_does_not_redirect_then_it_fails():
    with pytest.raises(OperationFailed, match="503"):
        client(lambda _: httpx.Response(503)).log_in("EE60001019906")


def failing_with(error: type[httpx.HTTPError]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("a secret of the library")

    return answer


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (
            failing_with(httpx.ConnectError),
            "Kratt is not running at http://gateway.test:8080/: start it with `make run`",
        ),
        (failing_with(httpx.ReadTimeout), "Kratt did not answer in time: see `kratt status`"),
        (failing_with(httpx.RemoteProtocolError), "Kratt cannot be asked: RemoteProtocolError"),
        (lambda _: httpx.Response(413, json={"code": "too_much", "message": "Liiga pikk."}), "too_much: Liiga pikk."),
        (lambda _: httpx.Response(200, json={"hello": "world"}), "is not this Kratt"),
        (lambda _: httpx.Response(200, text="<html>"), "is not this Kratt"),
        (
            lambda _: httpx.Response(502, text="<html>"),
            r"what answers at http://gateway.test:8080 (502) is not this Kratt",
        ),
        (lambda _: httpx.Response(500, json=[]), "is not this Kratt"),
    ],
)
def test_ask_when_there_is_no_reply_then_one_line_says_why(answer, complaint):
    with pytest.raises(OperationFailed) as raised:
        client(answer).ask("tere")
    assert complaint in str(raised.value)
    assert "\n" not in str(raised.value)
