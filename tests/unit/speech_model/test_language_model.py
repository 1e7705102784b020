import math

import pytest

from assistant.speech_model.language_model import BEGIN, END, EVEN_SHARE, LanguageModel
from assistant.speech_model.sentences import Sentence

pytestmark = pytest.mark.unit

VOCABULARY = ("my", "car", "passport", "moon")
SENTENCES = (
    Sentence(("my", "passport"), 6.0),
    Sentence(("my", "car"), 2.0),
    Sentence(("car",), 1.0),
    Sentence(("mars",), 1.0),
)
MODEL = LanguageModel(SENTENCES, VOCABULARY)


@pytest.mark.parametrize("history", [(), (BEGIN,), ("my",), (BEGIN, "my"), ("moon", "moon"), ("passport", "car")])
def test_probability_when_added_up_over_what_may_follow_then_it_is_one(history):
    share = sum(MODEL.probability(history, word) for word in (*VOCABULARY, END))
    # A word of no vocabulary keeps its share of the counts.
    assert share == pytest.approx(1.0, abs=0.06)


def test_probability_when_a_word_was_seen_more_often_then_it_is_likelier():
    assert MODEL.probability((BEGIN, "my"), "passport") > MODEL.probability((BEGIN, "my"), "car")
    assert MODEL.probability((BEGIN, "my"), "car") > MODEL.probability((BEGIN, "my"), "moon") > 0


def test_probability_when_a_word_was_never_seen_then_it_has_its_even_share():
    assert MODEL.probability((), "moon") == pytest.approx(EVEN_SHARE / (len(VOCABULARY) + 1))


def test_steps_when_followed_then_they_say_what_the_probabilities_say():
    steps = {(step.history, step.word): step for step in MODEL.steps()}
    assert next(iter(steps))[0] == (BEGIN,)
    back = steps["my",][0] if ("my",) in steps else steps[("my",), None]
    assert back.following == ()
    moon = back.probability * steps[(), "moon"].probability
    assert math.isclose(moon, MODEL.probability(("my",), "moon"))
    assert steps[(), END].following is None
