"""A project of Rasa or Bürokratt goes into content that there is already, such as a draft."""

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import indent

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import add_held_out, list_examples, nlu_path, read_nlu, write_examples
from assistant.content.editing.nlu_text import EMPTY, NluText
from assistant.content.editing.responses import EMPTY as NO_RESPONSES
from assistant.content.editing.responses import list_responses
from assistant.content.editing.yaml_text import Plain, dumped, yaml_text
from assistant.content.exchange.mapped import Examples, Mapped, blocks_text, map_project, wordings_of
from assistant.content.exchange.rasa_project import Answer, Block, Finding, RasaProject, read_project, spoken_language
from assistant.content.exchange.source import Source
from assistant.content.held_out import FOLDER as HELD_OUT
from assistant.content.marks import without_marks
from assistant.content.normal_form import normal_form
from assistant.core.errors import ContentError
from assistant.core.languages import Language

_COMMON = "common"


@dataclass(frozen=True)
class Added:
    """How much of a project is new, and all that does not map or does not fit what was there."""

    intents: int
    examples: int
    phrases: int
    held_out: int
    responses: int
    conversations: int
    findings: tuple[Finding, ...]


def add_project(files: ContentFiles, source: Source, language: Language | None = None) -> Added:
    """Write what maps into the content: what is there already stays as it is.

    Args:
        files: the content.
        source: the project.
        language: of the project; by default that of its config.yml.

    Raises:
        ContentError: no language is known, or a file of the content leaves no place for what is new.
    """
    project = read_project(source.files)
    mapped = map_project(project, language or spoken_language(project))
    for path in source.left_out:
        project.note(path, 0, "the whole file", "hidden files and models are left out")
    before = {each.intent for each in list_examples(files)}
    counts = {
        "examples": _add_examples(files, project, mapped),
        "phrases": _add_phrases(files, mapped),
        "held_out": _add_held_out(files, mapped),
        "responses": _add_responses(files, project, mapped),
        "conversations": _add_conversations(files, mapped),
    }
    return Added(
        intents=len({each.intent for each in list_examples(files)} - before),
        **counts,
        findings=tuple(sorted(project.findings, key=lambda each: (each.file, each.line))),
    )


def _add_examples(files: ContentFiles, project: RasaProject, mapped: Mapped) -> int:
    owners: dict[str, str] = {}
    known: dict[str, set[str]] = {}
    for each in list_examples(files):
        owners[normal_form(without_marks(each.text))] = each.intent
        forms = known.setdefault(each.intent, set())
        if each.language is mapped.language:
            forms.add(normal_form(each.text))
    count, new_intents = 0, {}
    for intent, examples in mapped.intents.items():
        new = []
        for text in examples:
            owner = owners.setdefault(normal_form(without_marks(text)), intent)
            if owner == intent:
                new.append(text)
            else:
                _note(project, mapped, "intent", intent, f"“{text}” is an example of {owner} here already")
        if intent in known:
            count += len(write_examples(files, nlu_path(files, intent, mapped.language), intent, new, known[intent]))
        elif new:
            new_intents[intent] = tuple(new)
    _add_intents(files, f"{_COMMON}/nlu.{mapped.language}.yml", new_intents)
    return count + sum(map(len, new_intents.values()))


def _add_intents(files: ContentFiles, path: str, new: Examples) -> None:
    """Write blocks behind the others at once: to find the place of each anew takes as long as reading the file."""
    nlu = read_nlu(files, path) if files.exists(path) else NluText(EMPTY, path)
    apart = "\n" if nlu.blocks else ""
    text = f"{nlu.text.rstrip()}\n{apart}{blocks_text([('intent', new)])}"
    read = NluText(text, path)
    if any(read.examples(intent) != examples for intent, examples in new.items()):
        raise ContentError("examples have to be the last in the file: write nlu behind what else there is", file=path)
    if new:
        files.change(path, text)


def _add_phrases(files: ContentFiles, mapped: Mapped) -> int:
    path = f"{_COMMON}/nlu.{mapped.language}.yml"
    nlu, count = (read_nlu(files, path) if files.exists(path) else NluText(EMPTY, path)), 0
    for value, phrases in mapped.synonyms.items():
        known = {normal_form(each) for each in nlu.examples(value, "synonym")}
        if new := [each for each in phrases if normal_form(each) not in known]:
            nlu, count = nlu.added(value, new, "synonym"), count + len(new)
    if count:
        files.change(path, nlu.text)
    return count


def _add_held_out(files: ContentFiles, mapped: Mapped) -> int:
    path = f"{HELD_OUT}/{mapped.language}.yml"
    blocks = read_nlu(files, path).blocks if files.exists(path) else ()
    known = {normal_form(text) for block in blocks for text in block.examples.values()}
    known |= {normal_form(without_marks(each.text)) for each in list_examples(files, language=mapped.language)}
    return sum(
        len(add_held_out(files, intent, mapped.language, [each for each in texts if normal_form(each) not in known]))
        for intent, texts in mapped.held_out.items()
    )


def _add_responses(files: ContentFiles, project: RasaProject, mapped: Mapped) -> int:
    known = list_responses(files)
    for name in mapped.answers:
        if name in known:
            _note(project, mapped, "response", name, "there is a response of this name here: it stays")
    new: dict[str, Plain] = {name: wordings_of(each) for name, each in mapped.answers.items() if name not in known}
    path = f"{_COMMON}/responses.{mapped.language}.yml"
    before = files.read(path) if files.exists(path) else NO_RESPONSES
    text = f"{before.rstrip()}\n{indent(dumped(new), '  ')}"
    read = yaml_text(text, path)
    if any(read.get("responses", name) != wordings for name, wordings in new.items()):
        raise ContentError("responses have to be the last in the file, indented by two", file=path)
    if new:
        files.change(path, text)
    return len(new)


def _add_conversations(files: ContentFiles, mapped: Mapped) -> int:
    path = f"{_COMMON}/tests.yml"
    text = yaml_text(files.read(path) if files.exists(path) else "conversations: []\n", path)
    written = text.get("conversations")
    known = {
        (each.get("name"), each.get("language"))
        for each in (written if isinstance(written, list) else [])
        if isinstance(each, dict)
    }
    at = len(written) if isinstance(written, list) else 0
    new = [
        each
        for each in mapped.conversations
        if isinstance(each, dict) and (each.get("name"), each.get("language")) not in known
    ]
    for number, conversation in enumerate(new):
        text = text.set(conversation, "conversations", at + number)
    if new:
        files.change(path, text.text)
    return len(new)


def _note(project: RasaProject, mapped: Mapped, kind: str, name: str, why: str) -> None:
    """Say of a thing what became of it, where it stands in the project."""
    called = next(there for (each, there), here in mapped.names.items() if (each, here) == (kind, name))
    things: Iterable[Block | Answer] = project.answers.values() if kind == "response" else project.blocks
    stands = next(each for each in things if each.name == called)
    project.note(stands.file, stands.line, f"{kind} {called}", why)
