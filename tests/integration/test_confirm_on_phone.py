"""Acts and phones: a real database, and the sandbox's Mobile-ID over real HTTP within one process."""

import dataclasses
import functools
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from actions.asker import Asker
from actions.confirmed_acts import ConfirmedActs
from actions.dialogue.acting import Act, ActState
from actions.phone.confirm_on_phone import ConfirmOnPhone
from actions.phone.questions import CONFIRMED_SECONDS, QUESTIONS_SECONDS, PhoneQuestions
from assistant.adapters.citizen_certificate import Authorities
from assistant.adapters.mobile_id import MobileId
from assistant.adapters.phone_service import PhoneService, RelyingParty
from assistant.adapters.revocation import Revocation
from assistant.adapters.smart_id import SmartId
from assistant.adapters.smart_id_answer import VerifyAnswer
from assistant.adapters.sql_linked_apps import SqlLinkedApps
from assistant.content.service_spec import Service, read_services
from assistant.core.deadline import Deadline
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import PhoneAnswer
from assistant.database import SqlDatabase
from assistant.sandbox.app import create_app
from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.population import JAAK, MARY, PHONES, TOOMAS
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

MOST_QUESTIONS = 5
TEXTS = dict.fromkeys(Language, "Voice assistant: {title}?")


def now() -> datetime:
    return datetime.now(UTC)


class FakeClock:
    seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[httpx.ASGITransport]:
    authority = Authority.new()
    (tmp_path / "phones.crt").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    app = create_app(
        issuer="http://x", client_id="k", client_secret="s", redirect_uris=frozenset(), phone_authority=authority
    )
    return httpx.ASGITransport(app)


@pytest.fixture
async def on_phone(tmp_path: Path, sandbox: httpx.ASGITransport, clock: FakeClock) -> AsyncIterator[ConfirmOnPhone]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'record.db'}", "KRATT_RECORD_DATABASE", "FULL")
    services = [PhoneService(f"http://sandbox/{path}", transport=sandbox) for path in ("mid-api", "smart-id-rp/v3")]
    parties = [RelyingParty(f"00000000-0000-{part}-000000000000", "DEMO") for part in ("0000-0000", "4000-8000")]
    authorities = Authorities(tmp_path / "phones.crt")
    revocation = Revocation(authorities, now, "http://sandbox/ocsp", sandbox)
    mobile_id = MobileId(services[0], parties[0], authorities, now, revocation)
    smart_id = SmartId(services[1], parties[1], "smart-id-demo", VerifyAnswer(authorities, now), revocation)
    apps, questions = SqlLinkedApps(database, "a secret"), PhoneQuestions(database, MOST_QUESTIONS, clock)
    for store in (apps, questions):
        await store.open()
    yield ConfirmOnPhone(mobile_id, smart_id, apps, questions, TEXTS)
    for service in (*services, revocation):
        await service.close()
    await database.close()


@pytest.fixture
def behave(sandbox: httpx.ASGITransport) -> Callable[..., Any]:
    async def tell(**body: str) -> None:
        async with httpx.AsyncClient(transport=sandbox, base_url="http://sandbox") as http:
            (await http.put(f"/sandbox/phones/{MARY}", json=body)).raise_for_status()

    return tell


def asker(subject: str = MARY) -> Asker:
    return Asker(subject, Assurance.HIGH, "d-1", "t-1", "web", Deadline.after(8))


@functools.cache
def signed() -> Service:
    return next(each for each in read_services(PROJECT / "nlu_data") if each.confirm == "sign")


def act(key: str = "act-1") -> Act:
    service = signed()
    return Act(service, service.writes[0], {}, {"taxYear": "2025"}, key, Language.EN)


async def test_act_when_confirmed_on_the_phone_then_is_confirmed_for_a_while(
    on_phone: ConfirmOnPhone, clock: FakeClock
) -> None:
    question = await on_phone.ask(act(), asker(), PHONES[MARY])
    assert not await on_phone.is_confirmed(act(), asker())
    assert await on_phone.answer(act(), asker()) == (PhoneAnswer.CONFIRMED, question)
    assert await on_phone.is_confirmed(act(), asker())
    clock.seconds += CONFIRMED_SECONDS
    assert not await on_phone.is_confirmed(act(), asker())


@pytest.mark.parametrize(
    ("subject", "has_linked", "number", "is_choice"),
    [
        (JAAK, True, PHONES[JAAK], True),
        (JAAK, False, PHONES[JAAK], False),
        (TOOMAS, True, None, True),
        (TOOMAS, False, None, None),
    ],
    ids=["both", "Mobile-ID alone", "Smart-ID alone", "neither"],
)
async def test_citizen_when_asked_then_on_the_phone_that_they_have(
    on_phone: ConfirmOnPhone, subject: str, has_linked: bool, number: str | None, is_choice: bool | None
) -> None:
    if has_linked:
        await on_phone.apps.link(subject, f"PNOEE-{subject[2:]}-MOCK-Q")
    address = await on_phone.address_of(asker(subject), number)
    assert (address is None) == (is_choice is None)
    if address:
        question = await on_phone.ask(act(), asker(subject), address)
        assert question.is_choice == is_choice
        assert await on_phone.answer(act(), asker(subject)) == (PhoneAnswer.CONFIRMED, question)
        assert await on_phone.is_confirmed(act(), asker(subject))


