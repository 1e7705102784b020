"""Consents: started, checked, never given. X-Road and the sandbox's consent service over HTTP within one process."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from actions.asker import Asker
from actions.consents import Consents
from actions.register_reading import Reading, RegisterReader
from actions.values.saying import SpokenValues
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId
from assistant.content.service_spec import Service, read_services, read_terms
from assistant.core.deadline import Deadline
from assistant.core.errors import ConsentMissing, ConsentUnchecked
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.sandbox.app import create_app
from assistant.sandbox.population import JAAK, MARY, TOOMAS
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

CONSENT = "EE/GOV/70006317/consent/consent-stage"
WORDS = SpokenValues(Language.EN, read_terms(PROJECT / "nlu_data"))
KEY = {"X-Road-Client": "EE/GOV/70009999/kratt", "X-Road-UserId": MARY, "Idempotency-Key": "k" * 16}


class Granted:
    """On the record: whatever is read, and nothing else."""

    def __init__(self) -> None:
        self.recorded: list[str] = []

    async def grant(self, _: Service, exchanges: Any, asker: Asker) -> Mapping[str, str]:
        self.recorded += [each.id for each in exchanges]
        return {each.id: "record-1" for each in exchanges}

    async def refusal(self, _: object, asker: Asker, *, is_act: bool) -> None:
        return None


@dataclass
class Lying(httpx.AsyncBaseTransport):
    """The sandbox, of which some answers are changed on their way, by the end of the path."""

    sandbox: httpx.ASGITransport
    changes: dict[str, dict[str, object]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        answer = await self.sandbox.handle_async_request(request)
        change = next((each for end, each in self.changes.items() if request.url.path.endswith(end)), None)
        if change is None:
            return answer
        body = {**json.loads(await answer.aread()), **change}
        headers = [(name, value) for name, value in answer.headers.items() if name != "content-length"]
        return httpx.Response(answer.status_code, headers=headers, json=body)


@dataclass
class World:
    """The reader of the service, and what stands around it; `days` is how far the clock is ahead."""

    lying: Lying
    permission: Granted = field(default_factory=Granted)
    days: int = 0

    def __post_init__(self) -> None:
        us = ClientId.parse("EE/GOV/70009999/kratt")
        xroad = XRoadClient("http://sandbox", us, self.lying, new_breaker=lambda: Breaker(failures=0))
        self.xroad = xroad
        self.consents = Consents(xroad, ServiceId.parse(CONSENT), "https://kratt.test", self.now)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)

    async def read(self, subject: str, channel: str = "web") -> Reading:
        service = next(each for each in read_services(PROJECT / "nlu_data") if each.service == "prescriptions")
        asker = Asker(subject, Assurance.HIGH, "dialogue", "turn-1", channel, Deadline.after(8))
        reader = RegisterReader(self.xroad, self.permission, self.consents)  # type: ignore[arg-type]
        (reading,) = await reader.read(service, service.calls, {}, asker, WORDS)
        return reading

    async def on_page(self, link: str, state: str) -> int:
        """What the citizen decides on the consent service's own page."""
        async with httpx.AsyncClient(transport=self.lying.sandbox, base_url="http://sandbox") as page:
            return (await page.put(f"/sandbox/consents/{link.rpartition('/')[2]}", json={"state": state})).status_code

    async def withdraw(self, subject: str, reference: str) -> None:
        path = f"/r1/EE/GOV/70006317/consent/consents/v1/persons/{subject}/withdrawals"
        async with httpx.AsyncClient(transport=self.lying.sandbox, base_url="http://sandbox", headers=KEY) as http:
            (await http.post(path, json={"consentReference": reference})).raise_for_status()

    @property
    def has_asked_the_register(self) -> bool:
        return any(path.endswith("/prescriptions") for path in self.lying.asked)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    app = create_app(issuer="http://x", client_id="k", client_secret="s", redirect_uris=frozenset())
    made = World(Lying(httpx.ASGITransport(app)))
    yield made
    await made.xroad.close()


