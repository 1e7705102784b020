"""Words of citizens without what they tell of a person, before anybody else reads them.

Numbers and addresses go by their form; names by the values that were found in the words. What a citizen tells of
themselves in other words stays: who reads it is named in the threat model.
"""

import re
from collections.abc import Collection

from assistant.core.redaction import MASK, redact
from assistant.core.turns import Entity

_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.\w+")
_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){4,}")  # of a telephone, a document, an account; no year, no price
_NAME = re.compile(
    r"(?<=[^.?!…\s]\s)\b[A-ZÕÄÖÜŠŽА-ЯЁ][\w'-]+(?:\s+[A-ZÕÄÖÜŠŽА-ЯЁ][\w'-]+)+"
)  # two in a row within a sentence


def mask(text: str) -> str:
    """The text without codes, numbers and mail addresses."""
    return _NUMBER.sub(MASK, _MAIL.sub(MASK, redact(text)))


def mask_request(text: str, entities: Collection[Entity], harmless: Collection[str]) -> str:
    """The same of a request, without its values too: `[slot]` in their places, unless the value is a `harmless` one.

    What looks like a full name is masked as well, for the engine finds names only where a service asks for them.
    """
    at = len(text)
    pieces: list[str] = []
    for entity in sorted(entities, key=lambda each: each.start, reverse=True):
        if entity.end <= at and entity.value not in harmless:
            pieces += [text[entity.end : at], f"[{entity.name}]"]
            at = entity.start
    pieces.append(text[:at])
    return _NAME.sub(MASK, mask("".join(reversed(pieces))))
