"""Fixed values of inputs: made, changed and taken away with the words citizens use for them."""

import pytest

from assistant.content.checks import check
from assistant.content.editing.content_files import ContentFiles, write_changes
from assistant.content.editing.examples import add_examples
from assistant.content.editing.services import edit_service
from assistant.content.editing.values import (
    InputPlace,
    change_phrases,
    delete_value,
    leave_value,
    list_fixed_inputs,
    list_values,
    new_value,
    registers_sent,
    rename_value,
    take_value,
    uses_of_value,
    write_words,
)
from assistant.content.project import read_content
from assistant.core.errors import EditRefused
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU
EXPIRY = InputPlace("document_expiry", "document_type")
RENEW = InputPlace("document_renew", "renewed_document")
WORDS = {EN: "seafarer's book", ET: "meremehe raamat", RU: "мореходная книжка"}
PHRASES = {
    EN: ["seafarer's book", "Seafarer's book!", "seaman's book"],
    ET: ["meremehe raamat", "meremehe raamatut"],
    RU: ["мореходная книжка", "мореходную книжку"],
}


@pytest.fixture
def copy(ours, tmp_path) -> ContentFiles:
    """Kratt's own content, that may be written to."""
    write_changes(tmp_path, {path: ours.read(path) for path in ours.paths("*.yml")})
    return ContentFiles(tmp_path)


def with_book(files: ContentFiles, *inputs: InputPlace) -> None:
    new_value(files, "seafarers_book", WORDS, PHRASES, inputs)


def test_values_when_listed_then_have_words_phrases_and_who_takes_them(ours) -> None:
    passport = list_values(ours)["passport"]
    assert passport.words == {EN: "passport", ET: "pass", RU: "паспорт"}
    assert ("passport" in passport.phrases[EN], EXPIRY in passport.inputs) == (True, True)
    assert list_fixed_inputs(ours)[EXPIRY] == ("id_card", "passport", "driving_licence")
    assert check(PROJECT / "nlu_data") == []
    assert {*list_values(ours)} == {
        value for values in read_content(PROJECT / "nlu_data").values().values() for value in values
    }


def test_new_value_when_one_service_takes_it_then_stands_there_and_nothing_else_changes(copy, lines_of) -> None:
    with_book(copy, EXPIRY)
    folder = "services/document_expiry"
    lines = lines_of(copy)
    assert lines[f"{folder}/service.yml"] == [
        "-     one_of: [id_card, passport, driving_licence]",
        "+     one_of: [id_card, passport, driving_licence, seafarers_book]",
    ]
    assert lines[f"{folder}/terms.yml"] == [
        "+ terms:",
        "+   seafarers_book: {en: seafarer's book, et: meremehe raamat, ru: мореходная книжка}",
    ]
    assert lines[f"{folder}/nlu.en.yml"][-4:] == [
        "+ - synonym: seafarers_book",
        "+   examples: |",
        "+     - Seafarer's book!",
        "+     - seaman's book",
    ]
    assert len(lines) == 5
    write_changes(copy.folder, copy.changes)
    assert check(copy.folder) == []
    assert "seafarers_book" in read_content(copy.folder).values()["document_type"]


def test_new_value_when_several_services_take_it_then_its_words_are_common(copy, lines_of) -> None:
    with_book(copy, EXPIRY, RENEW)
    assert lines_of(copy)["common/terms.yml"] == [
        "+   seafarers_book: {en: seafarer's book, et: meremehe raamat, ru: мореходная книжка}"
    ]
    assert {path for path in copy.changes if path.startswith("common/")} == {
        "common/terms.yml",
        *(f"common/nlu.{language}.yml" for language in Language),
    }
    write_changes(copy.folder, copy.changes)
    assert check(copy.folder) == []


@pytest.mark.parametrize(
    ("name", "words", "phrases", "inputs", "why"),
    [
        ("Seafarer", WORDS, PHRASES, [EXPIRY], "small letters"),
        ("true", WORDS, PHRASES, [EXPIRY], "small letters"),
        ("passport", WORDS, PHRASES, [EXPIRY], "there is a value passport already"),
        ("book", WORDS, PHRASES, [], "needs an input"),
        ("book", {EN: "book", ET: "raamat"}, PHRASES, [EXPIRY], "needs a word in ru"),
        ("book", WORDS, {EN: ["book"]}, [EXPIRY], "needs phrases in et, ru"),
        ("book", WORDS, PHRASES | {ET: ["..."]}, [EXPIRY], "has no words"),
        ("book", WORDS, PHRASES, [InputPlace("pension", "nothing")], "no input nothing with fixed values"),
    ],
)
def test_new_value_when_it_is_none_then_is_refused(ours, name, words, phrases, inputs, why) -> None:
    with pytest.raises(EditRefused, match=why):
        new_value(ours, name, words, phrases, inputs)


def test_word_when_written_otherwise_then_is_that_alone(copy, lines_of) -> None:
    write_words(copy, "driving_licence", {EN: "driver's licence"})
    assert lines_of(copy) == {
        "common/terms.yml": [
            "-   driving_licence: {en: driving licence, et: juhiluba, ru: водительское удостоверение}",
            "+   driving_licence: {en: driver's licence, et: juhiluba, ru: водительское удостоверение}",
        ]
    }


