"""Run by the engine's own Python: what its parts do, as JSON for test_inside_engine.py."""
# ruff: noqa: E402

import asyncio
import contextlib
import json
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from jsonschema import ValidationError

from assistant.engine.lean_rasa import lighten_rasa

lighten_rasa()  # before anything of Rasa is imported

from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from sqlalchemy.exc import SQLAlchemyError

from assistant.engine.components.intent_rules import IntentRules
from assistant.engine.components.kept_domain import KeptDomain
from assistant.engine.dialogue_store import DialogueStore
from assistant.engine.rasa_speed import speed_up_rasa

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: from_text}]}
  office: {type: text, influence_conversation: false, mappings: [{type: from_text}]}
"""
)


DATA_KEY = "what the operator keeps elsewhere than the database"
MARY, JAAK = "a" * 64, "b" * 64


def talk(store: DialogueStore, name: str, turns: int, owner: str = "") -> DialogueStateTracker:
    tracker = store.init_tracker(name)
    tracker.update(SlotSet("language", "et"), DOMAIN)
    tracker.update(SlotSet("session_started_metadata", {"turn_context": "secret"}), DOMAIN)
    for number in range(turns):
        for event in (
            UserUttered(f"question {number}", metadata={"turn_context": "secret", "language": "et", "owner": owner}),
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
        "said": [event.text for event in found.events if isinstance(event, BotUttered)],
        "language": found.get_slot("language"),
        "row": store._read(tracker.sender_id),
    }


async def facts(url: str) -> dict:
    store = DialogueStore(DOMAIN, url, idle_minutes=1 / 60, data_key=DATA_KEY)
    known = {
        "nobody": await store.retrieve("nobody"),
        "new": await stored(store, talk(store, "new", 0)),
        "long": await stored(store, talk(store, "long", 13)),
        "keys": sorted(await store.keys()),
    }
    store._purge(time.time() + 2)
    await store.save(talk(store, "fresh", 1))
    known["keys after idle"] = sorted(await store.keys())
    other = DialogueStore(DOMAIN, url, data_key=DATA_KEY)
    known["another process"] = (await other.retrieve("fresh")).get_slot("language")
    stranger = DialogueStore(DOMAIN, url, data_key="another")
    known["without the secret"] = await stranger.retrieve("fresh")
    await stranger.save(talk(stranger, "fresh", 1))
    known["begun again"] = (await stranger.retrieve("fresh")).get_slot("language")
    await store.save(talk(store, "fresh", 1))
    known |= await owners(store, Path(url.removeprefix("sqlite:///")))
    known["complaint"] = await complaint(store)
    return known


async def owners(store: DialogueStore, file: Path) -> dict:
    for name, owner in (("at home", MARY), ("on the phone", MARY), ("jaaks", JAAK), ("nobodys", "")):
        await store.save(talk(store, name, 2, owner))
    kept = await store.kept_of(MARY)
    keys = [row.wrapped_key for row in _rows(store, "SELECT wrapped_key FROM dialogue_keys WHERE owner = :o", o=MARY)]
    sealed = [row.events for row in _rows(store, "SELECT events FROM sealed_dialogues WHERE owner = :o", o=MARY)]
    on_disk = _bytes_of(file)
    moved = await _moved(store)
    facts = {
        "kept": [sorted(each) for each in kept],
        "kept replies": [each["last_reply"] for each in kept],
        "words on disk": any(words in on_disk for words in (b"answer", b"question", b"language", b"secret")),
        "owners key was on disk": all(key in on_disk for key in keys),
        "forgotten": await store.forget(MARY),
        "forgotten again": await store.forget(MARY),
        "a row of another": moved,
        "left": sorted(await store.keys()),
        "retrieved": await store.retrieve("at home"),
        "key is on disk": any(key in _bytes_of(file) for key in keys),
        "sealed is on disk": any(each in _bytes_of(file) for each in sealed),
    }
    await store.save(talk(store, "nobodys", 1, JAAK))  # somebody logged in
    facts["owners"] = sorted({row.owner for row in _rows(store, "SELECT owner FROM sealed_dialogues")} - {"fresh"})
    store._purge(time.time() + 100)
    facts["keys after all"] = len(_rows(store, "SELECT owner FROM dialogue_keys"))
    return facts


async def _moved(store: DialogueStore) -> object:
    """What is read where somebody has put the row of one dialogue in the place of another of the same owner."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE sealed_dialogues SET events = (SELECT events FROM sealed_dialogues WHERE dialogue_id = 'at home')"
            " WHERE dialogue_id = 'on the phone'"
        )
    return await store.retrieve("on the phone")


def _rows(store: DialogueStore, query: str, **values: str) -> list:
    with store._engine.connect() as connection:
        return connection.execute(sa.text(query), values).all()


def _bytes_of(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.glob(file.name + "*"))


