"""Ids of Socket.IO sessions: made here, known again without being kept."""

import hmac

from assistant.core.pseudonyms import pseudonym
from assistant.core.secret_ids import new_secret_id

_USE = "session of Rasa's Socket.IO"


class SessionNames:
    """Names that carry their own proof, so that nobody goes on with a session by guessing or agreeing on a name."""

    def __init__(self, secret: str) -> None:
        """The `secret` is what proves."""
        self._secret = secret

    def new(self) -> str:
        """A name that nobody has."""
        return self._signed(new_secret_id())

    def has_made(self, name: str) -> bool:
        """Whether it was made here, at any time."""
        made = self._signed(name.partition(".")[0])
        return hmac.compare_digest(name.encode(errors="replace"), made.encode(errors="replace"))

    def _signed(self, random: str) -> str:
        proof = pseudonym(self._secret, _USE, random.encode(errors="replace").decode())
        return f"{random}.{proof}"
