"""What is asked when nothing is open and the words were not understood (docs/adr/0019).

Each time another thing, until something is understood: what is probably meant, or other words; then what Kratt can do;
then a person.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from actions.dialogue import person
from actions.dialogue.filling import NO_FACTS
from actions.dialogue.flow import Asking
from actions.dialogue.frames import MEANT, Frame, Offered, owner_of
from actions.dialogue.heard import SURE, Ranking
from actions.dialogue.interpreting import take_request
from actions.dialogue.pointing import means_none
from actions.dialogue.saying import Step, Utterance
from actions.dialogue.saying_yes import refuses_all, says
from actions.values.choosing import Choice, Chosen, choose
from assistant.content.compile import FALLBACK
from assistant.content.own_responses import (
    CHOICES,
    HELP,
    MEANT_ONE,
    MEANT_PERHAPS,
    MEANT_WHICH,
    NOT_UNDERSTOOD,
    STILL_NOT_UNDERSTOOD,
    TYPE_INSTEAD,
)
from assistant.content.service_spec import Service
from assistant.core.desk import Reason
from assistant.core.outcomes import Outcome
from assistant.core.turns import CHOICE, Expected

LEAST_LIKELY = 0.2
"""From here on a service is worth a question; `benchmarks/ladder.py` prints what other bounds would bring."""

NEAR = 0.3
"""Services are offered together whose probability is at least this part of the likeliest one's."""

MOST_OFFERED = 3
"""Nobody keeps more in mind that they only hear."""

_PERSON = 3
"""How many times in a row words are not understood until the citizen is sent to a person."""

_ANSWERING = frozenset({"affirm", "correct", "deny", "inform"})
"""Intents of words that mean something to a question only."""

_NOT_TELLING = _ANSWERING | {FALLBACK, ""}

Services = Mapping[str, Service]


def next_rung(services: Services, last: Frame | None, turn: Asking) -> Step:
    """The next question; `last` is the one before it, if these words answered that."""
    tries = last.tries + 1 if last else 1
    if tries >= _PERSON:
        return _person(turn)
    past = (*last.out, *(each.service for each in last.offers)) if last else ()
    return _ask(services, Frame("", owner_of(turn.asker.subject), asked=MEANT, tries=tries, out=past), turn)


def answer(services: Services, frame: Frame, turn: Asking) -> Offered | Step | None:
    """What is meant of what was offered, or the next question after a no; None if the words are no answer."""
    heard, offers = turn.heard, frame.offers
    if not offers:
        return None
    if means_none(heard):
        return _refused(services, frame, turn)
    found = choose(heard.text, [_choice(services, each, turn) for each in offers], heard.language)
    if isinstance(found, Chosen) and (found.is_whole or heard.intent in _ANSWERING):
        return next(each for each in offers if each.service == found.key)
    if heard.intent not in _NOT_TELLING:
        return None
    if says(heard) == "yes":
        return offers[0] if len(offers) == 1 else _which(services, frame, turn)
    return _refused(services, frame, turn) if refuses_all(heard) else None


def _refused(services: Services, frame: Frame, turn: Asking) -> Step:
    """What comes after "none of them": other words, then a person."""
    if frame.tries > 1:
        return _person(turn)
    out = (*frame.out, *(each.service for each in frame.offers))
    left = replace(frame, offers=(), out=out)
    return Step((Utterance(NOT_UNDERSTOOD),), left, Outcome.UNANSWERABLE_NOT_UNDERSTOOD)


def _which(services: Services, frame: Frame, turn: Asking) -> Step:
    """What comes after a yes to several: they are told again in other words, and in others, then a person."""
    if frame.tries >= _PERSON:
        return _person(turn)
    said = _offer(services, MEANT_PERHAPS if frame.tries == 1 else CHOICES, frame.offers, turn)
    return Step((said,), replace(frame, tries=frame.tries + 1), Outcome.ASKED_DETAIL)


def _ask(services: Services, frame: Frame, turn: Asking) -> Step:
    names = likely(turn.heard.ranking, services.keys() - set(frame.out))
    offers = tuple(Offered(name, take_request(services[name], {}, NO_FACTS, turn.heard)) for name in names)
    frame = replace(frame, offers=offers)
    is_first = frame.tries == 1
    before = () if is_first else (Utterance(STILL_NOT_UNDERSTOOD), Utterance(HELP))
    if not offers:
        said = (Utterance(NOT_UNDERSTOOD),) if is_first else before
        return Step(said, frame, Outcome.UNANSWERABLE_NOT_UNDERSTOOD)
    response = MEANT_PERHAPS if not is_first else MEANT_ONE if len(offers) == 1 else MEANT_WHICH
    return Step((*before, _offer(services, response, offers, turn)), frame, Outcome.ASKED_DETAIL)


def likely(
    ranking: Ranking, services: Collection[str], *, least: float = LEAST_LIKELY, near: float = NEAR
) -> tuple[str, ...]:
    """Which of the services the words may mean; none if they look like nothing that was ever taught."""
    # Words below the engine's threshold are nlu_fallback at the threshold, and words in no example at more than that.
    if any(name == FALLBACK and share > SURE for name, share in ranking):
        return ()
    ranked = [(name, share) for name, share in ranking if name in services]
    best = max((share for _, share in ranked), default=0.0)
    if best < least:
        return ()
    return tuple(name for name, share in ranked if share >= near * best)[:MOST_OFFERED]


def _offer(services: Services, response: str, offers: tuple[Offered, ...], turn: Asking) -> Utterance:
    titles = tuple(_title(services, each, turn) for each in offers)
    if response == MEANT_ONE:
        return Utterance(response, {"title": titles[0]})
    return Utterance(response, {"choices": "; ".join(titles)}, titles, Expected(CHOICE, titles))


def _person(turn: Asking) -> Step:
    typed = (Utterance(TYPE_INSTEAD),) if turn.heard.is_spoken else ()
    step = person.offer(Reason.NOT_UNDERSTOOD, "", turn)
    said = (*typed, *step.said) if step.frame else (*step.said, *typed)  # a question comes last
    return replace(step, said=(Utterance(STILL_NOT_UNDERSTOOD), *said))


def _title(services: Services, offered: Offered, turn: Asking) -> str:
    return services[offered.service].title[turn.words.language]


def _choice(services: Services, offered: Offered, turn: Asking) -> Choice:
    title = _title(services, offered, turn)
    # Words with a capital are taken for names; the "Do" of "Do I have fines" is none.
    return Choice(offered.service, (title[:1].lower() + title[1:],))
