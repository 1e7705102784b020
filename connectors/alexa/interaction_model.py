"""The interaction model of the skill, made from what editors write (ASK, "Interaction Model Schemas").

Alexa has to be told beforehand what may be said. Words with which the content's examples begin become intents that
take the rest as it was said (`words`). Examples that begin otherwise become samples of their service, if all of its
answers are alike on a speaker: "ask on your own page". Once a question is asked, its answer comes word by word.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.content.project import Content
from assistant.core.channels import PUBLIC
from assistant.core.errors import OperationFailed
from assistant.core.languages import Language, parse_language
from connectors.alexa.words import FALLBACK, OUR_INTENTS, SLOT, WORDS, intent_of

Json = dict[str, Any]

LOCALES = ("en-AU", "en-CA", "en-GB", "en-IN", "en-US")
INVOCATION_NAME = "my kratt"
MOST_BEGINNINGS = 100
"""Alexa takes 250 intents."""
LONGEST_SAMPLE = 200
FREE_WORDS = "AMAZON.SearchQuery"

_FILLERS = ("about", "for")
"""As in "ask my kratt about ...": Alexa wants a word before free words, these need not be told."""
_ENDS = frozenset({"stop", "cancel", "quit", "exit"})
"""What ends the session, whatever is said behind it."""
_NOT_ASKED_FIRST = frozenset({"inform", "out_of_scope"})
"""Answers, and what is not for us."""
_ELICITATION = "Elicit.Words"
_ALONE = f"{{{SLOT}}}"
_FREE: Json = {"name": SLOT, "type": FREE_WORDS}
_ASKED: Json = {
    **_FREE,
    "confirmationRequired": False,
    "elicitationRequired": True,
    "prompts": {"elicitation": _ELICITATION},
}
_ANY_ANSWER: Json = {  # free words may be asked for: the skill says with what question
    "name": WORDS,
    "delegationStrategy": "SKILL_RESPONSE",
    "confirmationRequired": False,
    "prompts": {},
    "slots": [_ASKED],
}
_PAUSES = re.compile(r"[,;:.!?]+")
_BEGINNING = re.compile(r"[a-z]+('[a-z]+)?", re.ASCII)
_SAMPLE = re.compile(r"[a-z]+(['-][a-z]+)*( [a-z]+(['-][a-z]+)*)*", re.ASCII)
_INVOCATION_NAME = re.compile(r"(?=.{2,50}$)[a-z][a-z'.]*( [a-z][a-z'.]*)+", re.ASCII)
_NOT_INVOCATION = frozenset(
    ("alexa", "amazon", "echo", "computer", "ask", "tell", "open", "launch", "start", "begin", "run", "skill", "app")
)


@dataclass(frozen=True)
class InteractionModel:
    """The model of one locale, and how much of the content it lets through.

    `word_by_word` and `as_service` are shares of the examples with which a request may begin, 0-1.
    """

    body: Json
    word_by_word: float
    as_service: float


def interaction_model(content: Content, locale: str, invocation_name: str = INVOCATION_NAME) -> InteractionModel:
    """The model for the developer console (*JSON Editor*).

    Raises:
        OperationFailed: Alexa does not speak the locale or take the name.
    """
    if locale not in LOCALES:
        raise OperationFailed(f"Alexa speaks no language of ours in {locale}: there are {', '.join(LOCALES)}")
    if not _INVOCATION_NAME.fullmatch(invocation_name) or _NOT_INVOCATION & set(invocation_name.split()):
        raise OperationFailed(
            "an invocation name has two or more words in small letters, none of them Alexa's own, such as my kratt"
        )
    language = parse_language(locale)
    examples = list(_examples(content, language))
    beginnings = _beginnings([example for _, example in examples])
    others = [(intent, example) for intent, example in examples if not _begins(example, beginnings)]
    samples = _samples(content, others)
    intents = [*_amazons(), *_free_words(beginnings), *_services(samples)]
    told = sum(map(len, samples.values()))
    return InteractionModel(
        _body(invocation_name, intents, content.plain_responses()["utter_greet"][language]),
        1 - len(others) / len(examples),
        told / len(examples),
    )


def _examples(content: Content, language: Language) -> Iterator[tuple[str, str]]:
    """Intent and example, each once, in small letters without punctuation."""
    seen: set[str] = set()
    for intent in sorted(content.intents.keys() - _NOT_ASKED_FIRST):
        for written in content.intents[intent].get(language, ()):
            example = " ".join(_PAUSES.sub(" ", written.lower()).split())
            if example not in seen:
                seen.add(example)
                yield intent, example


def _beginnings(examples: list[str]) -> list[str]:
    """The words with which most of the examples begin that go on behind them."""
    first = Counter(example.split()[0] for example in examples if " " in example)
    fit = {word: count for word, count in first.items() if _BEGINNING.fullmatch(word)}
    for word in (*_FILLERS, *_ENDS):
        fit.pop(word, None)
    return sorted(sorted(fit, key=lambda word: (-fit[word], word))[:MOST_BEGINNINGS])


def _begins(example: str, beginnings: list[str]) -> bool:
    word, _, rest = example.partition(" ")
    return bool(rest) and (word in beginnings or word in _FILLERS)


def _samples(content: Content, examples: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Those by service; a public one has to know what exactly is asked."""
    samples: dict[str, list[str]] = {
        service.service: [] for service in content.services if service.data_class != PUBLIC
    }
    for intent, example in examples:
        if intent in samples and _SAMPLE.fullmatch(example) and len(example) <= LONGEST_SAMPLE:
            samples[intent].append(example)
    return {service: said for service, said in sorted(samples.items()) if said}


def _amazons() -> Iterator[Json]:
    return ({"name": name, "samples": []} for name in sorted({*OUR_INTENTS, FALLBACK}))


def _free_words(beginnings: list[str]) -> Iterator[Json]:
    yield {
        "name": WORDS,
        "slots": [{**_FREE, "samples": [_ALONE]}],
        "samples": [f"{word} {_ALONE}" for word in _FILLERS],
    }
    for word in beginnings:
        yield {"name": intent_of(word), "slots": [_FREE], "samples": [f"{word} {_ALONE}"]}


def _services(samples: dict[str, list[str]]) -> Iterator[Json]:
    return ({"name": name, "slots": [], "samples": said} for name, said in samples.items())


def _body(invocation_name: str, intents: list[Json], question: str) -> Json:
    return {
        "interactionModel": {
            "languageModel": {"invocationName": invocation_name, "intents": intents, "types": []},
            "dialog": {"intents": [_ANY_ANSWER], "delegationStrategy": "SKILL_RESPONSE"},
            "prompts": [{"id": _ELICITATION, "variations": [{"type": "PlainText", "value": question}]}],
        }
    }
