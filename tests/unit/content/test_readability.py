import pytest

from assistant.content.readability import is_hard, lix
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("One two three four five six seven eight nine ten.", 10.0),
        ("One two three four five. Six seven eight nine passport.", 5 + 10.0),
        ("It costs 1.5 euros in {office_of_the_citizen}: you pay there, or not at all.", 13 / 2),
        ("<emphasis>One</emphasis> two three four five six seven eight nine ten", 10.0),
        ("Какой именно документ вам нужен и где вы хотите его получить", 11 + 100 * 2 / 11),
        ("Too short to tell.", None),
        ("", None),
    ],
)
def test_lix_of_a_text_when_counted_then_is_words_per_sentence_and_the_share_of_long_ones(text, level) -> None:
    assert lix(text) == (pytest.approx(level) if level else None)


def test_text_when_as_hard_as_a_newspaper_then_depends_on_its_language() -> None:
    text = "Kodaniku dokument uuendatakse teenindusbüroos kolmekümne päeva jooksul pärast avalduse esitamist siin"
    assert (is_hard(text, Language.EN), is_hard("ja " * 40, Language.ET)) == (True, False)
