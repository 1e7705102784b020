import numpy as np
import pytest

from assistant.settings import PROJECT
from assistant.speech_model.acoustic.features import MFCC_OPTIONS, mfcc
from assistant.speech_model.acoustic.train_model import DECODING_OPTIONS

pytestmark = pytest.mark.unit

# Of kaldi_native_fbank 1.22 with these options, without dither: cepstra 0, 1, 2, 12 and 39 of six frames.
KALDI = [
    [104.978, -48.215, -17.010, 2.542, 0.944],
    [103.969, -48.408, -10.819, -1.996, 4.046],
    [104.652, -45.737, -12.904, 2.128, -1.631],
    [104.935, -45.213, -11.689, 9.559, -0.486],
    [103.315, -43.749, -9.445, 17.058, 0.532],
    [105.251, -43.023, -7.168, 2.724, -3.852],
]


def test_mfcc_when_noise_is_heard_then_it_is_what_kaldi_computes():
    noise = (np.random.default_rng(0).standard_normal(1200) * 300).astype(np.float32)
    features = mfcc(noise)
    assert features.dtype == np.float32
    assert features[:, [0, 1, 2, 12, 39]] == pytest.approx(np.array(KALDI), abs=2e-3)


@pytest.mark.parametrize(("file", "options"), [("mfcc.conf", MFCC_OPTIONS), ("model.conf", DECODING_OPTIONS)])
def test_options_when_compared_then_they_are_those_of_the_bundled_model(file, options):
    written = "".join(f"--{name}={value}\n" for name, value in options.items())
    assert (PROJECT / "models" / "speech" / "en" / "conf" / file).read_text() == written
