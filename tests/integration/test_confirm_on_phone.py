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
from assistant.content.service_spec import Service, read_services
from assistant.core.deadline import Deadline
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import PhoneAnswer
from assistant.database import SqlDatabase
from assistant.sandbox.app import create_app
from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.population import JAAK, MARY, PHONES
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

MOST_QUESTIONS = 5
TEXTS = dict.fromkeys(Language, "Voice assistant: {title}?")


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
    service = PhoneService("http://sandbox/mid-api", transport=sandbox)
    party = RelyingParty("00000000-0000-0000-0000-000000000000", "DEMO")
    phone = MobileId(service, party, Authorities(tmp_path / "phones.crt"), lambda: datetime.now(UTC))
    questions = PhoneQuestions(database, MOST_QUESTIONS, clock)
    await questions.open()
    yield ConfirmOnPhone(phone, questions, TEXTS)
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
    code = await on_phone.ask(act(), asker(), PHONES[MARY])
    assert not await on_phone.is_confirmed(act(), asker())
    assert await on_phone.answer(act(), asker()) == (PhoneAnswer.CONFIRMED, code)
    assert await on_phone.is_confirmed(act(), asker())
    clock.seconds += CONFIRMED_SECONDS
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
    codes = [await on_phone.ask(act(), asker(), PHONES[MARY]) for _ in range(2)]
    assert await on_phone.answer(act(), asker()) == (PhoneAnswer.CONFIRMED, codes[-1])
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
