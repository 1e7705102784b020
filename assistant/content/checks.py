"""What must hold before content is trained on; every complaint is for an editor to read."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from assistant.content.compile import ACTIONS_BY_INTENT
from assistant.content.conversations import read_conversations, tests_nothing
from assistant.content.desk_spec import FILE as DESK
from assistant.content.desk_spec import read_desk
from assistant.content.exchange.kept import FOLDER as IMPORTED
from assistant.content.held_out import FOLDER as HELD_OUT
from assistant.content.held_out import held_out_file, read_held_out
from assistant.content.lock_words import FILE as LOCK
from assistant.content.lock_words import read_lock_words
from assistant.content.normal_form import normal_form
from assistant.content.notices import FILE as NOTICES
from assistant.content.notices import read_notices
from assistant.content.own_responses import OFFER_PREFIX, ONLY_READ, RESPONSES_OF_CODE
from assistant.content.project import HEARD, Content, Variant, read_content
from assistant.content.pronunciations import file_of, read_wording
from assistant.content.service_spec import QUESTION_PREFIX, Service
from assistant.content.value_words import faults_of_values
from assistant.content.yaml_source import line_of, read_yaml
from assistant.core.errors import ContentError
from assistant.core.languages import Language
from assistant.core.speech_markup import fault_of, without_markup

CONFIG = "config.yml"
FEWEST_EXAMPLES = 25
"""Per intent and language; below that a classifier learns the examples rather than the request."""
LONGEST_REPLY_WORDS = 40
"""About a quarter of a minute of speech, and nobody can look back at it: lists are told in pages, and prose has to be
short enough."""

ACTION_VALUES = frozenset({"count", "total", "left", "register", "again"})
"""Values that an action gives to a service's responses besides what its calls read and its inputs."""


def check(folder: Path) -> list[ContentError]:
    """Everything wrong with a content folder; empty when it may be trained on."""
    try:
        return complaints(read_content(folder))
    except ContentError as error:
        return [error]


def complaints(content: Content) -> list[ContentError]:
    """Everything wrong with content that could be read."""
    return [error for rule in _RULES for error in rule(content)]


def _files_are_known(content: Content) -> Iterator[ContentError]:
    # A file that nobody reads is a file whose author believes that it works.
    per_language = {f"{kind}.{language}.yml" for kind in ("nlu", "responses") for language in Language}
    per_language |= {file_of(language) for language in Language}
    pages = {f"page.{language}.yml" for language in Language}
    known = {
        content.folder: {CONFIG},
        content.folder / "common": per_language | pages | {DESK, LOCK, NOTICES, "terms.yml", "tests.yml"},
        content.folder / HELD_OUT: {f"{language}.yml" for language in Language},
        content.folder / HEARD: {f"{language}.yml" for language in Language},
    }
    for folder in sorted((content.folder / "services").glob("[!.]*/")):
        known[folder] = per_language | {"service.yml", "terms.yml", "tests.yml"}
        if not (folder / "service.yml").exists():
            yield ContentError("this service has no service.yml", file=str(folder))
    for path in sorted(path for path in content.folder.rglob("*") if path.is_file()):
        parts = path.relative_to(content.folder).parts
        is_hidden = any(part.startswith(".") for part in parts)  # .git, say
        if not is_hidden and parts[0] != IMPORTED and path.name not in known.get(path.parent, set()):
            yield ContentError("no file of this name is read here", file=str(path))


def _pronunciations_are_readable(content: Content) -> Iterator[ContentError]:
    for language in Language:
        try:
            read_wording(content.folder, language)
        except ContentError as error:
            yield error


def _desk_is_readable(content: Content) -> Iterator[ContentError]:
    path = content.folder / "common" / DESK
    try:
        if path.exists():
            read_desk(path)
    except ContentError as error:
        yield error


def _lock_words_are_readable(content: Content) -> Iterator[ContentError]:
    try:
        if (content.folder / "common" / LOCK).exists():
            read_lock_words(content.folder)
    except ContentError as error:
        yield error


