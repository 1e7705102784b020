import pytest

from assistant.speech_model.espeak_sound import mnemonics

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("language", "phones", "written"),
    [
        ("en", "T AA R T UW", "[[t|'A:|r|t|u:]]"),
        ("et", "j ɵ h v i", "[[j|'8|h|v|i]]"),
        ("et", "ɛ tː æ ɡ ɵː", "[['E1|t:|&|g|8:]]"),
        ("ru", "p a s p ɑ r tʲ ʃ ʌ", "[[p|'a|s|p|A|r|t;|S|V]]"),
        ("ru", "ʃ", "[[S]]"),
    ],
)
def test_phones_when_written_for_espeak_then_have_its_names_and_one_stress(language, phones, written) -> None:
    assert mnemonics(phones.split(), language) == written
