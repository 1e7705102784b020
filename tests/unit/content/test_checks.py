import re
from dataclasses import replace

import pytest

from assistant.content.checks import check, complaints
from assistant.content.normal_form import normal_form
from assistant.content.project import Variant
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

NLU = "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - hello\n"


def said(errors) -> str:
    return "\n".join(map(str, errors))


def test_check_when_content_is_ours_finds_nothing() -> None:
    assert said(check(PROJECT / "nlu_data")) == ""


def test_check_when_the_folder_is_missing_names_it(tmp_path) -> None:
    (complaint,) = check(tmp_path / "nowhere")
    assert str(complaint) == f"{tmp_path}/nowhere: there is no such content folder"


@pytest.mark.parametrize(
    ("example", "expected"),
    [("Hello,  World!", "hello world"), ("ID-kaart?", "id kaart"), ("Где паспорт?!", "где паспорт"), ("...", "")],
)
def test_normal_form_when_text_is_written_is_as_a_recogniser_writes_it(example, expected) -> None:
    assert normal_form(example) == expected


def test_check_when_an_intent_lacks_a_language_counts_its_examples(content, changed) -> None:
    fewer = {Language.EN: content.intents["greet"][Language.EN], Language.ET: ("tere",)}
    found = said(complaints(changed("intents", "greet", fewer)))
    assert "nlu.et.yml: greet has 1 different examples, 25 are needed" in found
    assert "nlu.ru.yml: greet has 0 different examples" in found


def test_check_when_an_example_stands_twice_in_one_intent_counts_it_once(content, changed) -> None:
    same = dict.fromkeys(Language, ("Hello!",) * 30)
    assert "greet has 1 different examples" in said(complaints(changed("intents", "greet", same)))


def test_check_when_two_intents_share_an_example_names_both(content, changed) -> None:
    shared = content.intents["greet"][Language.EN][0]
    help_intent = content.intents["help"]
    more = {**help_intent, Language.EN: (*help_intent[Language.EN], shared.upper() + "?!")}
    assert "stands under" in said(complaints(changed("intents", "help", more)))


@pytest.mark.parametrize(
    ("kind", "name", "complaint"),
    [
        ("intents", "document_expiry", "no examples: write the intent document_expiry"),
        ("responses", "utter_document_expiry_none", "the response utter_document_expiry_none is not written"),
        ("responses", "utter_ask_office", "the response utter_ask_office is not written"),
        ("responses", "utter_failed_deadline", "the response utter_failed_deadline is not written"),
        ("responses", "utter_error_too_much", "the response utter_error_too_much is not written"),
        ("responses", "utter_error_not_found", "the response utter_error_not_found is not written"),
        ("responses", "utter_error_method_not_allowed", "the response utter_error_method_not_allowed is not written"),
        ("responses", "utter_greet", "the response utter_greet is not written"),
        ("responses", "utter_stop", "the response utter_stop is not written"),
        ("synonyms", "passport", "document_type: no synonym block for passport in any nlu.ru.yml"),
        ("terms", "tartu", "office: no word for tartu"),
        ("page", Language.RU, "page.ru.yml: the word send is missing"),
    ],
)
def test_check_when_something_is_not_written_names_it(changed, kind, name, complaint) -> None:
    assert complaint in said(complaints(changed(kind, name, None)))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"en": "Hi", "et": "Tere"}, "common/responses.ru.yml: utter_greet is missing in ru"),
        (
            {"en": "Hi {name}", "et": "Tere", "ru": "Привет {name}"},
            "common/responses.et.yml: utter_greet has {name} in en, ru but not in et",
        ),
    ],
)
def test_check_when_a_response_differs_between_languages_says_how(changed, words, complaint) -> None:
    variants = {Language(code): (Variant(text=text),) for code, text in words.items()}
    assert complaint in said(complaints(changed("responses", "utter_greet", variants)))


def test_check_when_a_response_uses_what_no_call_reads_names_it(changed) -> None:
    variants = {language: (Variant(text="{colour}"),) for language in Language}
    found = said(complaints(changed("responses", "utter_document_expiry_none", variants)))
    assert "utter_document_expiry_none uses {colour}, which no call reads" in found