def _pipeline_is_readable(content: Content) -> Iterator[ContentError]:
    path = content.folder / CONFIG
    try:
        config = read_yaml(path)
    except ContentError as error:
        yield error
        return
    for key in ("pipeline", "policies"):
        if not (isinstance(config, Mapping) and isinstance(config.get(key), list)):
            yield ContentError(f"{key} is missing, or is no list", file=str(path), line=line_of(config, [key]))


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
        offers = {f"{OFFER_PREFIX}{each.offer}" for each in service.next}
        for name in sorted((service.response_names | service.questions | offers) - set(content.responses)):
            yield ContentError(f"the response {name} is not written", file=file, line=_line(file, name))
        for name in sorted({each.offer for each in service.next} - {each.service for each in content.services}):
            yield ContentError(f"next: there is no service {name}", file=file, line=_line(file, name, "next:"))


def _known_is_not_asked(content: Content) -> Iterator[ContentError]:
    # Once only: what a register tells is taken from there; the citizen may correct it.
    for service in content.services:
        fields = {read.from_: call for call in service.calls for read in call.reads.values()}
        known = {_snake(field): call.id for field, call in fields.items()}
        known |= {name: call.id for call in service.calls for name in call.reads}
        for entry in service.inputs:
            if entry.is_asked and not entry.choose and entry.slot in known and not _selects(service, entry.slot):
                file = _file(content, service.service, "service.yml")
                why = f"{entry.slot} is asked, but the call {known[entry.slot]} reads it"
                yield ContentError(why, file=file, line=_line(file, entry.slot, "inputs:"))


def _selects(service: Service, slot: str) -> bool:
    """Whether the input says which items are meant, so that the register cannot know it."""
    return any(slot in call.where.values() or slot in call.placeholders for call in service.calls)


def _marks_are_known(content: Content) -> Iterator[ContentError]:
    values, slots = content.values(), {entry.slot for entry in content.inputs()}
    for path, marks in content.marks.items():
        for mark in marks:
            if mark.slot not in slots:
                yield ContentError(f"“{mark.words}” is marked as {mark.slot}, which is no input", file=str(path))
            elif mark.value not in values.get(mark.slot, (mark.value,)):
                yield ContentError(f"“{mark.words}”: {mark.slot} has no value {mark.value}", file=str(path))


def _values_have_words(content: Content) -> Iterator[ContentError]:
    for fault in faults_of_values(content):
        file = content.folder / "common" / "terms.yml"
        if fault.language:
            file = Path(_file(content, _owner(content, fault.slot), f"nlu.{fault.language}.yml"))
        yield ContentError(fault.detail, file=str(file))


def _responses_are_complete(content: Content) -> Iterator[ContentError]:
    said = {f"utter_{intent}" for intent in _small_talk(content)}
    for name in sorted((RESPONSES_OF_CODE | said) - set(content.responses)):
        yield ContentError(f"the response {name} is not written", file=str(content.folder / "common"))
    for name, by_language in content.responses.items():
        missing = [language for language in Language if language not in by_language]
        for language in missing:
            yield ContentError(f"{name} is missing in {language}", file=_response_file(content, name, language))
        if not missing:
            yield from _differences(content, name)


def _differences(content: Content, name: str) -> Iterator[ContentError]:
    """Values in braces that a response has in one language and not in another."""
    variants = content.responses[name]
    parts = {language: _placeholders(said) for language, said in variants.items()}
    for part in sorted(frozenset().union(*parts.values())):
        lacking = [language for language in Language if part not in parts[language]]
        having = ", ".join(language for language in Language if language not in lacking)
        for language in lacking:
            file = _response_file(content, name, language)
            yield ContentError(f"{name} has {part} in {having} but not in {language}", file=file)


def _responses_can_be_spoken(content: Content) -> Iterator[ContentError]:
    for name, by_language in content.responses.items():
        for language, variants in by_language.items():
            for index, variant in enumerate(variants):
                if fault := _fault_of_speech(name, variant.text):
                    file = Path(_response_file(content, name, language))
                    line = line_of(read_yaml(file), ["responses", name, index, "text"])
                    yield ContentError(f"{name}: {fault}", file=str(file), line=line)


def _fault_of_speech(name: str, text: str) -> str | None:
    words, is_read = without_markup(text).split(), name.startswith(ONLY_READ)
    if is_read and without_markup(text) != text:
        return "this is only ever read, so it has no tags for a voice"
    if not is_read and len(words) > LONGEST_REPLY_WORDS:
        return f"{len(words)} words are too many to listen to: {LONGEST_REPLY_WORDS} at most, the gist of it"
    return fault_of(text) or (None if words else "there is nothing to say")