@pytest.mark.parametrize("lie", ["other_person", "other_challenge", "replay", "lower_level", "other_text", "revoked"])
async def test_act_when_the_app_lies_then_is_not_confirmed(
    on_phone: ConfirmOnPhone, behave: Callable[..., Any], lie: str
) -> None:
    document = f"PNOEE-{MARY[2:]}-MOCK-Q"
    await on_phone.ask(act("before"), asker(), document)
    assert (await on_phone.answer(act("before"), asker()))[0] is PhoneAnswer.CONFIRMED
    await behave(lie=lie)
    await on_phone.ask(act(), asker(), document)
    assert (await on_phone.answer(act(), asker()))[0] is PhoneAnswer.REFUSED
    assert not await on_phone.is_confirmed(act(), asker())


async def test_confirmation_when_it_is_for_another_act_or_person_then_does_not_count(on_phone: ConfirmOnPhone) -> None:
    await on_phone.ask(act(), asker(), PHONES[MARY])
    assert (await on_phone.answer(act("act-2"), asker()))[0] is PhoneAnswer.TIMED_OUT
    assert (await on_phone.answer(act(), asker(JAAK)))[0] is PhoneAnswer.TIMED_OUT
    await on_phone.answer(act(), asker())
    assert not await on_phone.is_confirmed(act("act-2"), asker())
    assert not await on_phone.is_confirmed(act(), asker(JAAK))


@pytest.mark.parametrize("behaviour", ["refused", "timeout", "unreached", "gone"])
async def test_act_when_not_confirmed_then_stays_so_whatever_the_phone_says_later(
    on_phone: ConfirmOnPhone, behave: Callable[..., Any], behaviour: str
) -> None:
    await behave(behaviour=behaviour)
    await on_phone.ask(act(), asker(), PHONES[MARY])
    assert (await on_phone.answer(act(), asker()))[0] in {PhoneAnswer.REFUSED, PhoneAnswer.TIMED_OUT}
    await behave(behaviour="ok")
    assert (await on_phone.answer(act(), asker()))[0] is PhoneAnswer.TIMED_OUT
    assert not await on_phone.is_confirmed(act(), asker())


async def test_act_when_the_answer_lies_then_is_not_confirmed_and_the_log_says_why(
    on_phone: ConfirmOnPhone, behave: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    await behave(lie="other_challenge")
    await on_phone.ask(act(), asker(), PHONES[MARY])
    assert (await on_phone.answer(act(), asker()))[0] is PhoneAnswer.REFUSED
    assert not await on_phone.is_confirmed(act(), asker())
    [record] = [each for each in caplog.records if each.name == "kratt.actions"]
    assert record.facts["detail"] == "Mobile-ID's answer fails a check: signature"
    assert MARY[2:] not in str(record.__dict__)


async def test_question_when_asked_anew_then_the_one_before_is_over(on_phone: ConfirmOnPhone) -> None:
    questions = [await on_phone.ask(act(), asker(), PHONES[MARY]) for _ in range(2)]
    assert await on_phone.answer(act(), asker()) == (PhoneAnswer.CONFIRMED, questions[-1])
    assert (await on_phone.answer(act(), asker()))[0] is PhoneAnswer.TIMED_OUT


async def test_phone_when_asked_too_often_then_is_left_alone_for_a_while(
    on_phone: ConfirmOnPhone, clock: FakeClock
) -> None:
    for number in range(MOST_QUESTIONS):
        assert await on_phone.ask(act(f"act-{number}"), asker(), PHONES[MARY])
    assert await on_phone.ask(act("one-more"), asker(), PHONES[MARY]) is None
    assert await on_phone.ask(act("of-another"), asker(JAAK), PHONES[JAAK])
    clock.seconds += QUESTIONS_SECONDS
    assert await on_phone.ask(act("later"), asker(), PHONES[MARY])


async def test_questions_when_a_day_old_then_are_forgotten(on_phone: ConfirmOnPhone, clock: FakeClock) -> None:
    await on_phone.ask(act(), asker(), PHONES[MARY])
    clock.seconds += timedelta(days=1).total_seconds()
    await on_phone.questions.forget()
    assert (await on_phone.answer(act(), asker()))[0] is PhoneAnswer.TIMED_OUT


async def test_person_when_forgotten_then_their_open_question_confirms_nothing(on_phone: ConfirmOnPhone) -> None:
    await on_phone.ask(act(), asker(), PHONES[MARY])
    assert [(each.act, each.state) for each in await on_phone.questions.of(MARY)] == [("act-1", "open")]
    assert await on_phone.questions.forget_person(JAAK) == 0
    assert await on_phone.questions.forget_person(MARY) == 1
    assert await on_phone.questions.of(MARY) == ()
    assert (await on_phone.answer(act(), asker()))[0] is PhoneAnswer.TIMED_OUT


async def test_submit_when_the_phone_has_not_confirmed_then_neither_record_nor_register_is_touched(
    on_phone: ConfirmOnPhone,
) -> None:
    """The dialogue asks first; this is the lock behind it, should it ever forget."""

    async def never(*_: object) -> None:
        raise AssertionError

    acts = ConfirmedActs(SimpleNamespace(grant=never), never, on_phone)  # type: ignore[arg-type]
    for each in (act(), dataclasses.replace(act(), key="act-2")):
        assert (await acts.submit(each, asker())).state is ActState.NOT_SENT
