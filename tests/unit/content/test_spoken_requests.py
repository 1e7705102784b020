from dataclasses import replace
from pathlib import Path

import pytest

from assistant.content.project import Content
from assistant.content.spoken_requests import Heard, Sample, SpeakSample, changed_intents, requests_to_say
from assistant.core.languages import Language
from assistant.core.turns import Transcript
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

CONTENT = PROJECT / "nlu_data"


def test_sample_when_nothing_changed_then_is_the_same_each_time_and_spread_over_the_intents():
    sample = requests_to_say(CONTENT, set(), Sample(fixed=30, changed=15))
    assert sample == requests_to_say(CONTENT, set(), Sample(fixed=30, changed=15))
    for language in Language:
        asked = [each.intent for each in sample if each.language is language]
        assert len(asked) == 30
        assert len(set(asked)) > 20


def test_sample_when_intents_changed_then_theirs_come_first_in_each_language_and_nothing_is_said_twice():
    sample = requests_to_say(CONTENT, {"vehicle"}, Sample(fixed=30, changed=15))
    for language in Language:
        asked = [each.intent for each in sample if each.language is language]
        assert asked[:15] == ["vehicle"] * 15
        assert 30 <= len(asked) <= 45
    assert len({(each.text, each.language) for each in sample}) == len(sample)
    assert not any(each.values for each in sample)


def test_sample_when_a_conversation_promises_an_intent_then_its_turn_may_be_said(tmp_path):
    (tmp_path / "tests.yml").write_text(
        "conversations:\n- name: hello\n  language: en\n  turns:\n"
        "    - {say: hi there, intent: greet, outcome: answered}\n    - {say: bye, outcome: answered}\n"
    )
    said = requests_to_say(tmp_path, {"greet", "goodbye"}, Sample(30, 15))
    assert [(each.text, each.intent) for each in said] == [("hi there", "greet")]


def test_changed_intents_when_examples_or_a_service_differ_then_are_those(content: Content):
    assert changed_intents(content, content) == set()
    greet = {**content.intents["greet"], Language.EN: ("ahoy",)}
    first, *others = content.services
    other = replace(
        content,
        intents={**content.intents, "greet": greet, "brand_new": greet},
        services=(first.model_copy(update={"title": {}}), *others),
    )
    assert changed_intents(content, other) == {"greet", "brand_new", first.service}


def test_speaking_when_something_is_not_heard_then_only_the_rest_is_asked_about(tmp_path):
    def hear(content: Path, requests: object) -> Heard:
        (first, second) = list(requests)[:2]
        return Heard({first: Transcript("hello", first[1]), second: Transcript("", second[1])})

    spoken = SpeakSample(CONTENT, CONTENT, Sample(5, 5), hear)()
    assert len(spoken.requests) == 15
    assert [transcript.text for _, transcript in spoken.transcripts] == ["hello", ""]
    assert [each.text for each in spoken.texts] == ["hello"]
