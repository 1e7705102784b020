"""Which calls a service must make before it can go on: those that inputs, stops and writes depend on."""

from collections.abc import Mapping

from actions.dialogue.filling import Facts, Fillings, raw_values
from assistant.content.exchange_spec import OF_THE_TURN, Call, Write
from assistant.content.input_spec import Input
from assistant.content.service_spec import Service
from assistant.content.spec import When, holds


def pending_calls(service: Service, fillings: Fillings, facts: Facts) -> tuple[Call, ...]:
    """The calls needed now, that can be made with what is known and were not made yet."""
    raw = raw_values(fillings, facts)
    needed = early_calls(service, raw)
    return tuple(
        call
        for call in service.calls
        if call.id in needed
        and holds(call.when, raw)
        and call.placeholders - OF_THE_TURN <= raw.keys()
        and facts.of(call, raw) is None
    )


def early_calls(service: Service, raw: Mapping[str, str]) -> frozenset[str]:
    """The ids of calls that are made before the citizen's answer can be given, or anything be written."""
    needed: set[str] = set()
    for entry in service.inputs:
        if holds(entry.when, raw):
            needed |= _calls_of_input(entry)
    names = {name for case in service.stops if _may_hold(case.when, raw) for name in (*case.when, *case.has)}
    names |= {name for entry in service.inputs for name in entry.when}
    for write in possible_writes(service, raw):
        names |= set(write.when)
        needed |= {source.partition(".")[0] for source in write.sources.values() if "." in source}
        needed |= {service.phone_source[0]}
    needed |= {call.id for call in service.calls if call.items is None and names & call.reads.keys()}
    return frozenset(needed & {call.id for call in service.calls})


def possible_writes(service: Service, raw: Mapping[str, str]) -> tuple[Write, ...]:
    """The writes that what is known does not rule out."""
    return tuple(write for write in service.writes if _may_hold(write.when, raw))


def answer_calls(service: Service, raw: Mapping[str, str]) -> tuple[Call, ...]:
    """The calls whose items are said: all that apply, but for those that are there to prefill inputs or for stops."""
    prefilled = {entry.prefill_source[0] for entry in service.inputs if entry.prefill_source} | {
        service.phone_source[0]
    }
    return tuple(
        call
        for call in service.calls
        if holds(call.when, raw)
        and call.placeholders - OF_THE_TURN <= raw.keys()
        and (call.each or call.id not in prefilled)
    )


def _calls_of_input(entry: Input) -> set[str]:
    listed = entry.choose.calls if entry.choose else ()
    return {*listed, *(entry.prefill_source or ())[:1]}


def _may_hold(when: When, raw: Mapping[str, str]) -> bool:
    return all(raw[name] in wanted for name, wanted in when.items() if name in raw)
