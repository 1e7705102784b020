"""How a turn can end: the closed list.

An outcome is a value and is counted; an error is an exception. The first word is the family: reports group by it.
"""

from enum import Enum


class Outcome(str, Enum):
    """How one turn ended."""

    ANSWERED = "answered"
    ANSWERED_PARTLY = "answered_partly"
    ANSWERED_LATER = "answered_later"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    ASKED_DETAIL = "asked_detail"
    ASKED_CONFIRMATION = "asked_confirmation"
    ASKED_LOGIN = "asked_login"
    HANDED_OVER = "handed_over"
    UNANSWERABLE_NO_SPEECH = "unanswerable_no_speech"
    UNANSWERABLE_NOT_UNDERSTOOD = "unanswerable_not_understood"
    UNANSWERABLE_OUT_OF_SCOPE = "unanswerable_out_of_scope"
    FAILED_SPEECH = "failed_speech"
    FAILED_DIALOGUE = "failed_dialogue"
    FAILED_ACTIONS = "failed_actions"
    FAILED_REGISTER = "failed_register"
    FAILED_DEADLINE = "failed_deadline"
    FAILED_UNEXPECTED = "failed_unexpected"

    @property
    def family(self) -> str:
        """`answered`, `asked`, `handed`, `unanswerable` or `failed`."""
        return self.value.partition("_")[0]

    def __str__(self) -> str:
        """The bare value."""
        return self.value


OUTCOME_RESPONSES = {
    outcome: f"utter_{outcome}"
    for outcome in Outcome
    if outcome.family == "failed" or outcome is Outcome.UNANSWERABLE_NO_SPEECH
}
"""Outcomes that the gateway itself must put into words, and the response in `nlu_data/common` that does."""
