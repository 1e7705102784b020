"""What the language model learns from: the model's own sentences, and those of the content."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

from assistant.content.project import Content
from assistant.content.pronunciations import Wording
from assistant.core.languages import Language

# Counts of a sentence beside the model's own, which come to 62,652. With 2, 8 and 20 per example 5.8, 6.0 and 6.6 % of
# the words of tests.yml were wrong, and 2.3, 2.5 and 3.0 % of those of the domain (the last without LEAST_COUNT).
EXAMPLE_WEIGHT = 3.0
PHRASE_WEIGHT = 1.0
LETTER_WEIGHT = 0.5
_DIGIT = re.compile(r"\d")


class Sentence(NamedTuple):
    """Words as the recogniser writes them, and how often they count."""

    words: tuple[str, ...]
    weight: float


def own_sentences(file: Path, wording: Wording) -> Iterator[Sentence]:
    """The sentences that the model came with: a weight, a tab, the words."""
    for line in file.read_text(encoding="utf-8").splitlines():
        weight, _, text = line.partition("\t")
        yield Sentence(wording.words(text), float(weight))


def content_sentences(
    content: Content, wording: Wording, names: Sequence[str], language: Language = Language.EN
) -> list[Sentence]:
    """A language's examples, phrases that citizens read or choose, names, and the letters of plates and codes.

    `names` are of one kind: an example that has one of them is, at the weight of one, an example for each. Digits have
    words in English only: a sentence of another language that has some is left out.
    """

    def words_of(text: str) -> tuple[str, ...]:
        return wording.words(text) if language is Language.EN or not _DIGIT.search(text) else ()

    examples = [words_of(text) for by in content.intents.values() for text in by.get(language, ())]
    phrases = [words_of(text) for text in _phrases(content, language)]
    named = list(dict.fromkeys(words[0] for words in map(wording.words, names) if len(words) == 1))
    sentences = [Sentence(words, EXAMPLE_WEIGHT) for words in examples]
    listed = [wording.words(name) for name in wording.names]
    sentences += [Sentence(words, PHRASE_WEIGHT) for words in (*phrases, *((name,) for name in named), *listed)]
    sentences += [Sentence((letter,), LETTER_WEIGHT) for letter in ascii_lowercase]
    sentences += _with_every_name(examples, named)
    return [sentence for sentence in sentences if sentence.words]


def _phrases(content: Content, language: Language) -> Iterator[str]:
    """Phrases of synonyms, terms, titles of services and of buttons."""
    yield from (text for by in content.synonyms.values() for text in by.get(language, ()))
    yield from (term[language] for term in content.terms.values() if language in term)
    yield from (service.title[language] for service in content.services)
    for by in content.responses.values():
        yield from (button.title for variant in by.get(language, ()) for button in variant.buttons)


def _with_every_name(examples: Iterable[tuple[str, ...]], names: Sequence[str]) -> Iterator[Sentence]:
    for words in examples:
        for said in set(words).intersection(names):
            for name in names:
                other = tuple(name if word == said else word for word in words)
                yield Sentence(other, EXAMPLE_WEIGHT / len(names))
