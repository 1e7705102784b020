from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.content.evaluation import (
    ALL,
    Confusion,
    Origin,
    changes,
    evaluation_of,
    figures_of,
    read_evaluation,
    to_json,
)
from assistant.content.evaluation_pictures import confusion_picture, reliability_picture
from assistant.content.judging import OUT_OF_SCOPE, Utterance, Verdict
from assistant.content.scores import Tally
from assistant.core.errors import ContentError
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

ORIGIN = Origin("2026-11-25T12:00:00+00:00", "0123456789abcdef", False, "c" * 64, "d" * 64)


UTTERANCE = Utterance("a", "clean", "too", words=4, word_errors=1, seconds=2.0, recognition_seconds=0.1)


def verdict(text: str, intent: str, act: str, first: str = "", **more) -> Verdict:
    values = {"confidence": 0.9, "starts_service": act in {"renew", "fines"}, "milliseconds": 2.0} | more
    return Verdict(text=text, language=Language.EN, intent=intent, first=first or act, act=act, **values)


SIX = [
    verdict("1", "renew", "renew", tally=Tally(2, 2, 2), language_kept=True, milliseconds=1.0),
    verdict("2", "renew", "fines", tally=Tally(1, 0, 0), language_kept=False),
    verdict("3", "fines", OUT_OF_SCOPE, first="fines", confidence=0.4),
    verdict("4", OUT_OF_SCOPE, OUT_OF_SCOPE),
    verdict("5", OUT_OF_SCOPE, "affirm"),
    verdict("6", OUT_OF_SCOPE, "fines", milliseconds=9.0),
]


def test_figures_when_worked_out_by_hand_then_they_are_the_same():
    figures = figures_of(SIX)
    assert figures.number == 6
    assert figures.accuracy == pytest.approx(3 / 6)  # 1, 3, 4
    assert figures.acted_right == pytest.approx(2 / 6)  # 1, 4
    assert figures.wrong_acts == pytest.approx(1 / 3)  # 2 of 1, 2, 3
    assert figures.out_of_scope_recall == pytest.approx(1 / 3)  # 4
    assert figures.false_acceptance == pytest.approx(1 / 3)  # 6
    # renew 2 * 1 / (2 + 1), fines 0, out of scope 2 * 1 / (3 + 2)
    assert figures.macro_f1 == pytest.approx((2 / 3 + 0 + 2 / 5) / 3)
    # five of 0.9, of which 1 and 4 are right: 5 * 0.5; one of 0.4, right: 0.6
    assert figures.calibration_error == pytest.approx((5 * 0.5 + 0.6) / 6)
    assert (figures.value_precision, figures.value_recall, figures.value_f1) == (1.0, 2 / 3, 4 / 5)
    assert figures.success == pytest.approx(2 / 6)
    assert (figures.language_kept, figures.language_found) == (0.5, None)
    assert (figures.p50_ms, figures.p95_ms) == (2.0, 9.0)
    assert figures.confusions[0] == Confusion("renew", "fines", 1)
    assert len(figures.confusions) == 4


def test_figures_when_nothing_is_out_of_scope_then_nothing_is_said_of_it():
    figures = figures_of(SIX[:1])
    assert (figures.out_of_scope_recall, figures.false_acceptance) == (None, None)


def test_evaluation_when_there_are_two_languages_then_each_and_all_have_figures():
    evaluation = evaluation_of(ORIGIN, [*SIX, replace(SIX[0], language=Language.RU)])
    assert {name: each.number for name, each in evaluation.typed.items()} == {"en": 6, "ru": 1, ALL: 7}
    assert evaluation.right[Language.EN] == ("1", "4")
    assert [each.text for each in evaluation.wrong] == ["2", "3", "5", "6"]
    assert evaluation.spoken == {}


