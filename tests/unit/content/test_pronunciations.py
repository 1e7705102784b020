from pathlib import Path

import pytest

from assistant.content.checks import _pronunciations_are_readable
from assistant.content.project import Content
from assistant.content.pronunciations import FILE, Wording, read_wording
from assistant.core.errors import ContentError

pytestmark = pytest.mark.unit


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for folder in ("common", "services/moon", "services/sun", "held_out"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("When is the Tartu office open?", "when is the tartu office open"),
        ("my e-residency", "my e residency"),
        ("the parents' driver’s licence", "the parents driver's licence"),
        ("um, my ID", "my i d"),
        ("room 12", "room one two"),
        ("Jõhvi", "jõhvi"),
        ("?", ""),
    ],
)
def test_words_when_a_text_is_written_by_an_editor_then_they_are_as_heard(text, words):
    wording = Wording(spellings={"id": "i d", "um": ""})
    assert wording.words(text) == tuple(words.split())


def test_read_wording_when_services_have_words_of_their_own_then_all_are_known(content):
    (content / "common" / FILE).write_text("spellings: {um: ''}\nnames: [Mari, Jüri]")
    (content / "services" / "moon" / FILE).write_text(
        "pronunciations: {luna: [L UW N AH, L UH N AH]}\nnames: [Luna, Mari]"
    )
    wording = read_wording(content)
    assert wording.pronunciations == {"luna": (("L", "UW", "N", "AH"), ("L", "UH", "N", "AH"))}
    assert wording.spellings == {"um": ""}
    assert wording.names == ("Mari", "Jüri", "Luna")


def test_read_wording_when_no_file_is_there_then_it_is_empty(content):
    assert read_wording(content) == Wording()


@pytest.mark.parametrize("said", ["L UX N", "''", "l uw n"])
def test_read_wording_when_a_phone_is_unknown_then_the_line_is_named(content, said):
    file = content / "common" / FILE
    file.write_text(f"pronunciations:\n  luna: [{said}]\n")
    with pytest.raises(ContentError) as caught:
        read_wording(content)
    assert (caught.value.file, caught.value.line) == (str(file), 2)


def test_read_wording_when_two_files_disagree_then_it_is_refused(content):
    (content / "services" / "moon" / FILE).write_text("pronunciations: {luna: [L UW N AH]}")
    (content / "services" / "sun" / FILE).write_text("pronunciations: {luna: [L UH N AH]}")
    with pytest.raises(ContentError, match="luna"):
        read_wording(content)


def test_check_when_a_pronunciation_cannot_be_read_then_it_is_a_complaint(content):
    (content / "common" / FILE).write_text("pronunciations: {luna: [L X]}\n")
    wrong = [*_pronunciations_are_readable(Content(content, (), {}))]
    assert "X is no phone" in str(wrong[0])
