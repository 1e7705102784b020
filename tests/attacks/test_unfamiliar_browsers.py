"""A thief who can log in as a citizen does not do so unheard: cookies are stolen, made up and planted."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from actions.unfamiliar_browsers import TellOfBrowsers
from actions.writing.notices import Outbox
from assistant.adapters.sql_logins import SqlLogins
from assistant.content.project import read_common_responses
from assistant.core.errors import ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.core.ports import LoginProof, Person
from assistant.database import SqlDatabase
from assistant.pipeline.own_data import OwnData
from assistant.settings import PROJECT
from tests.unit.gateway.conftest import FakeIdentity, Gateway

pytestmark = pytest.mark.attack

MARY, JAAK = "EE60001019906", "EE38001085718"
SITE = "https://www.example.ee"
UNFAMILIAR = "/?logged_in&unfamiliar_browser"
TOKEN = "identity.token.of-tara"
MADE_UP = "x" * 22


class LoginOf(FakeIdentity):
    """Whoever `subject` names at the moment: who has their card and their PIN."""

    subject = MARY

    async def finish(self, code: str, nonce: str) -> Person:
        await super().finish(code, nonce)
        return Person(self.subject, "", Assurance.HIGH, LoginProof("high", ("mID",), "jti-1", TOKEN))


@dataclass
class World:
    gateway: Gateway
    logins: SqlLogins
    outbox: Outbox
    tell: TellOfBrowsers
    file: Path

    def browser(self, cookie: str = "") -> httpx.AsyncClient:
        headers = [(b"cookie", f"kratt_browser={cookie}".encode())] if cookie else []
        transport = httpx.ASGITransport(self.gateway.app())
        return httpx.AsyncClient(transport=transport, base_url="http://kratt.test", headers=headers)

    async def log_in(self, browser: httpx.AsyncClient, subject: str = MARY, embedder: str = "") -> httpx.Response:
        self.gateway.identity.subject = subject  # type: ignore[attr-defined]
        begun = await browser.get("/v1/login", params={"embedder": embedder} if embedder else {})
        cookies = [value for name, value in browser.headers.raw if name.lower() == b"cookie"]
        cookies += [f"{name}={value}".encode() for name, value in browser.cookies.items()]
        return await browser.get(begun.headers["location"], headers=[(b"cookie", b"; ".join(cookies))])

    async def letters(self, subject: str = MARY) -> int:
        await self.tell.take_round()
        return len(await self.outbox.of(subject))

    def rows(self) -> int:
        with closing(sqlite3.connect(self.file)) as file:
            return int(file.execute("SELECT count(*) FROM logins").fetchone()[0])


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    file = tmp_path / "kratt.db"
    database = SqlDatabase(f"sqlite+aiosqlite:///{file}", "KRATT_DATABASE")
    record = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'record.db'}", "KRATT_RECORD_DATABASE")
    logins, outbox = SqlLogins(database, "secret", 1), Outbox(record)
    for store in (logins, outbox):
        await store.open()
    gateway = Gateway(identity=LoginOf(), logins=logins, embedders=frozenset({SITE}))
    yield World(
        gateway, logins, outbox, TellOfBrowsers(logins, outbox, read_common_responses(PROJECT / "nlu_data")), file
    )
    for each in (database, record):
        await each.close()


async def test_thief_when_their_browser_is_known_for_themselves_then_the_victim_hears_of_it(world: World) -> None:
    async with world.browser() as victims, world.browser() as thiefs:
        await world.log_in(victims)
        await world.log_in(thiefs, JAAK)
        assert (await world.log_in(thiefs)).headers["location"] == UNFAMILIAR
        assert [await world.letters(each) for each in (MARY, MARY, JAAK)] == [1, 1, 0]
        for browser, subject in ((victims, MARY), (thiefs, JAAK)):
            assert (await world.log_in(browser, subject)).headers["location"] == "/?logged_in"


@pytest.mark.parametrize(
    "cookie",
    [
        MADE_UP,
        "x" * 60_000,
        "." * 10_000,
        ".".join([MADE_UP] * 2_500),
        ".".join(f"{number:022}" for number in range(2_000)),
        "; kratt_browser=".join(f"{number:022}" for number in range(500)),
        '"; Path=/; kratt_conversation=x',
        "%00%0d%0aSet-Cookie:%20a=b",
        "\\073\\012" * 20,
        "ÿ" * 22,
        "٣" * 22,
    ],
)
async def test_cookie_when_made_up_then_it_is_no_known_browser_and_does_no_harm(world: World, cookie: str) -> None:
    async with world.browser() as victims:
        await world.log_in(victims)
    async with world.browser(cookie) as thiefs:
        answer = await world.log_in(thiefs)
    assert (answer.status_code, answer.headers["location"]) == (302, UNFAMILIAR)
    (kept,) = (each for each in answer.headers.get_list("set-cookie") if each.startswith("kratt_browser="))
    assert len(kept) < 300
    assert (world.rows(), await world.letters()) == (2, 1)


async def test_thief_when_their_id_was_planted_in_the_victims_browser_then_it_does_not_make_theirs_known(
    world: World,
) -> None:
    async with world.browser() as victims, world.browser() as thiefs:
        await world.log_in(victims)
        await world.log_in(thiefs, JAAK)
        planted = thiefs.cookies["kratt_browser"]
    async with world.browser(planted) as victims:
        assert (await world.log_in(victims)).headers["location"] == UNFAMILIAR
        assert await world.letters() == 1
    async with world.browser(planted) as thiefs:
        assert (await world.log_in(thiefs)).headers["location"] == UNFAMILIAR
    assert await world.letters() == 2


async def test_thief_when_they_have_the_victim_forgotten_then_the_victim_hears_of_all_their_logins(
    world: World,
) -> None:
    async with world.browser() as victims:
        await world.log_in(victims)
    for number in (1, 2):
        async with world.browser() as thiefs:
            assert (await world.log_in(thiefs)).headers["location"] == UNFAMILIAR
            await OwnData({"browsers": world.logins, "acts": _Forgetting(world.outbox)}).forget(MARY)
        assert await world.letters() == number


async def test_proof_when_the_thief_has_the_victim_forgotten_then_it_is_there_still_and_sealed(world: World) -> None:
    async with world.browser() as thiefs:
        await world.log_in(thiefs)
    await world.logins.forget(MARY)
    (login,) = await world.logins.kept_of(MARY)
    assert login["browser"] is None
    assert [login[name] for name in ("acr", "amr", "jti", "identity_token")] == ["high", ["mID"], "jti-1", TOKEN]
    assert TOKEN.encode() not in b"".join(path.read_bytes() for path in world.file.parent.glob("kratt.db*"))


async def test_thief_when_they_break_off_behind_the_login_then_the_victim_hears_of_it(world: World) -> None:
    async with world.browser() as victims:
        await world.log_in(victims)
    async with world.browser() as thiefs:
        window = await world.log_in(thiefs, embedder=SITE)
        assert 'data-unfamiliar="yes"' in window.text
    assert await world.letters() == 1


async def test_letter_when_the_database_of_letters_is_down_then_it_is_written_later_and_once(
    world: World, tmp_path: Path
) -> None:
    for _ in range(2):
        async with world.browser() as browser:
            await world.log_in(browser)
    with closing(sqlite3.connect(tmp_path / "record.db")) as file:
        file.execute("ALTER TABLE notices RENAME TO elsewhere")
        file.commit()
        with pytest.raises(ServiceUnavailable):
            await world.letters()
        file.execute("ALTER TABLE elsewhere RENAME TO notices")
        file.commit()
    await asyncio.gather(*(world.tell.take_round() for _ in range(3)))
    assert await world.letters() == 1


async def test_letter_when_written_then_it_says_nothing_of_the_citizen_but_the_time(world: World) -> None:
    async with world.browser() as browser:
        await world.log_in(browser)
        browser.cookies.clear()
        await world.log_in(browser)
    await world.tell.take_round()
    (letter,) = await world.outbox.of(MARY)
    (told,) = (each["logged_in"] for each in (await world.logins.kept_of(MARY))[1:])
    assert set(letter.body) == {"title", "text", "reference"}
    assert letter.body["reference"] is None
    for text in letter.body["text"].values():  # type: ignore[attr-defined]
        assert MARY[2:] not in text
        assert str(told)[:4] in text  # the year
        assert "{" not in text


@dataclass
class _Forgetting:
    """The action server's part of forgetting, as far as letters go."""

    outbox: Outbox

    async def kept_of(self, subject: str) -> list[dict[str, object]]:
        return [{"key": each.key} for each in await self.outbox.of(subject)]

    async def forget(self, subject: str) -> int:
        return await self.outbox.forget_person(subject)
