"""Who is asking: the signed context of a turn, verified. The action server trusts nothing else, slots least of all."""

import time
from collections.abc import Callable, Mapping

import jwt

from assistant.core.errors import NotAllowed
from assistant.core.identity import (
    TURN_CONTEXT_ALGORITHM,
    TURN_CONTEXT_AUDIENCE,
    TURN_CONTEXT_ISSUER,
    TURN_CONTEXT_LIFETIME_SECONDS,
    TurnContext,
)

_LEEWAY_SECONDS = 5
_REQUIRED_CLAIMS = (
    *("iss", "aud", "iat", "exp", "jti", "sub", "acr"),
    *("dialogue", "channel", "language", "deadline", "device"),
)


def verify_turn_context(metadata: object, *, dialogue_id: str, secret: str) -> TurnContext:
    """The context that came as metadata of the latest message.

    Raises:
        NotAllowed: there is none, or it is not the gateway's, not for us, not for this dialogue, or has expired.
    """
    token = metadata.get("turn_context") if isinstance(metadata, Mapping) else None
    if not isinstance(token, str):
        raise NotAllowed("the turn has no context")
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[TURN_CONTEXT_ALGORITHM],
            audience=TURN_CONTEXT_AUDIENCE,
            issuer=TURN_CONTEXT_ISSUER,
            leeway=_LEEWAY_SECONDS,
            options={"require": list(_REQUIRED_CLAIMS), "enforce_minimum_key_length": True},
        )
    except jwt.PyJWTError as error:
        raise NotAllowed(f"the turn context is not valid ({type(error).__name__})") from None
    context = TurnContext.from_claims(claims)
    if context.dialogue_id != dialogue_id:
        raise NotAllowed("the turn context is for another dialogue")
    return context


class TurnContexts:
    """Takes each context once: one that comes again, with whatever action, was overheard, and is nobody's.

    What was taken is remembered for as long as it would be valid, in this process alone: another replica is behind the
    same token.
    """

    def __init__(self, secret: str, now: Callable[[], float] = time.monotonic) -> None:
        self._secret = secret
        self._now = now
        self._taken: dict[str, float] = {}

    def take(self, metadata: object, dialogue_id: str) -> TurnContext:
        """The context of the turn that is under way.

        Raises:
            NotAllowed: as `verify_turn_context`; or it was taken before.
        """
        context = verify_turn_context(metadata, dialogue_id=dialogue_id, secret=self._secret)
        now = self._now()
        while self._taken and next(iter(self._taken.values())) <= now:
            del self._taken[next(iter(self._taken))]
        if context.turn_id in self._taken:
            raise NotAllowed("the turn context was used before")
        self._taken[context.turn_id] = now + TURN_CONTEXT_LIFETIME_SECONDS + 2 * _LEEWAY_SECONDS
        return context
