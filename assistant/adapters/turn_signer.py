"""Signs the context of a turn for the action server."""

import time

import jwt

from assistant.core.deadline import Deadline
from assistant.core.errors import SettingsError
from assistant.core.identity import TURN_CONTEXT_ALGORITHM, TurnContext
from assistant.core.ports import Session
from assistant.core.turns import Turn

SHORTEST_SECRET_BYTES = 32
"""As long as the hash of HS256 (RFC 7518, section 3.2)."""


class JwtTurnSigner:
    """Vouches with a secret that the gateway and the action server share.

    Raises:
        SettingsError: the secret is too short to sign with.
    """

    def __init__(self, secret: str) -> None:
        if len(secret.encode()) < SHORTEST_SECRET_BYTES:
            raise SettingsError(f"KRATT_TURN_SECRET: needs at least {SHORTEST_SECRET_BYTES} bytes")
        self._secret = secret

    def sign(self, turn: Turn, session: Session, deadline: Deadline) -> str:
        """The context as a JWT; it names the dialogue, for the conversation id is the citizen's secret."""
        context = TurnContext(
            turn_id=turn.turn_id,
            dialogue_id=session.dialogue_id,
            channel=turn.channel,
            language=turn.language.value,
            subject=session.subject,
            assurance=session.assurance,
            deadline_epoch_seconds=time.time() + deadline.remaining_seconds,
            is_spoken=turn.is_spoken,
            device=session.device_id,
            desk=turn.desk,
        )
        return jwt.encode(context.to_claims(), self._secret, algorithm=TURN_CONTEXT_ALGORITHM)
