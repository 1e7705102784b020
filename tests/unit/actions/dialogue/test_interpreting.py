from datetime import date

import pytest

from actions.dialogue.heard import Heard, Mention
from actions.dialogue.interpreting import mentioned
from assistant.content.input_spec import Input
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("said", "first_wins", "meant"),
    [
        (["list"], False, "list"),
        (["list", "list"], False, "list"),
        (["list", "complain"], False, None),
        (["list", "complain"], True, "complain"),
        ([], True, None),
        (["unknown"], True, None),
    ],
)
def test_mentioned_when_values_are_named_then_one_is_meant(
    said: list[str], first_wins: bool, meant: str | None
) -> None:
    entry = Input(slot="task", one_of=("complain", "list"), first_wins=first_wins)
    mentions = tuple(Mention("task", value, 0, 0) for value in said)
    heard = Heard("", "request", 0.9, mentions, Language.EN, date(2026, 11, 23))
    assert mentioned(entry, heard, {"task"}) == meant
