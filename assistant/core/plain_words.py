"""Words without what only readers see."""

import unicodedata


def plain(text: str) -> str:
    """A text as it is compared: small letters, without signs and doubled blanks."""
    kept = "".join(each if unicodedata.category(each)[0] in "LN" else " " for each in text.casefold())
    return " ".join(kept.split())
