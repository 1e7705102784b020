import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.adapters.sql_devices import MOST_UNLINKED, UNLINKED_SECONDS, SqlDevices
from assistant.adapters.sql_own_screens import MOST_WAITING, WAITING_SECONDS, SqlOwnScreens
from assistant.core.channels import Channel
from assistant.core.devices import CODE_SECONDS, GUESSES_SECONDS, MOST_GUESSES, UNLOCKED_SECONDS, Change, Waiting
from assistant.core.errors import NotAllowed, TooManyGuesses, UnknownDevice, WrongCode
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit

MARY = Session("conversation-1", "dialogue-1", "EE60001019906", "MARY", Assurance.HIGH)
JAAK = Session("conversation-2", "dialogue-2", "EE38001085718", "JAAK", Assurance.HIGH)
NOBODY = Session("conversation-3", "dialogue-3")
IDLE_SECONDS = 120.0
UNLOCK, LOCK, CONSENT = Change(is_locked=False), Change(is_locked=True), Change(may_speak=True)


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database() -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase("sqlite+aiosqlite://", "KRATT_DATABASE")
    yield database
    await database.close()


@pytest.fixture
async def devices(database: SqlDatabase, clock: Clock) -> SqlDevices:
    store = SqlDevices(database, IDLE_SECONDS, "a secret", clock)
    await store.open()
    return store


@pytest.fixture
async def kitchen(devices: SqlDevices) -> str:
    """The token of Mary's speaker, which is unlocked and may say personal things."""
    device, token, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    await devices.change(device.device_id, CONSENT, MARY)
    await devices.change(device.device_id, UNLOCK, MARY)
    return token


async def test_speaker_when_registered_then_is_nobodys_and_knows_a_code_of_six_digits(devices: SqlDevices) -> None:
    device, token, code = await devices.register()
    assert (device.channel, device.session.subject) == (Channel.SHARED_SPEAKER, None)
    assert len(code) == 6
    assert code.isdigit()
    assert await devices.find(token) == device
    assert token not in device.device_id


async def test_speaker_when_linked_then_is_locked_and_speaks_for_nobody(devices: SqlDevices) -> None:
    before, token, code = await devices.register()
    linked = await devices.link(code, "Kitchen", MARY)
    assert (linked.name, linked.subject, linked.channel) == ("Kitchen", MARY.subject, Channel.LOCKED_SPEAKER)
    assert linked.session == Session(linked.device_id, linked.dialogue_id)
    assert linked.dialogue_id != before.dialogue_id
    assert await devices.begin_turn(token) == linked


async def test_speaker_when_unlocked_then_speaks_for_its_citizen_as_surely_as_they_are_known(
    devices: SqlDevices,
) -> None:
    device, token, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    known = Session("c", "d", MARY.subject, "MARY", Assurance.SUBSTANTIAL)
    await devices.change(device.device_id, UNLOCK, known)
    unlocked = await devices.begin_turn(token)
    assert (unlocked.channel, unlocked.session.assurance) == (Channel.QUIET_SPEAKER, Assurance.SUBSTANTIAL)
    assert (unlocked.session.subject, unlocked.session.given_name) == (MARY.subject, "MARY")
    await devices.change(device.device_id, CONSENT, known)
    assert (await devices.begin_turn(token)).channel is Channel.UNLOCKED_SPEAKER


@pytest.mark.parametrize(("silent_seconds", "is_locked"), [(IDLE_SECONDS - 1, False), (IDLE_SECONDS, True)])
async def test_speaker_when_idle_then_locks_itself(
    devices: SqlDevices, kitchen: str, clock: Clock, silent_seconds: float, is_locked: bool
) -> None:
    before = await devices.begin_turn(kitchen)
    clock.now += silent_seconds
    after = await devices.begin_turn(kitchen)
    assert after.is_locked is is_locked
    assert (after.dialogue_id != before.dialogue_id) is is_locked
    assert (await devices.begin_turn(kitchen)).is_locked is is_locked  # the turn did not wake it up


