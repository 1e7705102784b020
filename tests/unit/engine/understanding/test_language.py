import pytest

from assistant.engine.understanding.language import Languages, learn_languages

pytestmark = pytest.mark.unit

EXAMPLES = {
    "en": ["when does my passport expire", "what is my address", "how much do i owe", "please check my car"],
    "et": ["millal mu pass aegub", "mis on minu aadress", "kui palju ma võlgu olen", "palun vaata mu autot"],
    "ru": ["когда истекает мой паспорт", "какой у меня адрес", "сколько я должен", "проверь мою машину"],
}


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages(learn_languages((text, language) for language, texts in EXAMPLES.items() for text in texts))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what do i owe", "en"),
        ("mis mu pass", "et"),
        ("мой адрес", "ru"),
        ("mis on minu e-mail address", "et"),
        ("когда истекает мой passport", "ru"),
        ("check my aadress please", "en"),
    ],
)
def test_language_when_words_are_few_or_borrowed_is_that_of_most_words(languages, text, language) -> None:
    likely = languages.probabilities(text)
    assert max(likely, key=lambda each: likely[each]) == language
    assert sum(likely.values()) == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "?!", "60001019906", "3.14"])
def test_language_when_there_are_no_words_is_open(languages, text) -> None:
    assert list(languages.probabilities(text).values()) == pytest.approx([1 / 3] * 3)


def test_language_when_one_word_is_foreign_and_long_does_not_outweigh_three(languages) -> None:
    likely = languages.probabilities("mis on mu internetbankingauthentication")
    assert likely["et"] > 0.9


def test_languages_when_nothing_was_learned_know_none() -> None:
    assert Languages({}).probabilities("hello") == {}
