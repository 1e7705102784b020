"""What citizens cannot say, or not surely, of the fixed values of inputs."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.content.normal_form import normal_form
from assistant.content.project import Content
from assistant.core.languages import Language


@dataclass(frozen=True)
class ValueFault:
    """A value that lacks its word, or phrases in a language; `language` is None where it is the word."""

    slot: str
    value: str
    language: Language | None
    detail: str


def faults_of_values(content: Content) -> Iterator[ValueFault]:
    """Values without a word, without phrases in a language, or with a phrase of another value of the same input."""
    for slot, values in content.values().items():
        owners: dict[str, str] = {}
        for value in values:
            if value not in content.terms:
                yield ValueFault(slot, value, None, f"{slot}: no word for {value}")
            for language in Language:
                phrases = content.synonyms.get(value, {}).get(language, ())
                if not phrases:
                    detail = f"{slot}: no synonym block for {value} in any nlu.{language}.yml"
                    yield ValueFault(slot, value, language, detail)
                for phrase in map(normal_form, phrases):
                    if owners.setdefault(phrase, value) != value:
                        detail = f"{slot}: “{phrase}” stands for {value} and for {owners[phrase]}"
                        yield ValueFault(slot, value, language, detail)