async def complaint(store: DialogueStore) -> str:
    """What a store says whose database is broken; Rasa logs it."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sealed_dialogues")
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


WORDS = Domain.from_yaml(
    """
version: "3.1"
intents: [vehicle, help, repeat, nlu_fallback, unruled]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: from_text}]}
  dialogue_stack: {type: list, influence_conversation: true, mappings: [{type: custom}]}
  visits: {type: list, influence_conversation: true, mappings: [{type: custom}]}
actions: [action_vehicle, action_continue, action_repeat]
responses:
  utter_help: [{text: help}]
  utter_nlu_fallback: [{text: what}]
"""
)
OPEN = {"condition": [{"slot_was_set": [{"dialogue_stack": ["open"]}]}]}


def rule(intent: str, *actions: str) -> dict:
    return {"rule": f"{intent} {actions}", "steps": [{"intent": intent}, *({"action": action} for action in actions)]}


RULES = [
    rule("vehicle", "action_vehicle"),
    rule("repeat", "action_repeat"),
    rule("help", "utter_help"),
    rule("help", "action_continue") | OPEN,
    rule("nlu_fallback", "utter_nlu_fallback"),
    rule("nlu_fallback", "action_continue") | OPEN,
]


def trained(policy: type[Policy], rules: list[dict], folder: Path) -> Policy:
    """The policy as a model loads it after it was trained with the rules."""
    stories = StoryGraph(YAMLStoryReader(WORDS, "rules").read_from_parsed_yaml({"version": "3.1", "rules": rules}))
    trackers = TrainingDataGenerator(stories, WORDS, use_story_concatenation=False).generate()
    config = policy.get_default_config() | {"core_fallback_action_name": "utter_nlu_fallback"}
    storage, place = LocalModelStorage.create(folder), Resource("policy")
    context = ExecutionContext(GraphSchema({}))
    policy.create(config, storage, place, context).train(trackers, WORDS)
    return policy.load(config, storage, place, context)


def decided(policy: Policy) -> dict[str, list[str]]:
    """What comes after each intent, nothing or a service being open, and after the action."""
    found = {}
    for intent in ("vehicle", "help", "repeat", "nlu_fallback", "unruled"):
        for is_open in (False, True):
            tracker = DialogueStateTracker.from_events("x", [], slots=WORDS.slots)
            frames = [{"service": "vehicle"}] if is_open else None
            said = UserUttered(intent, {"name": intent, "confidence": 0.9})
            tracker.update_with_events(
                [SlotSet("dialogue_stack", frames), ActionExecuted("action_listen"), said], WORDS
            )
            actions: list[str] = []
            for _ in range(2):
                prediction = policy.predict_action_probabilities(tracker, WORDS, rule_only_data={})
                actions.append(WORDS.action_names_or_texts[prediction.max_confidence_index])
                tracker.update_with_events([*prediction.events, ActionExecuted(actions[-1])], WORDS)
            found[f"{intent} {is_open}"] = actions
    return found


def refusal(*rules: dict) -> str:
    try:
        with tempfile.TemporaryDirectory() as folder:
            trained(IntentRules, [*rules], Path(folder))
    except ValueError as error:
        return str(error)
    return ""


def policies() -> dict:
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as stock:
        return {
            "own": decided(trained(IntentRules, RULES, Path(ours))),
            "stock": decided(trained(RulePolicy, RULES, Path(stock))),
            "two actions": refusal(*RULES, rule("unruled", "utter_help", "action_repeat")),
            "two rules": refusal(*RULES, rule("help", "action_repeat")),
            "another slot": refusal(
                *RULES, rule("help", "utter_help") | {"condition": [{"slot_was_set": [{"visits": ["one"]}]}]}
            ),
            "no fallback": refusal(*RULES[:4]),
        }


class Importer:
    """Hands over a domain, as Rasa's importers do in training."""

    @staticmethod
    def get_domain() -> Domain:
        return WORDS


def kept(provider: type[DomainProvider], folder: Path) -> tuple[list[str], dict]:
    """The files of a model with the domain of WORDS, and that domain as it is loaded."""
    storage, place, context = LocalModelStorage.create(folder), Resource("domain"), ExecutionContext(GraphSchema({}))
    provider.create({}, storage, place, context).provide_train(Importer())
    domain = provider.load({}, storage, place, context).provide_inference()
    return [file.name for file in folder.rglob("*.*")], domain.as_dict()


def domains() -> dict:
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as stock:
        return {"own": kept(KeptDomain, Path(ours)), "stock": kept(DomainProvider, Path(stock))}


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):  # where Rasa may show its progress
        known = {
            "store": asyncio.run(facts(sys.argv[1])),
            "speed": speed(),
            "policies": policies(),
            "domains": domains(),
        }
    sys.stdout.write(json.dumps(known))
