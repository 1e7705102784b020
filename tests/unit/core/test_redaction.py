import uuid

import pytest

from assistant.core.redaction import MASK, redact

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("60001019906", MASK),
        ("code 60001019906, again 38001085718.", f"code {MASK}, again {MASK}."),
        ("GET /v1/persons/EE60001019906/fines", f"GET /v1/persons/{MASK}/fines"),
        ("PNOEE-60001019906", MASK),
        ("pnoee-60001019906", f"pnoee-{MASK}"),
        ("EE-60001019906", MASK),
        ("/v1/persons/ee60001019906", f"/v1/persons/{MASK}"),
        ("?next=%2Fv1%2Fpersons%2FEE60001019906%2Ffines", f"?next=%2Fv1%2Fpersons%2F{MASK}%2Ffines"),
        ("?next=%2F60001019906", f"?next=%2F{MASK}"),
        ("subject_60001019906_x", f"subject_{MASK}_x"),
        ("subject='60001019906'", f"subject='{MASK}'"),
        ("LV32345678901", MASK),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJFRTEifQ.c2ln-_x", f"Bearer {MASK}"),
        ("token_eyJhbGciOiJub25lIn0.eyJzdWIiOiJFRTEifQ.", f"token_{MASK}"),
        ("EE382200221020145685", MASK),
        ("EE38 2200 2210 2014 5685", MASK),
        ("pay FI2112345600000785 now", f"pay {MASK} now"),
        ("DE89370400440532013000", MASK),
        ("LV80BANK0000435195001", MASK),
        ("NO9386011117947", MASK),
        ("60001019906\n38001085718", f"{MASK}\n{MASK}"),
    ],
)
def test_redact_when_text_names_a_citizen_then_masks_it(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no model is loaded",
        "EE/GOV/70008747/itds/documents",
        "answered in 12345678901234 ns",
        "1763900000.123",
        "2027-05-05T12:00:00.000+00:00",
        "a" + "60001019906" + "b" * 20,
        "dialogue_failed",
    ],
)
def test_redact_when_text_names_nobody_then_leaves_it_alone(text: str) -> None:
    assert redact(text) == text


def test_redact_when_random_ids_are_logged_then_leaves_them_whole() -> None:
    ids = [uuid.UUID(int=seed * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128).hex for seed in range(1, 2001)]
    assert [each for each in ids if redact(each) != each] == []
