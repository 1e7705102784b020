"""A Smart-ID app on another device is linked by a QR code: it is copied, pushed on others, or answered by lies."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.adapters.citizen_certificate import Authorities
from assistant.adapters.phone_service import PhoneService, RelyingParty
from assistant.adapters.revocation import Revocation
from assistant.adapters.smart_id import SmartId
from assistant.adapters.smart_id_answer import VerifyAnswer
from assistant.adapters.smart_id_linking import SmartIdLinking
from assistant.adapters.sql_linked_apps import SqlLinkedApps
from assistant.core.errors import NotAllowed, UnknownApp, WrongCode
from assistant.core.languages import Language
from assistant.core.ports import PhoneAnswer
from assistant.database import SqlDatabase
from assistant.pipeline.link_app import LinkApp
from assistant.sandbox.phones import Behaviour, Lie
from tests.attacks.test_phone_lies import OF_LINKING, OF_SMART_ID
from tests.unit.adapters.test_sql_linked_apps import Clock

pytestmark = pytest.mark.attack

MARY, JAAK = "EE60001019906", "EE38001085718"
DOCUMENT = "PNOEE-60001019906-MOCK-Q"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def apps(tmp_path: Path) -> AsyncIterator[SqlLinkedApps]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    apps = SqlLinkedApps(database, "a secret")
    await apps.open()
    yield apps
    await database.close()


@pytest.fixture
async def link_app(lying, apps: SqlLinkedApps, clock: Clock) -> AsyncIterator[LinkApp]:
    """Linking as the gateway does it, with a Smart-ID over real HTTP."""
    revocation = Revocation(Authorities(lying.authorities), _now, f"{lying.url}/ocsp")
    verify = VerifyAnswer(Authorities(lying.authorities), _now)
    party = RelyingParty("00000000-0000-4000-8000-000000000000", "DEMO")
    smart_id = SmartId(PhoneService(f"{lying.url}/smart-id-rp/v3"), party, "smart-id-demo", verify, revocation)
    texts = {"utter_link_app_text": dict.fromkeys(Language, "Voice assistant: link this app to you?")}
    yield LinkApp(SmartIdLinking(smart_id, clock), apps, texts)
    await smart_id.close()


def _now() -> datetime:
    return datetime.now(UTC)


async def scan(lying, address: str, person: str = MARY) -> int:
    """What the app of `person` answers to a code."""
    answer = await lying.http.post("/sandbox/smart-id/scans", json={"link": address, "person": person})
    return int(answer.status_code)


async def test_code_when_the_citizens_own_app_reads_it_then_the_app_is_linked_once(
    lying, link_app: LinkApp, apps: SqlLinkedApps, clock: Clock
) -> None:
    first, state = await link_app.show(MARY, Language.EN)
    clock.now += 2
    second = await link_app.look(state, MARY)
    assert (second.answer, await apps.document_of(MARY)) == (PhoneAnswer.WAITING, None)
    told = [parse_qs(urlsplit(each.address).query) for each in (first, second)]
    assert [each["elapsedSeconds"] for each in told] == [["0"], ["2"]]
    assert told[0]["authCode"] != told[1]["authCode"]
    assert await scan(lying, second.address) == 200
    assert (await link_app.look(state, MARY)).answer is PhoneAnswer.CONFIRMED
    assert await apps.document_of(MARY) == DOCUMENT
    with pytest.raises(WrongCode):
        await link_app.look(state, MARY)


async def test_code_when_it_is_pushed_on_somebody_else_then_their_app_does_not_open_it_and_nothing_is_linked(
    lying, link_app: LinkApp, apps: SqlLinkedApps
) -> None:
    """The thief shows a code of their own to a victim: it asks the thief, whoever reads it."""
    shown, state = await link_app.show(JAAK, Language.EN)
    assert await scan(lying, shown.address, person=MARY) == 400
    assert (await link_app.look(state, JAAK)).answer is PhoneAnswer.WAITING
    assert [await apps.document_of(each) for each in (MARY, JAAK)] == [None, None]


async def test_code_when_somebody_else_answers_it_all_the_same_then_is_refused_and_dead(
    lying, link_app: LinkApp, apps: SqlLinkedApps
) -> None:
    await lying.tell(f"phones/{MARY}", lie=Lie.OTHER_PERSON)
    shown, state = await link_app.show(MARY, Language.EN)
    await scan(lying, shown.address)
    with pytest.raises(NotAllowed, match="subject"):
        await link_app.look(state, MARY)
    await lying.be_honest()
    with pytest.raises(WrongCode):
        await link_app.look(state, MARY)
    assert await apps.document_of(MARY) is None


async def test_code_when_it_was_photographed_and_sent_on_then_is_too_old(
    lying, link_app: LinkApp, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.sandbox.smart_id.CODE_SECONDS", 1.0)
    photographed, state = await link_app.show(MARY, Language.EN)
    for _ in range(2):
        clock.now += 1
        fresh = await link_app.look(state, MARY)
    assert await scan(lying, photographed.address) == 400
    assert await scan(lying, fresh.address) == 200


@pytest.mark.parametrize(("lie", "check"), [*OF_SMART_ID.items(), *OF_LINKING.items()], ids=str)
async def test_code_when_the_answer_to_it_lies_then_the_app_is_not_linked(
    lying, link_app: LinkApp, apps: SqlLinkedApps, lie: Lie, check: str
) -> None:
    if lie is Lie.REPLAY:
        shown, state = await link_app.show(MARY, Language.EN)
        await scan(lying, shown.address)
        await link_app.look(state, MARY)
        await apps.forget(MARY)
    await lying.tell(f"phones/{MARY}", lie=lie)
    shown, state = await link_app.show(MARY, Language.EN)
    await scan(lying, shown.address)
    with pytest.raises(NotAllowed, match=check):
        await link_app.look(state, MARY)
    assert await apps.document_of(MARY) is None


@pytest.mark.parametrize("behaviour", [Behaviour.REFUSED, Behaviour.TIMEOUT, Behaviour.GONE])
async def test_code_when_it_is_not_confirmed_then_the_app_is_not_linked(
    lying, link_app: LinkApp, apps: SqlLinkedApps, behaviour: Behaviour
) -> None:
    await lying.tell(f"phones/{MARY}", behaviour=behaviour)
    shown, state = await link_app.show(MARY, Language.EN)
    await scan(lying, shown.address)
    assert (await link_app.look(state, MARY)).answer in {PhoneAnswer.REFUSED, PhoneAnswer.TIMED_OUT}
    assert await apps.document_of(MARY) is None


async def test_code_when_there_is_no_app_then_none_is_shown(link_app: LinkApp) -> None:
    with pytest.raises(UnknownApp):
        await link_app.show("EE51307149560", Language.EN)


async def test_code_when_asked_for_by_a_crowd_then_none_of_them_waits_behind_the_others(link_app: LinkApp) -> None:
    _, state = await link_app.show(MARY, Language.EN)
    begun = time.monotonic()
    looks = await asyncio.gather(*(link_app.look(state, MARY) for _ in range(20)))
    assert time.monotonic() - begun < 10
    assert {look.answer for look in looks} == {PhoneAnswer.WAITING}
    assert all(look.address for look in looks)
