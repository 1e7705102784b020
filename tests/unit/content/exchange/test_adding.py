"""Projects go into content that there is already."""

from pathlib import Path

import pytest

from assistant.content.conversations import read_conversations
from assistant.content.editing.content_files import ContentFiles, write_changes
from assistant.content.exchange.adding import Added, add_project
from assistant.content.exchange.source import read_source
from assistant.content.held_out import read_held_out
from assistant.content.project import read_content
from assistant.core.errors import ContentError
from assistant.core.languages import Language
from tests.unit.content.exchange.conftest import HEAD, lay_out

pytestmark = pytest.mark.unit

OURS = {
    "common/nlu.en.yml": HEAD + "nlu:\n- intent: topic_1\n  examples: |\n    - tell me about topic 1\n"
    "- intent: office\n  examples: |\n    - what is topic 2\n",
    "common/responses.en.yml": HEAD + 'responses:\n  utter_topic_3:\n  - text: "Ours."\n',
    "common/terms.yml": "terms: {}\n",
    "common/tests.yml": "conversations:\n- name: one topic\n  language: et\n"
    "  turns:\n  - say: tere\n    outcome: answered\n",
}


@pytest.fixture
def content(tmp_path) -> Path:
    return lay_out(tmp_path / "ours", OURS)


def add(content: Path, project: Path, language: Language | None = None) -> Added:
    files = ContentFiles(content)
    added = add_project(files, read_source(project), language)
    write_changes(content, files.changes)
    return added


def test_project_when_added_then_what_was_there_stays_and_the_rest_is_new(content, rasa) -> None:
    added = add(content, rasa)
    assert (added.intents, added.responses, added.conversations, added.held_out) == (29, 29, 1, 1)
    read = read_content(content)
    assert read.intents["topic_1"][Language.EN] == ("tell me about topic 1", "what is topic 1", "Where is topic 1")
    assert read.intents["office"][Language.EN] == ("what is topic 2",)
    assert read.plain_responses()["utter_topic_3"] == {Language.EN: "Ours."}
    (choice,) = read.responses["utter_choice"][Language.EN]
    assert [(each.title, each.payload) for each in choice.buttons] == [("Tax", "land tax")]
    assert read.synonyms["id_kaart"][Language.EN] == ("id card", "identity card")
    assert [each.text for each in read_held_out(content)] == ["the third of them please"]
    assert [each.language for each in read_conversations(content).values()] == [Language.ET, Language.EN]
    assert added.examples == sum(len(each[Language.EN]) for each in read.intents.values()) - 2


def test_project_when_it_does_not_fit_what_was_there_then_that_is_told_with_its_line(content, rasa) -> None:
    found = {(each.file, each.what): each for each in add(content, rasa).findings}
    taken = found["data/nlu.yml", "intent topic_2"]
    assert taken.why == "“what is topic 2” is an example of office here already"
    assert rasa.joinpath(taken.file).read_text().splitlines()[taken.line - 1] == "- intent: topic_2"
    ours = found["domain.yml", "response utter_topic_3"]
    assert ours.why == "there is a response of this name here: it stays"
    assert rasa.joinpath(ours.file).read_text().splitlines()[ours.line - 1] == "  utter_topic_3:"
    assert ("data/nlu_more.yml", "regex plate") in found


def test_project_when_added_twice_then_nothing_is_new_the_second_time(content, rasa) -> None:
    add(content, rasa)
    before = {path: path.read_bytes() for path in content.rglob("*.yml")}
    again = add(content, rasa)
    assert (again.intents, again.examples, again.phrases, again.held_out, again.responses) == (0, 0, 0, 0, 0)
    assert again.conversations == 0
    assert {path: path.read_bytes() for path in content.rglob("*.yml")} == before


def test_project_when_content_has_nothing_in_its_language_then_it_gets_files_of_its_own(content, burokratt) -> None:
    add(content, burokratt)
    read = read_content(content)
    assert read.intents["common_tere"][Language.ET] == ("tere", "hei")
    assert read.plain_responses()["utter_common_tere"] == {Language.ET: "Tere!"}


def test_project_when_it_names_no_language_then_one_has_to_be_said(content, project) -> None:
    folder = project({"data/nlu.yml": HEAD + "nlu:\n- intent: bye\n  examples: |\n    - bye\n"})
    with pytest.raises(ContentError, match="en, et, ru"):
        add(content, folder)
    assert add(content, folder, Language.EN).examples == 1
