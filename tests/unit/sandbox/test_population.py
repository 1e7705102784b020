from datetime import date

import pytest

from assistant.core.personal_code import birth_date, is_personal_code
from assistant.sandbox.population import POPULATION, newborn, school_child

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("subject", POPULATION)
def test_population_when_listed_then_codes_pass_the_checksum(subject: str) -> None:
    assert subject.startswith("EE")
    assert is_personal_code(subject[2:])


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2027, 2, 28), date(2028, 2, 29), date(2040, 12, 31)])
def test_children_when_reckoned_then_codes_are_good_and_ages_stay(today: date) -> None:
    child, baby = school_child(today), newborn(today)
    assert is_personal_code(child[2:])
    assert is_personal_code(baby[2:])
    assert 8 * 365 < (today - birth_date(child[2:])).days < 10 * 365
    assert (today - birth_date(baby[2:])).days == 21
