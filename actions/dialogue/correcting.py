"""What the citizen's words change of what was said before: "no, monday", "not Anna but Maria".

One value corrects one input: that which the words name, else the one filled or asked last. A value that a register told
changes only when it is named, for the citizen has not spoken of it.
"""

from collections.abc import Sequence

from actions.dialogue.filling import choices
from actions.dialogue.interpreting import answer_to, day_in, is_mentioned, named_by_noun, named_input, named_values
from actions.dialogue.pointing import is_place, says_other
from actions.dialogue.questions import choices_of, possible_answers
from actions.dialogue.saying import Utterance
from actions.dialogue.situation import Situation
from actions.values.choosing import Chosen, choose
from actions.values.correcting import is_correction
from actions.values.finding import find_value
from actions.values.found import Found, Unfit
from assistant.content.input_spec import Input
from assistant.content.own_responses import UNFIT_PREFIX

_DAYS = frozenset({"date", "span"})

_TELL_THEMSELVES = frozenset({"plate", "personal_code", "email", "phone", "iban"})
"""Kinds whose values name their input: an e-mail address is meant for the e-mail, whoever told the one before."""


def corrections(at: Situation) -> dict[str, str]:
    """Inputs whose value the words change, with the new value."""
    raw, named = at.raw, named_input(at.service, at.raw, at.heard)
    found = named_values(at.service, raw, at.heard, at.known.facts, at.turn.words)
    changed = {e.slot: each.value for e, each in found if _is_meant(at, e, each, named) and each.value != raw[e.slot]}
    return changed or _corrected_name(at, named)


def unmet(at: Situation) -> tuple[Input, tuple[Utterance, ...]] | None:
    """The input that a day was said for which it cannot be, and what is wrong or can be said instead."""
    entry = _taker(at, [each for each in _known(at) if _takes_days(at, each)]) if day_in(at.heard) else None
    if entry is None or entry is at.entry:
        return None
    answer = answer_to(at.service, entry, at.heard, at.known.facts, at.turn.words, at.raw[entry.slot])
    if isinstance(answer, Unfit):
        return entry, (Utterance(f"{UNFIT_PREFIX}{answer.reason}"),)
    offered = possible_answers(at.service, entry, at.known.facts, at.turn.words)
    return (entry, (choices_of(offered),)) if answer is None and offered else None


def unclear_input(at: Situation) -> Input | None:
    """The input that another one is wanted for, without saying which: "yes, but the other one"."""
    if not says_other(at.heard):
        return None
    chosen = [entry for entry in at.service.inputs if entry.choose and entry.slot in at.raw]
    facts, words = at.known.facts, at.turn.words
    answers = [answer_to(at.service, e, at.heard, facts, words, at.raw[e.slot]) for e in chosen]
    return next((e for e, found in zip(chosen, answers, strict=True) if found == Unfit("ambiguous")), None)


def _is_meant(at: Situation, entry: Input, found: Found, named: Input | None) -> bool:
    if entry is named or is_mentioned(entry, at.heard):
        return True
    if entry.type in _DAYS or _is_found_by_day(at, entry):
        return _taker(at, [each for each in _known(at) if _takes_days(at, each)]) is entry
    if entry.type:
        return _taker(at, [each for each in _known(at) if each.type == entry.type]) is entry
    # "No, the second child" does not mean the second school as well, nor "my other e-mail" the other document; "yes,
    # but tell me first ..." is not about the first one, nor "the last digit is five" about the last.
    is_said = _is_sure(at) and not says_other(at.heard) and _is_by_words(at, entry)
    return named is None and (found.is_whole or is_said)


def _is_sure(at: Situation) -> bool:
    heard = at.heard
    return heard.means("correct", "deny", "inform", at.service.service) or is_correction(heard.text, heard.language)


def _is_by_words(at: Situation, entry: Input) -> bool:
    """Whether an item is meant by words of its own, and not by its place in the list."""
    if not entry.choose:
        return True
    items = choices(at.service, entry, at.known.facts)
    return isinstance(choose(at.heard.text, items, at.heard.language, is_listed=False), Chosen)


def _known(at: Situation) -> list[Input]:
    """The inputs that have a value, and the one asked for."""
    return [entry for entry in at.service.inputs if entry.slot in at.raw or entry is at.entry]


def _takes_days(at: Situation, entry: Input) -> bool:
    """Whether a day that is said could be meant for the input; "the second" could be a place in any list as well."""
    if entry.type in _DAYS or not entry.choose:
        return entry.type in _DAYS
    day = day_in(at.heard)
    if isinstance(day, Found) and is_place(at.heard.text[day.start : day.end], at.heard.language):
        return True
    calls = [call for call in at.service.calls if call.id in entry.choose.calls]
    return any(call.reads[name].as_ == "date" for call in calls for name in entry.choose.label if name in call.reads)


def _is_found_by_day(at: Situation, entry: Input) -> bool:
    """Whether an item is meant by nothing but the day that is said."""
    day, text = day_in(at.heard), at.heard.text
    if not entry.choose or not isinstance(day, Found):
        return False
    beside = f"{text[: day.start]} {text[day.end :]}"
    return choose(beside, choices(at.service, entry, at.known.facts), at.heard.language) is None


def _taker(at: Situation, rivals: Sequence[Input]) -> Input | None:
    """The one of several inputs that a value is meant for; None if it can be none of them."""
    named, order = named_input(at.service, at.raw, at.heard), list(at.frame.values)
    if named in rivals:
        return named
    if at.entry in rivals:
        return at.entry
    said = [each for each in rivals if each.slot in order and not at.known.fillings[each.slot].register]
    if said:
        return max(said, key=lambda each: order.index(each.slot))
    return rivals[0] if len(rivals) == 1 and rivals[0].type in _TELL_THEMSELVES else None


def _corrected_name(at: Situation, named: Input | None) -> dict[str, str]:
    """A name that takes the place of the one said last: "no, Maria". Nearly any words could be one, so only then."""
    last = next((slot for slot in reversed(list(at.frame.values)) if slot in at.raw), "")
    entry = named or at.service.input(last)
    if entry is None or entry is at.entry or entry.type != "name":
        return {}
    is_named = at.entry is None and named_by_noun(at.service, at.raw, at.heard) is entry
    if not is_named and not is_correction(at.heard.text, at.heard.language):
        return {}
    found = find_value("name", at.heard.text, at.heard.language, today=at.heard.today)
    is_new = isinstance(found, Found) and found.value != at.raw[entry.slot]
    return {entry.slot: found.value} if isinstance(found, Found) and is_new else {}
