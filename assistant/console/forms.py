"""What editors send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from assistant.core.errors import MalformedTurn
from assistant.core.languages import Language
from assistant.intake import GREATEST_NUMBER, read_body

MOST_BYTES = 1024 * 1024
MOST_FIELDS = 2_000
LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class Form:
    """The fields of a form; a field may come several times."""

    fields: dict[str, list[str]]

    def __getitem__(self, name: str) -> str:
        """A field that must be there.

        Raises:
            MalformedTurn: it is not.
        """
        if name not in self.fields:
            raise MalformedTurn(f"the form has no {name}")
        return self.fields[name][0].strip()

    def get(self, name: str) -> str:
        """A field, or nothing."""
        return self.fields.get(name, [""])[0].strip()

    @property
    def note(self) -> str:
        """Why somebody did something, for others to read and for git to keep; empty where nobody says it.

        Raises:
            MalformedTurn: it is longer than anybody reads, or has letters that hide or turn around what is written.
        """
        note = self.get("why")
        if len(note) > LONGEST_NOTE:
            raise MalformedTurn(f"a note has at most {LONGEST_NOTE} characters")
        if not all(each.isprintable() or each in "\r\n\t" for each in note):
            raise MalformedTurn("a note has only letters that are seen")
        return note

    def all(self, name: str) -> tuple[str, ...]:
        """All of a field that may come several times."""
        return tuple(self.fields.get(name, ()))

    def numbers(self, name: str) -> tuple[int, ...]:
        """The same as whole numbers.

        Raises:
            MalformedTurn: one is none.
        """
        try:
            numbers = tuple(map(int, self.all(name)))
        except ValueError:
            raise MalformedTurn(f"{name} has to be a whole number") from None
        if any(abs(each) > GREATEST_NUMBER for each in numbers):
            raise MalformedTurn(f"{name} is too great")
        return numbers

    def number(self, name: str, default: int) -> int:
        """A whole number, or the default where there is none.

        Raises:
            MalformedTurn: it is something else.
        """
        return self.numbers(name)[0] if self.get(name) else default

    def moment(self, name: str) -> float:
        """A moment of this machine's clock in epoch seconds; 0 where there is none.

        Raises:
            MalformedTurn: it is something else.
        """
        try:
            return datetime.fromisoformat(self.get(name)).astimezone().timestamp() if self.get(name) else 0.0
        except (ValueError, OverflowError, OSError):
            raise MalformedTurn(f"{name} has to be a day and a time") from None

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a text that are not empty."""
        return tuple(line.strip() for line in self.get(name).splitlines() if line.strip())


def language_of(form: Form) -> Language:
    """The language that a form names.

    Raises:
        MalformedTurn: it names none that Kratt speaks.
    """
    for each in Language:
        if each.value == form.get("language"):
            return each
    raise MalformedTurn("the form names no language")


async def _form(request: Request) -> Form:
    body = await read_body(request, MOST_BYTES)
    try:
        return Form(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise MalformedTurn("this is no form") from None


Sent = Annotated[Form, Depends(_form)]
"""The parameter of a route that wants the form that was sent."""
