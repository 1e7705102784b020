import pytest

from assistant.content.compile import COMPILED, domain, nlu, rules, write_compiled
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


def test_domain_when_compiled_conditions_every_response_on_its_language(content) -> None:
    compiled = domain(content)["responses"]
    for name, by_language in content.responses.items():
        languages = [variant["condition"][0] for variant in compiled[name]]
        expected = [
            {"type": "slot", "name": "language", "value": language.value}
            for language in Language
            for _ in by_language[language]
        ]
        assert languages == expected, name


def test_domain_when_compiled_has_the_slot_that_rules_look_at(content) -> None:
    slots = domain(content)["slots"]
    assert {name: slot["influence_conversation"] for name, slot in slots.items()} == {
        "language": False,
        "dialogue_stack": True,
    }


def test_domain_when_compiled_names_every_action(content) -> None:
    services = {f"action_{service.service}" for service in content.services}
    assert set(domain(content)["actions"]) == services | {"action_repeat", "action_stop", "action_continue"}


def test_domain_when_compiled_has_an_entity_per_input_of_fixed_values(content) -> None:
    fixed = {entry.slot for service in content.services for entry in service.inputs if entry.one_of}
    assert set(domain(content)["entities"]) == fixed | {"language"}


def test_nlu_when_compiled_names_languages_and_services_and_lists_each_phrase_under_its_slot_and_value(content) -> None:
    entries = nlu(content)["nlu"]
    for intent, is_service in (("greet", False), ("vehicle", True)):
        by_language = {each["metadata"]["language"]: each for each in entries if each.get("intent") == intent}
        for language in Language:
            assert f"- {content.intents[intent][language][0]}\n" in by_language[language.value]["examples"]
            assert by_language[language.value]["metadata"]["service"] is is_service
    tartu = next(entry["examples"] for entry in entries if entry.get("lookup") == "office/tartu").splitlines()
    assert {f"- {phrase}" for phrase in content.synonyms["tartu"][Language.ET]} <= set(tartu)
    assert not {f"- {phrase}" for phrase in content.synonyms["narva"][Language.EN]} & set(tartu)


def test_rules_when_compiled_answer_every_intent_once(content) -> None:
    opening = [rule["steps"][0]["intent"] for rule in rules(content)["rules"] if "condition" not in rule]
    assert sorted(opening) == sorted([*content.intents, "nlu_fallback"])


def test_rules_when_a_service_waits_give_it_all_that_is_no_request(content) -> None:
    waiting = {rule["steps"][0]["intent"]: rule for rule in rules(content)["rules"] if "condition" in rule}
    services = {service.service for service in content.services}
    assert set(waiting) == content.intents.keys() - services - {"repeat", "stop", "speak_to_person"}
    assert {rule["steps"][1]["action"] for rule in waiting.values()} == {"action_continue"}
    assert {str(rule["condition"]) for rule in waiting.values()} == {
        "[{'slot_was_set': [{'dialogue_stack': ['open']}]}]"
    }


def test_write_compiled_when_written_twice_is_the_same_to_the_byte(content, tmp_path) -> None:
    for name in ("a", "b"):
        write_compiled(content, tmp_path / name)
    files = [COMPILED, "config.yml"]
    assert [(tmp_path / "a" / file).read_bytes() for file in files] == [
        (tmp_path / "b" / file).read_bytes() for file in files
    ]
