"""Where dialogues are kept between turns: one row each, of what the next turn needs, gone when the conversation is."""

import asyncio
import contextlib
import itertools
import json
import logging
import threading
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

from assistant.engine.turn_trace import note_actions
from assistant.sealing import CannotOpen, Sealer

PURGE_SECONDS = 60.0
"""How often idle dialogues are looked for, whether anybody talks or not."""
OWNER = "owner"
"""Metadata of a message: a pseudonym of the citizen who is logged in, empty while nobody is."""

_tables = sa.MetaData()
_keys = sa.Table(
    "dialogue_keys",
    _tables,
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
)
_dialogues = sa.Table(
    "sealed_dialogues",
    _tables,
    sa.Column("dialogue_id", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("events", sa.LargeBinary, nullable=False),
    sa.Column("last_turn_epoch_seconds", sa.Float, nullable=False, index=True),
)
_keyed = _dialogues.join(_keys, _dialogues.c.owner == _keys.c.owner)

_log = logging.getLogger("kratt.engine")


class DialogueStore(TrackerStore):
    """Rasa's tracker store on one row per dialogue (docs/adr/0007), sealed by a key of its owner (docs/adr/0025).

    Rasa's own SQL store writes a row per event, reads all since the last session start several times a turn, and keeps
    everything for ever. Between two turns nothing but the slots and the last reply (for "repeat") matters: what the
    citizen said is not kept. The owner is the citizen, or the dialogue itself while nobody is logged in.
    """

    def __init__(  # Rasa hands all of endpoints.yml over
        self,
        domain: Domain | None,
        host: str,
        event_broker: EventBroker | None = None,
        idle_minutes: float = 30.0,
        data_key: str = "",
        **_: Any,
    ) -> None:
        """Open the database whose address Rasa hands over as `host`, and make its tables.

        A dialogue without a turn for `idle_minutes` is deleted: the gateway has forgotten its conversation by then.
        `data_key` is the operator's secret.
        """
        super().__init__(domain, event_broker)
        self._sealer = Sealer(data_key)
        self._idle_seconds = float(idle_minutes) * 60
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
        with self._engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS dialogues"))  # of releases that did not seal
        threading.Thread(target=self._purge_for_ever, name="purge", daemon=True).start()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what the next turn needs of the dialogue."""
        await self.stream_events(tracker)
        note_actions(tracker)
        text = json.dumps([event.as_dict() for event in _carried_over(tracker)], ensure_ascii=False)
        owner = (tracker.latest_message.metadata or {}).get(OWNER) if tracker.latest_message else None
        await self._run(self._write, tracker.sender_id, owner or tracker.sender_id, text, time.time())

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue of an id; None if there is none, or if its key is gone."""
        text = await self._run(self._read, sender_id)
        if text is None or self.domain is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(text), self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """The ids of all dialogues."""
        ids: list[str] = await self._run(self._read_keys)
        return ids

    async def kept_of(self, owner: str) -> list[dict[str, Any]]:
        """What is kept of an owner's dialogues: when they last took a turn, the last reply, the values."""
        rows = await self._run(self._read_of, owner)
        return [{"last_turn_epoch_seconds": at, **_in_words(json.loads(text))} for at, text in rows]

    async def forget(self, owner: str) -> int:
        """Destroy the owner's key, and with it all that it sealed; how many dialogues there were."""
        count: int = await self._run(self._destroy, owner)
        return count

    async def _run(self, work: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _write(self, dialogue_id: str, owner: str, events: str, now: float) -> None:
        with self._engine.begin() as connection:
            sealed = self._sealer.seal(events, self._key_of(connection, owner), owner, dialogue_id)
            row = {"owner": owner, "events": sealed, "last_turn_epoch_seconds": now}
            done = connection.execute(_dialogues.update().where(_dialogues.c.dialogue_id == dialogue_id).values(row))
            if not done.rowcount:
                connection.execute(_dialogues.insert().values(dialogue_id=dialogue_id, **row))

    def _key_of(self, connection: Any, owner: str) -> bytes:
        query = sa.select(_keys.c.wrapped_key).where(_keys.c.owner == owner)
        known: bytes | None = connection.execute(query).scalar()
        if known is not None and not self._sealer.can_use(known, owner):  # the operator's secret is another by now
            connection.execute(_keys.delete().where(_keys.c.owner == owner))
            known = None
        if known is None:
            with contextlib.suppress(sa.exc.IntegrityError), connection.begin_nested():  # another engine was quicker
                connection.execute(_keys.insert().values(owner=owner, wrapped_key=self._sealer.new_key(owner)))
            known = connection.execute(query).scalar_one()
        return known

    def _read(self, dialogue_id: str) -> str | None:
        found = self._opened(_dialogues.c.dialogue_id == dialogue_id)
        return found[0][1] if found else None

    def _read_of(self, owner: str) -> list[tuple[float, str]]:
        return self._opened(_dialogues.c.owner == owner)

    def _opened(self, which: Any) -> list[tuple[float, str]]:
        query = sa.select(_dialogues, _keys.c.wrapped_key).select_from(_keyed).where(which)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        opened = []
        for row in rows:
            try:
                text = self._sealer.open(row.events, row.wrapped_key, row.owner, row.dialogue_id)
            except CannotOpen:  # the operator's secret is another than when it was sealed
                _log.warning("a dialogue cannot be opened; it begins again")
                continue
            opened.append((row.last_turn_epoch_seconds, text))
        return opened

    def _read_keys(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_dialogues.c.dialogue_id)).scalars())

    def _destroy(self, owner: str) -> int:
        with self._engine.begin() as connection:
            connection.execute(_keys.delete().where(_keys.c.owner == owner))
            count: int = connection.execute(_dialogues.delete().where(_dialogues.c.owner == owner)).rowcount
        self._clear_traces()
        return count

    def _clear_traces(self) -> None:
        """What SQLite deleted, it overwrote (secure_delete); its write-ahead log still has it until it is emptied."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _purge_for_ever(self) -> None:
        while True:
            time.sleep(PURGE_SECONDS)
            try:
                self._thread.submit(self._purge, time.time()).result()
            except sa.exc.SQLAlchemyError as error:
                _log.warning("idle dialogues were not deleted: %s", type(error).__name__)
            except RuntimeError:  # the process ends
                return

    def _purge(self, now: float) -> None:
        idle = _dialogues.c.last_turn_epoch_seconds < now - self._idle_seconds
        is_owners = sa.exists().where(_dialogues.c.owner == _keys.c.owner)
        with self._engine.begin() as connection:
            if connection.execute(_dialogues.delete().where(idle)).rowcount:
                connection.execute(_keys.delete().where(~is_owners))


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Write-ahead: a reader never waits, and a crash of the machine loses the last turns at most.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")  # a key that is deleted is gone from the file


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


def _in_words(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "last_reply": [event["text"] for event in events if event["event"] == BotUttered.type_name],
        "values": {event["name"]: event["value"] for event in events if event["event"] == SlotSet.type_name},
    }
