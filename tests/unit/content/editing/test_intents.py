"""Renaming, merging, splitting and deleting take everything along that names an intent or a response, or refuse."""

import re

import pytest

from assistant.content.checks import check
from assistant.content.editing.content_files import ContentFiles, write_changes
from assistant.content.editing.examples import list_examples
from assistant.content.editing.intents import (
    delete_intent,
    list_intents,
    merge_intents,
    new_intent,
    rename_intent,
    split_intent,
)
from assistant.content.editing.responses import (
    delete_response,
    list_responses,
    rename_response,
    write_response,
)
from assistant.content.editing.services import edit_service, read_service
from assistant.content.editing.uses import uses_of_intent, uses_of_response
from assistant.content.editing.yaml_text import YamlText
from assistant.core.errors import ContentError, EditRefused
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU
ANSWER = {EN: "Fine!", ET: "Tore!", RU: "Хорошо!"}
EXAMPLES = {EN: ["that is fine"], ET: ["see on tore"], RU: ["это хорошо"]}


def names(files: ContentFiles, word: str) -> list[str]:
    """The files in which the word stands as a name, in whatever spelling."""
    pattern = re.compile(rf"(?<![\w-])(?:utter_|utter_offer_)?{word}(?!\w)")
    return [
        path for path in files.paths("*.yml") if any(pattern.search(line) for line in lines_with_names(files, path))
    ]


def lines_with_names(files: ContentFiles, path: str) -> list[str]:
    """Lines that may name something: no examples, no texts, no comments."""
    lines = files.read(path).splitlines()
    said = re.compile(
        r"^\s*- (?!intent:|offer:|\{)|\b(?:text|say): *\"|^\s*(?:- )?(?:say|name): |^\s*(?:en|et|ru): |^#"
    )
    return [line.split(" #")[0] for line in lines if not said.search(line)]


def test_rename_intent_when_it_is_a_service_takes_everything_along(own_folder) -> None:
    files = ContentFiles(own_folder)
    for old, new in (("school_place", "place_at_school"), ("thank", "thanks"), ("document_renew", "new_document")):
        rename_intent(files, old, new)
        assert names(files, old) == []
        assert names(files, new)
    write_changes(own_folder, files.changes)
    assert [str(each) for each in check(own_folder)] == []
    assert not (own_folder / "services/school_place").exists()


def test_rename_intent_when_done_changes_no_line_that_does_not_name_it(ours, lines_of) -> None:
    rename_intent(ours, "pension", "old_age")
    changed = {path: lines for path, lines in lines_of(ours).items() if not path.startswith("services/")}
    assert changed.keys() >= {"held_out/en.yml", "held_out/et.yml", "held_out/ru.yml", "heard/en.yml"}
    assert all(set(lines) == {"- - intent: pension", "+ - intent: old_age"} for lines in changed.values())
    assert YamlText(ours.read("services/old_age/service.yml")).get("service") == "old_age"
    assert not ours.exists("services/pension/service.yml")


@pytest.mark.parametrize(
    ("intent", "new", "complaint"),
    [
        ("affirm", "yes_please", "code goes by the name affirm"),
        ("nothing", "x", "there is no intent nothing"),
        ("pension", "vehicle", "there is an intent vehicle already"),
        ("pension", "stop", "there is an intent stop already"),
        ("pension", "Old-Age", "small letters"),
        ("pension", "../../x", "small letters"),
    ],
)
def test_rename_intent_when_it_cannot_be_says_why(ours, intent, new, complaint) -> None:
    with pytest.raises(EditRefused, match=complaint):
        rename_intent(ours, intent, new)
    assert not ours.changes


def test_new_intent_when_every_language_has_words_is_answered(ours, lines_of) -> None:
    new_intent(ours, "praise", EXAMPLES, ANSWER)
    assert lines_of(ours)["common/nlu.et.yml"][-3:] == ["+ - intent: praise", "+   examples: |", "+     - see on tore"]
    assert lines_of(ours)["common/responses.ru.yml"] == ["+   utter_praise:", '+     - text: "Хорошо!"']
    assert list_intents(ours)["praise"] == {EN: 1, ET: 1, RU: 1}
    assert all(by.keys() == set(Language) for by in list_responses(ours).values())


@pytest.mark.parametrize(
    ("examples", "answer"), [({**EXAMPLES, ET: []}, ANSWER), (EXAMPLES, {EN: "Fine!", ET: "Tore!"}), ({}, {})]
)
def test_new_intent_when_a_language_lacks_words_is_refused(ours, examples, answer) -> None:
    with pytest.raises(EditRefused, match="praise needs examples and an answer in"):
        new_intent(ours, "praise", examples, answer)


def test_split_intent_when_examples_are_chosen_makes_an_intent_of_them(ours) -> None:
    chosen = {language: [next(list_examples(ours, "thank", language)).text] for language in Language}
    before = list_intents(ours)["thank"]
    split_intent(ours, "thank", "praise", chosen, ANSWER)
    counts = list_intents(ours)
    assert counts["praise"] == {EN: 1, ET: 1, RU: 1}
    assert counts["thank"] == {language: count - 1 for language, count in before.items()}


def test_merge_intents_when_done_keeps_every_example_and_test(ours) -> None:
    before = {each.text for each in list_examples(ours, "thank")}
    merge_intents(ours, "thank", "greet")
    assert before <= {each.text for each in list_examples(ours, "greet")}
    assert "thank" not in list_intents(ours)
    assert "utter_thank" not in list_responses(ours)
    assert names(ours, "thank") == []