async def test_prescriptions_when_there_is_a_consent_then_are_read_with_its_reference(world: World) -> None:
    reading = await world.read(MARY)
    assert (reading.error, len(reading.items), world.permission.recorded) == (None, 2, ["prescriptions"])


async def test_consent_when_it_was_never_given_then_its_page_is_told_and_nothing_is_read_until_it_is(
    world: World,
) -> None:
    reading = await world.read(JAAK)
    assert isinstance(reading.error, ConsentMissing)
    assert reading.error.link
    assert (world.has_asked_the_register, world.permission.recorded) == (False, [])
    assert await world.on_page(reading.error.link, "APPROVED") == 204
    assert (await world.read(JAAK)).error is None
    assert await world.on_page(reading.error.link, "APPROVED") == 404


async def test_consent_when_it_is_declined_then_there_is_none_and_another_page(world: World) -> None:
    first, again = (await world.read(JAAK)).error, None
    assert isinstance(first, ConsentMissing)
    await world.on_page(first.link or "", "DECLINED")
    again = (await world.read(JAAK)).error
    assert isinstance(again, ConsentMissing)
    assert again.link
    assert again.link != first.link


@pytest.mark.parametrize("channel", ["unlocked_speaker", "telephone", "external_chat"])
async def test_consent_when_it_is_missed_where_others_listen_then_no_request_is_started(
    world: World, channel: str
) -> None:
    reading = await world.read(JAAK, channel)
    assert isinstance(reading.error, ConsentMissing)
    assert reading.error.link is None
    assert not any(path.endswith("/api/consent") for path in world.lying.asked)


@pytest.mark.parametrize("how", ["withdrawn", "over", "of somebody else", "to something else", "unclear end"])
async def test_prescriptions_when_the_consent_does_not_hold_then_nothing_is_read(world: World, how: str) -> None:
    assert (await world.read(MARY)).error is None
    world.lying.asked.clear()
    match how:
        case "withdrawn":
            await world.withdraw(MARY, "c-1003")
        case "over":
            world.days = 400
        case "of somebody else":
            world.lying.changes["/validation/client"] = {"idCode": TOOMAS[2:]}
        case "to something else":
            world.lying.changes["/validation/client"] = {"purposeDeclarationId": "PANK_LAEN"}
        case "unclear end":
            world.lying.changes["/validation/client"] = {"consentExpiration": "soon"}
    reading = await world.read(MARY)
    assert isinstance(reading.error, ConsentMissing)
    assert reading.items == ()
    assert not world.has_asked_the_register


@pytest.mark.parametrize("reference", ["c-3001", "guessed"])
async def test_consent_when_the_service_names_somebody_elses_then_it_is_none(world: World, reference: str) -> None:
    world.lying.changes["/reference"] = {"KRATT_RETSEPTID": reference}
    assert isinstance((await world.read(MARY)).error, ConsentMissing)
    assert not world.has_asked_the_register


@pytest.mark.parametrize("fault", ["server_error", "html", "truncated", "xroad_error"])
async def test_consent_when_its_service_cannot_tell_then_nothing_is_read_and_that_is_said(
    world: World, fault: str
) -> None:
    async with httpx.AsyncClient(transport=world.lying.sandbox, base_url="http://sandbox") as sandbox:
        answer = await sandbox.put(f"/sandbox/faults/{CONSENT}", json={"fault": fault})
    assert answer.status_code < 300, answer.text
    assert isinstance((await world.read(MARY)).error, ConsentUnchecked)
    assert not world.has_asked_the_register


@pytest.mark.parametrize("link", ["http://evil.test/x", "javascript:alert(1)", "https://a b", "https://õ.test", 7, ""])
async def test_link_when_it_is_no_address_to_open_then_none_is_told(world: World, link: object) -> None:
    world.lying.changes["/api/consent"] = {"url": link}
    reading = await world.read(JAAK)
    assert isinstance(reading.error, ConsentMissing)
    assert reading.error.link is None
