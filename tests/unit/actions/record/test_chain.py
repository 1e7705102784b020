import pytest

from actions.record.chain import GENESIS, Head, digest, find_fault, link

pytestmark = pytest.mark.unit

ROWS = [{"id": str(number), "subject": "EE60001019906", "confirmation_id": None} for number in range(3)]


def test_link_when_rows_follow_then_each_holds_the_hash_of_the_one_before():
    linked = list(link(Head(), ROWS))
    assert [row["seq"] for row in linked] == [1, 2, 3]
    assert [row["prev_hash"] for row in linked] == [GENESIS, linked[0]["hash"], linked[1]["hash"]]


def test_link_when_more_come_later_then_the_chain_is_the_same():
    first = list(link(Head(), ROWS[:1]))
    later = list(link(Head(1, first[0]["hash"]), ROWS[1:]))
    assert first + later == list(link(Head(), ROWS))


def test_digest_when_computed_from_the_documented_form_then_is_the_same():
    # echo -n '{"confirmation_id":null,"id":"\u00c4","prev_hash":"00","seq":1}' | sha256sum
    row = {"seq": 1, "id": "Ä", "prev_hash": "00", "confirmation_id": None, "hash": "is not hashed"}
    assert digest(row) == "84f8511739c3d8290b42f0461f6e9d46a626e46288c20408e093a444e7094f09"


@pytest.mark.parametrize("name", ["id", "subject", "confirmation_id"])
def test_find_fault_when_a_column_changes_then_row_is_changed(name: str):
    (row,) = link(Head(), ROWS[:1])
    assert find_fault(Head(), row) is None
    assert find_fault(Head(), row | {name: "other"}) == "changed"


@pytest.mark.parametrize(
    ("head", "what"),
    [
        pytest.param(Head(0), "missing", id="a row before is gone"),
        pytest.param(Head(2), "inserted", id="there is such a row already"),
        pytest.param(Head(1, "f" * 64), "not the successor of the row before", id="another row before"),
    ],
)
def test_find_fault_when_row_does_not_follow_then_says_how(head: Head, what: str):
    second = list(link(Head(), ROWS))[1]
    assert find_fault(head, second) == what
