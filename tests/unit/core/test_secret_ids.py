import pytest

from assistant.core.secret_ids import hashed, new_secret_id

pytestmark = pytest.mark.unit


def test_secret_ids_when_made_then_differ_and_are_fit_for_an_address() -> None:
    made = {new_secret_id() for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) == 22 and each.isascii() and "/" not in each for each in made)


@pytest.mark.parametrize("guess", ["", "x" * 10_000, "\ud800", "õ"])
def test_hash_when_anything_is_sent_then_is_of_one_length_and_not_the_id(guess: str) -> None:
    assert len(hashed(guess)) == 64
    assert hashed(guess) != guess
