"""Against the sums written out: every way through a few frames."""

import itertools
import math

import numpy as np
import pytest

from assistant.speech_model.acoustic.objective import mutual_information, transcript_visits
from assistant.speech_model.acoustic.phone_model import SILENCE, phone_model

pytestmark = pytest.mark.unit

UNITS = 3
PHONES = phone_model([[[2, 1], [2]]] * 3, UNITS, np.random.default_rng(0))
OUTPUTS = np.random.default_rng(1).standard_normal((3, 4, 2 * UNITS)).astype(np.float32) * 2
LENGTHS = np.array([4, 3, 2])
SPOKEN = [[[2, 1], [2]], [[1]], [[2, 1], [2, 2], [1]]]


def ways(frames):
    """Per frame a unit, and whether it begins there."""
    for units in itertools.product(range(UNITS), repeat=frames):
        for begins in itertools.product((True, False), repeat=frames - 1):
            way = list(zip(units, (True, *begins), strict=True))
            if all(now[1] or now[0] == before[0] for before, now in itertools.pairwise(way)):
                yield way


def transcripts(words):
    """With every choice of silences."""
    for silent in itertools.product((True, False), repeat=len(words) + 1):
        units = [SILENCE] if silent[0] else []
        for word, is_silent in zip(words, silent[1:], strict=True):
            units += [*word, *([SILENCE] if is_silent else [])]
        yield units


def likely(units):
    value = float(PHONES.first[units[0]])
    for at in range(1, len(units)):
        value *= float(PHONES.following[units[at - 2] if at > 1 else SILENCE, units[at - 1], units[at]])
    return value


def written_out(outputs, words):
    said = anything = 0.0
    for way in ways(len(outputs)):
        units = [unit for unit, begins in way if begins]
        heard = math.exp(sum(outputs[at, 2 * unit + (not begins)] for at, (unit, begins) in enumerate(way)))
        anything += heard * likely(units)
        said += heard * sum(units == each for each in transcripts(words))
    return math.log(said / anything)


def test_mutual_information_when_summed_over_all_ways_then_it_is_that():
    values = mutual_information(OUTPUTS, LENGTHS, SPOKEN, PHONES).values
    for number in (0, 1):
        outputs = OUTPUTS[number, : LENGTHS[number]].astype(np.float64)
        assert values[number] == pytest.approx(written_out(outputs, SPOKEN[number]), abs=1e-5)


def test_mutual_information_when_outputs_move_a_little_then_it_moves_by_the_gradient():
    gradient = mutual_information(OUTPUTS, LENGTHS, SPOKEN, PHONES).gradient
    for at in itertools.product(range(LENGTHS[1]), range(2 * UNITS)):
        moved = np.repeat(OUTPUTS[None, 1, : LENGTHS[1]].astype(np.float64), 2, axis=0)
        moved[(0, *at)] += 1e-4
        moved[(1, *at)] -= 1e-4
        slope = (written_out(moved[0], SPOKEN[1]) - written_out(moved[1], SPOKEN[1])) / 2e-4
        assert gradient[(1, *at)] == pytest.approx(slope, abs=1e-4)


def test_mutual_information_when_there_are_too_few_frames_then_nothing_is_learned_from_them():
    objective = mutual_information(OUTPUTS, LENGTHS, SPOKEN, PHONES)
    assert objective.values[2] == -math.inf
    assert not objective.gradient[2].any()
    assert not objective.gradient[1, LENGTHS[1] :].any()


def test_transcript_visits_when_summed_then_every_frame_is_visited_once():
    visits = transcript_visits(OUTPUTS, LENGTHS, SPOKEN)
    assert visits.sum(axis=2) == pytest.approx(np.array([[1, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 0]]), abs=1e-5)


def test_phone_model_when_added_up_then_it_is_one():
    assert PHONES.first.sum() == pytest.approx(1)
    assert PHONES.following.sum(axis=2) == pytest.approx(1)
