"""Which heard examples are kept, and how they come back."""

from dataclasses import replace

import pytest

from assistant.content.checks import complaints
from assistant.content.compile import nlu
from assistant.content.heard import Hearing, examples_to_hear, heard_examples, write_heard
from assistant.content.held_out import read_held_out
from assistant.content.project import Content, heard_file, read_content
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN = Language.EN


def kept(content: Content, *heard: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    return dict(heard_examples(content, EN, [Hearing(intent, "as written", line) for intent, line in heard]))


def test_heard_examples_when_they_differ_from_all_examples_are_kept_sorted_and_once(content) -> None:
    heard = [("vehicle", "zee car passed"), ("vehicle", "is mike car valid"), ("vehicle", "zee car passed")]
    assert kept(content, *heard) == {"vehicle": ("is mike car valid", "zee car passed")}


def test_heard_examples_when_two_intents_sound_the_same_are_left_out(content) -> None:
    assert kept(content, ("vehicle", "mike are is due"), ("land_tax", "mike are is due")) == {}


@pytest.mark.parametrize("line", ["", "xyzzy"])
def test_heard_examples_when_they_say_nothing_are_left_out(content, line) -> None:
    assert kept(content, ("vehicle", line)) == {}


def test_heard_examples_when_they_are_examples_or_kept_for_tests_are_left_out(content) -> None:
    example = content.intents["greet"][EN][0]
    held_out = next(each for each in read_held_out(content.folder) if each.language is EN)
    assert kept(content, ("vehicle", example), ("greet", example), (held_out.intent, held_out.text.lower())) == {}


def test_examples_to_hear_are_each_example_of_the_language_with_its_intent(content) -> None:
    found = list(examples_to_hear(content, EN))
    assert ("greet", content.intents["greet"][EN][0]) in found
    assert len(found) == len(set(found))


def test_write_heard_when_it_is_read_again_then_is_learned_under_its_intent(content, tmp_path) -> None:
    terms = tmp_path / "common" / "terms.yml"
    terms.parent.mkdir()
    terms.write_text("terms: {}\n", encoding="utf-8")
    path = write_heard(tmp_path, EN, {"vehicle": ("is mike car valid", "yes")})
    assert path == heard_file(tmp_path, EN)
    heard = read_content(tmp_path).heard
    assert heard == {"vehicle": {EN: ("is mike car valid", "yes")}}
    [english] = _examples(replace(content, heard=heard), "vehicle")
    assert "- is mike car valid\n" in english


def test_nlu_when_a_heard_line_has_become_an_example_has_it_where_editors_wrote_it(content) -> None:
    example = content.intents["greet"][EN][0]
    [english] = _examples(replace(content, heard={"vehicle": {EN: (example,)}}), "vehicle")
    assert f"- {example}\n" not in english


def test_check_when_a_heard_line_is_held_out_names_it(content) -> None:
    held_out = next(each for each in read_held_out(content.folder) if each.language is EN)
    heard = {held_out.intent: {EN: (held_out.text.lower(),)}}
    found = "\n".join(map(str, complaints(replace(content, heard=heard))))
    assert f"“{held_out.text}” is a training example" in found


def _examples(content: Content, intent: str) -> list[str]:
    entries = nlu(content)["nlu"]
    english = {"language": "en", "service": True}
    return [each["examples"] for each in entries if each.get("intent") == intent and each["metadata"] == english]
