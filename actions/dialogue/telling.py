"""The one place that decides whether something may be said here, and what is said instead."""

from actions.asker import Asker
from actions.dialogue.saying import Step, Utterance
from assistant.content.own_responses import ASK_ELSEWHERE, SENT_TO_SCREEN, UNLOCK_FIRST
from assistant.content.service_spec import Service
from assistant.core.channels import ACT, MATRIX, Channel, Way
from assistant.core.outcomes import Outcome


def way_of(service: Service, asker: Asker, *, is_act: bool = False) -> Way:
    """What becomes of a request for a service here; `is_act`: it may come to a write.

    What is confirmed on the citizen's own phone may be begun where their voice is no proof of anything; what may be
    confirmed by anybody's voice, too.
    """
    ways = MATRIX[Channel.of(asker.channel)]
    data = ways[service.data_class]
    needs_screen = is_act and service.confirm != "sign" and not service.any_voice
    return ways[ACT] if needs_screen and data is Way.SAY else data


def is_own_screen(asker: Asker) -> bool:
    """Whether everything may be said here."""
    return all(way is Way.SAY for way in MATRIX[Channel.of(asker.channel)].values())


def instead(way: Way, request: str, title: str) -> Step | None:
    """What is said instead of an answer, None if that may be said.

    `request` are the words that wait on the citizen's own screen, `title` is what they are about.
    """
    match way:
        case Way.SAY:
            return None
        case Way.SEND:
            return Step(
                (Utterance(SENT_TO_SCREEN, {"title": title}, own_screen=request),), outcome=Outcome.ANSWERED_ELSEWHERE
            )
        case Way.UNLOCK:
            return Step((Utterance(UNLOCK_FIRST),), outcome=Outcome.ASKED_LOGIN)
        case Way.ELSEWHERE:
            return Step((Utterance(ASK_ELSEWHERE),), outcome=Outcome.ASKED_LOGIN)
