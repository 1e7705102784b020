"""What is revoked in the middle of a conversation is revoked for the very next word (services.md 2.2, 11 and 14)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_sessions import SqlSessions
from assistant.core.devices import Change
from assistant.core.errors import UnknownConversation
from assistant.core.identity import Assurance
from assistant.core.ports import Session
from assistant.database import SqlDatabase
from assistant.sandbox.population import JAAK, MARY
from tests.talking import State, state_of

pytestmark = pytest.mark.attack

CONSENTS = f"/r1/EE/GOV/70006317/consent/consents/v1/persons/{MARY}"
US = {"X-Road-Client": "EE/GOV/70009999/kratt", "X-Road-UserId": MARY, "Idempotency-Key": "k" * 16}
SIGRID = "EE40404040009"
CHILDREN_OF_MARY = ("where is mari in the queue", "school_place")


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with state_of(tmp_path) as state:
        yield state


async def test_consent_when_withdrawn_between_two_turns_then_the_second_reads_nothing(state: State) -> None:
    talk = state.talk(MARY)
    assert "consent_missing" not in await talk.says("words", "prescriptions")
    before = await state.calls("prescriptions")
    withdrawal = {"consentReference": "c-1003"}
    (await state.sandbox.post(f"{CONSENTS}/withdrawals", json=withdrawal, headers=US)).raise_for_status()
    assert await talk.says("words", "prescriptions") == ["consent_missing"]
    assert await state.calls("prescriptions") == before


async def test_mandate_when_it_ends_between_read_back_and_yes_then_nothing_is_sent(state: State) -> None:
    child = await eldest(state)
    await state.enter(child, capacity="minor", guardian=SIGRID)
    talk = state.talk(SIGRID)
    said = await talk.says("apply for a place", "school_place", school_topic="apply_for_place")
    for _ in range(2):
        said = await talk.says("the first one" if "institution" in said[-1] else "tomorrow", "inform")
    assert talk.outcome == "asked_confirmation", said
    await state.undo(child)
    said = await talk.says("yes", "affirm")
    assert said[-1] == "school_place_no_child"
    assert not [call for call in (await state.sandbox.get("/sandbox/calls")).json() if call["method"] == "POST"]


async def eldest(state: State) -> str:
    path = f"/r1/EE/GOV/70008440/rr/children/v1/persons/{MARY}/children"
    return str((await state.sandbox.get(path, headers=US)).json()["children"][0]["subject"])


async def test_restriction_when_set_between_two_turns_then_the_second_is_told_nothing(state: State) -> None:
    talk = state.talk(MARY)
    assert "restricted" not in await talk.says("words", "prescriptions")
    await talk.says("close my health data", "block_data_use", block_task="set_block", block_scope="health_records")
    assert talk.outcome == "asked_confirmation"
    await talk.says("yes", "affirm")
    assert await talk.says("words", "prescriptions") == ["restricted"]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    yield database
    await database.close()


async def test_speaker_when_unlinked_or_locked_elsewhere_then_its_next_turn_is_nobodys(database: SqlDatabase) -> None:
    devices = SqlDevices(database, 120, "a secret")
    await devices.open()
    mary = Session("conversation-1", "dialogue-1", MARY, "MARY", Assurance.HIGH)
    device, token, code = await devices.register()
    await devices.link(code, "Kitchen", mary)
    for revoke in (
        devices.change(device.device_id, Change(is_locked=True), mary),
        devices.unlink(device.device_id, MARY),
    ):
        if (await devices.begin_turn(token)).subject:
            await devices.change(device.device_id, Change(is_locked=False, may_speak=True), mary)
        before = await devices.begin_turn(token)
        assert before.session.subject == MARY
        await revoke
        after = await devices.begin_turn(token)
        assert after.session.subject is None
        assert after.dialogue_id != before.dialogue_id


async def test_session_when_its_citizen_is_forgotten_or_logs_out_elsewhere_then_the_next_turn_finds_none(
    tmp_path: Path,
) -> None:
    sessions = SqlSessions(f"sqlite+aiosqlite:///{tmp_path / 's.db'}", 1800, "a secret")
    await sessions.open()
    try:
        for revoke in (sessions.log_out, lambda _: sessions.forget(MARY)):
            begun = await sessions.start()
            mine = await sessions.log_in(begun.conversation_id, MARY, "MARY", Assurance.HIGH)
            assert (await sessions.find(mine.conversation_id)).subject == MARY
            await revoke(mine.conversation_id)
            with pytest.raises(UnknownConversation):
                await sessions.find(mine.conversation_id)
    finally:
        await sessions.close()


async def test_consent_when_it_is_missed_on_a_page_then_the_reply_has_a_link_that_is_no_word_of_it(
    state: State,
) -> None:
    talk = state.talk(JAAK)
    assert await talk.says("words", "prescriptions") == ["consent_missing"]
    address = str(talk.messages[-1]["custom"]["consent_url"])
    assert address.startswith("https://")
    assert not any(address in str(value) for name, value in talk.messages[-1].items() if name != "custom")
    group = address.rpartition("/")[2]
    (await state.sandbox.put(f"/sandbox/consents/{group}", json={"state": "APPROVED"})).raise_for_status()
    assert "consent_missing" not in await talk.says("words", "prescriptions")


@pytest.mark.parametrize("channel", ["unlocked_speaker", "quiet_speaker"])
async def test_consent_when_it_is_missed_on_a_speaker_then_the_request_waits_on_the_citizens_own_screen(
    state: State, channel: str
) -> None:
    talk = state.talk(JAAK, channel=channel)
    await talk.says("what prescriptions do i have", "prescriptions")
    facts = talk.messages[-1]["custom"]
    assert "consent_url" not in facts
    assert facts["own_screen"] == ["what prescriptions do i have"]
