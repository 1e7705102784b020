import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.languages import Language
from assistant.pipeline.spoken.pieces import SENTENCE_PAUSE_SECONDS, Piece, pieces_of

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU


def texts(text: str, language: Language = EN) -> list[str]:
    return [piece.text for piece in pieces_of(text, language)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("It expires on 5 May. Renew it now!", ["It expires on the fifth of May.", "Renew it now!"]),
        ("At A. H. Tammsaare tee 47, e.g. now.", ["At A. H. Tammsaare tee forty-seven, for example now."]),
        ("One. ... ! Two?", ["One.", "Two?"]),
        ("", []),
        (" - !", []),
    ],
)
def test_text_when_cut_then_each_sentence_is_a_piece(text: str, pieces: list[str]) -> None:
    assert texts(text) == pieces


def test_sentences_when_several_then_a_pause_stands_between_them() -> None:
    assert [piece.pause_seconds for piece in pieces_of("One. Two. Three.", EN)] == [0, *[SENTENCE_PAUSE_SECONDS] * 2]


def test_sentence_when_it_is_long_then_it_is_cut_at_its_marks() -> None:
    clause = "and this goes on and on without an end in sight, "
    found = texts(f"First of all, {clause * 6}full stop.")
    assert len(found) > 1
    assert all(len(each) <= 160 for each in found)
    assert " ".join(found) == f"First of all, {clause * 6}full stop."


def test_markup_when_spoken_then_pieces_have_their_language_stress_and_pause() -> None:
    marked = 'Call <lang xml:lang="et">Riigiinfo 5. mail</lang><break time="1s"/> <emphasis>today</emphasis>.'
    assert list(pieces_of(marked, EN)) == [
        Piece("Call", EN),
        Piece("Riigiinfo viiendal mail", ET),
        Piece("today", EN, 1.0, is_stressed=True),
    ]


@pytest.mark.parametrize(
    ("say_as", "text", "spoken"),
    [
        ("digits", "1247", "Say one two four seven now"),
        ("characters", "AB-12", "Say A B one two now"),
        ("cardinal", "12", "Say twelve now"),
        ("ordinal", "12", "Say twelfth now"),
    ],
)
def test_say_as_when_given_then_the_text_is_read_so(say_as: str, text: str, spoken: str) -> None:
    (piece,) = pieces_of(f'Say <say-as interpret-as="{say_as}">{text}</say-as> now', EN)
    assert " ".join(piece.text.split()) == spoken


@given(text=st.text(), language=st.sampled_from(Language))
def test_any_text_when_cut_then_every_piece_has_a_word(text: str, language: Language) -> None:
    assert all(any(char.isalnum() for char in piece.text) for piece in pieces_of(text, language))
