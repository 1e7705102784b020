"""A citizen links the Smart-ID app on their own phone, in their own browser."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from assistant.adapters.sql_linked_apps import SqlLinkedApps
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import BegunLink, PhoneAnswer
from assistant.database import SqlDatabase
from assistant.pipeline.link_app import LinkApp
from tests.unit.gateway.conftest import PERSON

pytestmark = pytest.mark.unit

DOCUMENT = "PNOEE-60001019906-MOCK-Q"


@dataclass
class FakeLinking:
    """An app that has linked itself if the browser comes back with its two proofs."""

    begun: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[PhoneAnswer | Exception] = field(default_factory=list)
    shown: int = 0

    async def begin(self, subject: str, text: str, language: Language, callback_url: str) -> tuple[str, BegunLink]:
        self.begun.append((subject, text, callback_url))
        return "https://smart-id.test/link", BegunLink(subject, "ticket")

    async def finish(self, begun: BegunLink, secret_digest: str, verifier: str) -> str:
        if (begun.ticket, secret_digest, verifier) != ("ticket", "digest", "verifier"):
            raise NotAllowed("the app has not confirmed")
        return DOCUMENT

    async def show(self, subject: str, text: str, language: Language) -> BegunLink:
        self.begun.append((subject, text, ""))
        return BegunLink(subject, "shown", 0.0)

    def address_now(self, begun: BegunLink) -> str:
        self.shown += 1
        return f"https://smart-id.test/{begun.ticket}/{self.shown}"

    async def look(self, begun: BegunLink) -> tuple[PhoneAnswer, str]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer, DOCUMENT if answer is PhoneAnswer.CONFIRMED else ""


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


async def show(browser: httpx.AsyncClient) -> dict[str, Any]:
    answer = await browser.post("/v1/smart-id/codes?language=en")
    assert answer.status_code == 201
    body: dict[str, Any] = answer.json()
    return body


async def look(browser: httpx.AsyncClient) -> httpx.Response:
    return await browser.post("/v1/smart-id/codes/next")


async def test_code_when_shown_then_is_another_each_time_until_the_app_is_linked(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps
) -> None:
    linking.answers = [PhoneAnswer.WAITING, PhoneAnswer.CONFIRMED]
    first = await show(citizen)
    assert linking.begun == [(PERSON.subject, "Link it?", "")]
    assert (first["state"], first["given_name"]) == ("waiting", PERSON.given_name)
    second = (await look(citizen)).json()
    assert second["state"] == "waiting"
    assert second["address"] != first["address"]
    assert second["qr"] != first["qr"]
    assert await apps.document_of(PERSON.subject) is None
    last = (await look(citizen)).json()
    assert last == {"state": "linked", "given_name": PERSON.given_name, "address": "", "qr": None}
    assert await apps.document_of(PERSON.subject) == DOCUMENT
    assert (await look(citizen)).json()["code"] == "wrong_code"


@pytest.mark.parametrize("answer", [PhoneAnswer.REFUSED, PhoneAnswer.TIMED_OUT, NotAllowed("a check fails")])
async def test_code_when_the_app_has_not_confirmed_then_is_dead(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps, answer: PhoneAnswer | Exception
) -> None:
    linking.answers = [answer]
    await show(citizen)
    cookie = citizen.cookies["kratt_smart_id"]
    body = (await look(citizen)).json()
    assert (body.get("state"), body.get("code")) in {("not_linked", None), (None, "not_allowed")}
    citizen.cookies.set("kratt_smart_id", cookie, domain="kratt.test", path="/v1/smart-id")
    assert (await look(citizen)).json()["code"] == "wrong_code"
    assert await apps.document_of(PERSON.subject) is None


async def test_code_when_another_browser_or_nobody_asks_for_the_next_then_gets_none(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps, gateway: Any
) -> None:
    linking.answers = [PhoneAnswer.CONFIRMED]
    await show(citizen)
    cookie = citizen.cookies["kratt_smart_id"]
    transport = httpx.ASGITransport(gateway.app())
    async with httpx.AsyncClient(transport=transport, base_url=gateway.public_url) as other:
        assert (await look(other)).json()["code"] == "not_allowed"
        await other.get((await other.get("/v1/login")).headers["location"])
        assert (await look(other)).json()["code"] == "wrong_code"
    await citizen.post("/v1/logout")
    citizen.cookies.set("kratt_smart_id", cookie, domain="kratt.test", path="/v1/smart-id")
    assert (await look(citizen)).json()["code"] == "not_allowed"
    assert await apps.document_of(PERSON.subject) is None


async def test_code_when_somebody_else_has_logged_in_since_then_is_not_theirs(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps
) -> None:
    linking.answers = [PhoneAnswer.CONFIRMED]
    await show(citizen)
    await apps.take_link(citizen.cookies["kratt_smart_id"])
    await apps.note_link(citizen.cookies["kratt_smart_id"], BegunLink("EE38001085718", "shown", 0.0))
    assert (await look(citizen)).json()["code"] == "not_allowed"
    assert [await apps.document_of(each) for each in (PERSON.subject, "EE38001085718")] == [None, None]


async def test_link_when_begun_for_one_device_and_finished_by_the_way_of_the_other_then_is_refused(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps
) -> None:
    linking.answers = [PhoneAnswer.CONFIRMED]
    await begin(citizen, linking)
    assert (await look(citizen)).json()["code"] == "not_allowed"
    await show(citizen)
    back = {"state": citizen.cookies["kratt_smart_id"], "sessionSecretDigest": "digest"}
    answer = await citizen.get("/v1/smart-id/callback", params={**back, "userChallengeVerifier": "verifier"})
    assert answer.json()["code"] == "not_allowed"
    assert await apps.document_of(PERSON.subject) is None


@pytest.mark.parametrize("path", ["/v1/smart-id/codes", "/v1/smart-id/codes/next"])
async def test_code_when_another_page_asks_then_is_refused(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps, path: str
) -> None:
    answer = await citizen.post(path, headers={"Origin": "https://evil.test"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert linking.begun == []


async def test_error_when_the_browser_was_sent_here_then_is_a_page(
    citizen: Any, linking: FakeLinking, apps: SqlLinkedApps
) -> None:
    answer = await citizen.get("/v1/smart-id/callback?state=guessed", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
