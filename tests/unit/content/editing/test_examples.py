"""Examples are changed line by line."""

import pytest

from assistant.content.editing.content_files import ContentFiles, write_changes
from assistant.content.editing.examples import (
    add_examples,
    add_held_out,
    delete_examples,
    edit_example,
    list_examples,
    move_examples,
)
from assistant.core.errors import ContentError, EditRefused
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU


def test_list_examples_when_asked_for_an_intent_gives_each_with_its_place(files) -> None:
    found = list(list_examples(files, "pension"))
    assert [(each.text, each.file, each.line) for each in found] == [
        ("my pension", "services/pension/nlu.en.yml", 6),
        ("when can i retire", "services/pension/nlu.en.yml", 8),
    ]


def test_list_examples_when_nothing_is_asked_for_gives_all_but_phrases(files) -> None:
    assert {each.text for each in list_examples(files)} >= {"hello", "tere", "my pension"}
    assert "passport" not in {each.text for each in list_examples(files)}


def test_add_examples_when_they_are_new_adds_a_line_for_each(files, lines_of) -> None:
    assert add_examples(files, "greet", EN, ["hi there", "Hello!", "hi  there"]) == ("hi there",)
    assert lines_of(files) == {"common/nlu.en.yml": ["+     - hi there"]}


def test_add_examples_when_the_last_block_has_no_line_end_begins_a_new_line(folder) -> None:
    place = folder / "services/pension/nlu.en.yml"
    place.write_bytes(place.read_bytes().rstrip())
    files = ContentFiles(folder)
    add_examples(files, "pension", EN, ["retirement"])
    assert files.read("services/pension/nlu.en.yml").endswith("    - when can i retire\n    - retirement\n")


def test_add_examples_when_the_language_has_none_yet_makes_block_and_file(files, lines_of) -> None:
    add_examples(files, "thank", ET, ["aitäh"])
    add_examples(files, "pension", RU, ["пенсия"])
    assert lines_of(files) == {
        "common/nlu.et.yml": ["+ - intent: thank", "+   examples: |", "+     - aitäh"],
        "services/pension/nlu.ru.yml": [
            '+ version: "3.1"', "+ ", "+ nlu:", "+ - intent: pension", "+   examples: |", "+     - пенсия",
        ],
    }  # fmt: skip


def test_add_held_out_when_the_blocks_stand_apart_so_does_a_new_one(files, lines_of) -> None:
    add_held_out(files, "thank", EN, ["ta"])
    assert lines_of(files) == {"held_out/en.yml": ["+ ", "+ - intent: thank", "+   examples: |", "+     - ta"]}


def test_edit_example_when_it_stands_there_changes_its_line(files, lines_of) -> None:
    edit_example(files, "greet", EN, "good day", "Good day to you")
    assert lines_of(files) == {"common/nlu.en.yml": ["-     - good day", "+     - Good day to you"]}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("good morning", "x", "is no example of greet in en any more"),
        ("hello", "GOOD day!", "is an example of greet already"),
        ("hello", " ... ", "has no words"),
        ("hello", "a\x07b", "one line of plain text"),
        ("hello", "hello [kratt](name", "brackets that are no mark"),
        ("hello", "x" * 501, "at most 500 characters"),
    ],
)
def test_edit_example_when_it_cannot_be_says_why(files, old, new, complaint) -> None:
    with pytest.raises(EditRefused, match=complaint):
        edit_example(files, "greet", EN, old, new)
    assert not files.changes


def test_delete_examples_when_some_stay_takes_their_lines_out(files, lines_of) -> None:
    delete_examples(files, "pension", EN, ["when can i retire"])
    assert lines_of(files) == {"services/pension/nlu.en.yml": ["-     - when can i retire"]}


def test_delete_examples_when_none_stays_takes_the_block_out(files, lines_of) -> None:
    delete_examples(files, "greet", EN, ["hello", "good day"])
    gone = ["- - intent: greet", "-   examples: |", "-     - hello", "-     - good day"]
    assert lines_of(files) == {"common/nlu.en.yml": gone}


def test_move_examples_when_both_intents_exist_moves_them(files, lines_of) -> None:
    move_examples(files, "greet", EN, ["good day"], "pension")
    assert lines_of(files) == {
        "common/nlu.en.yml": ["-     - good day"],
        "services/pension/nlu.en.yml": ["+     - good day"],
    }


def test_move_examples_when_the_other_intent_is_unknown_changes_nothing(files) -> None:
    with pytest.raises(EditRefused, match="there is no intent pensoin"):
        move_examples(files, "greet", EN, ["hello"], "pensoin")
    assert not files.changes


def test_edits_when_made_to_all_of_our_files_and_taken_back_leave_every_byte(ours) -> None:
    one_of_each_file = [
        next(list_examples(ours, intent, language)) for intent in ("greet", *services(ours)) for language in Language
    ]
    for each in one_of_each_file:
        assert add_examples(ours, each.intent, each.language, ["zzz qqq zzz"])
    assert set(ours.changes) == set(ours.paths("nlu.*.yml"))
    for each in one_of_each_file:
        delete_examples(ours, each.intent, each.language, ["zzz qqq zzz"])
    assert not ours.changes


@pytest.mark.parametrize("path", ["../x.yml", "/etc/passwd", "common/../../x", ".git/config", "", "a\\..\\b"])
def test_files_when_a_path_leads_elsewhere_is_refused(files, path) -> None:
    with pytest.raises(ContentError, match="leads out of the content"):
        files.change(path, "x")
    with pytest.raises(ContentError, match="leads out of the content"):
        files.read(path)


def test_files_when_a_link_leads_elsewhere_is_refused(folder, tmp_path_factory) -> None:
    (folder / "link").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(ContentError, match="leads out of the content"):
        write_changes(folder, {"link/x.yml": "x"})


def test_write_changes_when_a_folder_becomes_empty_takes_it_away(folder) -> None:
    write_changes(folder, {"common/nlu.et.yml": None, "held_out/en.yml": None, "new/x.yml": "a: 1\n"})
    assert not (folder / "held_out").exists()
    assert (folder / "new/x.yml").read_text() == "a: 1\n"


def services(files: ContentFiles) -> list[str]:
    return [path.split("/")[1] for path in files.paths("services/*/service.yml")]
