"""Who is asking, as far as one turn needs to know."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from assistant.core.desk_now import NO_DESK, Availability, DeskNow
from assistant.core.errors import NotAllowed

TURN_CONTEXT_AUDIENCE = "actions"
TURN_CONTEXT_ISSUER = "kratt-gateway"
TURN_CONTEXT_ALGORITHM = "HS256"
TURN_CONTEXT_LIFETIME_SECONDS = 60


class Assurance(IntEnum):
    """How surely the citizen is known; ordered, so that levels compare (eIDAS levels, TARA `acr`)."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @classmethod
    def parse(cls, name: str) -> "Assurance":
        """The level of a name such as `substantial`.

        Raises:
            NotAllowed: no such level; an unknown level must never count as one.
        """
        try:
            return cls[name.upper()]
        except KeyError:
            raise NotAllowed("unknown assurance level") from None


@dataclass(frozen=True)
class TurnContext:
    """What the gateway vouches for in one turn; it travels signed (JWT) and is all the action server trusts.

    `subject` is a country prefix and a personal code (`EE60001019906`), None while nobody is logged in.
    `deadline_epoch_seconds` is when the gateway stops waiting; `is_spoken`: the citizen listens to the reply. `device`
    is the citizen's own speaker that they speak to, None at a screen. `desk`: what may be promised of it.
    """

    turn_id: str
    dialogue_id: str
    channel: str
    language: str
    subject: str | None
    assurance: Assurance
    deadline_epoch_seconds: float
    is_spoken: bool = False
    device: str | None = None
    desk: DeskNow = NO_DESK

    def to_claims(self) -> dict[str, object]:
        """The claims of the JWT, times in whole or fractional epoch seconds."""
        now = time.time()
        return {
            "iss": TURN_CONTEXT_ISSUER,
            "aud": TURN_CONTEXT_AUDIENCE,
            "iat": now,
            "exp": now + TURN_CONTEXT_LIFETIME_SECONDS,
            "jti": self.turn_id,
            "dialogue": self.dialogue_id,
            "channel": self.channel,
            "spoken": self.is_spoken,
            "language": self.language,
            "sub": self.subject or "",
            "acr": self.assurance.name.lower(),
            "deadline": self.deadline_epoch_seconds,
            "device": self.device or "",
            "desk": self.desk.availability.value,
            "desk_place": self.desk.place,
            "desk_opens": self.desk.opens.isoformat() if self.desk.opens else "",
            "desk_hours": self.desk.hours,
        }

    @classmethod
    def from_claims(cls, claims: Mapping[str, object]) -> "TurnContext":
        """The context of claims whose signature, audience and times were verified already.

        Raises:
            NotAllowed: a claim is missing or of the wrong kind.
        """
        try:
            return cls(
                turn_id=str(claims["jti"]),
                dialogue_id=str(claims["dialogue"]),
                channel=str(claims["channel"]),
                language=str(claims["language"]),
                subject=str(claims["sub"]) or None,
                assurance=Assurance.parse(str(claims["acr"])),
                deadline_epoch_seconds=float(str(claims["deadline"])),
                is_spoken=claims["spoken"] is True,
                device=str(claims["device"]) or None,
                desk=_desk(claims),
            )
        except (KeyError, ValueError):
            raise NotAllowed("turn context is incomplete") from None


def _desk(claims: Mapping[str, object]) -> DeskNow:
    opens = str(claims["desk_opens"])
    return DeskNow(
        Availability(str(claims["desk"])),
        int(str(claims["desk_place"])),
        date.fromisoformat(opens) if opens else None,
        str(claims["desk_hours"]),
    )
