"""What a service knows of its inputs: said by the citizen, told by a register, or taken by default."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from actions.register_reading import Item, Reading
from actions.values.choosing import Choice
from actions.values.saying import SpokenValues, say_value
from assistant.content.exchange_spec import OF_THE_TURN, Call, Read
from assistant.content.input_spec import Choose, Input
from assistant.content.service_spec import Service
from assistant.content.spec import holds
from assistant.core.errors import ServiceError

_GROUPED = frozenset({"iban", "phone", "plate", "personal_code"})
_TELLING = frozenset({"text", "localized", "translated", "date"})


@dataclass(frozen=True)
class Filled:
    """An input's value, raw and in words; `register` tells it, if the citizen did not; `item` is what was chosen."""

    raw: str
    words: str
    register: str | None = None
    item: Item | None = None


Fillings = Mapping[str, Filled]
"""By input."""


@dataclass(frozen=True)
class Facts:
    """What calls brought so far, by call; a call that depends on inputs counts only for the values it was made with."""

    readings: Mapping[str, tuple[tuple[str, ...], Reading]]

    def of(self, call: Call, raw: Mapping[str, str]) -> Reading | None:
        """The reading of a call, if it was made with these inputs."""
        used, reading = self.readings.get(call.id, ((), None))
        return reading if used == _used(call, raw) else None

    def with_readings(self, readings: Iterable[Reading], raw: Mapping[str, str]) -> "Facts":
        """These facts and more."""
        return Facts({**self.readings, **{each.call.id: (_used(each.call, raw), each) for each in readings}})

    def items(self, calls: Sequence[str]) -> tuple[Item, ...]:
        """All items of the calls named."""
        return tuple(item for id_ in calls if id_ in self.readings for item in self.readings[id_][1].items)

    def without(self, choose: Choose, out: Collection[str]) -> "Facts":
        """These facts without the items of a choice whose keys are `out`."""
        readings = dict(self.readings)
        for id_ in set(choose.calls) & readings.keys():
            used, reading = readings[id_]
            left = tuple(item for item in reading.items if item.raw.get(choose.key) not in out)
            readings[id_] = (used, replace(reading, items=left))
        return Facts(readings)

    def error(self, calls: Iterable[str]) -> tuple[Call, ServiceError] | None:
        """The first of the calls named that failed."""
        failed = (self.readings[id_][1] for id_ in calls if id_ in self.readings)
        return next(((reading.call, reading.error) for reading in failed if reading.error), None)

    def single_items(self) -> Iterator[Item]:
        """The items of calls that answer one record and not a list."""
        for _, reading in self.readings.values():
            if reading.call.items is None and len(reading.items) == 1:
                yield reading.items[0]


NO_FACTS = Facts({})


def _used(call: Call, raw: Mapping[str, str]) -> tuple[str, ...]:
    names = sorted((call.placeholders | set(call.where.values())) - OF_THE_TURN)
    return tuple(raw.get(name, "") for name in names)


def fill(service: Service, values: Mapping[str, str], facts: Facts, words: SpokenValues) -> dict[str, Filled]:
    """Every input that counts now and is known."""
    fillings: dict[str, Filled] = {}
    for entry in service.inputs:
        if not holds(entry.when, raw_values(fillings, facts)):
            continue
        if filled := _fill_one(service, entry, values.get(entry.slot), facts, words):
            fillings[entry.slot] = filled
    return fillings


def _fill_one(service: Service, entry: Input, value: str | None, facts: Facts, words: SpokenValues) -> Filled | None:
    if entry.choose:
        return _fill_choice(service, entry, value, facts, words)
    if value is not None and (not entry.one_of or value in entry.one_of):
        return Filled(value, say_input(entry, value, words))
    if source := entry.prefill_source:
        call, read = source
        items = facts.items([call])
        if items and read in items[0].raw:
            register = facts.readings[call][1].call.register_[words.language]
            raw = items[0].raw[read]
            # An account or a number is said in groups, whoever told it; other kinds in the register's words.
            said = say_input(entry, raw, words) if entry.type in _GROUPED else items[0].words[read]
            return Filled(raw, said, register)
    if entry.default:
        return Filled(entry.default, say_input(entry, entry.default, words))
    return None


def _fill_choice(service: Service, entry: Input, value: str | None, facts: Facts, words: SpokenValues) -> Filled | None:
    items = options(service, entry, facts)
    meant = _prefilled_key(entry, facts) if value is None else value
    chosen = [item for item in items if item.raw[_choose(entry).key] == meant]
    is_only_one = value is None and entry.required and len(items) == 1
    if not chosen and not is_only_one:
        return None  # what the register no longer lists cannot be chosen any more
    item = (chosen or list(items))[0]
    register = item.register if is_only_one else None
    return Filled(item.raw[_choose(entry).key], label_of(entry, item), register, item)


