"""common/desk.yml: when people answer, and the words that lead back to Kratt."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from assistant.content.project import RasaFile
from assistant.content.yaml_source import read_model
from assistant.core.languages import Language
from assistant.core.opening_hours import OpeningHours

FILE = "desk.yml"

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_MINUTES = 24 * 60


def _span(text: str) -> str:
    first, end = minutes_of(text)
    if not 0 <= first < end <= _DAY_MINUTES:
        raise ValueError("must end later on the same day")
    return text


def minutes_of(span: str) -> tuple[int, int]:
    """The minutes of the day from which, and up to which, a span such as `09:00-17:00` lasts."""
    first, end = ((int(time[:2]), int(time[3:])) for time in span.split("-"))
    return first[0] * 60 + first[1], end[0] * 60 + end[1]


Span = Annotated[str, Field(pattern=r"^\d\d:[0-5]\d-\d\d:[0-5]\d$"), AfterValidator(_span)]
Day = Annotated[str, Field(pattern=r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Phrases = dict[Language, Annotated[tuple[str, ...], Field(min_length=1)]]


class DeskFile(RasaFile):
    """A desk.yml."""

    hours: dict[Weekday, tuple[Span, ...]]
    holidays: tuple[Day, ...] = ()
    back: Phrases
    stop: Phrases

    def opening_hours(self) -> OpeningHours:
        """The hours, to be asked."""
        week = {_WEEKDAYS.index(day): tuple(map(minutes_of, spans)) for day, spans in self.hours.items()}
        return OpeningHours(week, frozenset(self.holidays))


def read_desk(path: Path) -> DeskFile:
    """The file.

    Raises:
        ContentError: it is missing, or is not as it has to be, with its line.
    """
    return read_model(path, DeskFile)
