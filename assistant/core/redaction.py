"""Keeps citizens out of the logs.

Nothing that was said or read is ever logged on purpose; this is the net below, for ids that slip into a path or an
exception.
"""

import re
import traceback

MASK = "[masked]"
_PERSONAL = re.compile(
    r"(?:PNO)?[A-Z]{2}-?[1-8]\d{10}(?!\d)"  # ETSI and X-Road forms of a personal code
    # An Estonian personal code alone or in lower case: no part of a longer word, as eleven digits of a random hex id
    # are, but behind an underscore or a percent-encoded slash.
    r"|(?:(?<![^\W_])|(?<=%[0-9A-Fa-f]{2}))(?:[a-z]{2}-?)?[1-8]\d{10}(?![^\W_])"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JWT
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})\b",  # an IBAN: 15 to 34 characters
)


def redact(text: str) -> str:
    """The text with personal codes, tokens and account numbers masked."""
    return _PERSONAL.sub(MASK, text)


def places_of(error: BaseException) -> list[str]:
    """Where an exception passed, as `file:line`, innermost last; its text may hold what was said, its places never."""
    return [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
