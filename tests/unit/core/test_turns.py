import pytest

from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.turns import YES_NO, Expected, Reply

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("outcome", "expected", "is_question"),
    [
        (Outcome.ASKED_DETAIL, None, True),
        (Outcome.ASKED_CONFIRMATION, None, True),
        (Outcome.ANSWERED, Expected(YES_NO), True),
        (Outcome.ANSWERED, None, False),
        (Outcome.ASKED_LOGIN, None, False),
        (Outcome.UNANSWERABLE_NO_SPEECH, None, False),
    ],
)
def test_reply_when_the_citizen_is_expected_to_say_something_then_it_is_a_question(
    outcome: Outcome, expected: Expected | None, is_question: bool
) -> None:
    assert Reply("t", "c", Language.EN, outcome, (), expected=expected).is_question is is_question
