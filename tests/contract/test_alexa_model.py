"""The interaction model has the shape that Alexa takes, and within its limits."""

import json
import re
from typing import Any

import pytest

from assistant.content.project import Content
from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from connectors.alexa.envelope import Intent, Slot
from connectors.alexa.interaction_model import (
    INVOCATION_NAME,
    LOCALES,
    MOST_BEGINNINGS,
    InteractionModel,
    interaction_model,
)
from connectors.alexa.words import OUR_INTENTS, SLOT, WORDS, sentences_of, words_of

pytestmark = pytest.mark.contract

MOST_INTENTS, MOST_MODEL_BYTES, LONGEST_SAMPLE = 250, 1_500_000, 200
"""ASK, "Create the Interaction Model for Your Skill"; the second is that of a model in the console."""
NAME = re.compile(r"[A-Za-z_]+|AMAZON\.[A-Za-z]+")
SAMPLE = re.compile(r"[a-z' -]+( \{words\})?|\{words\}")


@pytest.fixture(scope="module")
def model(content: Content) -> InteractionModel:
    return interaction_model(content, "en-US")


@pytest.fixture(scope="module")
def intents(model: InteractionModel) -> list[dict[str, Any]]:
    return model.body["interactionModel"]["languageModel"]["intents"]


def test_model_when_made_then_has_the_parts_of_the_schema(model: InteractionModel) -> None:
    body = model.body["interactionModel"]
    assert body.keys() == {"languageModel", "dialog", "prompts"}
    assert body["languageModel"].keys() == {"invocationName", "intents", "types"}
    assert body["languageModel"]["invocationName"] == INVOCATION_NAME
    assert len(json.dumps(model.body)) < MOST_MODEL_BYTES


def test_intents_when_named_then_each_is_there_once_and_in_letters(intents: list[dict[str, Any]]) -> None:
    names = [intent["name"] for intent in intents]
    assert len(names) == len({name.lower() for name in names}) <= MOST_INTENTS
    assert all(NAME.fullmatch(name) for name in names)
    assert {*OUR_INTENTS, "AMAZON.FallbackIntent", WORDS} < set(names)
    assert sum(name.startswith(f"{WORDS}_") for name in names) == MOST_BEGINNINGS


def test_samples_when_written_then_none_is_twice_or_has_what_alexa_refuses(intents: list[dict[str, Any]]) -> None:
    samples = [sample for intent in intents for sample in intent["samples"]]
    assert len(samples) == len(set(samples))
    assert all(SAMPLE.fullmatch(sample) and len(sample) <= LONGEST_SAMPLE for sample in samples)
    assert f"{{{SLOT}}}" not in samples  # free words want a word before them, but in the answer to a question
    for intent in intents:
        assert intent["name"].startswith("AMAZON.") is not bool(intent["samples"])
        assert {each["type"] for each in intent.get("slots", ())} <= {"AMAZON.SearchQuery"}
        assert len(intent.get("slots", ())) <= 1


def test_answer_when_a_question_is_asked_then_may_be_any_words(
    model: InteractionModel, intents: list[dict[str, Any]]
) -> None:
    body = model.body["interactionModel"]
    [asked] = body["dialog"]["intents"]
    [slot] = asked["slots"]
    [words] = [intent for intent in intents if intent["name"] == WORDS]
    assert (asked["name"], slot["name"], slot["elicitationRequired"]) == (WORDS, SLOT, True)
    assert words["slots"][0]["samples"] == [f"{{{SLOT}}}"]
    assert [prompt["id"] for prompt in body["prompts"]] == [slot["prompts"]["elicitation"]]


def test_request_when_it_begins_as_a_sample_then_comes_back_as_it_was_said(
    intents: list[dict[str, Any]], content: Content
) -> None:
    sentences = {name: said[Language.EN] for name, said in sentences_of(content).items()}
    for intent in intents:
        for sample in intent["samples"]:
            if not intent["name"].startswith(WORDS):
                assert words_of(Intent(name=intent["name"]), sentences)
            elif intent["name"] != WORDS:
                heard = Intent(name=intent["name"], slots={SLOT: Slot(value="is it open")})
                assert words_of(heard, sentences) == sample.replace(f"{{{SLOT}}}", "is it open")


def test_public_service_when_asked_then_its_words_are_never_lost(
    intents: list[dict[str, Any]], content: Content
) -> None:
    public = {service.service for service in content.services if service.data_class == "public"}
    assert public
    assert not public & {intent["name"] for intent in intents}


def test_stop_when_said_then_ends_the_session_whatever_follows(intents: list[dict[str, Any]]) -> None:
    assert not {"Words_stop", "Words_cancel"} & {intent["name"] for intent in intents}


def test_examples_when_counted_then_most_come_through(model: InteractionModel) -> None:
    assert model.word_by_word > 0.8
    assert 0.9 < model.word_by_word + model.as_service <= 1


@pytest.mark.parametrize("locale", LOCALES)
def test_model_when_made_for_any_english_then_there_is_one(content: Content, locale: str) -> None:
    assert interaction_model(content, locale, "state assistant").body


@pytest.mark.parametrize("locale", ["et-EE", "ru-RU", "de-DE", "en", "en-us", ""])
def test_locale_when_alexa_or_kratt_does_not_speak_it_then_is_refused(content: Content, locale: str) -> None:
    with pytest.raises(OperationFailed, match="en-US"):
        interaction_model(content, locale)


@pytest.mark.parametrize(
    "name", ["kratt", "My Kratt", "kratt 2", "alexa kratt", "open kratt", "the kratt app", "", "a " * 40]
)
def test_name_when_alexa_does_not_take_it_then_is_refused(content: Content, name: str) -> None:
    with pytest.raises(OperationFailed, match="invocation name"):
        interaction_model(content, "en-US", name)
