"""The answer of a service that reads: what was found, a page at a time, and which registers did not answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.dialogue.filling import Facts, Fillings, in_order, raw_values, spoken_values
from actions.dialogue.frames import Offered
from actions.dialogue.saying import Utterance
from actions.register_reading import Item, Reading
from actions.values.saying import SpokenValues
from actions.xroad.identifiers import ServiceId
from assistant.content.own_responses import (
    ACT_OF_MINOR,
    ACT_OF_WARD,
    BLOCKED,
    CONSENT_MISSING,
    CONSENT_MISSING_HERE,
    CONSENT_UNCHECKED,
    DECEASED,
    MORE_QUESTION,
    RECORD_UNAVAILABLE,
    RESTRICTED,
    STANDING_UNKNOWN,
)
from assistant.content.service_spec import Service
from assistant.content.spec import Saying, choose_case, holds
from assistant.core.errors import (
    AccessBlocked,
    AccessNotRecorded,
    AccessRestricted,
    CapacityLacking,
    ConsentMissing,
    ConsentUnchecked,
    PersonDeceased,
    ServiceError,
    ServiceUnavailable,
    StandingUnknown,
)
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome

USUAL_WAIT_SECONDS = 300.0
"""When to try again, if nobody says."""
LISTENED_ITEMS = 3
"""Who listens cannot look back: after so many they are asked whether to go on."""


_OF_NO_REGISTER = frozenset({DECEASED, STANDING_UNKNOWN, RECORD_UNAVAILABLE})

_RESPONSES: Mapping[type[ServiceError], str] = {
    AccessRestricted: RESTRICTED,
    AccessBlocked: BLOCKED,
    AccessNotRecorded: RECORD_UNAVAILABLE,
    PersonDeceased: DECEASED,
    StandingUnknown: STANDING_UNKNOWN,
    ConsentUnchecked: CONSENT_UNCHECKED,
    ConsentMissing: CONSENT_MISSING_HERE,
}
"""What is said instead of a service's own word for a register that is down."""


@dataclass(frozen=True)
class Page:
    """Where a page begins, and whether it is listened to."""

    offset: int = 0
    is_spoken: bool = False


FIRST_PAGE = Page()


@dataclass(frozen=True)
class Answer:
    """What is said; `next_offset` is where the next page begins, None if there is none."""

    said: tuple[Utterance, ...]
    outcome: Outcome
    sources: tuple[str, ...]
    next_offset: int | None = None
    offers: tuple[Offered, ...] = ()


def conclude(
    service: Service,
    readings: Sequence[Reading],
    fillings: Fillings,
    facts: Facts,
    words: SpokenValues,
    page: Page = FIRST_PAGE,
) -> Answer:
    """The answer to what was read, a page of it."""
    raw, known = raw_values(fillings, facts), spoken_values(fillings, facts)
    meant = [replace(each, items=_meant(service, each, fillings)) for each in readings]
    told = _told(service, meant, raw, known, words)
    failed = [reading for reading in readings if reading.error]
    offset = page.offset if page.offset < len(told) else 0  # the register lists less than it did a page ago
    end = page_end(len(told), offset, service.answers.page, is_spoken=page.is_spoken)
    total = sum((item.amount for each in told for item in each.items), Decimal(0))
    count, left = sum(len(each.items) for each in told), str(len(told) - end)
    values = known | {"count": str(count), "left": left, "total": words.money(total)}
    said: list[Utterance] = []
    if told:
        said += _say(service.answers.found, raw, values) if not offset else ()
        said += [utterance for each in told[offset:end] for utterance in each.said]
    elif not failed:
        # Said only when every register was heard: "you owe nothing" must not mean "I do not know".
        said += _say(service.answers.none, raw, values)
    said += failures(service, failed, words) if not offset else ()
    said += [Utterance(MORE_QUESTION, {"left": left})] if end < len(told) else []
    read = [reading for reading in readings if not reading.error]
    return Answer(
        tuple(said),
        _outcome(read, failed),
        sources(service, read, words.language),
        end if end < len(told) else None,
        # After "nothing found" or "not answering" an offer would be out of place.
        next_services(service, raw, [item for each in told for item in each.items]) if told else (),
    )


def page_end(count: int, offset: int, page: int | None, *, is_spoken: bool) -> int:
    """Where the page ends that begins at `offset`, of so many things to tell."""
    most = min(page or count, LISTENED_ITEMS if is_spoken else count)
    end = min(count, offset + most)
    return count if is_spoken and count - end == 1 else end  # sooner said than asked for


