"""Run by the engine's own Python: what DialogueStore and rasa_speed do, as JSON for test_inside_engine.py."""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from jsonschema import ValidationError
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from assistant.engine.dialogue_store import MOST_EVENTS, DialogueStore
from assistant.engine.rasa_speed import speed_up_rasa

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: from_text}]}
  office: {type: text, influence_conversation: false, mappings: [{type: from_text}]}
forms:
  office_form: {required_slots: [office]}
"""
)


def talk(store: DialogueStore, name: str, turns: int, *, in_form: bool = False) -> DialogueStateTracker:
    tracker = store.init_tracker(name)
    tracker.update(SlotSet("language", "et"), DOMAIN)
    if in_form:
        tracker.update(ActiveLoop("office_form"), DOMAIN)
    for number in range(turns):
        for event in (
            UserUttered(f"question {number}", metadata={"turn_context": "secret", "language": "et"}),
            ActionExecuted("utter_x"),
            BotUttered(f"answer {number}"),
            BotUttered(f"and more {number}"),
            ActionExecuted("action_listen"),
        ):
            tracker.update(event, DOMAIN)
    return tracker


async def stored(store: DialogueStore, tracker: DialogueStateTracker) -> dict:
    await store.save(tracker)
    found = await store.retrieve(tracker.sender_id)
    return {
        "events": len(found.events),
        "said": [event.text for event in found.events if isinstance(event, BotUttered)][-2:],
        "language": found.get_slot("language"),
        "loop": found.active_loop_name,
        "contexts": [e.metadata.get("turn_context") for e in found.events if isinstance(e, UserUttered)],
        "metadata": [e.metadata.get("language") for e in found.events if isinstance(e, UserUttered)],
    }


async def facts(url: str) -> dict:
    store = DialogueStore(DOMAIN, url, idle_minutes=1 / 60)
    turns_over = MOST_EVENTS // 5 + 1
    known = {
        "nobody": await store.retrieve("nobody"),
        "short": await stored(store, talk(store, "short", 2)),
        "long": await stored(store, talk(store, "long", turns_over)),
        "long form": await stored(store, talk(store, "form", turns_over, in_form=True)),
        "keys": sorted(await store.keys()),
    }
    end = time.monotonic() + 30
    while len(await store.keys()) > 1 and time.monotonic() < end:  # until a second has passed and the next turn purges
        store._purge_due_seconds = 0.0
        await store.save(talk(store, "fresh", 1))
        await asyncio.sleep(0.1)
    known["keys after idle"] = sorted(await store.keys())
    known["another process"] = (await DialogueStore(DOMAIN, url).retrieve("fresh")).get_slot("language")
    known["complaint"] = await complaint(store)
    return known


async def complaint(store: DialogueStore) -> str:
    """What a store says whose database is broken; Rasa logs it."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE dialogues")
    try:
        await store.save(talk(store, "unlucky", 1))
    except SQLAlchemyError as error:
        return str(error)
    return ""


def validation(result: dict) -> str:
    try:
        return str(RemoteAction("action_x", None)._validate_action_result(result))
    except ValidationError as error:
        return f"refused: {error.validator}"


class Doubles(GraphComponent):
    """A component to run in a graph."""

    @classmethod
    def create(cls, **_: object) -> "Doubles":
        return cls()

    def double(self, number: int) -> int:
        return 2 * number

    def add(self, first: int, second: int) -> int:
        return first + second


def node(needs: dict[str, str], function: str, *, is_target: bool = False) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Doubles, constructor_name="create", fn=function, config={}, eager=True, is_target=is_target
    )


GRAPH = GraphSchema(
    {
        "sum": node({"first": "double", "second": "again"}, "add", is_target=True),
        "again": node({"number": "double"}, "double"),
        "double": node({"number": "given"}, "double"),
    }
)


def ran(runner: type[GraphRunner], inputs: dict[str, int], targets: list[str] | None) -> object:
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        try:
            return runner.create(GRAPH, storage, ExecutionContext(GRAPH)).run(inputs, targets)
        except GraphRunError:
            return "refused"


def graphs(runner: type[GraphRunner]) -> list:
    return [
        ran(runner, {"given": 3}, None),
        ran(runner, {"given": 3}, ["again"]),
        ran(runner, {"given": 3}, ["again", "double"]),
        ran(runner, {"given": 3, "double": 1}, None),
        ran(runner, {}, None),
    ]


def speed() -> dict:
    results = [
        {"events": [], "responses": []},
        {"events": [{"event": "slot", "name": "a", "timestamp": None}], "responses": [{"text": "x"}]},
        {"events": {}, "responses": []},
        {"events": [{"no": "event"}], "responses": []},
    ]
    names = ["slot", "user", "bot", "action", "active_loop", "session_started"]

    def judged() -> list:
        return [
            [validation(each) for each in results],
            [Event.resolve_by_type(name).__name__ for name in names],
            [DOMAIN.is_empty(), Domain.empty().is_empty()],
            graphs(processor.DaskGraphRunner),
        ]

    before = judged()
    speed_up_rasa()
    speed_up_rasa()
    return {
        "before": before,
        "after": judged(),
        "is cached": hasattr(Event.resolve_by_type, "cache_info"),
        "runner": processor.DaskGraphRunner.__name__,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"store": asyncio.run(facts(sys.argv[1])), "speed": speed()}))
