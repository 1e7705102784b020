import pytest

from assistant.core.errors import UnknownLanguage
from assistant.core.languages import Language, parse_language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", Language.EN),
        ("ET", Language.ET),
        ("et-EE", Language.ET),
        ("ru_RU", Language.RU),
        (" en ", Language.EN),
        ("en-Latn-GB", Language.EN),
    ],
)
def test_parse_when_code_is_a_form_of_ours_then_is_the_language(code: str, language: Language) -> None:
    assert parse_language(code) is language


@pytest.mark.parametrize("code", ["", " ", "-", "fi", "english", "e", "en*", "ｅｎ", "../en", "e n"])
def test_parse_when_code_is_not_ours_then_raises_without_quoting_it(code: str) -> None:
    with pytest.raises(UnknownLanguage) as caught:
        parse_language(code)
    assert str(caught.value) == "unknown_language"


def test_language_when_put_in_a_path_then_is_its_bare_code() -> None:
    assert f"responses.{Language.ET}.yml" == "responses.et.yml"
