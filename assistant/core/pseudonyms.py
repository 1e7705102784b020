"""Names that stand for people where their codes need not be known."""

import hashlib
import hmac


def pseudonym(secret: str, use: str, subject: str) -> str:
    """64 hexadecimal digits, always the same for this person and use; only who has the secret can tell whose they are.

    A plain hash would not do: there are so few personal codes that all can be tried.
    """
    return hmac.new(secret.encode(), f"{use} {subject}".encode(), hashlib.sha256).hexdigest()
