"""The citizen's calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

CITIZENS_ZONE = ZoneInfo("Europe/Tallinn")
"""Where "tomorrow" is the citizen's tomorrow, and a moment is told by the day that it was there."""


def citizens_today() -> date:
    """The day it is where the citizens are."""
    return datetime.now(CITIZENS_ZONE).date()
