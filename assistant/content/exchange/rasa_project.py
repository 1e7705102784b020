"""What stands in the files of a Rasa 3 project: as far as it maps to content of ours, and what does not, with its line.

As in Rasa, the keys of a file say what is in it, not its name. Bürokratt's projects are of the same format, with one
intent a file; `.tmp` behind a name means that the intent is not in the model.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from assistant.content.editing.yaml_text import Plain, YamlText
from assistant.core.errors import ContentError, UnknownLanguage
from assistant.core.languages import Language, parse_language

_OWN = "Kratt has its own"
_INPUT = "an input of a service takes its place, see docs/guides/service-yml.md"
_WHY = {
    "slots": _INPUT,
    "forms": _INPUT,
    "entities": _INPUT,
    "actions": "Kratt runs no code of other projects; a service.yml says what is read and written",
    "e2e_actions": "Kratt answers by responses only",
    "regex": "Kratt finds values by the type of an input",
    "lookup": "the phrases of a value are a synonym here",
    "rules": "an intent is answered by the response of its name, or by a service",
    "stories": "Kratt learns no stories; a service.yml says what is asked and done",
}
_SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True)
class Finding:
    """Something that does not map, or not as it was; `line` counts from 1, 0 means the whole file."""

    file: str
    line: int
    what: str
    why: str

    def __str__(self) -> str:
        """For whoever imports."""
        return (
            f"{self.file}:{self.line}: {self.what}: {self.why}"
            if self.line
            else f"{self.file}: {self.what}: {self.why}"
        )


@dataclass(frozen=True)
class Block:
    """The examples of an intent, or the phrases of a synonym; `at` is its place in the file's list."""

    kind: str
    name: str
    file: str
    at: int
    line: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """A response: its wordings, and where each stands in its list; `buttons` by title and payload."""

    name: str
    file: str
    line: int
    texts: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True)
class Step:
    """What a citizen says in a test story, and the responses that follow."""

    say: str
    intent: str
    responses: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """A test story."""

    name: str
    file: str
    line: int
    steps: tuple[Step, ...]


@dataclass
class RasaProject:
    """What was found; `texts` are the files that could be read, `findings` in the order of the files."""

    texts: dict[str, YamlText] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    held_out: list[Block] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    stories: list[Story] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    language: str = ""

    def note(self, file: str, line: int, what: str, why: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(file, line, what, why))


def spoken_language(project: RasaProject) -> Language:
    """The language that a project names.

    Raises:
        ContentError: it names none of ours.
    """
    try:
        return parse_language(project.language)
    except UnknownLanguage:
        raise ContentError(f"say in which language it is: {', '.join(Language)}", file="config.yml") from None


def read_project(files: Mapping[str, bytes]) -> RasaProject:
    """Read every file; what is broken is a finding, and the others are read all the same."""
    project = RasaProject()
    for file, data in files.items():
        if file.endswith(".tmp"):
            project.note(file, 0, "an intent that is not in the model", "everything in Kratt's content is in the model")
        elif not file.endswith(_SUFFIXES):
            project.note(file, 0, "no YAML", "only YAML is read")
        else:
            _read_file(project, file, data)
    return project


def _read_file(project: RasaProject, file: str, data: bytes) -> None:
    try:
        text = YamlText(data.decode("utf-8"), file)
    except UnicodeDecodeError:
        project.note(file, 0, "the whole file", "it is not UTF-8 text")
        return
    except ContentError as error:
        project.note(file, error.line, "the whole file", str(error).removeprefix(f"{file}:{error.line}: "))
        return
    if not isinstance(text.value, dict):
        project.note(file, 0, "the whole file", "it does not begin with a key such as nlu:")
        return
    project.texts[file] = text
    for key in text.value:
        _read_key(project, text, str(key))


def _read_key(project: RasaProject, text: YamlText, key: str) -> None:
    value = text.get(key)
    if key == "language":
        project.language = _plain(value)
    elif key in _LISTS and isinstance(value, list):
        _LISTS[key](project, text, value)
    elif key == "responses" and isinstance(value, dict):
        _read_answers(project, text, value)
    elif key != "version":
        _note_parts(project, text, key, value)
    elif value != "3.1":
        project.note(text.file, text.line(key), f"version {_plain(value)}", "it is read as if it were 3.1")


