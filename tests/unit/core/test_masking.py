import pytest

from assistant.core.masking import mask_request
from assistant.core.redaction import MASK
from assistant.core.turns import Entity

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "entities", "kept"),
    [
        ("where can i licence my dog", [], "where can i licence my dog"),
        ("my code is 38001085718", [], f"my code is {MASK}"),
        ("write to mari@example.ee or 5123 4567", [], f"write to {MASK} or {MASK}"),
        ("does Mari Maasikas live here", [], f"does {MASK} live here"),
        ("is Tallinn far", [], "is Tallinn far"),
        ("for my daughter mari", [Entity("child", "Mari", 16, 20)], "for my daughter [child]"),
        ("i lost my passport", [Entity("document_type", "passport", 10, 18)], "i lost my passport"),
        ("kas Jüri 5 korter on minu", [Entity("address", "Jüri 5", 4, 10)], "kas [address] korter on minu"),
    ],
)
def test_mask_request_when_words_tell_of_a_person_then_hides_them(text, entities, kept) -> None:
    assert mask_request(text, entities, frozenset({"passport"})) == kept
