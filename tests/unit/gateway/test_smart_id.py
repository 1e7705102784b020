"""A citizen links the Smart-ID app on their own phone, in their own browser."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from assistant.adapters.sql_linked_apps import SqlLinkedApps
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import BegunLink
from assistant.database import SqlDatabase
from assistant.pipeline.link_app import LinkApp
from tests.unit.gateway.conftest import PERSON

pytestmark = pytest.mark.unit

DOCUMENT = "PNOEE-60001019906-MOCK-Q"


@dataclass
class FakeLinking:
    """An app that has linked itself if the browser comes back with its two proofs."""

    begun: list[tuple[str, str, str]] = field(default_factory=list)

    async def begin(self, subject: str, text: str, language: Language, callback_url: str) -> tuple[str, BegunLink]:
        self.begun.append((subject, text, callback_url))
        return "https://smart-id.test/link", BegunLink(subject, "ticket")

    async def finish(self, begun: BegunLink, secret_digest: str, verifier: str) -> str:
        if (begun.ticket, secret_digest, verifier) != ("ticket", "digest", "verifier"):
            raise NotAllowed("the app has not confirmed")
        return DOCUMENT


@pytest.fixture
def linking() -> FakeLinking:
    return FakeLinking()


@pytest.fixture
async def apps(gateway: Any, linking: FakeLinking) -> Any:
    database = SqlDatabase("sqlite+aiosqlite://", "KRATT_DATABASE")
    apps = SqlLinkedApps(database, "a secret")
    await apps.open()
    gateway.link_app = LinkApp(linking, apps, {"utter_link_app_text": dict.fromkeys(Language, "Link it?")})
    yield apps
    await database.close()


@pytest.fixture
async def citizen(apps: Any, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser in which Mary is logged in."""
    await client.get((await client.get("/v1/login")).headers["location"])
    return client


async def begin(browser: httpx.AsyncClient, linking: FakeLinking) -> dict[str, str]:
    """What the app comes back with."""
    answer = await browser.get("/v1/smart-id?language=en")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://smart-id.test/link")
    subject, text, callback = linking.begun[-1]
    assert (subject, text) == (PERSON.subject, "Link it?")
    assert callback.startswith("https://kratt.test/v1/smart-id/callback?state=")
    (state,) = parse_qs(urlsplit(callback).query)["state"]
    return {"state": state, "sessionSecretDigest": "digest", "userChallengeVerifier": "verifier"}


async def test_app_when_it_comes_back_then_is_linked(citizen: Any, linking: FakeLinking, apps: SqlLinkedApps) -> None:
    answer = await citizen.get("/v1/smart-id/callback", params=await begin(citizen, linking))
    assert (answer.status_code, answer.headers["location"]) == (302, "/?smart_id=linked")
    assert await apps.document_of(PERSON.subject) == DOCUMENT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"userChallengeVerifier": "another"}, "not_allowed"),
        ({"sessionSecretDigest": ""}, "not_allowed"),
        ({"state": "guessed"}, "not_allowed"),
        ({"state": ""}, "not_allowed"),
    ],
)
async def test_app_when_what_it_brings_back_is_wrong_then_is_not_linked(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps, change: dict[str, str], code: str
) -> None:
    back = await begin(citizen, linking)
    assert (await citizen.get("/v1/smart-id/callback", params={**back, **change})).json()["code"] == code
    assert await apps.document_of(PERSON.subject) is None


async def test_link_when_opened_twice_or_in_another_browser_then_does_nothing(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps, gateway: Any
) -> None:
    back = await begin(citizen, linking)
    cookie = citizen.cookies["kratt_smart_id"]
    transport = httpx.ASGITransport(gateway.app())
    async with httpx.AsyncClient(transport=transport, base_url=gateway.public_url) as thief:
        assert (await thief.get("/v1/smart-id/callback", params=back)).json()["code"] == "not_allowed"
    assert await apps.document_of(PERSON.subject) is None
    assert (await citizen.get("/v1/smart-id/callback", params=back)).status_code == 302
    citizen.cookies.set("kratt_smart_id", cookie, domain="kratt.test", path="/v1/smart-id")
    assert (await citizen.get("/v1/smart-id/callback", params=back)).json()["code"] == "wrong_code"


async def test_link_when_nobody_is_logged_in_then_nothing_is_begun(
    client: httpx.AsyncClient, linking: FakeLinking, apps: SqlLinkedApps
) -> None:
    assert (await client.get("/v1/smart-id")).json()["code"] == "not_allowed"
    assert linking.begun == []
