"""Ids that are secrets: who knows one may act with it, so that it is kept as a hash only."""

import hashlib
import secrets

_BYTES = 16
_TYPED_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, which are taken for other signs, or make words."""
_TYPED_LENGTH = 8
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def new_secret_id() -> str:
    """128 random bits, fit for an address or a header."""
    return secrets.token_urlsafe(_BYTES)


def new_typed_id() -> str:
    """40 random bits, short enough to be typed: for what lives minutes, works once, and may not be tried often."""
    return "".join(secrets.choice(_TYPED_SIGNS) for _ in range(_TYPED_LENGTH))


def as_issued(typed: str) -> str:
    """An id that was typed, maybe in small letters, with blanks, or with an O for a nought; others as they are."""
    read = typed.upper().translate(_READ_AS)
    return read if len(read) == _TYPED_LENGTH and set(read) <= set(_TYPED_SIGNS) else typed


def hashed(secret_id: str) -> str:
    """What is kept of it. Nothing slower is needed: nobody guesses that many random bits."""
    return hashlib.sha256(secret_id.encode(errors="surrogatepass")).hexdigest()
