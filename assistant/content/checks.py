"""What must hold before content is trained on; every complaint is for an editor to read."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.content.compile import ACTIONS_BY_INTENT, NOT_UNDERSTOOD
from assistant.content.conversations import read_conversations
from assistant.content.project import Content, Variant, read_content
from assistant.content.yaml_source import read_yaml
from assistant.core.errors import CallerError, ContentError
from assistant.core.languages import Language
from assistant.core.outcomes import OUTCOME_RESPONSES

CONFIG = "config.yml"
FEWEST_EXAMPLES = 25
"""Per intent and language; below that a classifier learns the examples rather than the request."""

RESPONSES_OF_CODE = frozenset(
    {NOT_UNDERSTOOD, "utter_login_required", "utter_nothing_to_repeat", "utter_stop", *OUTCOME_RESPONSES.values()}
    | {f"utter_error_{error.code}" for error in CallerError.__subclasses__()}
)
"""Responses that code says by name, so content must have them."""

ACTION_VALUES = frozenset({"count", "total", "register"})
"""Values that a service action gives to its responses besides what its calls read."""


def check(folder: Path) -> list[ContentError]:
    """Everything wrong with a content folder; empty when it may be trained on."""
    try:
        return complaints(read_content(folder))
    except ContentError as error:
        return [error]


def complaints(content: Content) -> list[ContentError]:
    """Everything wrong with content that could be read."""
    return [error for rule in _RULES for error in rule(content)]


def normal_form(example: str) -> str:
    """An example as a recogniser would write it: lower case, no punctuation, single blanks."""
    return " ".join(re.sub(r"[^\w\s]", " ", example.lower()).split())


def _files_are_known(content: Content) -> Iterator[ContentError]:
    # A file that nobody reads is a file whose author believes that it works.
    per_language = {f"{kind}.{language}.yml" for kind in ("nlu", "responses") for language in Language}
    pages = {f"page.{language}.yml" for language in Language}
    known = {
        content.folder: {CONFIG},
        content.folder / "common": per_language | pages | {"terms.yml", "tests.yml"},
    }
    for folder in sorted(path for path in (content.folder / "services").iterdir() if path.is_dir()):
        known[folder] = per_language | {"service.yml", "tests.yml"}
        if not (folder / "service.yml").exists():
            yield ContentError("this service has no service.yml", file=str(folder))
    for path in sorted(path for path in content.folder.rglob("*") if path.is_file()):
        if path.name not in known.get(path.parent, set()):
            yield ContentError("no file of this name is read here", file=str(path))


def _pipeline_is_readable(content: Content) -> Iterator[ContentError]:
    try:
        read_yaml(content.folder / CONFIG)
    except ContentError as error:
        yield error


def _examples_are_enough(content: Content) -> Iterator[ContentError]:
    for intent, by_language in content.intents.items():
        for language in Language:
            count = len({normal_form(example) for example in by_language.get(language, ())})
            if count < FEWEST_EXAMPLES:
                file = _file(content, intent, f"nlu.{language}.yml")
                yield ContentError(f"{intent} has {count} different examples, {FEWEST_EXAMPLES} are needed", file=file)


def _examples_are_unambiguous(content: Content) -> Iterator[ContentError]:
    seen: dict[str, str] = {}
    for intent, by_language in content.intents.items():
        for language, examples in by_language.items():
            for example in examples:
                other = seen.setdefault(normal_form(example), intent)
                if other != intent:
                    file = _file(content, intent, f"nlu.{language}.yml")
                    yield ContentError(f"“{example}” stands under {intent} and under {other}", file=file)


def _services_have_words(content: Content) -> Iterator[ContentError]:
    for service in content.services:
        file = _file(content, service.service, "service.yml")
        if service.service not in content.intents:
            yield ContentError(f"no examples: write the intent {service.service} in nlu.<language>.yml", file=file)
        asked = {f"utter_ask_{entry.slot}" for entry in service.inputs if entry.required}
        for name in sorted({*service.answers.names, service.degrade, *asked} - set(content.responses)):
            yield ContentError(f"the response {name} is not written", file=file)


def _values_have_words(content: Content) -> Iterator[ContentError]:
    for slot, values in content.slots().items():
        owners: dict[str, str] = {}
        for value in values:
            if value not in content.terms:
                yield ContentError(f"{slot}: no word for {value}", file=str(content.folder / "common" / "terms.yml"))
            for language in Language:
                phrases = content.synonyms.get(value, {}).get(language, ())
                if not phrases:
                    yield ContentError(f"{slot}: no synonym block for {value} in any nlu.{language}.yml")
                for phrase in map(normal_form, phrases):
                    if owners.setdefault(phrase, value) != value:
                        yield ContentError(f"{slot}: “{phrase}” stands for {value} and for {owners[phrase]}")


def _responses_are_complete(content: Content) -> Iterator[ContentError]:
    said = {f"utter_{intent}" for intent in _small_talk(content)}
    for name in sorted((RESPONSES_OF_CODE | said) - set(content.responses)):
        yield ContentError(f"the response {name} is not written", file=str(content.folder / "common"))
    for name, by_language in content.responses.items():
        missing = [language.value for language in Language if language not in by_language]
        if missing:
            yield ContentError(f"{name} is missing in {', '.join(missing)}")
        elif len({frozenset(map(_conditions, variants)) for variants in by_language.values()}) > 1:
            yield ContentError(f"{name} has other conditions in one language than in another")
        elif len({_placeholders(variants) for variants in by_language.values()}) > 1:
            yield ContentError(f"{name} uses other values in one language than in another")


def _placeholders_are_known(content: Content) -> Iterator[ContentError]:
    for service in content.services:
        known = ACTION_VALUES.union(*(call.reads for call in service.calls))
        for name in service.answers.names:
            used = frozenset().union(*map(_placeholders, content.responses.get(name, {}).values()))
            for value in sorted(used - known):
                file = _file(content, service.service, "service.yml")
                yield ContentError(f"{name} uses {{{value}}}, which no call reads", file=file)


def _page_is_translated(content: Content) -> Iterator[ContentError]:
    keys = set().union(*(words.keys() for words in content.page.values()))
    for language in Language:
        for key in sorted(keys - content.page.get(language, {}).keys()):
            yield ContentError(f"the word {key} is missing", file=_file(content, "", f"page.{language}.yml"))


def _tests_are_fair(content: Content) -> Iterator[ContentError]:
    try:
        conversations = read_conversations(content.folder)
    except ContentError as error:
        yield error
        return
    taught = {normal_form(example) for words in content.intents.values() for each in words.values() for example in each}
    for name, conversation in conversations.items():
        for exchange in conversation.turns:
            # A bare value ("passport") can hardly be said in another way; a request can.
            if len(exchange.say.split()) > 3 and normal_form(exchange.say) in taught:
                yield ContentError(f"{name}: “{exchange.say}” is a training example, so it tests nothing")


_RULES: tuple[Callable[[Content], Iterator[ContentError]], ...] = (
    _files_are_known,
    _pipeline_is_readable,
    _examples_are_enough,
    _examples_are_unambiguous,
    _services_have_words,
    _values_have_words,
    _responses_are_complete,
    _placeholders_are_known,
    _page_is_translated,
    _tests_are_fair,
)


def _small_talk(content: Content) -> set[str]:
    return set(content.intents) - {service.service for service in content.services} - set(ACTIONS_BY_INTENT)


def _conditions(variant: Variant) -> tuple[tuple[str, str], ...]:
    return tuple((condition.name, condition.value) for condition in variant.condition)


def _placeholders(variants: tuple[Variant, ...]) -> frozenset[str]:
    return frozenset(name for variant in variants for name in re.findall(r"{(\w+)}", variant.text))


def _file(content: Content, intent: str, name: str) -> str:
    service = content.folder / "services" / intent
    return str((service if intent and service.is_dir() else content.folder / "common") / name)
