"""Code and content agree: what code says by name is written, and every service is whole."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from actions.dialogue.heard import SURE
from actions.values.found import UNFIT_REASONS
from assistant.adapters.speech_models import missing_files
from assistant.content.checks import check
from assistant.content.compile import rules
from assistant.content.conversations import ConversationsFile
from assistant.content.input_spec import ValueKind
from assistant.content.own_intents import INTENTS_OF_CODE
from assistant.content.own_responses import OFFER_PREFIX, SAY_PREFIX, UNFIT_PREFIX
from assistant.content.project import Content
from assistant.content.yaml_source import read_model, read_yaml
from assistant.core.errors import CallerError
from assistant.core.languages import Language
from assistant.core.outcomes import OUTCOME_RESPONSES
from assistant.settings import PROJECT

pytestmark = pytest.mark.architecture

CONTENT = PROJECT / "nlu_data"
SERVICES = sorted(path.parent for path in (CONTENT / "services").glob("*/service.yml"))
RESPONSE_NAME = re.compile(r"utter_[a-z0-9_]*[a-z0-9]")
NO_RESPONSE = {"utter_action"}  # the key under which Rasa tells the name of a response
SANDBOX = frozenset((PROJECT / "assistant" / "sandbox").rglob("*.py"))  # its registers say what registers say
BUNDLED_MODEL = PROJECT / "models" / "speech" / "en"


def test_content_when_checked_then_nothing_is_wrong():
    assert [str(complaint) for complaint in check(CONTENT)] == []


def test_confidence_that_counts_in_a_dialogue_when_compared_is_the_engines_threshold():
    pipeline = read_yaml(CONTENT / "config.yml")["pipeline"]
    assert [each["threshold"] for each in pipeline if "threshold" in each] == [SURE]


def test_responses_when_named_in_code_then_they_are_written_in_every_language(content: Content):
    named = (set(named_in_code()) - NO_RESPONSE) | set(OUTCOME_RESPONSES.values())
    named |= {f"utter_error_{error.code}" for error in CallerError.__subclasses__()}
    assert named >= {"utter_login_required", "utter_not_understood", "utter_failed_unexpected"}
    assert not missing(named, content)


def test_responses_when_named_by_services_then_they_are_written_in_every_language(content: Content):
    named = {name for service in content.services for name in (*service.response_names, *service.questions)}
    named |= {f"{OFFER_PREFIX}{each.offer}" for service in content.services for each in service.next}
    assert named
    assert not missing(named, content)


def test_responses_when_named_by_rules_then_they_are_written_in_every_language(content: Content):
    named = set(RESPONSE_NAME.findall(str(rules(content))))
    assert named
    assert not missing(named, content)


def test_reasons_when_a_value_cannot_be_taken_then_each_is_written_in_every_language(content: Content):
    assert not missing({f"{UNFIT_PREFIX}{reason}" for reason in UNFIT_REASONS}, content)


def test_kinds_of_values_when_they_are_asked_for_again_then_there_are_words(content: Content):
    assert not missing({f"{SAY_PREFIX}{kind}" for kind in get_args(ValueKind)}, content)


def test_services_when_listed_then_the_guide_has_each_with_what_it_does(content: Content):
    guide = (PROJECT / "docs" / "guides" / "services.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (reads|reads, writes) \|$", guide, re.MULTILINE))
    assert rows == {each.service: "reads, writes" if each.writes else "reads" for each in content.services}


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", Language)
def test_service_when_read_then_it_has_words_and_conversations_in_the_language(folder: Path, language: Language):
    assert (folder / f"nlu.{language}.yml").is_file()
    assert (folder / f"responses.{language}.yml").is_file()
    conversations = read_model(folder / "tests.yml", ConversationsFile).conversations
    assert any(conversation.language is language for conversation in conversations)


def test_bundled_speech_model_when_read_then_it_is_complete():
    assert missing_files(BUNDLED_MODEL) == ()
    assert (BUNDLED_MODEL / "source" / "lexicon.tsv").stat().st_size
    assert (BUNDLED_MODEL / "source" / "lm.txt").stat().st_size


def test_bundled_speech_model_when_its_readme_is_read_then_every_data_set_has_a_licence():
    readme = (BUNDLED_MODEL / "README.md").read_text(encoding="utf-8")
    for data_set in ("speechocean762", "kathleen", "Speech Commands"):
        line = next(line for line in readme.splitlines() if data_set in line)
        assert re.search(r"CC BY 4\.0|CC0", line), line


def test_replies_when_reworded_then_nothing_breaks_for_no_code_goes_by_their_words(content: Content):
    variants = (each for by_language in content.responses.values() for words in by_language.values() for each in words)
    said = {each.strip() for variant in variants for each in re.split(r"[.?!]", variant.text.casefold())}
    assert "shall i connect you with a person" in said
    assert not [words for words in sentences_in_code() if words.casefold().strip(" .?!") in said]


def test_intents_when_code_goes_by_their_names_then_an_editor_cannot_change_those(content: Content):
    small_talk = set(content.intents) - {each.service for each in content.services}
    named = {text.removeprefix("utter_") for text in texts_in_code("own_intents.py")}
    assert small_talk & named == small_talk & INTENTS_OF_CODE
    assert small_talk - INTENTS_OF_CODE == {"thank"}


def missing(names: set[str], content: Content) -> list[str]:
    return sorted(name for name in names if set(content.responses.get(name, {})) != set(Language))


def named_in_code() -> Iterator[str]:
    yield from (text for text in texts_in_code() if RESPONSE_NAME.fullmatch(text))


def sentences_in_code() -> Iterator[str]:
    """Texts long enough that one which is in a reply, too, is no chance."""
    yield from (text for text in texts_in_code() if len(text.split()) >= 4)


def texts_in_code(besides: str = "") -> Iterator[str]:
    for folder in ("assistant", "actions", "connectors"):
        for path in sorted(set((PROJECT / folder).rglob("*.py")) - SANDBOX):
            if path.name == besides:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
