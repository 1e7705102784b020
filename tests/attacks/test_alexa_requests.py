"""Requests that are not Alexa's, not for our skill, not of now, or were taken before."""

import base64
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from connectors.alexa.envelope import Envelope
from connectors.alexa.hold_on import HoldOn
from connectors.alexa.verification import LATE_EVENTS
from tests.alexa import ADDRESS, LEGACY, SIGNER, SKILL, Amazon, Draft, between_of, issue, key_of, pem, says
from tests.alexa_gateway import AlexaWorld

pytestmark = pytest.mark.attack

CANARY = "kanaarilind"
ELSEWHERE = "https://s3.amazonaws.com/echo.api/other.pem"


@dataclass
class Sent:
    """A request that Amazon would sign, about to be forged."""

    amazon: Amazon
    envelope: dict[str, Any]

    def signed(self, **signing: Any) -> tuple[dict[str, str], bytes]:
        return self.amazon.signed(self.envelope, **signing)

    def without(self, name: str) -> tuple[dict[str, str], bytes]:
        headers, body = self.signed()
        return {key: value for key, value in headers.items() if key != name}, body

    def changed(self, **headers: str) -> tuple[dict[str, str], bytes]:
        before, body = self.signed()
        return {**before, **{name.replace("_", "-"): value for name, value in headers.items()}}, body

    def at(self, seconds: float) -> tuple[dict[str, str], bytes]:
        self.envelope["request"]["timestamp"] = (self.amazon.now + timedelta(seconds=seconds)).isoformat()
        return self.signed()

    def with_timestamp(self, timestamp: str | None) -> tuple[dict[str, str], bytes]:
        self.envelope["request"]["timestamp"] = timestamp
        return self.signed()

    def by(self, chain: bytes) -> tuple[dict[str, str], bytes]:
        self.amazon.chains[ELSEWHERE] = chain
        return self.signed(address=ELSEWHERE)

    def of(self, session: str | None = SKILL, system: str = SKILL) -> tuple[dict[str, str], bytes]:
        self.envelope["context"]["System"]["application"] = {"applicationId": system}
        self.envelope["session"]["application"] = {"applicationId": session}
        return self.signed()

    def with_body(self, change: Callable[[bytes], bytes]) -> tuple[dict[str, str], bytes]:
        headers, body = self.signed()
        return headers, change(body)

    def as_body(self, body: bytes) -> tuple[dict[str, str], bytes]:
        return self.amazon.signed(body)


def expired() -> bytes:
    leaf = Draft(SIGNER, key_of("signer"), ends=Amazon().now - timedelta(days=1))
    return pem(issue(leaf, between_of("root")), between_of("root"))


def others() -> bytes:
    return pem(issue(Draft(SIGNER, key_of("signer")), between_of("others")), between_of("others"))


def another_name() -> bytes:
    leaf = Draft("evil.example", key_of("signer"), names=("evil.example",))
    return pem(issue(leaf, between_of("root")), between_of("root"))


FORGERIES: dict[str, Callable[[Sent], tuple[dict[str, str], bytes]]] = {
    "no signature": lambda sent: sent.without("Signature-256"),
    "no address": lambda sent: sent.without("SignatureCertChainUrl"),
    "an empty signature": lambda sent: sent.changed(Signature_256=""),
    "no base64": lambda sent: sent.changed(Signature_256="kraadi!"),
    "the old signature alone": lambda sent: (
        {**sent.without("Signature-256")[0], "Signature": sent.signed(algorithm=LEGACY)[0]["Signature-256"]},
        sent.signed()[1],
    ),
    "a signature over SHA-1": lambda sent: sent.signed(algorithm=LEGACY),
    "somebody else's key": lambda sent: sent.signed(key=key_of("evil")),
    "a signature of something else": lambda sent: sent.changed(
        Signature_256=sent.amazon.signed(b"{}")[0]["Signature-256"]
    ),
    "a byte more": lambda sent: sent.with_body(lambda body: body + b" "),
    "a byte changed": lambda sent: sent.with_body(lambda body: body.replace(b"passport", b"passporT")),
    "an address without TLS": lambda sent: sent.signed(address=ADDRESS.replace("https", "http")),
    "somebody else's address": lambda sent: sent.signed(address="https://evil.example/echo.api/x.pem"),
    "an address with encoded dots": lambda sent: sent.signed(
        address="https://s3.amazonaws.com/echo.api/%2e%2e/evil/x.pem"
    ),
    "an address in our own network": lambda sent: sent.signed(address="http://169.254.169.254/echo.api/x"),
    "no certificates there": lambda sent: sent.signed(address=ELSEWHERE),
    "certificates that are over": lambda sent: sent.by(expired()),
    "certificates of another authority": lambda sent: sent.by(others()),
    "a certificate for another name": lambda sent: sent.by(another_name()),
    "yesterday's": lambda sent: sent.at(-86400),
    "just too late": lambda sent: sent.at(-151),
    "just too early": lambda sent: sent.at(151),
    "of the year one": lambda sent: sent.with_timestamp("0001-01-01T00:00:00+14:00"),
    "without a time zone": lambda sent: sent.with_timestamp("2026-11-26T12:00:00"),
    "without a time": lambda sent: sent.with_timestamp(None),
    "for another skill": lambda sent: sent.of("amzn1.ask.skill.theirs", "amzn1.ask.skill.theirs"),
    "for another skill in its session": lambda sent: sent.of("amzn1.ask.skill.theirs"),
    "for another skill in its context": lambda sent: sent.of(SKILL, "amzn1.ask.skill.theirs"),
    "for no skill": lambda sent: sent.of(None),
    "no JSON": lambda sent: sent.as_body(b"words=" + CANARY.encode()),
    "no envelope": lambda sent: sent.as_body(b"[]"),
    "deep JSON": lambda sent: sent.as_body(b"[" * 50_000),
    "no text": lambda sent: sent.as_body(b"\xff\xfe" + CANARY.encode()),
    "nothing": lambda sent: sent.as_body(b""),
}


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[AlexaWorld]:
    async with AlexaWorld(is_whole=True) as world:
        yield world


