"""Whether a person can be asked now, as it travels with a turn."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Availability(str, Enum):
    """Whether a person can be asked now."""

    OFF = "off"
    """There is no desk."""
    CLOSED = "closed"
    UNATTENDED = "unattended"
    """It is open, and no agent is on duty."""
    ON_DUTY = "on_duty"


@dataclass(frozen=True)
class DeskNow:
    """What a dialogue may promise.

    `place` is the next one in the queue; `opens` the day on which it is open next, and `hours` when on it, such as
    `9:00–17:00`: a voice says that in words.
    """

    availability: Availability = Availability.OFF
    place: int = 1
    opens: date | None = None
    hours: str = ""


NO_DESK = DeskNow()
