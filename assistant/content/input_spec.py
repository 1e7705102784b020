"""The inputs of a service: what it takes from the citizen's words, or from registers instead of asking."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assistant.content.exchange_spec import TAKEN_NAMES
from assistant.content.spec import Localized, Name, Spec, When

ValueKind = Literal[
    "date",
    "span",
    "money",
    "number",
    "ordinal",
    "plate",
    "address",
    "personal_code",
    "email",
    "phone",
    "name",
    "yes_no",
    "text",
    "iban",
]
"""Kinds of values that citizens say in words of their own."""

_LIMITED = frozenset({"date", "span", "money", "number"})


def _as_list(written: object) -> object:
    return [written] if isinstance(written, str) else written


class Choose(Spec):
    """An item that a register lists: `key` identifies it, the reads of `label` are what the citizen hears and says."""

    calls: Annotated[tuple[Name, ...], Field(min_length=1)]
    key: Name
    label: Annotated[tuple[Name, ...], BeforeValidator(_as_list), Field(min_length=1)]
    represents: bool = False


class Input(Spec):
    """One input: one of fixed values, a value of a kind, or an item that a register lists.

    `at_least` and `at_most` limit money and numbers by their amount, dates and spans by days from today. `prefill`
    names the read of a call (`contact.email`) that is taken instead of asking; of a choice, the key of the item that is
    meant unless another one is named. With `first_wins` a request that names
    several of the fixed values means the one that `one_of` lists first; else it means none of them.
    """

    slot: Name
    one_of: tuple[Name, ...] = ()
    type: ValueKind | None = None
    choose: Choose | None = None
    label: Localized | None = None
    why: Localized | None = None
    required: bool = False
    when: When = {}
    default: Name | None = None
    first_wins: bool = False
    prefill: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    @model_validator(mode="after")
    def _is_of_one_sort(self) -> Self:
        if sum(map(bool, (self.one_of, self.type, self.choose))) != 1:
            raise ValueError("give one of one_of, type and choose")
        if self.slot in TAKEN_NAMES:
            raise ValueError(f"choose another name: {self.slot}")
        if self.default and self.default not in self.one_of:
            raise ValueError(f"the default {self.default} is not in one_of")
        if self.first_wins and not self.one_of:
            raise ValueError("only one_of has an order")
        if (self.at_least is not None or self.at_most is not None) and self.type not in _LIMITED:
            raise ValueError("only a date, a span, money or a number has limits")
        return self

    @property
    def is_asked(self) -> bool:
        """Whether the citizen may have to be asked."""
        return self.required and not self.prefill and not self.default

    @property
    def prefill_source(self) -> tuple[str, str] | None:
        """The call and the read that it is taken from."""
        if not self.prefill:
            return None
        call, _, read = self.prefill.partition(".")
        return call, read
