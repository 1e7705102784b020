import numpy as np
import pytest

from assistant.speech_model.acoustic.features import SIZE
from assistant.speech_model.acoustic.network import AcousticNetwork, Shape
from assistant.speech_model.acoustic.parameters import AdamW, Parameters

pytestmark = pytest.mark.unit

SHAPE = Shape(pdfs=5, width=12, bottleneck=4, layers=2, spliced=1, last=6)
RANDOM = np.random.default_rng(0)
FEATURES = RANDOM.standard_normal((3, 20, SIZE)).astype(np.float32)
SLOPES = RANDOM.standard_normal((3, 7, 5)).astype(np.float32)


def exact(network):
    """The same network in double precision, so that small moves show."""
    for name in ("vector", "gradient"):
        setattr(network.parameters, name, getattr(network.parameters, name).astype(np.float64))
    at = 0
    for name, values in network.parameters.values.items():
        place = slice(at, at + values.size)
        network.parameters.values[name] = network.parameters.vector[place].reshape(values.shape)
        network.parameters.gradients[name] = network.parameters.gradient[place].reshape(values.shape)
        at += values.size
    return network


def test_forward_when_frames_are_no_multiple_of_three_then_the_last_ones_have_scores_too():
    assert AcousticNetwork(SHAPE).forward(FEATURES).shape == (3, 7, 5)


def test_backward_when_parameters_move_a_little_then_scores_move_by_the_gradient():
    network = exact(AcousticNetwork(SHAPE))
    features = FEATURES.astype(np.float64)
    network.forward(features)
    network.backward(SLOPES.astype(np.float64))
    gradient = network.parameters.gradient.copy()
    for at in RANDOM.choice(len(gradient), 150, replace=False):
        moved = []
        for step in (1e-6, -2e-6):
            network.parameters.vector[at] += step
            moved.append((network.forward(features) * SLOPES).sum())
        network.parameters.vector[at] += 1e-6
        assert gradient[at] == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-3, abs=1e-4)


def test_forward_when_nothing_is_learned_then_running_means_are_used_and_kept():
    network = AcousticNetwork(SHAPE)
    network.forward(FEATURES)
    kept = network.means["first"].copy()
    alone = network.forward(FEATURES[:1], is_learning=False)
    together = network.forward(FEATURES, is_learning=False)
    assert alone[0] == pytest.approx(together[0], abs=1e-5)
    assert (network.means["first"] == kept).all()


def test_adamw_when_it_follows_a_gradient_then_it_comes_to_the_lowest_place():
    parameters = Parameters({"place": (2,), "other": (1,)})
    optimiser = AdamW(parameters, decay=0.0, steepest=5.0)
    for _ in range(400):
        parameters.gradients["place"][:] = parameters.values["place"] - [1, -2]
        parameters.gradients["other"][:] = 0.0
        optimiser.step(0.02)
    assert parameters.values["place"] == pytest.approx([1, -2], abs=0.02)
    assert parameters.vector == pytest.approx([*parameters.values["place"], 0.0])
