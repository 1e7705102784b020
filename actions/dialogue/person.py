"""From Kratt to a person: offered, agreed to, and how much of the talk they may see (docs/adr/0030)."""

from collections.abc import Mapping
from dataclasses import replace

from actions.dialogue.flow import Asking
from actions.dialogue.frames import PERSON, TRANSCRIPT, Frame, owner_of
from actions.dialogue.saying import Step, Utterance
from actions.dialogue.saying_yes import says
from assistant.content.compile import FALLBACK, SPEAK_TO_PERSON_INTENT
from assistant.content.own_responses import (
    ALL_RIGHT,
    DESK_CALLED,
    DESK_CLOSED,
    DESK_ELSEWHERE,
    DESK_NOT_SHARED,
    DESK_OFFER,
    DESK_SHARED,
    DESK_TRANSCRIPT,
    DESK_UNATTENDED,
    SPEAK_TO_PERSON,
)
from assistant.core.channels import DESK, MATRIX, Channel, Way
from assistant.core.desk import Reason
from assistant.core.desk_now import Availability
from assistant.core.outcomes import Outcome

_QUESTIONS = {PERSON: DESK_OFFER, TRANSCRIPT: DESK_TRANSCRIPT}


def offer(reason: Reason, service: str, turn: Asking) -> Step:
    """The offer of a person, or why there is none now, and what there is instead; `service` is what is under way."""
    if refusal := _refusal(turn):
        return Step((refusal,), outcome=Outcome.HANDED_OVER)
    why = {"reason": reason.value, "service": service}
    return _asked(Frame("", owner_of(turn.asker.subject), asked=PERSON, values=why))


def answer(frame: Frame, turn: Asking) -> Step | None:
    """What comes after the answer to one of the questions; None if the words are about something else."""
    said, heard = says(turn.heard), turn.heard
    if frame.asked == PERSON and heard.intent == SPEAK_TO_PERSON_INTENT:
        said = "yes"
    if said is None:
        return _unclear(frame, turn) if heard.intent in {"", FALLBACK} else None
    if frame.asked == PERSON:
        if said == "no":
            return Step((Utterance(ALL_RIGHT),), outcome=Outcome.ANSWERED)
        if refusal := _refusal(turn):  # they have gone home meanwhile
            return Step((refusal,), outcome=Outcome.HANDED_OVER)
        return _asked(replace(frame, asked=TRANSCRIPT, tries=0))
    return _called(frame, turn, with_transcript=said == "yes")


def is_called(step: Step) -> bool:
    """Whether the citizen talks with a person from now on."""
    return any(each.called for each in step.said)


def _asked(frame: Frame) -> Step:
    return Step((Utterance(_QUESTIONS[frame.asked or ""]),), frame, Outcome.ASKED_DETAIL)


def _unclear(frame: Frame, turn: Asking) -> Step:
    """The question once more; whoever does not say yes the second time either has not consented."""
    if not frame.tries:
        return _asked(replace(frame, tries=1))
    if frame.asked == PERSON:
        return Step((Utterance(ALL_RIGHT),), outcome=Outcome.ANSWERED)
    return _called(frame, turn, with_transcript=False)


def _called(frame: Frame, turn: Asking, *, with_transcript: bool) -> Step:
    if refusal := _refusal(turn):
        return Step((refusal,), outcome=Outcome.HANDED_OVER)
    shared = Utterance(DESK_SHARED if with_transcript else DESK_NOT_SHARED)
    elsewhere = (Utterance(DESK_ELSEWHERE),) if _way(turn) is Way.SEND else ()
    called: Mapping[str, object] = {**frame.values, "with_transcript": with_transcript}
    said = Utterance(DESK_CALLED, {"place": turn.asker.desk.place}, called=called)
    return Step((shared, *elsewhere, said), outcome=Outcome.HANDED_OVER)


def _refusal(turn: Asking) -> Utterance | None:
    """Why nobody can be called from here; None if somebody can."""
    if _way(turn) not in {Way.SAY, Way.SEND}:
        return Utterance(SPEAK_TO_PERSON)
    desk = turn.asker.desk
    match desk.availability:
        case Availability.ON_DUTY:
            return None
        case Availability.CLOSED if desk.opens:
            day = turn.words.say(desk.opens.isoformat(), "date")
            return Utterance(DESK_CLOSED, {"day": day, "hours": desk.hours})
        case Availability.UNATTENDED:
            return Utterance(DESK_UNATTENDED, {"hours": desk.hours})
        case _:
            return Utterance(SPEAK_TO_PERSON)


def _way(turn: Asking) -> Way:
    return MATRIX[Channel.of(turn.asker.channel)][DESK]
