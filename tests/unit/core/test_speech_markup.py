import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.languages import Language
from assistant.core.speech_markup import LONGEST_BREAK_SECONDS, Run, fault_of, made_plain, runs_of, without_markup

pytestmark = pytest.mark.unit

MARKED = (
    'Call <say-as interpret-as="digits">1247</say-as>,<break time="500ms"/> '
    '<lang xml:lang="et">Riigiinfo</lang> <emphasis>now</emphasis>.'
)


def test_without_markup_when_tags_are_ours_then_only_words_are_shown() -> None:
    assert without_markup(MARKED) == "Call 1247, Riigiinfo now."


@pytest.mark.parametrize("text", ["a < b > c", "<b>bold</b>", "<break", "1 <2> 3", ""])
def test_without_markup_when_there_is_no_tag_of_ours_then_text_is_text(text: str) -> None:
    assert without_markup(text) == text
    assert "".join(run.text for run in runs_of(text)) == text


def test_made_plain_when_a_tag_is_hidden_in_another_then_neither_is_left() -> None:
    assert made_plain('a<bre<break/>ak time="5s"/>b') == "ab"


def test_runs_when_there_are_many_breaks_then_the_silence_is_no_longer_than_one_may_be() -> None:
    assert list(runs_of("a" + '<break time="5s"/>' * 100 + "b"))[1] == Run("b", pause_seconds=LONGEST_BREAK_SECONDS)


def test_runs_when_marked_then_each_tells_how_it_is_spoken() -> None:
    assert list(runs_of(MARKED)) == [
        Run("Call "),
        Run("1247", say_as="digits"),
        Run(","),
        Run("Riigiinfo", language=Language.ET, pause_seconds=0.5),
        Run("now", is_stressed=True),
        Run("."),
    ]


def test_runs_when_tags_stand_in_each_other_then_both_hold() -> None:
    text = 'a<emphasis>b<lang xml:lang="ru">c</lang>d</emphasis>e'
    spoken = [(run.text, run.is_stressed, run.language) for run in runs_of(text)]
    assert spoken == [
        ("a", False, None),
        ("b", True, None),
        ("c", True, Language.RU),
        ("d", True, None),
        ("e", False, None),
    ]


@pytest.mark.parametrize(
    "text", ["</emphasis>a", "a<emphasis>", '<lang xml:lang="xx">a</lang>', '<break time="soon"/>a', "a<break>"]
)
def test_runs_when_a_register_sends_odd_tags_then_the_words_are_spoken(text: str) -> None:
    assert "".join(run.text for run in runs_of(text)) == "a"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (MARKED, None),
        ("no tags, 1 < 2", None),
        ("a<break/>b", None),
        ('a<break time="2s"/>b', None),
        ("<b>a</b>", "<b> is no tag"),
        ("<Emphasis>a</Emphasis>", "<Emphasis> is no tag"),
        ("a<break>b", "a break is"),
        ("<emphasis/>a", "only a break ends with a slash"),
        ('<break time="9s"/>', "of at most 5 s"),
        ('<break time="soon"/>', "a time is like"),
        ('<break strength="x"/>', "needs time and nothing else"),
        ('<emphasis level="strong">a</emphasis>', "has no attributes"),
        ("<lang>a</lang>", "needs xml:lang and nothing else"),
        ('<lang xml:lang="de">a</lang>', "there are en, et, ru"),
        ('<say-as interpret-as="date">a</say-as>', "there are characters, digits"),
        ("a</emphasis>", "closes what was not opened last"),
        ('<emphasis><lang xml:lang="et">a</emphasis></lang>', "closes what was not opened last"),
        ("<emphasis>a", "<emphasis> is never closed"),
    ],
)
def test_fault_when_a_tag_does_not_fit_then_says_what_to_write(text: str, fault: str | None) -> None:
    found = fault_of(text)
    assert found is None if fault is None else fault in (found or "")


@given(st.text('<>/abrekmphsilngy-x:t="015.s ') | st.lists(st.sampled_from(MARKED.split())).map(" ".join))
def test_any_text_when_spoken_and_shown_then_the_words_are_the_same(text: str) -> None:
    spoken = "".join(run.text for run in runs_of(text))
    assert spoken.replace(" ", "") == without_markup(text).replace(" ", "")
