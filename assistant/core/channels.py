"""What may be said where: by the channel of a turn and the data class of what is asked for (docs/adr/0023)."""

from collections.abc import Mapping
from enum import Enum


class Channel(str, Enum):
    """Where a reply is seen or heard; the gateway decides it, and it travels in the signed turn context."""

    WEB = "web"
    """The citizen's own screen. That it may read its answers aloud is the choice of who sits before it."""
    SHARED_SPEAKER = "shared_speaker"
    """A speaker that is linked to nobody."""
    LOCKED_SPEAKER = "locked_speaker"
    QUIET_SPEAKER = "quiet_speaker"
    """Unlocked, but its citizen did not consent that it says personal things aloud."""
    UNLOCKED_SPEAKER = "unlocked_speaker"
    TELEPHONE = "telephone"
    EXTERNAL_CHAT = "external_chat"
    """A chat on a page of somebody else's, who says which sender is writing."""

    @classmethod
    def of(cls, name: str) -> "Channel":
        """The channel of a name; one that nobody knows counts as one where anybody may listen."""
        try:
            return cls(name)
        except ValueError:
            return cls.SHARED_SPEAKER

    def __str__(self) -> str:
        """The bare value."""
        return self.value


class Way(Enum):
    """What becomes of a request on a channel."""

    SAY = "say"
    SEND = "send"
    """It waits on the citizen's own screen, and is answered there."""
    UNLOCK = "unlock"
    """The citizen has to unlock the speaker first."""
    ELSEWHERE = "elsewhere"
    """Nobody knows who asks here: the citizen has to ask where they are logged in."""


PUBLIC, PERSONAL, SENSITIVE = "public", "personal", "sensitive"
"""The data classes of a service.yml."""
ACT, DESK = "act", "desk"
"""What writes to a register, whatever its data class; and what a person at the desk says."""

_SAY, _SEND, _UNLOCK, _ELSEWHERE = Way.SAY, Way.SEND, Way.UNLOCK, Way.ELSEWHERE

MATRIX: Mapping[Channel, Mapping[str, Way]] = {
    Channel.WEB: {PUBLIC: _SAY, PERSONAL: _SAY, SENSITIVE: _SAY, ACT: _SAY, DESK: _SAY},
    Channel.SHARED_SPEAKER: {
        PUBLIC: _SAY,
        PERSONAL: _ELSEWHERE,
        SENSITIVE: _ELSEWHERE,
        ACT: _ELSEWHERE,
        DESK: _ELSEWHERE,
    },
    Channel.LOCKED_SPEAKER: {PUBLIC: _SAY, PERSONAL: _UNLOCK, SENSITIVE: _UNLOCK, ACT: _UNLOCK, DESK: _UNLOCK},
    Channel.QUIET_SPEAKER: {PUBLIC: _SAY, PERSONAL: _SEND, SENSITIVE: _SEND, ACT: _SEND, DESK: _SEND},
    Channel.UNLOCKED_SPEAKER: {PUBLIC: _SAY, PERSONAL: _SAY, SENSITIVE: _SEND, ACT: _SEND, DESK: _SAY},
    Channel.TELEPHONE: {PUBLIC: _SAY, PERSONAL: _ELSEWHERE, SENSITIVE: _ELSEWHERE, ACT: _ELSEWHERE, DESK: _SAY},
    Channel.EXTERNAL_CHAT: {
        PUBLIC: _SAY,
        PERSONAL: _ELSEWHERE,
        SENSITIVE: _ELSEWHERE,
        ACT: _ELSEWHERE,
        DESK: _ELSEWHERE,
    },
}
"""The whole policy. A voice is no proof of anything, so no speaker ever confirms an act."""