@pytest.mark.parametrize(
    ("intent", "into", "complaint"),
    [("pension", "greet", "pension is a service"), ("thank", "x", "no intent x"), ("deny", "greet", "code goes by")],
)
def test_merge_intents_when_it_cannot_be_says_why(ours, intent, into, complaint) -> None:
    with pytest.raises(EditRefused, match=complaint):
        merge_intents(ours, intent, into)
    assert not ours.changes


def test_delete_intent_when_it_is_used_names_each_place(ours) -> None:
    with pytest.raises(EditRefused) as refused:
        delete_intent(ours, "document_renew")
    reasons = refused.value.reasons
    assert "services/document_renew/service.yml:1: this service begins with it" in reasons
    assert any(re.fullmatch(r"services/document_expiry/service\.yml:47: offers it.*", each) for each in reasons)
    assert any(re.fullmatch(r"services/document_renew/tests\.yml:\d+: a conversation.*", each) for each in reasons)
    assert any(re.fullmatch(r"held_out/et\.yml:\d+: \d+ held-out requests", each) for each in reasons)
    assert not ours.changes


def test_delete_intent_when_nothing_uses_it_takes_examples_and_answer_away(ours) -> None:
    new_intent(ours, "praise", EXAMPLES, ANSWER)
    assert uses_of_intent(ours, "praise") == ()
    delete_intent(ours, "praise")
    assert not ours.changes


def test_write_response_when_one_language_is_changed_changes_its_line(ours, lines_of) -> None:
    name = "utter_office_information_none"
    write_response(ours, name, {ET: "Ei leidnud."})
    assert [line[:2] for line in lines_of(ours)["services/office_information/responses.et.yml"]] == ["- ", "+ "]
    assert list_responses(ours)[name][ET].texts == ("Ei leidnud.",)


def test_write_response_when_it_gets_more_wordings_and_fewer_again_is_as_before(ours) -> None:
    before = list_responses(ours)["utter_greet"][EN]
    write_response(ours, "utter_greet", {EN: [*before.texts, "Hi: there", "#1"]})
    assert list_responses(ours)["utter_greet"][EN].texts == (*before.texts, "Hi: there", "#1")
    write_response(ours, "utter_greet", {EN: before.texts})
    assert not ours.changes


def test_write_response_when_it_is_new_stands_where_it_is_told_and_its_buttons_stay(files) -> None:
    write_response(files, "utter_pension_none", {EN: "None."}, "services/pension")
    path = "services/pension/responses.en.yml"
    buttons = YamlText(files.read(path)).set(
        [{"title": "A", "payload": "a"}], "responses", "utter_pension_none", 0, "buttons"
    )
    files.change(path, buttons.text)
    write_response(files, "utter_pension_none", {EN: "Nothing.", ET: "Pole."})
    assert YamlText(files.read(path)).get("responses", "utter_pension_none") == [
        {"text": "Nothing.", "buttons": [{"title": "A", "payload": "a"}]}
    ]
    assert list_responses(files)["utter_pension_none"].keys() == {EN, ET}


@pytest.mark.parametrize(("name", "words"), [("hello", {EN: "x"}), ("utter_x", {EN: " "}), ("utter_x", {EN: []})])
def test_write_response_when_it_says_nothing_is_refused(files, name, words) -> None:
    with pytest.raises(EditRefused):
        write_response(files, name, words)


def test_rename_response_when_a_service_says_it_takes_the_service_along(ours) -> None:
    old, new = "utter_document_renew_in_person", "utter_come_in_person"
    assert len(uses_of_response(ours, old)) == 2
    rename_response(ours, old, new)
    assert not any(old in ours.read(path) for path in ours.paths("*.yml"))
    assert len(uses_of_response(ours, new)) == 2


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("utter_login_required", "code goes by the name"),
        ("utter_ask_office", "its name is made of another name"),
        ("utter_thank", "this intent is answered by it"),
        ("utter_none_at_all", "there is no response"),
    ],
)
def test_rename_response_when_its_name_is_given_says_why(ours, name, complaint) -> None:
    with pytest.raises(EditRefused, match=complaint):
        rename_response(ours, name, "utter_new")


def test_delete_response_when_a_service_says_it_names_the_line(ours) -> None:
    with pytest.raises(EditRefused, match=r"services/document_renew/service\.yml:\d+: says it"):
        delete_response(ours, "utter_document_renew_done")
    write_response(ours, "utter_new", ANSWER)
    delete_response(ours, "utter_new")
    assert not ours.changes


def test_edit_service_when_fields_are_changed_changes_their_lines(ours, lines_of) -> None:
    fields = {
        ("title", "en"): "Pensions",
        "assurance": "substantial",
        ("purpose", "et"): "Öelda: pension",
        "any_voice": None,
    }
    edit_service(ours, "pension", fields)
    lines = lines_of(ours)["services/pension/service.yml"]
    changed = {"+   en: Pensions", "+ assurance: substantial", '+   et: "Öelda: pension"'}
    assert {line for line in lines if line.startswith("+")} == changed
    assert read_service(ours, "pension")["assurance"] == "substantial"


def test_edit_service_when_it_is_renamed_or_unknown_is_refused(ours) -> None:
    with pytest.raises(EditRefused, match="rename the intent pension"):
        edit_service(ours, "pension", {"service": "x"})
    with pytest.raises(ContentError, match=r"services/none/service\.yml: this file is missing"):
        edit_service(ours, "none", {"assurance": "high"})
