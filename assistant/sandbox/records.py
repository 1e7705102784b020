"""What registers keep and answer: records with camelCase names, and days that are counted from today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializationInfo,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

Json: TypeAlias = dict[str, Any]

_TODAY = "today"


@dataclass(frozen=True)
class Day:
    """A day counted from whichever day it is read on: `Day(-7)` is a week ago, and with `at` a moment of that day.

    Seeds use it, so that the sandbox never grows stale. In the state it is the text `today-7` or `today-7 14:05:00`.
    """

    offset: int
    at: time | None = None

    def __str__(self) -> str:
        return f"{_TODAY}{self.offset:+d}" + (f" {self.at.isoformat()}" if self.at else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The day that was written this way."""
        offset, _, at = text.removeprefix(_TODAY).partition(" ")
        return cls(int(offset), time.fromisoformat(at) if at else None)

    def on(self, today: date) -> date:
        """The day, or the moment, that it is today."""
        day = today + timedelta(days=self.offset)
        return datetime.combine(day, self.at, UTC) if self.at else day


def _read_day(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    if isinstance(value, Day):
        return value
    # Only what comes from the state has a today: what a caller sends can never be counted from it.
    if info.context and isinstance(value, str) and value.startswith(_TODAY):
        return handler(Day.parse(value).on(info.context["today"]))
    return handler(value)


def _write_day(value: date | Day, info: SerializationInfo) -> str:
    if isinstance(value, Day):
        if not info.context:
            return str(value)
        value = value.on(info.context["today"])
    return value.isoformat()


_DAY = (WrapValidator(_read_day), PlainSerializer(_write_day))
RegisterDate = Annotated[date, *_DAY, WithJsonSchema({"type": "string", "format": "date"})]
"""A date of a record; a seed may give a `Day`."""

RegisterMoment = Annotated[datetime, *_DAY, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A date and time of a record; a seed may give a `Day` with `at`."""

Money = Annotated[str, Field(pattern=r"^-?\d+\.\d\d$")]
"""Euros and cents, such as `80.00`."""


class Record(BaseModel):
    """One record of a register, or the body of a call. Names are camelCase on the wire; what is None is left out."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Texts(Record):
    """The same words in each language."""

    en: str
    et: str
    ru: str


class Receipt(Record):
    """What the register answers to a write; an area adds fields of its own. `state` is where the matter stands."""

    receipt_number: str
    state: Literal["done", "received", "waiting"] = "done"


def write_record(record: Record, today: date) -> Json:
    """As the register answers it."""
    return record.model_dump(mode="json", by_alias=True, exclude_none=True, context={"today": today})
