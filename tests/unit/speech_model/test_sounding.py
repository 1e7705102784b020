import pytest

from assistant.content.pronunciations import CMU_PHONES, ipa_phones
from assistant.speech_model.sounding import _CMU_BY_IPA, cmu_phones

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("fˈaɪɚwˌʊd", "F AY ER W UH D"),
        ("tˈeɪbəl", "T EY B AH L"),
        ("tʃˈɜːtʃ", "CH ER CH"),
        ("pˌɵltsɑmˈaː", "P AH L T S AA M AA"),
        ("kˌurɛssˈaːre", "K UW R EH S AA R EH"),
        ("ǂ", ""),
    ],
)
def test_cmu_phones_when_given_ipa_then_the_longest_pieces_count(ipa, phones):
    assert cmu_phones(ipa) == tuple(phones.split())


def test_table_when_read_then_every_phone_is_one_of_the_network():
    assert {phone for phones in _CMU_BY_IPA.values() for phone in phones.split()} <= set(CMU_PHONES)


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [("sˈeitse", "s e i t s e"), ("ˈɤːlːu", "ɤː lː u"), ("t͡ʃˈai", "t͡ʃ a i"), ("pɐsʲpɐrt", "p ɐ sʲ p ɐ r t"), ("", "")],
)
def test_ipa_phones_when_letters_have_marks_then_they_are_one_sound(ipa, phones):
    assert ipa_phones(ipa) == tuple(phones.split())