def test_check_when_a_phrase_stands_for_two_values_names_both(content, changed) -> None:
    phrase = content.synonyms["id_card"][Language.EN][0]
    wrong = {**content.synonyms["passport"], Language.EN: (phrase,)}
    found = said(complaints(changed("synonyms", "passport", wrong)))
    assert f"document_type: “{normal_form(phrase)}” stands for" in found


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("services/visas/service.yaml", "", "services/visas: this service has no service.yml"),
        ("services/visas/service.yaml", "", "services/visas/service.yaml: no file of this name is read here"),
        ("services/document_expiry/nlu.de.yml", "", "nlu.de.yml: no file of this name is read here"),
        ("common/nlu.yml", "", "common/nlu.yml: no file of this name is read here"),
        ("config.yml", "pipeline: [", "config.yml:1: not valid YAML"),
    ],
)
def test_check_when_a_file_would_not_be_read_names_it(content, tmp_path, file, text, complaint) -> None:
    folder = tmp_path / "content"
    for known in ("services/document_expiry", "common"):
        (folder / known).mkdir(parents=True)
    (folder / "services/document_expiry/service.yml").touch()
    (folder / "config.yml").write_text("pipeline: []\n")
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").touch()
    found = said(complaints(replace(content, folder=folder)))
    assert complaint in found
    assert "HEAD" not in found


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("nlu.en.yml", "", "nlu.en.yml: this file is empty"),
        ("nlu.en.yml", "# later\n", "nlu.en.yml: this file is empty"),
        ("nlu.en.yml", "- intent: greet\n", "nlu.en.yml:1: this file must begin with a key such as version:"),
        ("nlu.en.yml", "version: '3.1'\n", "nlu.en.yml: nlu is missing"),
        (
            "nlu.en.yml",
            NLU.replace("intent", "inten"),
            "nlu.en.yml:3: nlu.0.inten is not known here; did you mean intent?",
        ),
        ("nlu.en.yml", NLU.replace("intent: greet", "colour: red"), "nlu.en.yml:3: nlu.0.colour is not known here"),
        ("nlu.en.yml", NLU.replace("- intent: greet\n  ", "- "), "nlu.en.yml:3: nlu.0: name an intent or a synonym"),
        ("nlu.en.yml", "a: \x00", "nlu.en.yml: not valid YAML"),
        ("responses.et.yml", "version: '3.1'\nresponses: [a]\n", "responses.et.yml:2: responses must have keys"),
        ("terms.yml", "", "terms.yml: this file is empty"),
    ],
)
def test_check_when_a_file_is_not_what_it_should_be_says_so_in_an_editors_words(
    tmp_path, file, text, complaint
) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / file).write_text(text)
    (found,) = check(tmp_path)
    assert str(found).startswith(f"{tmp_path}/common/{complaint}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "config.yml: this file is missing"),
        ("", "config.yml: pipeline is missing, or is no list"),
        ("pipeline: []\npolicies: none\n", "config.yml:2: policies is missing, or is no list"),
    ],
)
def test_check_when_the_pipeline_is_not_written_says_so(content, tmp_path, text, complaint) -> None:
    if text is not None:
        (tmp_path / "config.yml").write_text(text)
    assert complaint in said(complaints(replace(content, folder=tmp_path)))


def test_check_when_nothing_but_examples_is_there_every_complaint_names_a_file(content) -> None:
    shared = dict.fromkeys(Language, ("the same phrase",))
    poor = replace(
        content,
        synonyms=dict.fromkeys(["passport", "id_card"], shared),
        responses={name: {Language.EN: (Variant(text="{x}"),)} for name in list(content.responses)[::2]},
        terms={},
        page={Language.EN: {"send": "Send"}},
    )
    found = complaints(poor)
    assert len(found) > 30
    assert [str(each) for each in found if not each.file] == []


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("utter_greet", "Hello <emphasis>you", "utter_greet: <emphasis> is never closed"),
        ("utter_greet", "<b>Hello</b>", "utter_greet: <b> is no tag: there are <break"),
        ("utter_greet", "<break/>", "utter_greet: there is nothing to say"),
        ("utter_greet", "so " * 41, "utter_greet: 41 words are too many to listen to: 40 at most, the gist of it"),
        ("utter_error_too_much", "Too <emphasis>much</emphasis>", "only ever read"),
    ],
)
def test_check_when_a_tag_does_not_fit_then_names_the_file_and_the_line(
    changed, name: str, text: str, complaint: str
) -> None:
    wrong = dict.fromkeys(Language, (Variant(text=text),))
    (found, *_) = [str(error) for error in complaints(changed("responses", name, wrong)) if complaint in str(error)]
    assert re.search(r"common/responses\.en\.yml:\d+: ", found)
