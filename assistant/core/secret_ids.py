"""Ids that are secrets: who knows one may act with it, so that it is kept as a hash only."""

import hashlib
import secrets

_BYTES = 16


def new_secret_id() -> str:
    """128 random bits, fit for an address or a header."""
    return secrets.token_urlsafe(_BYTES)


def hashed(secret_id: str) -> str:
    """What is kept of it. Nothing slower is needed: nobody guesses 128 random bits."""
    return hashlib.sha256(secret_id.encode(errors="surrogatepass")).hexdigest()
