"""What the citizen's words mean to an open service: values for its inputs."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from actions.dialogue.denying import all_but, denied
from actions.dialogue.filling import Facts, amounts, choices, options
from actions.dialogue.heard import Heard, Mention
from actions.dialogue.listing import listed
from actions.dialogue.pointing import Left, Several, by_amount, is_listing, is_place, means_all
from actions.dialogue.saying_yes import yes_or_no
from actions.values.choosing import Ambiguous, Choice, Chosen, choose, has_noun
from actions.values.fillers import is_only_fillers
from actions.values.finding import find_value, names_month
from actions.values.found import Found, Limits, Unfit
from actions.values.ordinals import without_places
from actions.values.saying import SpokenValues
from actions.values.words import WORDS
from assistant.content.input_spec import Input
from assistant.content.service_spec import Service

FROM_REQUESTS = frozenset({"date", "span", "money", "plate", "personal_code", "email", "phone", "iban"})
"""Kinds that are told apart from other words, so that a whole request may hold them."""

TAKES_ANYTHING = frozenset({"text", "address", "name"})
"""Kinds that nearly any words could be a value of."""


Answered = Found | Unfit | Left | Several | None
"""What words may give to an input: a value, one that cannot be, all but some values, several, or nothing."""

_NEVER_CORRECTED = frozenset({"text", "name", "yes_no"})
"""Kinds that nearly any words could be a new value of: they are corrected by being asked for once more."""


def take_request(service: Service, values: Mapping[str, str], facts: Facts, heard: Heard) -> dict[str, str]:
    """The values with those that the request itself names, for inputs that have none."""
    taken = dict(values)
    for entry in service.inputs:
        # What is named now counts more than the last choice, or than what was offered.
        is_open = entry.slot not in taken or entry.choose or entry.one_of
        if is_open and (found := _in_request(entry, taken, service, facts, heard)):
            taken[entry.slot] = found
    return taken


def _in_request(entry: Input, taken: Mapping[str, str], service: Service, facts: Facts, heard: Heard) -> str | None:
    if entry.one_of:
        return mentioned(entry, heard, slots_of(service))
    if entry.choose:
        found = choose(heard.text, choices(service, entry, facts), heard.language)
        return found.key if isinstance(found, Chosen) else None
    if entry.type not in FROM_REQUESTS or any(e.slot in taken and e.type == entry.type for e in service.inputs):
        return None  # one date cannot be the answer to two questions
    found_value = _find(entry, heard)
    return found_value.value if isinstance(found_value, Found) else None


def mentioned(entry: Input, heard: Heard, own: Collection[str]) -> str | None:
    """The value of the input that the words mean; if they name two, the first if that wins, else None."""
    named = {each.value for each in _meant(entry, heard, own)}
    values = [value for value in entry.one_of if value in named]
    return values[0] if len(values) == 1 or (values and entry.first_wins) else None


def answer_to(
    service: Service, entry: Input, heard: Heard, facts: Facts, words: SpokenValues, current: str | None = None
) -> Answered:
    """What the words give to the input that was asked for; `current` is its value, if they are to correct it."""
    if entry.one_of:
        return _one_of(service, entry, heard, words, current)
    if entry.choose:
        return _choice(service, entry, heard, facts, current)
    if entry.type == "yes_no":
        return yes_or_no(heard)
    return _find(entry, heard, current)


def is_mentioned(entry: Input, heard: Heard) -> bool:
    """Whether the engine found one of its fixed values in the words."""
    return bool(entry.one_of) and any(each.slot == entry.slot for each in heard.mentions)


def named_values(
    service: Service, known: Mapping[str, str], heard: Heard, facts: Facts, words: SpokenValues
) -> Iterator[tuple[Input, Found]]:
    """The inputs that the words give a value to, of those `known`; "the other one" is the other of one thing only."""
    is_pointed, named = False, named_input(service, known, heard)
    # Beside "another account, EE38..." the word "another" means no other car; and "the other car" is no other topic.
    for entry in sorted(service.inputs, key=lambda each: (each.type is None, each.choose is None)):
        if entry.slot not in known or entry.type in _NEVER_CORRECTED:
            continue
        has_mention = is_mentioned(entry, heard)
        if entry.one_of and is_pointed and not has_mention:
            continue
        current = None if is_pointed and not entry.type else known[entry.slot]
        found = answer_to(service, entry, heard, facts, words, current)
        if isinstance(found, Found) and named not in (None, entry) and _is_place(entry, found, heard):
            continue
        # An item that is meant without saying which ("another one" of three) is pointed at, too.
        is_unclear = isinstance(found, Unfit) and entry.choose
        is_pointed = is_pointed or (not has_mention and bool(isinstance(found, Found) or is_unclear))
        if isinstance(found, Found):
            yield entry, found


def _is_place(entry: Input, found: Found, heard: Heard) -> bool:
    """Whether what was found for a day is the place of something else in its list: "the second child"."""
    return entry.type == "date" and is_place(heard.text[found.start : found.end], heard.language)


def named_input(service: Service, known: Collection[str], heard: Heard) -> Input | None:
    """The input whose name the words say ("the date is wrong"), among those that have a value."""
    entries = [entry for entry in service.inputs if entry.label and entry.slot in known]
    table = WORDS[heard.language]
    labels = [Choice(e.slot, (without_places(e.label[heard.language], table),)) for e in entries if e.label]
    named = choose(heard.text, labels, heard.language, is_listed=False)
    return service.input(named.key) if isinstance(named, Chosen) else None


def named_by_noun(service: Service, known: Collection[str], heard: Heard) -> Input | None:
    """The input whose noun alone the words say: "the name is wrong", of a first name."""
    language = heard.language
    nouns = {e.slot: e.label[language].split()[-1] for e in service.inputs if e.label and e.slot in known}
    said = [slot for slot, noun in nouns.items() if has_noun(heard.text, noun, language)]
    return service.input(said[0]) if len(said) == 1 else None


def left_out(service: Service, known: Mapping[str, str], heard: Heard) -> Input | None:
    """The input whose value of now the words leave out: "not the passport"."""
    out = {(each.slot, each.value) for each in denied(heard, slots_of(service))}
    return next((entry for entry in service.inputs if (entry.slot, known.get(entry.slot)) in out), None)


def slots_of(service: Service) -> frozenset[str]:
    """The names of its inputs."""
    return frozenset(entry.slot for entry in service.inputs)


def _meant(entry: Input, heard: Heard, own: Collection[str]) -> tuple[Mention, ...]:
    """Where the words name a value of the input and do not leave it out."""
    out = denied(heard, own)
    return tuple(each for each in heard.mentions if each.slot == entry.slot and each not in out)


def _one_of(service: Service, entry: Input, heard: Heard, words: SpokenValues, current: str | None) -> Answered:
    meant = {each.value for each in _meant(entry, heard, slots_of(service))}
    values = tuple(value for value in entry.one_of if value in meant and (value != current or len(meant) == 1))
    if len(values) == 1:
        return _named_whole(entry, values[0], heard)
    if values:
        return Several(values) if is_listing(heard) else Unfit("ambiguous")
    if out := {each.value for each in denied(heard, slots_of(service)) if each.slot == entry.slot}:
        left = tuple(value for value in entry.one_of if value not in out)
        if current in left:
            return None
        several = Left(tuple(words.say(value, "term") for value in left), tuple(sorted(out)))
        return _named_whole(entry, left[0], heard) if len(left) == 1 else several
    if means_all(heard, len(entry.one_of)):
        return Several(entry.one_of)
    by_word = [Choice(value, (words.say(value, "term"),)) for value in entry.one_of]
    text, _ = _without_month(_unclaimed(heard), heard)
    return _chosen(choose(text, by_word, heard.language, current=current), heard)


def _named_whole(entry: Input, value: str, heard: Heard) -> Found:
    """A value, and whether the words say nothing beside it and what it is not."""
    spans = [each for each in heard.mentions if each.slot == entry.slot]
    start, end = min(each.start for each in spans), max(each.end for each in spans)
    rest = f"{heard.text[:start]} {heard.text[end:]}"
    return Found(value, start, end, is_whole=is_only_fillers(rest, heard.language))


def _unclaimed(heard: Heard) -> str:
    """The words without those that the engine knows as a value: "айди карту" is a card, and nothing like "Тарту"."""
    text = heard.text
    for each in heard.mentions:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


def _chosen(found: Chosen | Ambiguous | None, heard: Heard) -> Found | Unfit | None:
    match found:
        case Chosen():
            return Found(found.key, 0, len(heard.text), is_whole=found.is_whole)
        case Ambiguous():
            return Unfit("ambiguous")
        case None:
            return None


def _choice(service: Service, entry: Input, heard: Heard, facts: Facts, current: str | None) -> Answered:
    """The item that is meant: by its words, its place in the list, its amount, or a day that it is called by."""
    offered, text = choices(service, entry, facts), heard.text
    if (cheaper := by_amount(heard, amounts(service, entry, facts))) is not None:
        return Found(offered[cheaper].key, 0, len(text), is_whole=False)
    if out := all_but(heard):
        return _left_of(offered, choose(out, offered, heard.language), heard)
    if means_all(heard, len(offered)):
        return Several(tuple(each.key for each in offered))
    if len(several := listed(heard, offered)) > 1:
        return Several(several)
    text, day = _without_month(text, heard)
    keys = _keys_on(day.value, service, entry, facts) if day else frozenset()
    if day and text != heard.text:
        offered = tuple(each for each in offered if not keys or each.key in keys)
    found = _chosen(choose(text, offered, heard.language, current=current), heard)
    if found or not day or not keys:
        return found
    return Found(min(keys), day.start, day.end, day.is_whole) if len(keys) == 1 else Unfit("ambiguous")


def day_in(heard: Heard) -> Found | Unfit | None:
    """The day that the words hold, whatever it may be for."""
    return find_value("date", heard.text, heard.language, today=heard.today)


def _without_month(text: str, heard: Heard) -> tuple[str, Found | None]:
    """The words without a day that they name by its month, and the day: "the fourth of December" is no fourth one."""
    day = find_value("date", text, heard.language, today=heard.today)
    if not isinstance(day, Found):
        return text, None
    is_named = names_month(text[day.start : day.end], heard.language)
    return f"{text[: day.start]} {text[day.end :]}" if is_named else text, day


def _left_of(offered: Sequence[Choice], out: Chosen | Ambiguous | None, heard: Heard) -> Answered:
    """The items beside those that the words leave out."""
    keys = (out.key,) if isinstance(out, Chosen) else out.keys if out else ()
    left = tuple(each for each in offered if each.key not in keys)
    if len(left) == 1:
        return Found(left[0].key, 0, len(heard.text), is_whole=False)
    return Left(tuple(each.words[0] for each in left), keys) if keys and left else None


def _keys_on(day: str, service: Service, entry: Input, facts: Facts) -> frozenset[str]:
    """The items that are called by a day."""
    if not entry.choose:
        return frozenset()
    key, names = entry.choose.key, (entry.choose.key, *entry.choose.label)
    return frozenset(
        item.raw[key]
        for item in options(service, entry, facts)
        if any(item.raw.get(name, "").startswith(day) for name in names)  # a date, or a moment of that day
    )


def _find(entry: Input, heard: Heard, current: str | None = None) -> Found | Unfit | None:
    limits, kind = Limits(entry.at_least, entry.at_most), entry.type or "text"
    return find_value(kind, heard.text, heard.language, today=heard.today, limits=limits, corrected=current)