def _prefilled_key(entry: Input, facts: Facts) -> str | None:
    """The key of the item that is meant unless another one is named."""
    call, read = entry.prefill_source or ("", "")
    return next((item.raw.get(read) for item in facts.items([call])), None)


def say_input(entry: Input, value: str, words: SpokenValues) -> str:
    """A value of an input in words."""
    if entry.one_of:
        return words.say(value, "term")
    return say_value(value, entry.type or "text", words.language)


def options(service: Service, entry: Input, facts: Facts) -> tuple[Item, ...]:
    """The items that can be chosen, those that have both a key and a label, in the order in which they are told."""
    choose = _choose(entry)
    items = in_order(service, facts.items(choose.calls))
    return tuple(item for item in items if choose.key in item.raw and set(choose.label) & item.words.keys())


def in_order(service: Service, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items as they are told: the newest first if the service wants it, the same thing once."""
    name, seen = service.answers.newest_first, dict[tuple[str, ...], Item]()
    for at, item in enumerate(items):
        same = tuple(item.words.values()) if service.answers.distinct else (str(at),)
        seen.setdefault(same, item)
    if not name:
        return tuple(seen.values())
    return tuple(sorted(seen.values(), key=lambda item: _moment(item.raw.get(name)), reverse=True))


def _moment(raw: str | None) -> str:
    """A date or a moment in a form that sorts."""
    try:
        moment = datetime.fromisoformat(raw or "")
    except ValueError:
        return raw or ""
    return moment.astimezone(UTC).isoformat()


def label_of(entry: Input, item: Item) -> str:
    """What the citizen hears of an item that can be chosen."""
    return ", ".join(item.words[name] for name in _choose(entry).label if name in item.words)


def choices(service: Service, entry: Input, facts: Facts) -> tuple[Choice, ...]:
    """The same with all the words they go by, those of the label first."""
    key, label = _choose(entry).key, _choose(entry).label
    return tuple(
        Choice(
            item.raw[key], tuple(item.words[name] for name in (*label, *_telling(item, facts)) if name in item.words)
        )
        for item in options(service, entry, facts)
    )


def amounts(service: Service, entry: Input, facts: Facts) -> tuple[str | None, ...]:
    """What the register tells of the cost of each item that can be chosen; None where it tells nothing."""
    return tuple(
        next((item.raw.get(name) for name, read in _reads(item, facts).items() if read.as_ == "money"), None)
        for item in options(service, entry, facts)
    )


def _reads(item: Item, facts: Facts) -> Mapping[str, Read]:
    return facts.readings[item.call][1].call.reads


def _telling(item: Item, facts: Facts) -> Iterator[str]:
    """The reads by whose words somebody may mean an item; "no" or a state of it are not among them."""
    for name, read in _reads(item, facts).items():
        if read.as_ in _TELLING and item.raw.get(name) not in {"yes", "no"}:
            yield name


def raw_values(fillings: Fillings, facts: Facts) -> dict[str, str]:
    """What conditions are about: inputs, reads of single records, and `<input>_<read>` of what was chosen."""
    raw = {name: value for item in facts.single_items() for name, value in item.raw.items()}
    for slot, filled in fillings.items():
        raw |= {f"{slot}_{name}": value for name, value in (filled.item.raw.items() if filled.item else ())}
        raw[slot] = filled.raw
    return raw


def spoken_values(fillings: Fillings, facts: Facts) -> dict[str, str]:
    """The same in words, for responses."""
    said = {name: value for item in facts.single_items() for name, value in item.words.items()}
    for slot, filled in fillings.items():
        said |= {f"{slot}_{name}": value for name, value in (filled.item.words.items() if filled.item else ())}
        if filled.item:
            said[f"{slot}_register"] = filled.item.register
        said[slot] = filled.words
    return said


def next_missing(service: Service, fillings: Fillings, facts: Facts) -> Input | None:
    """The first input that is required now and not known."""
    raw = raw_values(fillings, facts)
    return next(
        (e for e in service.inputs if e.required and e.slot not in fillings and holds(e.when, raw)),
        None,
    )


def _choose(entry: Input) -> Choose:
    if entry.choose is None:
        raise AssertionError(f"{entry.slot} is not chosen from a register")  # a mistake of ours, not of content
    return entry.choose
