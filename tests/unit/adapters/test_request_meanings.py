import numpy as np
import pytest

from assistant.adapters.request_meanings import LIKE, assign, read_meanings
from assistant.content.training import WORDS
from assistant.core.errors import SettingsError

pytestmark = pytest.mark.unit

EXAMPLES = ["how do i get a pension", "how do i get a passport", "how do i get a car", "kuidas ma saan passi"]


@pytest.fixture(scope="module")
def meanings():
    return read_meanings(WORDS, EXAMPLES)


def likeness(meanings, one: str, other: str) -> float:
    first, second = meanings([one, other])
    return float(first @ second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("licence for my dog", "a licence for the dog"),
        ("how do i get a dog licence", "dog licence"),
        ("koera luba", "koerale luba"),
        ("собака", "dog"),
        ("xyzzyplugh", "how do i get xyzzyplugh"),
    ],
)
def test_meanings_when_two_requests_want_the_same_then_are_alike(meanings, one, other) -> None:
    assert likeness(meanings, one, other) > likeness(meanings, one, "the weather tomorrow")


@pytest.mark.parametrize("text", ["?", "12345", "[masked]"])
def test_meanings_when_a_request_has_no_words_then_it_has_a_row_all_the_same(meanings, text) -> None:
    (row,) = meanings([text])
    assert np.linalg.norm(row) == pytest.approx(1.0, abs=1e-5)


def test_assign_when_rows_are_alike_then_they_go_together_with_old_and_new_ones() -> None:
    axes = np.eye(4, dtype=np.float32)
    near = axes[1] * (LIKE + 0.05) + axes[3] * float(np.sqrt(1 - (LIKE + 0.05) ** 2))
    numbers, founders = assign(np.stack([axes[0], axes[1], near, axes[2], axes[2]]), axes[:1])
    assert (numbers, founders) == ([0, 1, 1, 2, 2], [1, 3])


def test_read_meanings_when_the_file_is_none_then_names_it(tmp_path) -> None:
    (tmp_path / "words.npz").write_bytes(b"nothing")
    with pytest.raises(SettingsError, match=r"words.npz holds no word vectors"):
        read_meanings(tmp_path / "words.npz", EXAMPLES)