def next_services(
    service: Service, raw: Mapping[str, str], items: Sequence[Item] = (), *, is_conditional: bool = False
) -> tuple[Offered, ...]:
    """The services to offer next; `is_conditional`: only those that are offered on a condition."""
    known = [raw, *({**raw, **item.raw} for item in items)]
    wanted = (
        each
        for each in service.next
        if (each.when or not is_conditional) and any(holds(each.when, values) for values in known)
    )
    return tuple(Offered(each.offer, each.with_) for each in wanted)


@dataclass(frozen=True)
class _Told:
    """One thing that is told: an item, or all items of a call; it may be counted only, and told in `found`."""

    items: tuple[Item, ...]
    said: tuple[Utterance, ...]


def _told(
    service: Service,
    readings: Sequence[Reading],
    raw: Mapping[str, str],
    known: Mapping[str, str],
    words: SpokenValues,
) -> list[_Told]:
    """What is told, in the order of the calls or by time; an item that a saying passes over does not count."""
    calls = [each.call for each in readings]
    told: list[tuple[int, _Told]] = []
    for at, each in enumerate(readings):
        if each.call.all and each.items:
            told.append((at, _Told(each.items, _say(each.call.all, raw, {**known, **_together(each, words)}))))
    items = [item for reading in readings if not reading.call.all for item in reading.items]
    for item in in_order(service, items):
        at = next(at for at, call in enumerate(calls) if call.id == item.call)
        saying = calls[at].each or service.answers.each
        said = _say(saying, {**raw, **item.raw}, {**known, **item.words, "register": item.register})
        is_summed_up = not saying and service.answers.found
        if said or is_summed_up:
            told.append((len(calls) if service.answers.newest_first else at, _Told((item,), said)))
    return [each for _, each in sorted(told, key=lambda pair: pair[0])]


def _together(reading: Reading, words: SpokenValues) -> dict[str, str]:
    """The reads of all items, each value once: `Škoda Octavia and Volvo XC60`."""
    names = dict.fromkeys(name for item in reading.items for name in item.words)
    values = {name: dict.fromkeys(i.words[name] for i in reading.items if name in i.words) for name in names}
    said = {name: words.joined(tuple(each)) for name, each in values.items()}
    return said | {"count": str(len(reading.items)), "register": reading.items[0].register}


def _outcome(read: Sequence[Reading], failed: Sequence[Reading]) -> Outcome:
    # A register that does what the citizen wished, or the law, has not failed.
    wished = AccessRestricted | AccessBlocked | ConsentMissing | PersonDeceased
    broken = [reading for reading in failed if not isinstance(reading.error, wished)]
    if not broken and not (read and failed):
        return Outcome.ANSWERED
    return Outcome.ANSWERED_PARTLY if read else Outcome.FAILED_REGISTER


def failure(service: Service, reading: Reading, words: SpokenValues) -> Utterance:
    """A word about a register that did not answer, or was not asked."""
    return fault(service.degrade, reading.error or ServiceUnavailable(), reading.call.register_[words.language], words)


def failures(service: Service, failed: Sequence[Reading], words: SpokenValues) -> tuple[Utterance, ...]:
    """The same for several; what is about no register, or about the same one, is said once."""
    said: dict[tuple[str, object], Utterance] = {}
    for each in (failure(service, reading, words) for reading in failed):
        register = "" if each.response in _OF_NO_REGISTER else each.values["register"]
        said.setdefault((each.response, register), each)
    return tuple(said.values())


def fault(response: str, error: ServiceError, register: str, words: SpokenValues) -> Utterance:
    """Why there is no answer: the citizen's own wish, who they are, the record, or the given response."""
    if isinstance(error, ConsentMissing) and error.link:
        return Utterance(CONSENT_MISSING, {"register": register}, consent_url=error.link)
    if isinstance(error, CapacityLacking):
        response = ACT_OF_MINOR if error.is_minor else ACT_OF_WARD
    response = _RESPONSES.get(type(error), response)
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


def _meant(service: Service, reading: Reading, fillings: Fillings) -> tuple[Item, ...]:
    """The items that are meant: once one of them was chosen, that one."""
    for entry in service.inputs:
        chosen = fillings.get(entry.slot)
        if entry.choose and chosen and reading.call.id in entry.choose.calls:
            return tuple(item for item in reading.items if item.raw.get(entry.choose.key) == chosen.raw)
    return reading.items


def _say(saying: Saying | None, raw: Mapping[str, str], values: Mapping[str, str]) -> tuple[Utterance, ...]:
    response = choose_case(saying, raw)
    return (Utterance(response, values),) if response else ()
