"""Speech is SSML of Alexa's, whole and never too long."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.alexa.speech import ssml_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("spoken", "ssml"),
    [
        ("Open 9 to 17.", "<speak>Open 9 to 17.</speak>"),
        ("Fish & chips < 5 €", "<speak>Fish &amp; chips &lt; 5 €</speak>"),
        ('Wait.<break time="0.5s"/> Go.', '<speak>Wait.<break time="500ms"/> Go.</speak>'),
        (
            'Code <say-as interpret-as="digits">123</say-as>',
            '<speak>Code <say-as interpret-as="digits">123</say-as></speak>',
        ),
        ("<emphasis>Now</emphasis>", '<speak><emphasis level="moderate">Now</emphasis></speak>'),
        ('In <lang xml:lang="et">Jõhvi</lang>', "<speak>In Jõhvi</speak>"),
        ("one\ntwo\x07\u2028three", "<speak>one two  three</speak>"),
        ("<script>x</script>", "<speak>&lt;script&gt;x&lt;/script&gt;</speak>"),
        ("", "<speak></speak>"),
    ],
)
def test_speech_when_it_has_markup_then_is_alexas(spoken: str, ssml: str) -> None:
    assert ssml_of(spoken, 8000) == ssml


@given(st.text(max_size=300), st.integers(min_value=15, max_value=200))
def test_speech_when_anything_is_said_then_is_xml_of_at_most_so_many_characters(text: str, most: int) -> None:
    ssml = ssml_of(f'{text} <emphasis>{text}</emphasis> <break time="2s"/> {text}', most)
    assert len(ssml) <= most
    assert ElementTree.fromstring(ssml).tag == "speak"


def test_speech_when_too_long_then_ends_with_a_whole_word() -> None:
    assert ssml_of("passport " * 100, 40) == "<speak>passport passport</speak>"