def _placeholders_are_known(content: Content) -> Iterator[ContentError]:
    for service in content.services:
        known = {f"{{{name}}}" for name in ACTION_VALUES | service.names}
        for name in sorted(service.response_names | service.questions):
            used = set[str]().union(*map(_placeholders, content.responses.get(name, {}).values()))
            for value in sorted(used - known):
                file = _file(content, service.service, "service.yml")
                yield ContentError(f"{name} uses {value}, which no call reads", file=file, line=_line(file, name))


def _page_is_translated(content: Content) -> Iterator[ContentError]:
    keys = set().union(*(words.keys() for words in content.page.values()))
    for language in Language:
        for key in sorted(keys - content.page.get(language, {}).keys()):
            yield ContentError(f"the word {key} is missing", file=_file(content, "", f"page.{language}.yml"))


def _notices_are_readable(content: Content) -> Iterator[ContentError]:
    try:
        read_notices(content.folder / "common" / NOTICES)
    except ContentError as error:
        yield error


def _held_out_is_apart(content: Content) -> Iterator[ContentError]:
    try:
        requests = read_held_out(content.folder)
    except ContentError as error:
        yield error
        return
    values = content.values()
    files = {language: str(held_out_file(content.folder, language)) for language in Language}
    for each in requests:
        file = files[each.language]
        if each.intent not in content.intents:
            yield ContentError(f"“{each.text}” stands under {each.intent}, which is no intent", file=file)
        if normal_form(each.text) in content.taught:
            yield ContentError(f"“{each.text}” is a training example, so it tests nothing", file=file)
        for slot, value in each.values.items():
            if value not in values.get(slot, ()):
                yield ContentError(f"“{each.text}”: {slot} has no value {value}", file=file)


def _tests_are_fair(content: Content) -> Iterator[ContentError]:
    try:
        conversations = read_conversations(content.folder)
    except ContentError as error:
        yield error
        return
    for name, conversation in conversations.items():
        file = _file(content, name.partition("-")[0], "tests.yml")
        for exchange in conversation.turns:
            if tests_nothing(exchange.say, content.taught):
                yield ContentError(f"{name}: “{exchange.say}” is a training example, so it tests nothing", file=file)


_RULES: tuple[Callable[[Content], Iterator[ContentError]], ...] = (
    _files_are_known,
    _pronunciations_are_readable,
    _desk_is_readable,
    _lock_words_are_readable,
    _pipeline_is_readable,
    _examples_are_enough,
    _examples_are_unambiguous,
    _services_have_words,
    _known_is_not_asked,
    _values_have_words,
    _marks_are_known,
    _responses_are_complete,
    _responses_can_be_spoken,
    _placeholders_are_known,
    _page_is_translated,
    _notices_are_readable,
    _tests_are_fair,
    _held_out_is_apart,
)


def _small_talk(content: Content) -> set[str]:
    return set(content.intents) - {service.service for service in content.services} - set(ACTIONS_BY_INTENT)


def _line(file: str, name: str, after: str = "") -> int:
    """The first line that has a name, behind one that begins with `after`; a question stands where its input does."""
    wanted = re.compile(rf"\b{re.escape(name.removeprefix(QUESTION_PREFIX).removeprefix(OFFER_PREFIX))}\b")
    is_near = not after
    for number, line in enumerate(Path(file).read_text(encoding="utf-8").splitlines(), start=1):
        is_near = is_near or line.startswith(after)
        if is_near and wanted.search(line):
            return number
    return 0


def _snake(field: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", field).lower()


def _placeholders(variants: tuple[Variant, ...]) -> set[str]:
    return {name for variant in variants for name in re.findall(r"{\w+}", variant.text)}


def _owner(content: Content, slot: str) -> str:
    """The first service that takes the slot."""
    return next(each.service for each in content.services if slot in {entry.slot for entry in each.inputs})


def _response_file(content: Content, name: str, language: Language) -> str:
    """Where the response stands in the language, or should stand beside its other languages."""
    files = content.response_files.get(name, {})
    folder = next((path.parent for path in files.values()), content.folder / "common")
    return str(files.get(language, folder / f"responses.{language}.yml"))


def _file(content: Content, intent: str, name: str) -> str:
    service = content.folder / "services" / intent
    return str((service if intent and service.is_dir() else content.folder / "common") / name)