def _is_test(file: str) -> bool:
    path = PurePosixPath(file)
    return path.parts[0] in ("tests", "test") or path.name.startswith("test_")


def _read_nlu(project: RasaProject, text: YamlText, entries: list[Plain]) -> None:
    (project.held_out if _is_test(text.file) else project.blocks).extend(_blocks(project, text, entries))


def _blocks(project: RasaProject, text: YamlText, entries: list[Plain]) -> Iterator[Block]:
    for at, entry in enumerate(entries):
        line = text.line("nlu", at)
        kinds = [kind for kind in ("intent", "synonym", "regex", "lookup") if isinstance(entry, dict) and kind in entry]
        if len(kinds) != 1 or not isinstance(entry, dict):
            project.note(text.file, line, "an entry of nlu", "it names neither an intent nor a synonym")
            continue
        kind, name = kinds[0], _plain(entry[kinds[0]])
        if kind in _WHY:
            project.note(text.file, line, f"{kind} {name}", _WHY[kind])
            continue
        for key in entry.keys() - {kind, "examples"}:
            project.note(text.file, text.line("nlu", at, key), f"{key} of {kind} {name}", "it has no place here")
        yield Block(kind, name, text.file, at, line, tuple(_examples(project, text, at, f"{kind} {name}")))


def _examples(project: RasaProject, text: YamlText, at: int, what: str) -> Iterator[str]:
    """Lines behind dashes, or a list of mappings with a text."""
    written = text.get("nlu", at, "examples")
    first = text.line("nlu", at, "examples")
    if isinstance(written, str):
        for example in filter(None, map(str.strip, written.splitlines())):
            if example.startswith("-"):
                yield example.removeprefix("-").strip()
            else:
                project.note(text.file, first, f"“{example}” of {what}", "an example stands behind a dash")
    elif isinstance(written, list):
        for place, each in enumerate(written):
            said = each.get("text") if isinstance(each, dict) else each
            if isinstance(said, str):
                yield said.strip().removeprefix("- ").strip()
            if not isinstance(said, str) or (isinstance(each, dict) and len(each) > 1):
                line = text.line("nlu", at, "examples", place)
                project.note(text.file, line, f"an example of {what}", "only its text has a place here")
    else:
        project.note(text.file, first, what, "it has no examples")


def _read_answers(project: RasaProject, text: YamlText, responses: Mapping[str, Plain]) -> None:
    for name, variants in responses.items():
        line = text.line("responses", name)
        if not name.startswith("utter_"):
            project.note(text.file, line, f"response {name}", "a response is named utter_...")
        elif name in project.answers:
            other = project.answers[name]
            project.note(text.file, line, f"response {name}", f"it stands at {other.file}:{other.line} already")
        else:
            answer = _answer(project, text, name, variants)
            if answer.texts:
                project.answers[name] = answer
            else:
                project.note(text.file, line, f"response {name}", "it has no text")


def _answer(project: RasaProject, text: YamlText, name: str, variants: Plain) -> Answer:
    texts, places, buttons = [], [], []
    for at, variant in enumerate(variants if isinstance(variants, list) else ()):
        said = variant.get("text") if isinstance(variant, dict) else None
        line = text.line("responses", name, at)
        if not isinstance(variant, dict) or not isinstance(said, str) or not said.strip():
            project.note(text.file, line, f"a wording of {name}", "it has no text")
            continue
        if chosen := variant.keys() & {"condition", "channel"}:
            project.note(text.file, line, f"a wording of {name}", f"it is for a {', '.join(sorted(chosen))} only")
            continue
        for key in sorted(variant.keys() - {"text", "buttons"}):
            project.note(text.file, text.line("responses", name, at, key), f"{key} of {name}", "it has no place here")
        texts.append(said)
        places.append(at)
        buttons.append(tuple(_buttons(project, text, name, at)))
    return Answer(name, text.file, text.line("responses", name), tuple(texts), tuple(places), tuple(buttons))