def test_evaluation_when_requests_are_spoken_then_words_and_time_are_counted_by_condition_and_voice():
    elsewhere = replace(UTTERANCE, condition="cafe 6 dB", word_errors=0, words=1, recognition_seconds=0.3)
    spoken = [replace(SIX[0], utterance=UTTERANCE), replace(SIX[1], utterance=elsewhere)]
    evaluation = evaluation_of(ORIGIN, SIX, spoken)
    both = evaluation.spoken["en"]
    assert (both.word_errors, both.transcripts_right) == (1 / 5, 1 / 2)
    assert both.real_time_factor == pytest.approx(0.4 / 4)
    by_condition = evaluation.conditions[Language.EN]
    assert {name: each.word_errors for name, each in by_condition.items()} == {"clean": 1 / 4, "cafe 6 dB": 0.0}
    assert evaluation.voices[Language.EN] == {"a": both}
    assert evaluation.typed["en"].word_errors is None


def test_evaluation_when_it_is_kept_then_it_is_read_as_it_was(tmp_path: Path):
    evaluation = evaluation_of(ORIGIN, SIX, [replace(SIX[1], utterance=UTTERANCE)])
    file = tmp_path / "kept.json"
    file.write_text(to_json(evaluation), encoding="utf-8")
    assert read_evaluation(file) == evaluation


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"origin": 1}'])
def test_evaluation_when_the_file_is_another_then_it_says_so(tmp_path: Path, text: str):
    file = tmp_path / "other.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"other\.json: this is no evaluation"):
        read_evaluation(file)


def test_changes_when_sentences_changed_sides_then_both_are_told_and_new_ones_are_not():
    before = evaluation_of(ORIGIN, SIX)
    now = evaluation_of(
        ORIGIN,
        [
            replace(SIX[0], act="fines"),
            replace(SIX[1], act="renew", tally=Tally(1, 1, 1)),
            *SIX[2:],
            verdict("7", "fines", "renew"),
        ],
    )
    found = changes(before, now)
    assert [(each.text, each.act) for each in found.lost] == [("1", "fines")]
    assert [each.text for each in found.won] == ["2"]
    assert ("en", "wrong_acts", pytest.approx(1 / 3), pytest.approx(2 / 4)) in found.figures
    assert "number" not in {name for _, name, _, _ in found.figures}


def test_changes_when_spoken_requests_are_heard_otherwise_then_their_figures_are_told():
    before = evaluation_of(ORIGIN, SIX, [replace(SIX[0], utterance=UTTERANCE)])
    now = evaluation_of(ORIGIN, SIX, [replace(SIX[0], utterance=replace(UTTERANCE, word_errors=0))])
    assert ("en spoken", "word_errors", 0.25, 0.0) in changes(before, now).figures


def test_changes_when_nothing_changed_then_there_are_none():
    evaluation = evaluation_of(ORIGIN, SIX)
    found = changes(evaluation, evaluation)
    assert (found.lost, found.won, found.figures) == ((), (), ())


@pytest.mark.parametrize(
    ("origin", "is_spoken", "name"),
    [
        (ORIGIN, False, "0123456789ab-dddddddd.json"),
        (replace(ORIGIN, content_is_changed=True), True, "0123456789ab-changed-dddddddd-spoken.json"),
        (replace(ORIGIN, content_commit=None, sample=5), False, "cccccccccccc-dddddddd-5-a-language.json"),
    ],
)
def test_file_name_when_content_model_or_way_differ_then_it_does(origin: Origin, is_spoken: bool, name: str):
    assert origin.file_name(is_spoken=is_spoken) == name


def test_pictures_when_drawn_then_they_are_svg_with_the_names_and_numbers():
    figures = figures_of(SIX)
    confused = confusion_picture("Asked", [each.acted for each in SIX])
    for picture in (reliability_picture("Confidence", figures.reliability), confused):
        assert ElementTree.fromstring(picture).tag.endswith("svg")
    words = [each.text for each in ElementTree.fromstring(confused).iter() if each.text and each.text.strip()]
    assert {"renew", "fines", OUT_OF_SCOPE, "affirm"} <= set(words)
    assert words.count("1") == 4
    assert ElementTree.fromstring(confusion_picture("Nothing wrong", [])) is not None
