"""What all parts of a service.yml have in common: names, texts in every language, and what is said when."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from assistant.core.languages import Language

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
ResponseName = Annotated[str, Field(pattern=r"^utter_[a-z0-9_]+$")]


def _in_every_language(words: dict[Language, str]) -> dict[Language, str]:
    missing = [language for language in Language if not words.get(language, "").strip()]
    if missing:
        raise ValueError(f"missing in {', '.join(missing)}")
    return words


Localized = Annotated[dict[Language, str], AfterValidator(_in_every_language)]
"""A text in every language that Kratt answers in."""

When = dict[Name, Annotated[tuple[str, ...], Field(min_length=1)]]
"""Inputs or reads, and the values one of which each must have; an empty mapping always holds."""

Kind = Literal["text", "date", "money", "term", "localized", "translated", "yes_no", "list"]
"""How a value of a register is put into words."""

Terms = Mapping[str, Mapping[Language, str]]
"""The words for codes that registers and inputs use."""


class Spec(BaseModel):
    """Base of all parts: frozen, and a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Case(Spec):
    """One wording of a saying, and what must hold for it; without a `say` nothing is said."""

    when: When = {}
    has: tuple[Name, ...] = ()
    say: ResponseName | None

    def holds(self, values: Mapping[str, str]) -> bool:
        """Whether the values are such that this is the thing to say."""
        return holds(self.when, values) and all(values.get(name) for name in self.has)


def _cases(written: object) -> object:
    # An editor writes the name of a response where there is only one thing to say.
    return [{"say": written}] if isinstance(written, str) else written


Saying = Annotated[tuple[Case, ...], BeforeValidator(_cases), Field(min_length=1)]
"""What is said: the first case that holds."""


def choose_case(saying: Saying | None, values: Mapping[str, str]) -> str | None:
    """The response to utter, None if nothing is to be said."""
    return next((case.say for case in saying or () if case.holds(values)), None)


def holds(when: When, values: Mapping[str, object]) -> bool:
    """Whether every name has one of the values it must have."""
    return all(values.get(name) in wanted for name, wanted in when.items())
