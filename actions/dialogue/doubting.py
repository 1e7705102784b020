"""Values that were not heard surely: they are asked about, unless something else tells them anyway (docs/adr/0019)."""

import re
from collections.abc import Iterator, Mapping

from actions.dialogue.consenting import cut
from actions.dialogue.heard import Heard
from actions.dialogue.questions import ASK_PREFIX
from actions.values.candidates import is_filler
from assistant.content.exchange_spec import Call
from assistant.content.input_spec import Input
from assistant.content.service_spec import Service

SURELY_HEARD = 0.5
"""A word that was heard less surely is as likely wrong as right: to act on it wrongly costs about twice a question."""

_WORD = re.compile(r"\S+")


def doubtful(service: Service, before: Mapping[str, str], values: Mapping[str, str], heard: Heard) -> tuple[str, ...]:
    """The inputs whose values the words brought, that were not heard surely, and that nothing else would tell.

    Inputs that are never asked for only narrow what is told, and that tells them.
    """
    asked = (entry for entry in service.inputs if f"{ASK_PREFIX}{entry.slot}" in service.questions)
    new = (entry for entry in asked if values.get(entry.slot) not in {None, before.get(entry.slot)})
    return tuple(
        entry.slot
        for entry in new
        if not _is_told(service, entry) and not is_surely_heard(heard, entry.slot, values[entry.slot])
    )


def is_surely_heard(heard: Heard, slot: str = "", value: str = "") -> bool:
    """Whether the words that name the value were, or all that say something, if none are known to name it."""
    if heard.confidences is None:
        return True
    places = [(each.start, each.end) for each in heard.mentions if (each.slot, each.value) == (slot, value)]
    words = zip(_WORD.finditer(heard.text), heard.confidences, strict=False)
    spans = places or list(_telling(heard))
    return all(
        confidence >= SURELY_HEARD
        for word, confidence in words
        if any(word.start() < end and start < word.end() for start, end in spans)
    )


def _telling(heard: Heard) -> Iterator[tuple[int, int]]:
    """Where the words stand that say something by themselves; all of them, if none does."""
    said = cut(heard.text, heard.language)
    places = [at for at in range(len(said)) if not is_filler(said, at)] or list(range(len(said)))
    return ((said.tokens[at].start, said.tokens[at].end) for at in places)


def _is_told(service: Service, entry: Input) -> bool:
    """Whether the value is read back before it is sent, or told with the items that it chooses."""
    sent = {source.partition(".")[0] for write in service.writes for source in write.sources.values()}
    told = {slot for call in service.calls for field, slot in call.where.items() if field in _fields(call)}
    return bool(entry.choose) or entry.slot in sent | told


def _fields(call: Call) -> frozenset[str]:
    return frozenset(read.from_ for read in call.reads.values())
