import pytest

from assistant.content.compile import compile_content, domain, nlu, rules, write_compiled
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


def test_domain_when_a_response_has_conditions_keeps_them(content) -> None:
    variants = domain(content)["responses"]["utter_office_information_item"]
    topics = [variant["condition"][1]["value"] for variant in variants[:4]]
    assert sorted(topics) == ["opening_hours", "place", "price", "what_to_bring"]


def test_domain_when_a_slot_is_asked_for_offers_its_values_as_buttons(content) -> None:
    estonian = next(
        variant
        for variant in domain(content)["responses"]["utter_ask_document_type"]
        if variant["condition"][0]["value"] == "et"
    )
    titles = [content.terms[value][Language.ET] for value in ("id_card", "passport", "driving_licence")]
    assert estonian["buttons"] == [{"title": title, "payload": title} for title in titles]


def test_domain_when_services_take_a_slot_fills_it_in_their_request_and_form_only(content) -> None:
    assert domain(content)["slots"]["document_type"]["mappings"] == [
        {
            "type": "from_entity",
            "entity": "document_type",
            "intent": "document_expiry",
            "conditions": [{"active_loop": None}],
        },
        {"type": "from_entity", "entity": "document_type", "intent": "office_information"},
        {
            "type": "from_entity",
            "entity": "document_type",
            "conditions": [{"active_loop": "office_information_form"}],
            "not_intent": ["debts_and_fines", "document_expiry"],
        },
    ]


def test_domain_when_compiled_names_every_action_and_form(content) -> None:
    compiled = domain(content)
    assert compiled["forms"] == {
        "office_information_form": {"required_slots": ["office_topic", "office", "document_type"]}
    }
    assert set(compiled["actions"]) == {
        "action_repeat",
        "action_stop",
        "action_document_expiry",
        "action_debts_and_fines",
        "action_office_information",
        "validate_office_information_form",
    }


def test_nlu_when_compiled_joins_the_languages_and_lists_each_phrase_under_its_slot(content) -> None:
    entries = nlu(content)["nlu"]
    greetings = next(entry["examples"] for entry in entries if entry.get("intent") == "greet")
    for language in Language:
        assert f"- {content.intents['greet'][language][0]}\n" in greetings
    offices = next(entry["examples"] for entry in entries if entry.get("lookup") == "office").splitlines()
    assert {f"- {phrase}" for phrase in content.synonyms["tartu"][Language.ET]} <= set(offices)
    assert not {f"- {phrase}" for phrase in content.synonyms["passport"][Language.EN]} & set(offices)


def test_rules_when_compiled_answer_every_intent_once(content) -> None:
    opening = [rule["steps"][0]["intent"] for rule in rules(content)["rules"] if "condition" not in rule]
    assert sorted(opening) == sorted([*content.intents, "nlu_fallback"])


def test_write_compiled_when_written_twice_is_the_same_to_the_byte(content, tmp_path) -> None:
    for name in ("a", "b"):
        write_compiled(content, tmp_path / name)
    files = [*compile_content(content), "config.yml"]
    assert [(tmp_path / "a" / file).read_bytes() for file in files] == [
        (tmp_path / "b" / file).read_bytes() for file in files
    ]
