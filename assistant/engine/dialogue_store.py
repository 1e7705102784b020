"""Where dialogues are kept between turns: one row each, of what the next turn needs, gone when the conversation is."""

import asyncio
import itertools
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    SESSION_START_METADATA_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

PURGE_SECONDS = 60.0
"""Idle dialogues are looked for at most this often."""

_tables = sa.MetaData()
_dialogues = sa.Table(
    "dialogues",
    _tables,
    sa.Column("dialogue_id", sa.String(64), primary_key=True),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("last_turn_epoch_seconds", sa.Float, nullable=False, index=True),
)


class DialogueStore(TrackerStore):
    """Rasa's tracker store on one row per dialogue (docs/adr/0007).

    Rasa's own SQL store writes a row per event, reads all since the last session start several times a turn, and keeps
    everything for ever. Between two turns nothing but the slots and the last reply (for "repeat") matters: what the
    citizen said is not kept.
    """

    def __init__(
        self,
        domain: Domain | None,
        host: str,
        event_broker: EventBroker | None = None,
        idle_minutes: float = 30.0,
        **_: Any,
    ) -> None:
        """Open the database whose address Rasa hands over as `host`, and make its table.

        A dialogue without a turn for `idle_minutes` is deleted: the gateway has forgotten its conversation by then.
        """
        super().__init__(domain, event_broker)
        self._idle_seconds = float(idle_minutes) * 60
        self._purge_due_seconds = 0.0
        # One thread: Rasa's event loop goes on while the database writes, and SQLite has one writer anyway. So one
        # connection, which SQLAlchemy would otherwise open anew for every access to an SQLite file.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="dialogues")
        self._engine = sa.create_engine(
            host,
            future=True,
            poolclass=sa.pool.SingletonThreadPool,
            pool_pre_ping=True,
            hide_parameters=True,  # they are what citizens said, and Rasa logs the text of a store's error
        )
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
        _tables.create_all(self._engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what the next turn needs of the dialogue."""
        await self.stream_events(tracker)
        text = json.dumps([event.as_dict() for event in _carried_over(tracker)], ensure_ascii=False)
        await self._run(self._write, tracker.sender_id, text, time.time())

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue of an id; None if there is none."""
        text = await self._run(self._read, sender_id)
        if text is None or self.domain is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(text), self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """The ids of all dialogues."""
        ids: list[str] = await self._run(self._read_keys)
        return ids

    async def _run(self, work: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _write(self, dialogue_id: str, events: str, now: float) -> None:
        row = {"events": events, "last_turn_epoch_seconds": now}
        with self._engine.begin() as connection:
            done = connection.execute(_dialogues.update().where(_dialogues.c.dialogue_id == dialogue_id).values(row))
            if not done.rowcount:
                connection.execute(_dialogues.insert().values(dialogue_id=dialogue_id, **row))
            if now >= self._purge_due_seconds:
                self._purge_due_seconds = now + PURGE_SECONDS
                last = _dialogues.c.last_turn_epoch_seconds
                connection.execute(_dialogues.delete().where(last < now - self._idle_seconds))

    def _read(self, dialogue_id: str) -> str | None:
        query = sa.select(_dialogues.c.events).where(_dialogues.c.dialogue_id == dialogue_id)
        with self._engine.connect() as connection:
            text: str | None = connection.execute(query).scalar()
        return text

    def _read_keys(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_dialogues.c.dialogue_id)).scalars())


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Write-ahead: a reader never waits, and a crash of the machine loses the last turns at most.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _carried_over(tracker: DialogueStateTracker) -> Iterator[Event]:
    yield ActionExecuted(ACTION_SESSION_START_NAME)
    yield SessionStarted()
    for slot in tracker.slots.values():
        # The signed context of the turn says who asks, and is of no use afterwards.
        if slot.value != slot.initial_value and slot.name != SESSION_START_METADATA_SLOT:
            yield SlotSet(slot.name, slot.value)
    yield from _last_reply(tracker)
    yield ActionExecuted(ACTION_LISTEN_NAME)


def _last_reply(tracker: DialogueStateTracker) -> list[BotUttered]:
    said = itertools.takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events))
    return [event for event in said if isinstance(event, BotUttered)][::-1]
