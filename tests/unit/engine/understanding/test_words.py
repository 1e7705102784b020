import pytest

from assistant.engine.understanding.words import BUCKETS, bucket, pairs_of, pieces_of, words_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("When does my PASSPORT expire?", ["when", "does", "my", "passport", "expire"]),
        ("Õnnelik Öö, ID-kaart!", ["õnnelik", "öö", "id", "kaart"]),
        ("Когда истекает мой паспорт?", ["когда", "истекает", "мой", "паспорт"]),
        ("by 31.12.2026", ["by", "00", "00", "0000"]),
        ("uh well ээ ну мой паспорт", ["well", "мой", "паспорт"]),
        ("?!", []),
        ("", []),
    ],
)
def test_words_when_a_text_is_typed_are_as_a_recogniser_writes_them(text, words) -> None:
    assert words_of(text) == words


def test_pieces_when_a_word_is_short_have_its_ends() -> None:
    assert list(pieces_of("pa")) == ["word pa", "<pa", "pa>", "<pa>"]


def test_pairs_when_there_is_one_word_are_none() -> None:
    assert list(pairs_of(["one"])) == []
    assert list(pairs_of(["my", "old", "car"])) == ["my old", "old car"]


def test_bucket_when_asked_again_is_the_same_in_every_process() -> None:
    assert bucket("<pass") == 10658
    assert {0 <= bucket(str(number)) < BUCKETS for number in range(1000)} == {True}
