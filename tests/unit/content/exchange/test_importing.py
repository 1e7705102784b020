"""Projects of Rasa and Bürokratt become content."""

import pytest

from assistant.content.checks import check
from assistant.content.conversations import read_conversations
from assistant.content.exchange.importing import import_project
from assistant.content.exchange.names import own_names
from assistant.content.held_out import read_held_out
from assistant.content.project import read_content
from assistant.core.errors import ContentError
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


def told(imported) -> set[str]:
    return set(map(str, imported.findings))


def test_rasa_project_when_imported_then_intents_synonyms_and_responses_are_content(rasa, tmp_path):
    import_project(rasa, tmp_path / "content")
    content = read_content(tmp_path / "content")
    assert len(content.intents) == 30
    assert content.intents["topic_0"][Language.EN] == (
        "tell me about topic 0",
        "what is topic 0",
        "Where is topic 0",
    )
    assert content.intents["ask_office_hours"][Language.EN] == ("when are you open in Tartu",)
    assert content.synonyms["id_kaart"][Language.EN] == ("id card", "identity card")
    assert content.plain_responses()["utter_topic_28"] == {Language.EN: "This is topic_28."}
    (choice,) = content.responses["utter_choice"][Language.EN]
    assert [(each.title, each.payload) for each in choice.buttons] == [("Tax", "land tax")]


def test_rasa_project_when_imported_then_tests_are_conversations_and_held_out(rasa, tmp_path):
    import_project(rasa, tmp_path / "content")
    (conversation,) = read_conversations(tmp_path / "content").values()
    assert [(each.say, each.intent, each.reply) for each in conversation.turns] == [
        ("tell me of topic 1", "topic_1", ("This is topic_1.",))
    ]
    assert [(each.text, each.intent) for each in read_held_out(tmp_path / "content")] == [
        ("the third of them please", "topic_3")
    ]


def test_rasa_project_when_imported_then_each_thing_that_does_not_map_is_named_with_its_line(rasa, tmp_path):
    found = {str(each).rpartition(": ")[0] for each in import_project(rasa, tmp_path / "content").findings}
    assert found == {
        "actions/actions.py: no YAML",
        "config.yml:1: recipe",
        "config.yml:4: pipeline: WhitespaceTokenizer",
        "data/nlu_more.yml:78: intent Ask-Office Hours",
        "data/nlu_more.yml:81: synonym ID-kaart",
        "data/nlu_more.yml:85: regex plate",
        "data/nlu_more.yml:88: lookup city",
        "data/stories.yml:3: stories: long",
        "domain.yml:34: slots: city",
        "domain.yml:72: a button of utter_choice",
        "domain.yml:73: a wording of utter_choice",
        "tests/test_stories.yml:9: test story a form",
    }


def test_imported_content_when_checked_then_the_project_beside_it_is_no_complaint(rasa, tmp_path):
    import_project(rasa, tmp_path / "content")
    complaints = list(map(str, check(tmp_path / "content")))
    assert any("different examples" in each for each in complaints)
    assert not any("content/imported" in each for each in complaints)


def test_burokratt_when_imported_then_what_is_in_its_model_is_content(burokratt, tmp_path):
    imported = import_project(burokratt, tmp_path / "content")
    content = read_content(tmp_path / "content")
    assert content.intents == {
        "common_tere": {Language.ET: ("tere", "hei")},
        "tooaeg": {Language.ET: ("millal olete avatud",)},
    }
    assert content.plain_responses() == {
        "utter_common_tere": {Language.ET: "Tere!"},
        "utter_tooaeg": {Language.ET: "Avatud 9-17"},
    }
    assert {
        "data/nlu/uus_nlu.yml.tmp: an intent that is not in the model: everything in Kratt's content is in the model",
        "data/nlu/common_tere_nlu.yml:1: version 3.0: it is read as if it were 3.1",
        "data/nlu/tööaeg_nlu.yml:3: intent tööaeg: it is called tooaeg here",
    } <= told(imported)


def test_project_when_zipped_with_a_folder_around_then_is_imported_alike(rasa, zipped, tmp_path):
    from_folder = import_project(rasa, tmp_path / "one")
    assert import_project(zipped(rasa), tmp_path / "two") == from_folder


@pytest.mark.parametrize(
    ("path", "text", "finding"),
    [
        ("data/broken.yml", "nlu:\n- intent: x\n  examples: |\n    - y\n bad\n", "data/broken.yml:5: the whole file: "),
        ("data/twice.yml", "nlu: []\nnlu: []\n", "data/twice.yml:2: the whole file: "),
        ("data/deep.yml", "[" * 100_000, "data/deep.yml"),
        ("data/tab.yml", "nlu:\n\t- x\n", "data/tab.yml:2: the whole file: "),
        ("data/list.yml", "- x\n", "data/list.yml: the whole file: "),
        ("data/odd.yml", "nlu:\n- {intent: x}\n", "data/odd.yml:2: intent x: it has no examples"),
        ("data/nlu_z.yml", "nlu:\n- intent: other\n  examples: |\n    - What is topic 1?\n", "data/nlu_z.yml:2: “What"),
        ("domain/z.yml", "responses:\n  utter_topic_1:\n  - text: x\n", "domain/z.yml:2: response utter_topic_1: it"),
    ],
)
def test_project_when_a_file_is_broken_then_is_named_and_the_rest_goes_on(rasa, tmp_path, path, text, finding):
    (rasa / path).write_text(text, encoding="utf-8")
    imported = import_project(rasa, tmp_path / "content")
    assert any(each.startswith(finding) for each in told(imported))
    assert len(imported.mapped.intents) == 30


def test_import_when_the_folder_has_something_in_it_then_nothing_is_done(rasa, tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "mine.txt").touch()
    with pytest.raises(ContentError, match="new folder"):
        import_project(rasa, tmp_path / "content")


def test_import_when_no_language_is_known_then_asks_for_it(project, tmp_path):
    with pytest.raises(ContentError, match="in which language"):
        import_project(project({"data/nlu.yml": "nlu: []\n"}), tmp_path / "content")
    assert not (tmp_path / "content").exists()


def test_own_names_when_two_would_be_the_same_then_they_differ():
    assert own_names(["a_b", "a-b", "A B", "7", "привет"], "intent") == {
        "a_b": "a_b",
        "a-b": "a_b_2",
        "A B": "a_b_3",
        "7": "intent_7",
        "привет": "intent",
    }
