"""Nobody's phone has confirmed anything by an answer that lies, in whatever way; every lie over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from assistant.adapters.citizen_certificate import Authorities
from assistant.adapters.mobile_id import MobileId
from assistant.adapters.phone_service import PhoneService, RelyingParty
from assistant.adapters.revocation import Revocation
from assistant.adapters.smart_id import SmartId
from assistant.adapters.smart_id_answer import Callback, VerifyAnswer
from assistant.adapters.smart_id_linking import SmartIdLinking
from assistant.core.errors import NotAllowed, ServiceUnavailable, UnknownApp
from assistant.core.languages import Language
from assistant.core.ports import PhoneAnswer, PhoneQuestion, PhoneRequest
from assistant.sandbox.phones import Behaviour, Lie
from assistant.sandbox.population import MARY, PHONES

pytestmark = pytest.mark.attack

DOCUMENT = f"PNOEE-{MARY[2:]}-MOCK-Q"
RETURN = "https://kratt.test/v1/phone?value=kept-in-a-cookie"
NEVER: Any = None
"""A revocation that is not asked about."""
OF_CALLBACKS = {Lie.OTHER_SECRET: "session secret", Lie.OTHER_VERIFIER: "user challenge"}
OF_LINKING = {Lie.OTHER_DOCUMENT: "document number"}
OF_CERTIFICATES = {
    Lie.OTHER_PERSON: "subject",
    Lie.OTHER_COUNTRY: "subject",
    Lie.OTHER_AUTHORITY: "issuer",
    Lie.ISSUED_BY_A_PERSON: "issuer",
    Lie.SELF_SIGNED: "issuer",
    Lie.AUTHORITY_ITSELF: "constraints",
    Lie.EXPIRED: "time",
    Lie.NOT_YET_VALID: "time",
    Lie.NO_POLICY: "policy",
    Lie.OTHER_POLICY: "policy",
    Lie.OTHER_USAGE: "key usage",
    Lie.OTHER_EXTENDED_USAGE: "key usage",
    Lie.REVOKED: "revoked",
    Lie.STATUS_UNKNOWN: "revoked",
    Lie.STATUS_OLD: "status time",
    Lie.STATUS_OF_ANOTHER: "status certificate",
    Lie.STATUS_BY_ANOTHER: "status signer",
    Lie.STATUS_REPLAYED: "status nonce",
    Lie.NO_CERTIFICATE: "form",
    Lie.GARBLED_CERTIFICATE: "form",
}
OF_LISTS = {
    Lie.LIST_REVOKED: (NotAllowed, "revoked"),
    Lie.LIST_EXPIRED: (NotAllowed, "list time"),
    Lie.LIST_OLD: (NotAllowed, "list time"),
    Lie.LIST_BY_ANOTHER: (NotAllowed, "list signer"),
    Lie.LIST_OF_AUTHORITIES: (NotAllowed, "list scope"),
    Lie.LIST_GARBLED: (ServiceUnavailable, "cannot be read"),
    Lie.LIST_HUGE: (ServiceUnavailable, "nobody can tell"),
}
"""Lies that are told while the responder is down."""
OF_BOTH = {
    **OF_CERTIFICATES,
    Lie.OTHER_KEY: "signature",
    Lie.OTHER_CHALLENGE: "signature",
    Lie.REPLAY: "signature",
    Lie.GARBLED_SIGNATURE: "signature",
    Lie.OTHER_ALGORITHM: "algorithm",
    Lie.LOWER_CASE_RESULT: "result",
    Lie.OTHER_RESULT: "result",
    Lie.OTHER_STATE: "result",
}
OF_MOBILE_ID = {**OF_BOTH, Lie.NO_SIGNATURE: "algorithm"}
OF_SMART_ID = {
    **OF_BOTH,
    Lie.NO_SIGNATURE: "flow",
    Lie.OTHER_FLOW: "flow",
    Lie.OTHER_INTERACTION: "interaction",
    Lie.OTHER_TEXT: "signature",
    Lie.OTHER_SCHEME: "signature",
    Lie.OTHER_RELYING_PARTY: "signature",
    Lie.OTHER_PROTOCOL: "protocol",
    Lie.LOWER_LEVEL: "level",
    Lie.WEAKER_HASH: "algorithm",
    Lie.SHORTER_SALT: "algorithm",
}


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def mobile_id(lying) -> AsyncIterator[MobileId]:
    service = PhoneService(f"{lying.url}/mid-api")
    party = RelyingParty("00000000-0000-0000-0000-000000000000", "DEMO")
    revocation = Revocation(Authorities(lying.authorities), now, f"{lying.url}/ocsp")
    yield MobileId(service, party, Authorities(lying.authorities), now, revocation)
    await service.close()
    await revocation.close()


@pytest.fixture
async def smart_id(lying) -> AsyncIterator[SmartId]:
    service = PhoneService(f"{lying.url}/smart-id-rp/v3")
    party = RelyingParty("00000000-0000-4000-8000-000000000000", "DEMO")
    revocation = Revocation(Authorities(lying.authorities), now, f"{lying.url}/ocsp")
    yield SmartId(service, party, "smart-id-demo", VerifyAnswer(Authorities(lying.authorities), now), revocation)
    await service.close()
    await revocation.close()


@pytest.fixture(params=["mobile_id", "smart_id"])
def phone(request: pytest.FixtureRequest) -> tuple[Any, str]:
    return request.getfixturevalue(request.param), PHONES[MARY] if request.param == "mobile_id" else DOCUMENT


def asked(address: str = PHONES[MARY], subject: str = MARY) -> PhoneRequest:
    return PhoneRequest(subject, address, "hash-of-the-act", "Voice assistant: income tax?", Language.EN)


async def answered(phone: Any, address: str, subject: str = MARY) -> PhoneAnswer:
    question = await phone.ask(asked(address))
    assert len(question.verification_code) == 4
    return await phone.answer(question, subject, 1.0)


async def test_phone_when_everything_is_right_then_is_confirmed(phone: tuple[Any, str]) -> None:
    assert await answered(*phone) is PhoneAnswer.CONFIRMED


def test_lies_when_listed_then_each_has_its_test() -> None:
    of_status = {*OF_LISTS, Lie.LIST_ONLY, Lie.STATUS_DOWN}
    assert {*OF_MOBILE_ID, *OF_SMART_ID, *OF_CALLBACKS, *OF_LINKING, *of_status} == set(Lie)


@pytest.mark.parametrize(("lie", "check"), OF_MOBILE_ID.items(), ids=OF_MOBILE_ID)
async def test_mobile_id_when_the_answer_lies_then_is_refused(lying, mobile_id: MobileId, lie: Lie, check: str) -> None:
    if lie is Lie.REPLAY:
        await answered(mobile_id, PHONES[MARY])
    await lying.tell(f"phones/{MARY}", lie=lie)
    with pytest.raises(NotAllowed, match=check) as caught:
        await answered(mobile_id, PHONES[MARY])
    assert MARY[2:] not in str(caught.value)


@pytest.mark.parametrize(("lie", "check"), OF_SMART_ID.items(), ids=OF_SMART_ID)
async def test_smart_id_when_the_answer_lies_then_is_refused(lying, smart_id: SmartId, lie: Lie, check: str) -> None:
    if lie is Lie.REPLAY:
        await answered(smart_id, DOCUMENT)
    await lying.tell(f"phones/{MARY}", lie=lie)
    with pytest.raises(NotAllowed, match=check) as caught:
        await answered(smart_id, DOCUMENT)
    assert MARY[2:] not in str(caught.value)


async def test_phone_when_nobody_can_tell_whether_its_certificate_was_revoked_then_nothing_is_confirmed(
    lying, phone: tuple[Any, str]
) -> None:
    await lying.tell(f"phones/{MARY}", lie=Lie.STATUS_DOWN)
    with pytest.raises(ServiceUnavailable):
        await answered(*phone)


@pytest.mark.parametrize(("lie", "error"), OF_LISTS.items(), ids=OF_LISTS)
async def test_list_when_the_responder_is_down_and_it_lies_then_nothing_is_confirmed(
    lying, phone: tuple[Any, str], lie: Lie, error: tuple[type[Exception], str]
) -> None:
    await lying.tell(f"phones/{MARY}", lie=lie)
    with pytest.raises(error[0], match=error[1]):
        await answered(*phone)


async def test_list_when_the_responder_is_down_and_it_is_honest_then_it_is_believed(
    lying, phone: tuple[Any, str]
) -> None:
    await lying.tell(f"phones/{MARY}", lie=Lie.LIST_ONLY)
    assert await answered(*phone) is PhoneAnswer.CONFIRMED


async def test_phone_when_the_answer_is_for_somebody_else_then_is_refused(phone: tuple[Any, str]) -> None:
    with pytest.raises(NotAllowed, match="subject"):
        await answered(*phone, subject="EE38001085718")


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        (Behaviour.REFUSED, PhoneAnswer.REFUSED),
        (Behaviour.TIMEOUT, PhoneAnswer.TIMED_OUT),
        (Behaviour.UNREACHED, PhoneAnswer.TIMED_OUT),
        (Behaviour.GONE, PhoneAnswer.TIMED_OUT),
        (Behaviour.SILENT, PhoneAnswer.WAITING),
    ],
)
async def test_phone_when_nobody_says_yes_then_nothing_is_confirmed(
    lying, phone: tuple[Any, str], behaviour: Behaviour, answer: PhoneAnswer
) -> None:
    await lying.tell(f"phones/{MARY}", behaviour=behaviour)
    assert await answered(*phone) is answer


async def test_smart_id_when_the_wrong_code_is_chosen_then_is_refused(lying, smart_id: SmartId) -> None:
    await lying.tell(f"phones/{MARY}", behaviour=Behaviour.WRONG_CODE)
    assert await answered(smart_id, DOCUMENT) is PhoneAnswer.REFUSED


async def test_phone_when_the_service_is_down_then_it_is_not_the_citizens_fault(lying, phone: tuple[Any, str]) -> None:
    await lying.tell(f"phones/{MARY}", behaviour=Behaviour.DOWN)
    with pytest.raises(ServiceUnavailable):
        await answered(*phone)


@pytest.mark.parametrize("address", ["+37255500002", "+3725550000199", "+1", "", "x/../y", "PNOEE-60001019906-NONE-Q"])
async def test_phone_when_there_is_none_then_it_looks_like_one_that_nobody_answers(
    phone: tuple[Any, str], address: str
) -> None:
    """Whoever listens must not learn who has which phone."""
    assert await answered(phone[0], address) is PhoneAnswer.TIMED_OUT


async def test_questions_when_asked_twice_then_no_challenge_is_the_same(phone: tuple[Any, str]) -> None:
    client, address = phone
    assert len({(await client.ask(asked(address))).ticket for _ in range(3)}) == 3


async def scanned(lying, link: str) -> httpx.Response:
    return await lying.http.post("/sandbox/smart-id/scans", json={"link": link})


def callback_of(response: httpx.Response) -> Callback:
    fields = {name: values[0] for name, values in parse_qs(urlsplit(response.json()["callbackUrl"]).query).items()}
    assert fields["value"] == "kept-in-a-cookie"
    return Callback(fields["sessionSecretDigest"], fields["userChallengeVerifier"])


async def test_device_link_when_the_qr_code_is_scanned_then_the_device_is_known(lying, smart_id: SmartId) -> None:
    link = await smart_id.link(asked())
    assert (await smart_id.outcome(link.ticket, MARY, 1.0))[0] is PhoneAnswer.WAITING
    assert (await scanned(lying, link.address(Language.EN, 3))).status_code == 200
    answer, document = await smart_id.outcome(link.ticket, MARY, 1.0)
    assert (answer, document) == (PhoneAnswer.CONFIRMED, DOCUMENT)
    assert await answered(smart_id, document) is PhoneAnswer.CONFIRMED


async def test_device_link_when_opened_on_the_same_device_then_the_callback_proves_it(lying, smart_id: SmartId) -> None:
    link = await smart_id.link(asked(), RETURN)
    callback = callback_of(await scanned(lying, link.address(Language.ET)))
    assert (await smart_id.outcome(link.ticket, MARY, 1.0, callback))[0] is PhoneAnswer.CONFIRMED


@pytest.mark.parametrize(("lie", "check"), OF_CALLBACKS.items(), ids=OF_CALLBACKS)
async def test_device_link_when_the_callback_lies_then_is_refused(
    lying, smart_id: SmartId, lie: Lie, check: str
) -> None:
    await lying.tell(f"phones/{MARY}", lie=lie)
    link = await smart_id.link(asked(), RETURN)
    callback = callback_of(await scanned(lying, link.address(Language.RU)))
    with pytest.raises(NotAllowed, match=check):
        await smart_id.outcome(link.ticket, MARY, 1.0, callback)


async def test_app_when_its_link_comes_back_then_its_document_number_is_known(lying, smart_id: SmartId) -> None:
    assert await linked(lying, SmartIdLinking(smart_id)) == DOCUMENT


@pytest.mark.parametrize(
    ("lie", "check"), [*OF_LINKING.items(), *OF_CALLBACKS.items(), *OF_CERTIFICATES.items()], ids=str
)
async def test_app_when_linking_it_meets_a_lie_then_it_is_not_linked(
    lying, smart_id: SmartId, lie: Lie, check: str
) -> None:
    await lying.tell(f"phones/{MARY}", lie=lie)
    with pytest.raises(NotAllowed, match=check):
        await linked(lying, SmartIdLinking(smart_id))


@pytest.mark.parametrize("behaviour", [Behaviour.REFUSED, Behaviour.TIMEOUT, Behaviour.GONE])
async def test_app_when_it_is_not_confirmed_then_it_is_not_linked(
    lying, smart_id: SmartId, behaviour: Behaviour
) -> None:
    await lying.tell(f"phones/{MARY}", behaviour=behaviour)
    with pytest.raises(NotAllowed, match="not confirmed"):
        await linked(lying, SmartIdLinking(smart_id))


async def linked(lying, linking: SmartIdLinking) -> str:
    address, begun = await linking.begin(MARY, "Voice assistant: link this app?", Language.EN, RETURN)
    callback = callback_of(await scanned(lying, address))
    return await linking.finish(begun, callback.session_secret_digest, callback.user_challenge_verifier)


async def test_device_link_when_nobody_came_back_to_the_page_then_is_refused(lying, smart_id: SmartId) -> None:
    """A link that was sent to somebody else: they say yes, and the attacker's browser has no callback."""
    link = await smart_id.link(asked(), RETURN)
    await scanned(lying, link.address(Language.EN))
    with pytest.raises(NotAllowed, match="session secret"):
        await smart_id.outcome(link.ticket, MARY, 1.0)