def sent(world: AlexaWorld, **request: Any) -> Sent:
    return Sent(world.amazon, world.amazon.envelope("IntentRequest", **says(f"passport {CANARY}"), **request))


def assert_refused(answer: httpx.Response) -> None:
    """All refusals are the same to who sends them."""
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_request_when_forged_then_is_refused_without_a_word(
    world: AlexaWorld, forgery: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.gateway.taken.clear()
    world.amazon.asked.clear()
    caplog.set_level(logging.DEBUG)
    assert_refused(await world.send(*FORGERIES[forgery](sent(world))))
    assert world.gateway.taken == []
    assert all(str(request.url).startswith("https://s3.amazonaws.com/echo.api/") for request in world.amazon.asked)
    [line] = [record for record in caplog.records if record.name == "kratt.alexa"]
    assert line.getMessage() == "request refused"
    assert CANARY not in str(line.__dict__)
    assert (await world.send(*sent(world).signed())).status_code == 200  # Amazon itself is not shut out by it


async def test_request_when_sent_again_then_is_refused(world: AlexaWorld) -> None:
    headers, body = sent(world).signed()
    answers = [await world.send(headers, body) for _ in range(3)]
    assert answers[0].status_code == 200
    for answer in answers[1:]:
        assert_refused(answer)


async def test_request_when_sent_again_within_its_time_though_the_clock_went_on_then_is_refused(
    world: AlexaWorld,
) -> None:
    begin = world.amazon.now
    early = sent(world)
    headers, body = early.at(149)
    try:
        assert (await world.send(headers, body)).status_code == 200
        for seconds in (150, 298, 300):
            world.amazon.now = begin + timedelta(seconds=seconds)
            assert_refused(await world.send(headers, body))
    finally:
        world.amazon.now = begin


@pytest.mark.parametrize("event", sorted(LATE_EVENTS))
async def test_event_when_late_then_is_taken_within_an_hour_and_no_request_is(world: AlexaWorld, event: str) -> None:
    for request_type, seconds, status in ((event, -3599, 200), (event, -3601, 400), ("IntentRequest", -3599, 400)):
        envelope = world.amazon.envelope(request_type)
        answer = await world.send(*Sent(world.amazon, envelope).at(seconds))
        assert answer.status_code == status


async def test_header_names_when_written_otherwise_then_are_the_same(world: AlexaWorld) -> None:
    headers, body = sent(world).signed()
    assert (await world.send({name.upper(): value for name, value in headers.items()}, body)).status_code == 200


async def test_signature_when_a_byte_is_replaced_then_never_fits(world: AlexaWorld) -> None:
    headers, body = sent(world).signed()
    signature = base64.b64decode(headers["Signature-256"])
    for forged in (signature[:-1], signature + b"\0", b"\0" * len(signature), b"\xff" * len(signature), b""):
        headers["Signature-256"] = base64.b64encode(forged).decode()
        assert_refused(await world.send(headers, body))


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://api.amazonalexa.com",
        "https://api.amazonalexa.com.evil.example",
        "https://api.amazonalexa.com@evil.example",
        "https://evil.example",
        "http://169.254.169.254",
        "https://api.amazonalexa.com/../x",
    ],
)
async def test_progress_when_its_address_is_not_amazons_then_no_token_goes_there(endpoint: str) -> None:
    amazon = Amazon()
    hold_on = HoldOn(amazon.client, {}, after_seconds=0)
    for named, count in (("https://api.fe.amazonalexa.com/", 1), (endpoint, 1)):
        envelope = amazon.envelope()
        envelope["context"]["System"]["apiEndpoint"] = named
        await hold_on._say(Envelope.model_validate(envelope), "One moment, please")
        assert len(amazon.asked) == count


async def test_body_when_too_long_then_is_not_read(world: AlexaWorld) -> None:
    answer = await world.send({"SignatureCertChainUrl": ADDRESS, "Signature-256": "AAAA"}, b" " * (256 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_much")


async def test_person_when_alexa_names_one_then_is_nobody_to_kratt(world: AlexaWorld) -> None:
    world.gateway.taken.clear()
    request = sent(world)
    person = {"personId": "amzn1.ask.person.mary", "accessToken": "token"}
    request.envelope["context"]["System"]["person"] = person
    request.envelope["session"]["user"] |= {"accessToken": "EE60001019906"}
    assert (await world.send(*request.signed())).status_code == 200
    [(turn, session)] = world.gateway.taken
    assert (turn.channel, session.subject) == ("shared_speaker", None)
    assert "mary" not in json.dumps([session.conversation_id, session.dialogue_id])


def test_request_when_nobody_signed_it_then_the_running_gateway_refuses_it_and_logs_no_word(kratt: Any) -> None:
    body = json.dumps(Amazon().envelope("IntentRequest", **says(f"passport {CANARY}"))).encode()
    headers = {"SignatureCertChainUrl": f"https://evil.example/{CANARY}", "Signature-256": "AAAA"}
    with kratt.client() as client:
        assert_refused(client.post("/alexa", content=body, headers=headers))
        assert_refused(client.post("/alexa", content=body))
    logs = list((kratt.settings.state / "logs").glob("*.log*"))
    assert any("request refused" in log.read_text(encoding="utf-8", errors="replace") for log in logs)
    assert not [log.name for log in logs if CANARY in log.read_text(encoding="utf-8", errors="replace")]
