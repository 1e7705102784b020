import pytest

from actions.values.correcting import is_correction
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no friday"),
        ("en", "No, the other car"),
        ("en", "actually the fifth of may"),
        ("en", "i meant the skoda"),
        ("en", "sorry i meant eighty euros"),
        ("en", "not friday but saturday"),
        ("en", "not friday saturday"),
        ("en", "make it saturday"),
        ("en", "wait it should be pikk street seven"),
        ("en", "change the address to pikk street seven"),
        ("en", "um no not that one the toyota"),
        ("et", "ei teine auto"),
        ("et", "ei, hoopis reedel"),
        ("et", "tähendab laupäeval"),
        ("et", "mitte reedel vaid laupäeval"),
        ("et", "tegelikult pikk viis"),
        ("et", "vabandust kaheksakümmend eurot"),
        ("et", "ma mõtlesin škodat"),
        ("et", "muuda aadress pikk viis"),
        ("ru", "нет другую машину"),
        ("ru", "нет, я имела в виду пятницу"),
        ("ru", "точнее в субботу"),
        ("ru", "не в пятницу а в субботу"),
        ("ru", "ой простите восьмого мая"),
        ("ru", "на самом деле пикк семь"),
        ("ru", "исправьте адрес на пикк семь"),
    ],
)
def test_is_correction_when_something_is_taken_back_then_is_one(language: str, text: str) -> None:
    assert is_correction(text, Language(language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no"),
        ("en", "no thanks"),
        ("en", "not really"),
        ("en", "no i don't have a car"),
        ("en", "no idea"),
        ("en", "of course not"),
        ("en", "yes please"),
        ("en", "the fifth of may"),
        ("en", "actually"),
        ("en", "sorry"),
        ("en", ""),
        ("et", "ei"),
        ("et", "ei aitäh"),
        ("et", "ei ole autot"),
        ("et", "ei tea"),
        ("et", "kindlasti mitte"),
        ("et", "teine auto"),
        ("et", "viies mai"),
        ("ru", "нет"),
        ("ru", "нет спасибо"),
        ("ru", "нет не хочу"),
        ("ru", "у меня нет машины"),
        ("ru", "конечно нет"),
        ("ru", "вторая"),
        ("ru", "пятого мая"),
    ],
)
def test_is_correction_when_a_question_is_answered_then_is_none(language: str, text: str) -> None:
    assert not is_correction(text, Language(language))
