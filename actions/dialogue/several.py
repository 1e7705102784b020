"""Several requests in one sentence: what is said of them in one reply."""

from collections.abc import Collection, Sequence

from actions.dialogue.frames import DONE
from actions.dialogue.saying import Step
from assistant.content.own_responses import ASK_ELSEWHERE, LOGIN_REQUIRED, UNLOCK_FIRST
from assistant.core.outcomes import Outcome

_SAID_ONCE = frozenset({LOGIN_REQUIRED, ASK_ELSEWHERE, UNLOCK_FIRST})
_FAILED = frozenset({Outcome.FAILED_REGISTER, Outcome.ANSWERED_PARTLY})


def order(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """The answers, a login that is missing behind them, and those that ask: a question must be the last thing said."""
    asking = [step for step in steps if step.frame and step.frame.asked != DONE]
    answered = [step for step in steps if step not in asking]
    return sorted(answered, key=lambda step: step.outcome is Outcome.ASKED_LOGIN), asking


def joined(answered: Sequence[Step], asking: Sequence[Step], asked_for: Collection[str]) -> Step:
    """One step for all; what is asked for by itself is not offered, and one login is enough."""
    steps = (*answered, *asking)
    said = [utterance for step in steps for utterance in step.said]
    is_again = [each.response in _SAID_ONCE and each in said[:at] for at, each in enumerate(said)]
    return Step(
        tuple(each for each, again in zip(said, is_again, strict=True) if not again),
        next((step.frame for step in reversed(steps) if step.frame), None),
        _outcome(answered, asking),
        tuple(dict.fromkeys(source for step in steps for source in step.sources)),
        tuple(offer for step in steps for offer in step.offers if offer.service not in asked_for),
    )


def _outcome(answered: Sequence[Step], asking: Sequence[Step]) -> Outcome | None:
    outcomes = [step.outcome for step in answered]
    if Outcome.ASKED_LOGIN in outcomes:
        return Outcome.ASKED_LOGIN  # the page shows the way to it
    if asking:
        return asking[0].outcome
    if len(set(outcomes)) == 1 and outcomes[0] in {Outcome.FAILED_REGISTER, Outcome.ANSWERED_ELSEWHERE}:
        return outcomes[0]
    return Outcome.ANSWERED_PARTLY if _FAILED.intersection(outcomes) else Outcome.ANSWERED
