import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sealing import CannotOpen, Sealer

pytestmark = pytest.mark.unit

SEALER = Sealer("the operator's secret")


@given(st.text())
def test_text_when_sealed_then_opens_for_its_owner_and_place_alone(text: str) -> None:
    key = SEALER.new_key("mary")
    sealed = SEALER.seal(text, key, "mary", "dialogue-1")
    assert SEALER.open(sealed, key, "mary", "dialogue-1") == text
    assert SEALER.seal(text, key, "mary", "dialogue-1") != sealed
    for sealer, wrapped, owner, place in (
        (SEALER, key, "mary", "dialogue-2"),
        (SEALER, key, "jaak", "dialogue-1"),
        (SEALER, SEALER.new_key("mary"), "mary", "dialogue-1"),
        (Sealer("another secret"), key, "mary", "dialogue-1"),
    ):
        with pytest.raises(CannotOpen):
            sealer.open(sealed, wrapped, owner, place)


@given(st.data())
def test_sealed_when_a_byte_is_changed_then_does_not_open(data: st.DataObject) -> None:
    key = SEALER.new_key("mary")
    sealed = bytearray(SEALER.seal("some words", key, "mary", "here"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        SEALER.open(bytes(sealed), key, "mary", "here")


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 28])
def test_sealed_when_it_is_no_such_thing_then_does_not_open(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        SEALER.open(sealed, SEALER.new_key("mary"), "mary", "here")


def test_sealer_when_there_is_no_secret_then_is_not_made() -> None:
    with pytest.raises(ValueError, match="KRATT_DATA_KEY"):
        Sealer("")
