"""The answer of a service that reads: what was found, a page at a time, and which registers did not answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.dialogue.filling import Facts, Fillings, raw_values, spoken_values
from actions.dialogue.saying import Utterance
from actions.register_reading import Item, Reading
from actions.values.saying import SpokenValues
from actions.xroad.identifiers import ServiceId
from assistant.content.own_responses import BLOCKED, MORE_QUESTION, RECORD_UNAVAILABLE, RESTRICTED
from assistant.content.service_spec import Service
from assistant.content.spec import Saying, choose_case
from assistant.core.errors import AccessBlocked, AccessNotRecorded, AccessRestricted, ServiceError, ServiceUnavailable
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome

USUAL_WAIT_SECONDS = 300.0
"""When to try again, if nobody says."""


@dataclass(frozen=True)
class Answer:
    """What is said; `next_offset` is where the next page begins, None if there is none."""

    said: tuple[Utterance, ...]
    outcome: Outcome
    sources: tuple[str, ...]
    next_offset: int | None = None


def conclude(
    service: Service,
    readings: Sequence[Reading],
    fillings: Fillings,
    facts: Facts,
    words: SpokenValues,
    offset: int = 0,
) -> Answer:
    """The answer to what was read, from the item at `offset` on."""
    raw, known = raw_values(fillings, facts), spoken_values(fillings, facts)
    items = _in_order(
        service, [item for reading in readings for item in reading.items if _is_meant(service, item, fillings)]
    )
    failed = [reading for reading in readings if reading.error]
    end = min(len(items), offset + (service.answers.page or len(items)))
    left = len(items) - end
    values = known | {
        "count": str(len(items)),
        "left": str(left),
        "total": words.money(sum((item.amount for item in items), Decimal(0))),
    }
    said: list[Utterance] = []
    if items:
        said += _say(service.answers.found, raw, values) if not offset else []
        for item in items[offset:end]:
            each = next((r.call.each for r in readings if r.call.id == item.call and r.call.each), service.answers.each)
            said += _say(each, {**raw, **item.raw}, {**values, **item.words})
    elif not failed:
        # Said only when every register was heard: "you owe nothing" must not mean "I do not know".
        said += _say(service.answers.none, raw, values)
    said += [failure(service, reading, words) for reading in failed if not offset]
    said += [Utterance(MORE_QUESTION, {"left": str(left)})] if left else []
    read = [reading for reading in readings if not reading.error]
    outcome = Outcome.ANSWERED if not failed else Outcome.ANSWERED_PARTLY if read else Outcome.FAILED_REGISTER
    return Answer(tuple(said), outcome, sources(service, read, words.language), end if left else None)


def failure(service: Service, reading: Reading, words: SpokenValues) -> Utterance:
    """A word about a register that did not answer, or was not asked."""
    return fault(service.degrade, reading.error or ServiceUnavailable(), reading.call.register_[words.language], words)


def fault(response: str, error: ServiceError, register: str, words: SpokenValues) -> Utterance:
    """Why there is no answer: the citizen's own wish, the record, or the given response."""
    match error:
        case AccessRestricted():
            response = RESTRICTED
        case AccessBlocked():
            response = BLOCKED
        case AccessNotRecorded():
            response = RECORD_UNAVAILABLE
    wait = getattr(error, "retry_after_seconds", None) or USUAL_WAIT_SECONDS
    return Utterance(response, {"register": register, "again": words.again(wait)})


def sources(service: Service, read: Sequence[Reading], language: Language) -> tuple[str, ...]:
    """The owner for its own registers; another institution's register by the register's name."""
    names = [
        service.owner.institution[language]
        if ServiceId.parse(reading.call.service).member_code == service.owner.code
        else reading.call.register_[language]
        for reading in read
    ]
    return tuple(dict.fromkeys(names))


def _is_meant(service: Service, item: Item, fillings: Fillings) -> bool:
    """An item that could have been chosen is meant only if it was, once one was chosen."""
    for entry in service.inputs:
        chosen = fillings.get(entry.slot)
        if entry.choose and chosen and item.call in entry.choose.calls:
            return item.raw.get(entry.choose.key) == chosen.raw
    return True


def _in_order(service: Service, items: list[Item]) -> list[Item]:
    name = service.answers.newest_first
    return sorted(items, key=lambda item: item.raw.get(name, ""), reverse=True) if name else items


def _say(saying: Saying | None, raw: Mapping[str, str], values: Mapping[str, str]) -> list[Utterance]:
    response = choose_case(saying, raw)
    return [Utterance(response, values)] if response else []
