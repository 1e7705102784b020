"""From content to what Rasa trains on: domain, NLU data, rules. docs/adr/0004 says why it is compiled."""

import json
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from ruamel.yaml.scalarstring import LiteralScalarString

from assistant.content.normal_form import normal_form
from assistant.content.project import Content, Variant
from assistant.core.languages import Language

RASA_VERSION = "3.1"
COMPILED = "compiled.json"
LANGUAGE_SLOT = "language"
FALLBACK = "nlu_fallback"
SPEAK_TO_PERSON_INTENT = "speak_to_person"
VALUE_SEPARATOR = "/"
"""Between slot and value in the name of a lookup table (assistant/engine/components/phrase_entities.py)."""

DIALOGUE_STACK = "dialogue_stack"
CONTINUE, STOP = "action_continue", "action_stop"
ACTIONS_BY_INTENT = {"repeat": "action_repeat", "stop": STOP, FALLBACK: CONTINUE, SPEAK_TO_PERSON_INTENT: CONTINUE}
"""What needs more than a response; every other intent `x` of common/ is answered by `utter_x`."""

Yaml = dict[str, object]


def compile_content(content: Content) -> dict[str, Yaml]:
    """Rasa's files by path, as data."""
    return {"domain.yml": domain(content), "data/nlu.yml": nlu(content), "data/rules.yml": rules(content)}


def write_compiled(content: Content, target: Path) -> None:
    """Write what training reads (assistant/engine/content_importer.py): all in one file, and the pipeline beside it."""
    target.mkdir(parents=True, exist_ok=True)
    (target / COMPILED).write_text(json.dumps(compile_content(content), ensure_ascii=False), encoding="utf-8")
    (target / "config.yml").write_bytes((content.folder / "config.yml").read_bytes())


def domain(content: Content) -> Yaml:
    """Intents, entities, the two slots, actions, and responses conditioned on the language."""
    slots: Yaml = {
        LANGUAGE_SLOT: {
            "type": "text",
            "influence_conversation": False,
            "mappings": [{"type": "from_entity", "entity": LANGUAGE_SLOT}],
        },
        # A list influences the conversation by whether it is empty: by whether a service is waiting for an answer.
        DIALOGUE_STACK: {"type": "list", "influence_conversation": True, "mappings": [{"type": "custom"}]},
    }
    return {
        "version": RASA_VERSION,
        # One session per conversation: the gateway decides when a conversation ends.
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
        "intents": [{intent: {"use_entities": []}} for intent in sorted(content.intents)],
        "entities": sorted([*content.values(), LANGUAGE_SLOT]),
        "slots": slots,
        "actions": sorted({*(service.action for service in content.services), CONTINUE, *ACTIONS_BY_INTENT.values()}),
        "responses": {name: _variants(words) for name, words in sorted(content.responses.items())},
    }


def nlu(content: Content) -> Yaml:
    """Examples per intent and language, and a lookup table with the phrases of each value of each slot."""
    phrases = {value: _joined(by_language) for value, by_language in content.synonyms.items()}
    services = {service.service for service in content.services}
    examples = {normal_form(line) for words in content.intents.values() for lines in words.values() for line in lines}
    entries: list[Yaml] = [
        # What the components learn from beside the words: the language, and whether it can be one of several requests.
        {
            "intent": intent,
            "metadata": {"language": language.value, "service": intent in services},
            "examples": _lines((*by_language[language], *_heard(content, intent, language, examples))),
        }
        for intent, by_language in sorted(content.intents.items())
        for language in Language
        if language in by_language
    ]
    # A table per slot and value, not Rasa's synonyms: those are one map for all slots.
    entries += [
        {"lookup": f"{slot}{VALUE_SEPARATOR}{value}", "examples": _lines(phrases[value])}
        for slot, values in sorted(content.values().items())
        for value in values
        if value in phrases
    ]
    return {"version": RASA_VERSION, "nlu": entries}


def rules(content: Content) -> Yaml:
    """One rule per service; two per small-talk intent: while no service waits for an answer, and while one does."""
    services = {service.service for service in content.services}
    found = [_rule(service.service, service.action) for service in content.services]
    for intent in sorted((*content.intents, FALLBACK)):
        if intent in ACTIONS_BY_INTENT:
            found.append(_rule(intent, ACTIONS_BY_INTENT[intent]))
        elif intent not in services:
            found.append(_rule(intent, f"utter_{intent}"))
            found.append(_rule(intent, CONTINUE) | {"condition": [{"slot_was_set": [{DIALOGUE_STACK: ["open"]}]}]})
    return {"version": RASA_VERSION, "rules": found}


def _rule(intent: str, action: str) -> Yaml:
    return {"rule": f"{intent} -> {action}", "steps": [{"intent": intent}, {"action": action}]}


def _heard(content: Content, intent: str, language: Language, examples: Set[str]) -> tuple[str, ...]:
    """The examples as they are heard, without those that editors have made examples since, perhaps of other intents."""
    lines = content.heard.get(intent, {}).get(language, ())
    return tuple(line for line in lines if normal_form(line) not in examples)


def _variants(words: Mapping[Language, tuple[Variant, ...]]) -> list[Yaml]:
    return [_variant(variant, language) for language in Language for variant in words.get(language, ())]


def _variant(variant: Variant, language: Language) -> Yaml:
    condition = {"type": "slot", "name": LANGUAGE_SLOT, "value": language.value}
    compiled: Yaml = {"condition": [condition], "text": variant.text}
    buttons = [choice.model_dump() for choice in variant.buttons]
    return compiled | {"buttons": buttons} if buttons else compiled


def _joined(by_language: Mapping[Language, tuple[str, ...]]) -> tuple[str, ...]:
    # A word may be the same in two languages; Rasa wants it once.
    return tuple(dict.fromkeys(line for language in Language for line in by_language.get(language, ())))


def _lines(lines: Iterable[str]) -> str:
    block: str = LiteralScalarString("".join(f"- {line}\n" for line in lines))
    return block
