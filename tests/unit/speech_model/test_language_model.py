import math

import pytest

from assistant.speech_model.counted_words import BEGIN, END
from assistant.speech_model.language_model import LanguageModel, Part
from assistant.speech_model.sentences import Sentence

pytestmark = pytest.mark.unit

VOCABULARY = ("my", "car", "passport", "moon", "one", "two")
REQUESTS = (
    Sentence(("my", "passport"), 6.0),
    Sentence(("my", "car"), 2.0),
    Sentence(("car",), 1.0),
    Sentence(("mars", "car"), 1.0),
)
NUMBERS = (Sentence(("one", "two", "one"), 5.0), Sentence(("two", "my"), 1.0))
MODEL = LanguageModel([Part(0.2, NUMBERS), Part(0.8, REQUESTS)], VOCABULARY)


@pytest.mark.parametrize("history", [(), (BEGIN,), ("my",), (BEGIN, "my"), ("moon", "moon"), ("passport", "car")])
def test_probability_when_added_up_over_what_may_follow_then_it_is_one(history):
    assert sum(MODEL.probability(history, word) for word in (*VOCABULARY, END)) == pytest.approx(1.0)


def test_probability_when_a_word_was_seen_more_often_then_it_is_likelier():
    assert MODEL.probability((BEGIN, "my"), "passport") > MODEL.probability((BEGIN, "my"), "car")
    assert MODEL.probability((BEGIN, "my"), "car") > MODEL.probability((BEGIN, "my"), "moon") > 0


def test_probability_when_two_words_were_never_seen_then_they_are_equally_likely():
    model = LanguageModel([Part(1.0, REQUESTS)], VOCABULARY)
    assert 0 < model.probability((), "moon") == model.probability((), "two") < model.probability((), "car")


def test_probability_when_a_word_follows_many_then_it_is_likelier_elsewhere_than_one_that_is_only_frequent():
    frequent = [Sentence(("my", "passport"), 9.0)]
    follows_many = [Sentence((word, "car"), 1.0) for word in ("one", "two", "moon")]
    model = LanguageModel([Part(1.0, [*frequent, *follows_many])], VOCABULARY)
    assert model.probability(("car",), "car") > model.probability(("car",), "passport")


def test_probability_when_one_part_knows_the_history_then_that_part_says_what_follows():
    alone = LanguageModel([Part(1.0, NUMBERS)], VOCABULARY).probability(("one", "two"), "one")
    assert MODEL.probability(("one", "two"), "one") > 0.5 * alone  # two and a half times its share


def test_model_when_parts_have_no_sentences_then_all_words_are_equally_likely():
    model = LanguageModel([Part(0.5, ())], VOCABULARY)
    assert {step.probability for step in model.steps()} == {1 / (len(VOCABULARY) + 1)}


def test_steps_when_followed_then_they_say_what_the_probabilities_say():
    steps = {(step.history, step.word): step for step in MODEL.steps()}
    assert next(iter(steps))[0] == (BEGIN,)
    back = steps[("my",), None]
    assert back.following == ()
    moon = back.probability * steps[(), "moon"].probability
    assert math.isclose(moon, MODEL.probability(("my",), "moon"))
    assert steps[(), END].following is None