@pytest.mark.parametrize(
    "change", [("QR", "Web2App"), ("lang=eng", "lang=est"), ("elapsedSeconds=3", "elapsedSeconds=0")]
)
async def test_device_link_when_it_was_changed_then_the_app_does_not_open_it(
    lying, smart_id: SmartId, change: tuple[str, str]
) -> None:
    link = await smart_id.link(asked())
    assert (await scanned(lying, link.address(Language.EN, 3).replace(*change))).status_code == 400


@pytest.mark.parametrize("url", ["http://kratt.test/", "https://kratt.test/#a", "https://kratt.test/|", "x"])
async def test_device_link_when_the_address_to_return_to_is_unfit_then_nothing_is_begun(
    smart_id: SmartId, url: str
) -> None:
    with pytest.raises(NotAllowed):
        await smart_id.link(asked(), url)


async def test_device_link_when_there_is_no_account_then_nothing_is_begun(smart_id: SmartId) -> None:
    with pytest.raises(UnknownApp):
        await smart_id.link(asked(subject="EE51307149560"))


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>60001019906"),
        httpx.Response(200, json=["60001019906"]),
        httpx.Response(200, json={"sessionID": "../../60001019906"}),
        httpx.Response(200, json={"sessionID": ["x"]}),
        httpx.Response(200, content=b"x" * 70_000),
        httpx.Response(302, headers={"location": "https://evil.test/60001019906"}),
        httpx.Response(401, json={"error": "60001019906"}),
        httpx.Response(500, text="60001019906"),
        httpx.Response(580),
    ],
    ids=["HTML", "a list", "a path for a session", "a list for a session", "endless", "elsewhere", "401", "500", "580"],
)
async def test_phone_when_the_service_talks_nonsense_then_is_unavailable_and_nothing_of_it_is_told(
    tmp_path, response: httpx.Response
) -> None:
    service = PhoneService("http://phones.test", transport=httpx.MockTransport(lambda _: response))
    party = RelyingParty("u", "n")
    for client in (
        MobileId(service, party, Authorities(tmp_path / "x"), now, NEVER),
        SmartId(service, party, "smart-id-demo", VerifyAnswer(Authorities(tmp_path / "x"), now), NEVER),
    ):
        with pytest.raises(ServiceUnavailable) as caught:
            await client.ask(asked(PHONES[MARY] if isinstance(client, MobileId) else DOCUMENT))
        assert "60001019906" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
    await service.close()


async def test_phone_when_it_is_asked_after_twice_at_once_then_one_poll_waits_for_the_other(tmp_path) -> None:
    under_way, most = 0, 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        assert request.url.params["timeoutMs"] == "1000"
        for _ in range(3):
            await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(200, json={"state": "RUNNING"})

    service = PhoneService("http://phones.test", transport=httpx.MockTransport(answer))
    client = MobileId(service, RelyingParty("u", "n"), Authorities(tmp_path / "x"), now, NEVER)
    question = PhoneQuestion("0000", '{"session": "s-1", "hash": "AAAA"}')
    await asyncio.gather(*(client.answer(question, MARY, 0.1) for _ in range(4)))
    assert most == 1
    await service.close()
