"""Words that point at one of several without naming it: in three languages."""

from datetime import date

import pytest

from actions.dialogue.heard import Heard
from actions.dialogue.pointing import by_amount
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU
CHEAPER, DEARER = 1, 0


def chosen(text: str, language: Language) -> int | None:
    """What the words choose of two, the dearer of which comes first."""
    return by_amount(Heard(text, "inform", 0.9, (), language, date(2026, 11, 23)), ("50.00", "25.00"))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (EN, "the cheaper one", CHEAPER),
        (EN, "no the cheaper one", CHEAPER),
        (EN, "the one that costs less please", CHEAPER),
        (EN, "the one that is cheaper than the other one", CHEAPER),
        (EN, "i don't want to pay much so the cheaper one", CHEAPER),
        (EN, "the more expensive one", DEARER),
        (EN, "the dearer one not the cheaper one", DEARER),
        (EN, "not the cheaper but the more expensive one", DEARER),
        (ET, "odavam", CHEAPER),
        (ET, "kõige odavam palun", CHEAPER),
        (ET, "mitte odavam vaid kallim", DEARER),
        (RU, "подешевле", CHEAPER),
        (RU, "самый дешевый", CHEAPER),
        (RU, "не дешевый а самый дорогой", DEARER),
    ],
)
def test_amount_when_one_is_pointed_at_then_it_is_chosen(language: Language, text: str, expected: int) -> None:
    assert chosen(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("not the cheaper one", "not the cheapest", "no not the cheaper one please")),
        *((EN, text) for text in ("it costs more than i thought so neither", "it costs more than i thought")),
        *(
            (EN, text)
            for text in ("i don't want the cheaper one", "the cheaper one is not for me", "neither is cheaper")
        ),
        *((EN, text) for text in ("anything but the cheapest", "the cheaper or the more expensive one")),
        *((ET, text) for text in ("mitte odavam", "mitte kõige odavam", "odavamat ma ei taha", "kallim kui arvasin")),
        *((ET, text) for text in ("odavam või kallim", "ma ei taha odavamat", "mitte kumbki pole odavam")),
        *((RU, text) for text in ("не самый дешевый", "не дешевле", "самый дешевый не надо", "дороже чем я думал")),
        *((RU, text) for text in ("ни один не дешевле", "дешевле или дороже", "кроме самый дешевый")),
    ],
)
def test_amount_when_it_is_denied_compared_or_left_open_then_nothing_is_chosen(language: Language, text: str) -> None:
    assert chosen(text, language) is None