def test_phrases_when_added_and_taken_away_then_the_others_keep_their_bytes(copy, lines_of) -> None:
    change_phrases(copy, "passport", EN, add=["red booklet", "Passport"], gone=["travel passport", "never there"])
    assert lines_of(copy) == {"common/nlu.en.yml": ["-     - travel passport", "+     - red booklet"]}


def test_value_when_deleted_then_the_files_are_as_before(copy) -> None:
    with_book(copy, EXPIRY, RENEW)
    delete_value(copy, "seafarers_book")
    # A register that these services ask may answer with that code, so its word stays.
    assert {*copy.changes} == {"common/terms.yml"}


def test_word_when_no_register_can_answer_with_it_then_goes_with_its_value(copy) -> None:
    with_book(copy, InputPlace("own_data", "own_data_task"))
    assert "services/own_data/terms.yml" in copy.changes
    delete_value(copy, "seafarers_book")
    assert copy.changes == {}


def test_value_when_something_uses_it_then_stays_and_the_places_are_named(copy) -> None:
    with_book(copy, EXPIRY)
    add_examples(copy, "document_expiry", EN, ["does my [sea pass](document_type:seafarers_book) end"])
    edit_service(
        copy,
        "document_expiry",
        {
            ("inputs", 0, "default"): "seafarers_book",
            ("answers", "found"): [
                {"when": {"document_type": ["seafarers_book"]}, "say": "utter_document_expiry"},
                {"say": "utter_document_expiry"},
            ],
        },
    )
    uses = uses_of_value(copy, "seafarers_book")
    assert [(use.file.split("/")[-1], use.what.partition(" ")[0]) for use in uses] == [
        ("service.yml", "it"),
        ("service.yml", "a"),
        ("nlu.en.yml", "words"),
    ]
    assert all(use.line for use in uses)
    for refuse in (lambda: delete_value(copy, "seafarers_book"), lambda: leave_value(copy, EXPIRY, "seafarers_book")):
        with pytest.raises(EditRefused, match=r"services/document_expiry/service.yml:\d+: it is what is taken"):
            refuse()


def test_offer_when_it_tells_a_value_then_is_a_use_of_it(copy) -> None:
    with_book(copy, RENEW)
    offer = {"offer": "document_renew", "with": {RENEW.slot: "seafarers_book"}}
    edit_service(copy, "pension", {"next": [offer]})
    (use,) = uses_of_value(copy, "seafarers_book")
    assert (use.file, use.what) == ("services/pension/service.yml", "an offer tells it")


def test_input_when_it_would_have_no_value_then_keeps_its_last(copy) -> None:
    place = next(place for place, values in list_fixed_inputs(copy).items() if len(values) == 1)
    (only,) = list_fixed_inputs(copy)[place]
    edit_service(copy, place.service, {("answers", "found"): None})
    with pytest.raises(EditRefused, match=f"needs {only}|the only value"):
        leave_value(copy, place, only)
    take_value(copy, EXPIRY, "tartu")
    leave_value(copy, EXPIRY, "tartu")
    assert "services/document_expiry/service.yml" not in copy.changes


def test_value_when_renamed_then_inputs_conditions_phrases_words_and_marks_follow(copy) -> None:
    sent = [f"{each.file}:{each.what}" for each in registers_sent(copy, "passport")]
    assert "services/document_expiry/service.yml:a register knows document_type by it" in sent
    rename_value(copy, "passport", "travel_pass", registers_know=True)
    value = list_values(copy)["travel_pass"]
    assert (EXPIRY in value.inputs, RENEW in value.inputs) == (True, True)
    assert value.words == {EN: "passport", ET: "pass", RU: "паспорт"}
    assert "passport" in value.phrases[EN]
    assert "passport" not in list_values(copy)
    held_out = copy.read("held_out/en.yml")
    assert '{"entity": "renewed_document", "value": "travel_pass"} stolen' in held_out
    assert '"value": "passport"' not in held_out
    assert check_of(copy) == []


def test_value_when_renamed_then_a_code_that_registers_answer_with_keeps_its_word(copy) -> None:
    rename_value(copy, "passport", "travel_pass", registers_know=True)
    terms = copy.read("common/terms.yml")
    assert ("\n  passport:" in terms, "\n  travel_pass:" in terms) == (True, True)
    assert "document: [id_card, passport]" in copy.read("services/document_expiry/service.yml")  # what was read


def test_value_when_a_condition_wants_it_then_the_condition_follows(copy) -> None:
    rename_value(copy, "lift_block", "open_again")
    service = copy.read("services/block_data_use/service.yml")
    assert "block_task: [open_again]" in service
    assert "lift_block" not in [each.strip(" []") for line in service.splitlines() for each in line.split(",")]
    assert check_of(copy) == []


@pytest.mark.parametrize(
    ("name", "new", "complaint"),
    [
        ("passport", "id_card", "there is a value id_card already"),
        ("passport", "Travel pass", "a value is named in small letters"),
        ("nothing", "something", "no input takes nothing"),
        ("passport", "travel_pass", "registers know passport; services/document_expiry/service.yml:"),
    ],
)
def test_value_when_it_cannot_be_renamed_then_says_why_and_changes_nothing(
    copy, name: str, new: str, complaint: str
) -> None:
    with pytest.raises(EditRefused, match=complaint):
        rename_value(copy, name, new)
    assert copy.changes == {}


def check_of(files: ContentFiles) -> list[str]:
    write_changes(files.folder, files.changes)
    return [str(each) for each in check(files.folder)]
