"""Who is asking: the signed context of a turn, verified. The action server trusts nothing else, slots least of all."""

from collections.abc import Mapping

import jwt

from assistant.core.errors import NotAllowed
from assistant.core.identity import (
    TURN_CONTEXT_ALGORITHM,
    TURN_CONTEXT_AUDIENCE,
    TURN_CONTEXT_ISSUER,
    TurnContext,
)

_LEEWAY_SECONDS = 5
_REQUIRED_CLAIMS = ("iss", "aud", "iat", "exp", "jti", "sub", "acr", "dialogue", "channel", "language", "deadline")


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
