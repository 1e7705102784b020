from pathlib import Path

import pytest

from assistant.content.checks import _pronunciations_are_readable
from assistant.content.project import Content
from assistant.content.pronunciations import FILE, Wording, file_of, read_wording
from assistant.core.errors import ContentError
from assistant.core.languages import Language

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


def test_read_wording_when_a_language_has_sounds_of_its_own_then_they_are_read_beside_english(content):
    (content / "common" / file_of(Language.ET)).write_text("pronunciations: {jõhvi: [j ɤ h v i, j ɤː h v i]}\n")
    (content / "common" / FILE).write_text("pronunciations: {luna: [L UW N AH]}\n")
    wording = read_wording(content, Language.ET)
    assert wording.pronunciations == {"jõhvi": (("j", "ɤ", "h", "v", "i"), ("j", "ɤː", "h", "v", "i"))}
    assert list(read_wording(content).pronunciations) == ["luna"]
    assert read_wording(content, Language.RU) == Wording()


@pytest.mark.parametrize("said", ["j ɤh v", "J", "ˈi", "''", "j 1"])
def test_check_when_a_sound_of_another_language_is_none_then_the_line_is_named(content, said):
    file = content / "services" / "moon" / file_of(Language.ET)
    file.write_text(f"pronunciations:\n  jõhvi: [{said}]\n")
    (wrong,) = _pronunciations_are_readable(Content(content, (), {}))
    assert (wrong.file, wrong.line) == (str(file), 2)


def test_read_wording_when_another_language_has_spellings_then_they_are_refused(content):
    (content / "common" / file_of(Language.RU)).write_text("spellings: {um: ''}\n")
    with pytest.raises(ContentError, match="spellings is not known here"):
        read_wording(content, Language.RU)