async def test_speaker_when_somebody_keeps_talking_then_locks_itself_all_the_same(
    devices: SqlDevices, kitchen: str, clock: Clock
) -> None:
    for _ in range(int(UNLOCKED_SECONDS // 100) - 1):
        clock.now += 100
        assert not (await devices.begin_turn(kitchen)).is_locked
    clock.now += 100
    assert (await devices.begin_turn(kitchen)).is_locked


async def test_speaker_when_only_looked_at_then_is_not_kept_awake(
    devices: SqlDevices, kitchen: str, clock: Clock
) -> None:
    clock.now += IDLE_SECONDS - 1
    await devices.find(kitchen)
    clock.now += 1
    assert (await devices.find(kitchen)).is_locked


@pytest.mark.parametrize("way", ["relock", "lock", "change", "consent", "unlink"])
async def test_speaker_when_it_may_say_less_then_a_new_dialogue_begins(
    devices: SqlDevices, kitchen: str, way: str
) -> None:
    before = await devices.find(kitchen)
    match way:
        case "lock":
            await devices.lock(before.device_id)
        case "change":
            await devices.change(before.device_id, LOCK, MARY)
        case "consent":
            await devices.change(before.device_id, Change(may_speak=False), MARY)
        case "unlink":
            await devices.unlink(before.device_id, MARY.subject or "")
    after = await devices.begin_turn(kitchen, relock=way == "relock")
    assert after.dialogue_id != before.dialogue_id
    assert after.channel is not Channel.UNLOCKED_SPEAKER
    assert (after.session.subject is None) is (way != "consent")


async def test_speaker_when_unlinked_then_nothing_of_its_citizen_is_left_and_it_can_be_linked_anew(
    devices: SqlDevices, kitchen: str
) -> None:
    device = await devices.find(kitchen)
    await devices.unlink(device.device_id, MARY.subject or "")
    left = await devices.begin_turn(kitchen)
    assert (left.name, left.subject, left.given_name, left.may_speak) == ("", None, "", False)
    linked = await devices.link(await devices.new_code(kitchen), "Hall", JAAK)
    assert (linked.channel, linked.subject, linked.may_speak) == (Channel.LOCKED_SPEAKER, JAAK.subject, False)
    assert await devices.of(MARY.subject or "") == ()


async def test_code_when_used_once_then_is_dead(devices: SqlDevices) -> None:
    _, _, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    with pytest.raises(WrongCode):
        await devices.link(code, "Kitchen", JAAK)


async def test_code_when_too_old_or_replaced_then_is_dead(devices: SqlDevices, clock: Clock) -> None:
    _, token, old = await devices.register()
    new = await devices.new_code(token)
    if old != new:
        with pytest.raises(WrongCode):
            await devices.link(old, "Kitchen", MARY)
    clock.now += CODE_SECONDS
    with pytest.raises(WrongCode):
        await devices.link(new, "Kitchen", MARY)


async def test_code_when_the_speaker_is_linked_then_there_is_none(devices: SqlDevices, kitchen: str) -> None:
    with pytest.raises(NotAllowed):
        await devices.new_code(kitchen)


async def test_guesses_when_too_many_then_the_right_code_does_not_help_until_later(
    devices: SqlDevices, clock: Clock
) -> None:
    _, token, code = await devices.register()
    for _ in range(MOST_GUESSES):
        with pytest.raises(WrongCode):
            await devices.link("none", "Kitchen", MARY)
    with pytest.raises(TooManyGuesses):
        await devices.link(code, "Kitchen", MARY)
    clock.now += GUESSES_SECONDS
    assert (await devices.link(await devices.new_code(token), "Kitchen", MARY)).subject == MARY.subject


async def test_guesses_when_somebody_elses_then_do_not_count(devices: SqlDevices) -> None:
    _, _, code = await devices.register()
    for _ in range(MOST_GUESSES):
        with pytest.raises(WrongCode):
            await devices.link("none", "Kitchen", JAAK)
    assert (await devices.link(code, "Kitchen", MARY)).subject == MARY.subject


async def test_link_when_nobody_is_logged_in_then_is_refused(devices: SqlDevices) -> None:
    _, _, code = await devices.register()
    with pytest.raises(NotAllowed):
        await devices.link(code, "Kitchen", NOBODY)


@pytest.mark.parametrize("change", [UNLOCK, LOCK, CONSENT, Change(name="Mine now")])
async def test_speaker_when_it_is_somebody_elses_then_cannot_be_changed(
    devices: SqlDevices, kitchen: str, change: Change
) -> None:
    before = await devices.find(kitchen)
    with pytest.raises(UnknownDevice):
        await devices.change(before.device_id, change, JAAK)
    with pytest.raises(UnknownDevice):
        await devices.unlink(before.device_id, JAAK.subject or "")
    assert await devices.find(kitchen) == before


async def test_speakers_when_listed_then_only_the_citizens_in_the_order_of_linking(
    devices: SqlDevices, clock: Clock
) -> None:
    for name, owner in (("Kitchen", MARY), ("Hall", JAAK), ("Attic", MARY)):
        clock.now += 1
        await devices.link((await devices.register())[2], name, owner)
    assert [device.name for device in await devices.of(MARY.subject or "")] == ["Kitchen", "Attic"]


async def test_speaker_when_renamed_then_nothing_else_changes(devices: SqlDevices, kitchen: str) -> None:
    before = await devices.find(kitchen)
    after = await devices.change(before.device_id, Change(name="Bath"), MARY)
    assert (after.name, after.dialogue_id, after.channel) == ("Bath", before.dialogue_id, Channel.UNLOCKED_SPEAKER)


async def test_token_when_nobody_has_it_then_every_call_refuses(devices: SqlDevices) -> None:
    for call in (devices.find, devices.begin_turn, devices.new_code):
        with pytest.raises(UnknownDevice):
            await call("guessed")


async def test_speakers_when_nobody_links_them_then_they_are_forgotten(devices: SqlDevices, clock: Clock) -> None:
    _, token, _ = await devices.register()
    clock.now += UNLINKED_SECONDS
    await devices.register()
    with pytest.raises(UnknownDevice):
        await devices.find(token)
    assert MOST_UNLINKED >= 1000


async def test_database_when_stolen_then_holds_no_token(tmp_path: Path) -> None:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    devices = SqlDevices(database, IDLE_SECONDS, "a secret")
    await devices.open()
    _, token, _ = await devices.register()
    await database.close()
    with closing(sqlite3.connect(tmp_path / "kratt.db")) as connection:
        assert token not in str(connection.execute("SELECT * FROM speakers").fetchall())


async def test_waiting_when_taken_then_each_once_and_only_by_its_citizen(database: SqlDatabase, clock: Clock) -> None:
    screens = SqlOwnScreens(database, "a secret", clock)
    await screens.open()
    first, second = Waiting("my prescriptions", Language.EN), Waiting("kes mu andmeid vaatas", Language.ET)
    await screens.put("EE60001019906", (first, second))
    assert await screens.take("EE38001085718") == ()
    assert await screens.take("EE60001019906") == (first, second)
    assert await screens.take("EE60001019906") == ()


async def test_waiting_when_too_old_or_too_much_then_is_forgotten(database: SqlDatabase, clock: Clock) -> None:
    screens = SqlOwnScreens(database, "a secret", clock)
    await screens.open()
    for number in range(MOST_WAITING + 2):
        await screens.put("EE60001019906", (Waiting(f"request {number}", Language.EN),))
    clock.now += WAITING_SECONDS - 1
    assert [each.text for each in await screens.take("EE60001019906")] == [f"request {n}" for n in range(2, 7)]
    await screens.put("EE60001019906", (Waiting("old", Language.EN),))
    clock.now += WAITING_SECONDS
    assert await screens.take("EE60001019906") == ()


async def test_waiting_when_on_disk_then_is_sealed_and_gone_with_its_key(tmp_path: Path, clock: Clock) -> None:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    screens = SqlOwnScreens(database, "a secret", clock)
    await screens.open()
    await screens.put("EE60001019906", (Waiting("canary prescriptions", Language.EN),))
    assert b"canary" not in b"".join(each.read_bytes() for each in tmp_path.glob("kratt.db*"))
    assert await screens.kept_of("EE60001019906") == [{"text": "canary prescriptions", "language": "en"}]
    other = SqlOwnScreens(database, "another secret", clock)
    assert await other.kept_of("EE60001019906") == []
    await other.put("EE60001019906", (Waiting("more", Language.EN),))
    assert [each.text for each in await other.take("EE60001019906")] == ["more"]
    await other.put("EE60001019906", (Waiting("again", Language.EN),))
    assert await other.forget("EE60001019906") == 1
    assert await other.take("EE60001019906") == ()
    await database.close()
