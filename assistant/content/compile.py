"""From content to what Rasa trains on: domain, NLU data, rules. docs/adr/0004 says why it is compiled."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from assistant.content.project import Content, Variant
from assistant.content.service_spec import Input, Service
from assistant.core.languages import Language

RASA_VERSION = "3.1"
LANGUAGE_SLOT = "language"
NOT_UNDERSTOOD = "utter_not_understood"
STOP = "action_stop"
ACTIONS_BY_INTENT = {"repeat": "action_repeat", "stop": STOP}
"""Small talk that needs more than a response; every other intent `x` of common/ is answered by `utter_x`."""

Yaml = dict[str, object]


def compile_content(content: Content) -> dict[str, Yaml]:
    """Rasa's files by path, as data."""
    return {"domain.yml": domain(content), "data/nlu.yml": nlu(content), "data/rules.yml": rules(content)}


def write_compiled(content: Content, target: Path) -> None:
    """Write Rasa's files below `target`, with the pipeline of the content folder beside them."""
    yaml = YAML()
    yaml.width = 4096
    for name, data in compile_content(content).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)
    (target / "config.yml").write_bytes((content.folder / "config.yml").read_bytes())


def domain(content: Content) -> Yaml:
    """Intents, slots with their mappings, forms, actions, and responses conditioned on the language."""
    slots = content.slots()
    return {
        "version": RASA_VERSION,
        # One session per conversation: the gateway decides when a conversation ends.
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
        "intents": [{intent: {"use_entities": []}} for intent in sorted(content.intents)],
        "entities": sorted([*slots, LANGUAGE_SLOT]),
        "slots": {LANGUAGE_SLOT: _slot([{"type": "from_entity", "entity": LANGUAGE_SLOT}])}
        | {slot: _slot(_mappings(slot, content.services)) for slot in sorted(slots)},
        "forms": {service.form: {"required_slots": _required(service)} for service in content.services if service.form},
        "actions": sorted([*_actions(content.services), *ACTIONS_BY_INTENT.values()]),
        "responses": {name: _variants(name, words, content) for name, words in sorted(content.responses.items())},
    }


def nlu(content: Content) -> Yaml:
    """Examples of all languages per intent; phrases per value; and per slot the phrases of all its values."""
    phrases = {value: _joined(by_language) for value, by_language in content.synonyms.items()}
    entries: list[Yaml] = [
        {"intent": intent, "examples": _lines(_joined(by_language))}
        for intent, by_language in sorted(content.intents.items())
    ]
    entries += [{"synonym": value, "examples": _lines(known)} for value, known in sorted(phrases.items())]
    entries += [
        {"lookup": slot, "examples": _lines(phrase for value in values for phrase in phrases.get(value, ()))}
        for slot, values in sorted(content.slots().items())
    ]
    return {"version": RASA_VERSION, "nlu": entries}


def rules(content: Content) -> Yaml:
    """One rule per small-talk intent, and one or two per service."""
    services = {service.service for service in content.services}
    found = [
        _rule(intent, ACTIONS_BY_INTENT.get(intent, f"utter_{intent}"))
        for intent in sorted(content.intents)
        if intent not in services
    ]
    found.append(_rule("nlu_fallback", NOT_UNDERSTOOD))
    for service in content.services:
        found += _form_rules(service, service.form) if service.form else [_rule(service.service, service.action)]
    return {"version": RASA_VERSION, "rules": found}


def _rule(intent: str, action: str) -> Yaml:
    # Rasa wants every rule with an action that closes a form to say so.
    end: list[Yaml] = [{"active_loop": None}] if action == STOP else []
    return {"rule": f"{intent} -> {action}", "steps": [{"intent": intent}, {"action": action}, *end]}


def _form_rules(service: Service, form: str) -> list[Yaml]:
    return [
        {
            "rule": f"{service.service}: ask for what is missing",
            "steps": [{"intent": service.service}, {"action": form}, {"active_loop": form}],
        },
        {
            "rule": f"{service.service}: nothing is missing any more",
            "condition": [{"active_loop": form}],
            "steps": [
                {"action": form},
                {"active_loop": None},
                {"slot_was_set": [{"requested_slot": None}]},
                {"action": service.action},
            ],
        },
        {
            "rule": f"{service.service}: no is an answer, too",
            "condition": [{"active_loop": form}],
            "steps": _rule("deny", STOP)["steps"],
        },
    ]


def _slot(mappings: list[Yaml]) -> Yaml:
    return {"type": "text", "influence_conversation": False, "mappings": mappings}


def _mappings(slot: str, services: Sequence[Service]) -> list[Yaml]:
    # A value counts in the request itself and inside the service's own form, and nowhere else: otherwise the passport
    # of one question would still be there in the next, or the passport of another question would fill the open form.
    mappings: list[Yaml] = []
    for service in services:
        if slot not in {entry.slot for entry in service.inputs}:
            continue
        request: Yaml = {"type": "from_entity", "entity": slot, "intent": service.service}
        if not service.form:
            mappings.append(request | {"conditions": [{"active_loop": None}]})
            continue
        others = sorted(other.service for other in services if other is not service)
        answer: Yaml = {"type": "from_entity", "entity": slot, "conditions": [{"active_loop": service.form}]}
        mappings += [request, answer | {"not_intent": others}]
    return mappings


def _required(service: Service) -> list[str]:
    return [entry.slot for entry in service.inputs if entry.required]


def _actions(services: Iterable[Service]) -> Iterable[str]:
    for service in services:
        yield service.action
        if service.form:
            yield f"validate_{service.form}"


def _variants(name: str, words: Mapping[Language, tuple[Variant, ...]], content: Content) -> list[Yaml]:
    asked = next((entry for entry in _inputs(content) if name == f"utter_ask_{entry.slot}"), None)
    return [_variant(variant, language, asked, content) for language in Language for variant in words.get(language, ())]


def _variant(variant: Variant, language: Language, asked: Input | None, content: Content) -> Yaml:
    conditions: list[Yaml] = [{"type": "slot", "name": LANGUAGE_SLOT, "value": language.value}]
    conditions += [condition.model_dump() for condition in variant.condition]
    buttons: list[Yaml] = [choice.model_dump() for choice in variant.buttons]
    if asked and not buttons:
        titles = [content.terms[value][language] for value in asked.one_of]
        buttons = [{"title": title, "payload": title} for title in titles]
    compiled: Yaml = {"condition": conditions, "text": variant.text}
    return compiled | {"buttons": buttons} if buttons else compiled


def _inputs(content: Content) -> Iterable[Input]:
    return (entry for service in content.services for entry in service.inputs)


def _joined(by_language: Mapping[Language, tuple[str, ...]]) -> tuple[str, ...]:
    # A word may be the same in two languages; Rasa wants it once.
    return tuple(dict.fromkeys(line for language in Language for line in by_language.get(language, ())))


def _lines(lines: Iterable[str]) -> str:
    block: str = LiteralScalarString("".join(f"- {line}\n" for line in lines))
    return block