def _buttons(project: RasaProject, text: YamlText, name: str, at: int) -> Iterator[tuple[str, str]]:
    written = text.get("responses", name, at, "buttons")
    for place, each in enumerate(written if isinstance(written, list) else ()):
        title, payload = (each.get("title"), each.get("payload")) if isinstance(each, dict) else (None, None)
        if isinstance(title, str) and isinstance(payload, str) and not payload.startswith("/"):
            yield title, payload
        else:
            line = text.line("responses", name, at, "buttons", place)
            project.note(text.file, line, f"a button of {name}", "a button says words here, and names no intent")


def _read_stories(project: RasaProject, text: YamlText, stories: list[Plain]) -> None:
    if not _is_test(text.file):
        _note_parts(project, text, "stories", stories)
        return
    for at, story in enumerate(stories):
        name = _plain(story.get("story")) if isinstance(story, dict) else ""
        line = text.line("stories", at)
        try:
            steps = tuple(_steps(story.get("steps") if isinstance(story, dict) else None))
        except ValueError as error:
            project.note(text.file, line, f"test story {name}", str(error))
        else:
            project.stories.append(Story(name or f"story {at + 1}", text.file, line, steps))


def _steps(written: Plain) -> Iterator[Step]:
    """Raises ValueError: the story has something else than words and responses."""
    said: tuple[str, str] | None = None
    responses: list[str] = []
    for step in [*(written if isinstance(written, list) else ()), {"user": ""}]:
        action = step.get("action") if isinstance(step, dict) else None
        user = step.get("user") if isinstance(step, dict) else None
        if isinstance(action, str) and action.startswith("utter_") and said:
            responses.append(action)
        elif isinstance(user, str) and isinstance(step, dict):
            if said and not responses:
                raise ValueError("a request is answered by nothing")
            if said:
                yield Step(*said, tuple(responses))
            said, responses = (user.strip(), _plain(step.get("intent"))), []
        elif action != "action_listen":
            raise ValueError("a test has requests and responses only; actions, forms and slots do not map")


def _read_rules(project: RasaProject, text: YamlText, rules: list[Plain]) -> None:
    for at, rule in enumerate(rules):
        name = _plain(rule.get("rule")) if isinstance(rule, dict) else ""
        if not _is_small_talk(rule):
            project.note(text.file, text.line("rules", at), f"rule {name}", _WHY["rules"])


def _is_small_talk(rule: Plain) -> bool:
    """Whether an intent is answered by the response of its name, and nothing else."""
    steps = rule.get("steps") if isinstance(rule, dict) and rule.keys() <= {"rule", "steps"} else None
    if not isinstance(steps, list) or len(steps) != 2:  # a request and its answer
        return False
    asked, answered = steps
    if not isinstance(asked, dict) or not isinstance(answered, dict):
        return False
    return asked.keys() == {"intent"} and answered == {"action": f"utter_{asked['intent']}"}


def _note_settings_of_intents(project: RasaProject, text: YamlText, intents: list[Plain]) -> None:
    for at, intent in enumerate(intents):
        if not isinstance(intent, str):
            name = next(iter(intent), "") if isinstance(intent, dict) else ""
            project.note(text.file, text.line("intents", at), f"settings of intent {name}", _OWN)


def _note_parts(project: RasaProject, text: YamlText, key: str, value: Plain) -> None:
    """A finding for each slot, form, component and so on; for what has no parts, one."""
    why = _WHY.get(key, _OWN)
    if isinstance(value, dict):
        for name in value:
            project.note(text.file, text.line(key, name), f"{key}: {name}", why)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            first = next(iter(each.values()), None) if isinstance(each, dict) else each
            project.note(text.file, text.line(key, at), f"{key}: {_plain(first)}", why)
    else:
        project.note(text.file, text.line(key), key, why)


def _plain(value: Plain) -> str:
    """A name; what is no name is not written out, since anchors may multiply it."""
    return "" if value is None or isinstance(value, dict | list) else str(value)


_LISTS: Mapping[str, Callable[[RasaProject, YamlText, list[Plain]], None]] = {
    "nlu": _read_nlu,
    "stories": _read_stories,
    "rules": _read_rules,
    "intents": _note_settings_of_intents,
}
"""What reads the lists that there are in Rasa's files."""
