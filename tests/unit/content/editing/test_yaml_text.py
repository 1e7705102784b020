"""A change of a YAML file leaves everything else of it as it is."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.content.editing.yaml_text import YamlText, dumped
from assistant.core.errors import ContentError
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

FILES = sorted((PROJECT / "nlu_data").rglob("*.yml"))

TEXT = """\
# the head
service: pension # its name
title:
  en: Pension
  et: "Pension: vanadus"
calls:
  # the first
  - id: years
    reads: {from: from, as: [a, b]} # inline

  - id: sum
    when: {}
confirm: none

# the tail
"""


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:1] in "+-"]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("service",), "pensions", ["- service: pension # its name", "+ service: pensions # its name"]),
        (("title", "et"), "Uus", ['-   et: "Pension: vanadus"', '+   et: "Uus"']),
        (("title", "en"), "Old: age", ["-   en: Pension", '+   en: "Old: age"']),
        (("title", "en"), "yes", ["-   en: Pension", '+   en: "yes"']),
        (("title", "ru"), "Пенсия", ["+   ru: Пенсия"]),
        (("calls", 0, "reads", "as", 1), "c, d", None),
        (("calls", 0, "reads", "optional"), True, None),
        (("calls", 1, "when"), {"a": ["b"]}, ["-     when: {}", "+     when: {a: [b]}"]),
        (("calls", 1, "id"), "total", ["-   - id: sum", "+   - id: total"]),
        (("calls", 2), {"id": "new", "reads": {"x": "z"}}, ["+   - id: new", "+     reads:", "+       x: z"]),
        (("next",), ["a", "b"], ["+ next: [a, b]"]),
        (("confirm",), {"in": "words"}, ["- confirm: none", "+ confirm:", "+   in: words"]),
        (("title",), {"en": "Pension", "et": "Uus"}, ['-   et: "Pension: vanadus"', '+   et: "Uus"']),
        (("title",), {"en": "Pension"}, ['-   et: "Pension: vanadus"']),
        (
            ("calls",),
            [{"id": "years", "reads": {"from": "from", "as": ["a", "b"]}}],
            ["-   - id: sum", "-     when: {}"],
        ),
    ],
)
def test_set_when_a_value_is_changed_only_its_lines_are(path, value, expected) -> None:
    changed = YamlText(TEXT).set(value, *path)
    assert changed.get(*path) == value
    lines = [line for line in changed_lines(TEXT, changed.text) if line.strip("+-? ^")]
    if expected is None:
        assert len([line for line in lines if line[0] in "+-"]) == 2
        assert "# inline" in changed.text
    else:
        assert sorted(line for line in lines if line[0] != "?") == sorted(expected)


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("title", "en"), ["-   en: Pension"]),
        (("calls", 1), ["-   - id: sum", "-     when: {}"]),
        (("confirm",), ["- confirm: none"]),
    ],
)
def test_remove_when_something_goes_only_its_lines_do(path, gone) -> None:
    changed = YamlText(TEXT).remove(*path)
    assert changed_lines(TEXT, changed.text) == gone


@pytest.mark.parametrize("key", ["from", "as"])
def test_remove_when_it_stands_between_brackets_its_neighbour_stays(key) -> None:
    changed = YamlText(TEXT).remove("calls", 0, "reads", key)
    assert set(changed.get("calls", 0, "reads")) == {"from", "as"} - {key}


def test_remove_when_the_last_one_goes_an_empty_value_stays() -> None:
    changed = YamlText(TEXT).remove("calls", 1).remove("calls", 0)
    assert changed.get("calls") == []


def test_rename_when_a_key_gets_another_name_its_value_stays() -> None:
    changed = YamlText(TEXT).rename("name", "title")
    assert changed.get("name") == {"en": "Pension", "et": "Pension: vanadus"}
    assert changed_lines(TEXT, changed.text) == ["- title:", "+ name:"]


@pytest.mark.parametrize("text", ["a: [1", "a: 1\na: 2\n", "a: \x07\n"])
def test_text_when_it_is_no_yaml_names_the_file(text) -> None:
    with pytest.raises(ContentError, match=r"^x\.yml"):
        YamlText(text, "x.yml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_files_of_ours_when_nothing_is_changed_keep_their_bytes(path) -> None:
    text = path.read_bytes().decode()
    read = YamlText(text)
    assert read.set(read.value).text == text


SERVICES = sorted((PROJECT / "nlu_data" / "services").glob("*/service.yml"))


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.parent.name)
def test_services_when_one_word_is_changed_and_changed_back_keep_their_bytes(path) -> None:
    text = path.read_text()
    read = YamlText(text)
    purpose = read.get("purpose", "et")
    changed = read.set("Midagi muud", "purpose", "et")
    assert len([line for line in changed_lines(text, changed.text) if line[0] == "+"]) == 1
    assert changed.set(purpose, "purpose", "et").text == text


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


@given(WORDS, st.sampled_from([("service",), ("title", "et"), ("calls", 0, "reads", "from"), ("new",)]))
def test_set_when_any_text_is_written_it_reads_as_the_same(text, path) -> None:
    assert YamlText(TEXT).set(text, *path).get(*path) == text


@pytest.mark.parametrize("text", ["a: 1\r\nb:\r\n  c: x\r\n"])
def test_set_when_lines_end_as_on_windows_they_still_do(text) -> None:
    changed = YamlText(text).set("z", "b", "d").text
    assert changed == "a: 1\r\nb:\r\n  c: x\r\n  d: z\r\n"


def test_dumped_when_read_again_says_the_same() -> None:
    value = {"version": "3.1", "nlu": [{"intent": "x", "examples": "- a\n- b\n"}], "e": {}, "l": ["a", 1, None, True]}
    assert YamlText(dumped(value)).value == value
