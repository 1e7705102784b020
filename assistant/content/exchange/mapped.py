"""A project of others as content of ours: examples, phrases, responses, conversations and held-out requests."""

from dataclasses import dataclass, field

from assistant.content.editing.examples import clean
from assistant.content.editing.yaml_text import Plain, Quoted, dumped
from assistant.content.exchange.names import own_names
from assistant.content.exchange.rasa_project import Answer, Block, RasaProject, Story
from assistant.content.held_out import FOLDER as HELD_OUT
from assistant.content.marks import without_marks
from assistant.content.normal_form import normal_form
from assistant.core.errors import EditRefused
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome

Examples = dict[str, tuple[str, ...]]
Key = tuple[str, str]
"""The kind of a thing (`intent`, `synonym` or `response`) and its name in the project."""


@dataclass
class Mapped:
    """What maps, by its name here; `names` has it for the name in the project."""

    language: Language
    names: dict[Key, str] = field(default_factory=dict)
    intents: Examples = field(default_factory=dict)
    synonyms: Examples = field(default_factory=dict)
    held_out: Examples = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    conversations: list[Plain] = field(default_factory=list)


def map_project(project: RasaProject, language: Language) -> Mapped:
    """Map what maps; what does not is noted in the project's findings."""
    mapped = Mapped(language, _names(project))
    owners: dict[str, str] = {}
    for block in project.blocks:
        into = mapped.intents if block.kind == "intent" else mapped.synonyms
        name = mapped.names[block.kind, block.name]
        new = _new_examples(project, block, into.get(name, ()), owners if block.kind == "intent" else {})
        if new:
            into[name] = into.get(name, ()) + new
    for block in project.held_out:
        if block.kind == "intent":
            name = mapped.names[block.kind, block.name]
            new = _new_examples(project, block, mapped.held_out.get(name, ()), dict.fromkeys(owners, "what is taught"))
            if new:
                mapped.held_out[name] = mapped.held_out.get(name, ()) + tuple(map(without_marks, new))
    mapped.answers = {mapped.names["response", name]: answer for name, answer in project.answers.items()}
    for story in project.stories:
        if conversation := _conversation(project, mapped, story):
            mapped.conversations.append(conversation)
    return mapped


def content_of(mapped: Mapped) -> dict[str, str]:
    """The files of a content folder, by their path in it."""
    language = mapped.language
    taught = [("intent", mapped.intents), ("synonym", mapped.synonyms)]
    files = {
        "common/terms.yml": "terms: {}\n",
        f"common/nlu.{language}.yml": nlu_text(taught) if mapped.intents or mapped.synonyms else "",
        f"common/responses.{language}.yml": _responses(mapped) if mapped.answers else "",
        f"{HELD_OUT}/{language}.yml": nlu_text([("intent", mapped.held_out)]) if mapped.held_out else "",
        "common/tests.yml": dumped({"conversations": mapped.conversations}) if mapped.conversations else "",
    }
    return {path: text for path, text in files.items() if text}


def _names(project: RasaProject) -> dict[Key, str]:
    blocks = (*project.blocks, *project.held_out)
    places: dict[Key, tuple[str, int]] = {}
    for block in blocks:
        places.setdefault((block.kind, block.name), (block.file, block.line))
    for answer in project.answers.values():
        places["response", answer.name] = answer.file, answer.line
    names: dict[Key, str] = {}
    for kind in ("intent", "synonym", "response"):
        own = own_names([name for each, name in places if each == kind], "utter" if kind == "response" else kind)
        names |= {(kind, name): new for name, new in own.items()}
    for (kind, name), (file, line) in places.items():
        if names[kind, name] != name:
            project.note(file, line, f"{kind} {name}", f"it is called {names[kind, name]} here")
    return names


def _new_examples(
    project: RasaProject, block: Block, known: tuple[str, ...], owners: dict[str, str]
) -> tuple[str, ...]:
    """The examples of a block that can be used; `owners` are the intents of what was said before."""
    what = f"{block.kind} {block.name}"
    new: list[str] = []
    for example in block.examples:
        try:
            text = clean(example)
        except EditRefused as error:
            project.note(block.file, block.line, f"an example of {what}", str(error))
            continue
        form = normal_form(without_marks(text))
        owner = owners.setdefault(form, block.name)
        if owner != block.name:
            project.note(block.file, block.line, f"“{text}” of {what}", f"it is an example of {owner} already")
        elif text in known or text in new:
            project.note(block.file, block.line, f"“{text}” of {what}", "it stands there twice")
        else:
            new.append(text)
    return tuple(new)


def _conversation(project: RasaProject, mapped: Mapped, story: Story) -> Plain:
    unknown = [name for step in story.steps for name in step.responses if ("response", name) not in mapped.names]
    unknown += [step.intent for step in story.steps if ("intent", step.intent) not in mapped.names]
    if unknown or not story.steps:
        why = f"there is no {unknown[0]}" if unknown else "nothing is said in it"
        project.note(story.file, story.line, f"test story {story.name}", why)
        return None
    turns: list[Plain] = []
    for step in story.steps:
        answers = [project.answers[name] for name in step.responses]
        sure: list[Plain] = [
            Quoted(each.texts[0]) for each in answers if len(each.texts) == 1 and "{" not in each.texts[0]
        ]
        turn: dict[str, Plain] = {
            "say": Quoted(without_marks(step.say)),
            "intent": mapped.names["intent", step.intent],
            "outcome": Outcome.ANSWERED.value,
        }
        turns.append(turn | ({"reply": sure} if sure else {}))
    return {"name": Quoted(story.name), "language": mapped.language.value, "turns": turns}


def nlu_text(kinds: list[tuple[str, Examples]]) -> str:
    """A file of examples by their kind and name."""
    return 'version: "3.1"\n\nnlu:\n' + blocks_text(kinds)


def blocks_text(kinds: list[tuple[str, Examples]]) -> str:
    """What stands below `nlu:` in it."""
    blocks = (
        f"- {dumped({kind: name})}  examples: |\n" + "".join(f"    - {each}\n" for each in examples)
        for kind, by_name in kinds
        for name, examples in by_name.items()
    )
    return "\n".join(blocks)


def wordings_of(answer: Answer) -> list[Plain]:
    """What stands under a response's name."""
    wordings: list[Plain] = []
    for text, buttons in zip(answer.texts, answer.buttons, strict=True):
        chosen: list[Plain] = [{"title": Quoted(title), "payload": Quoted(payload)} for title, payload in buttons]
        wording: dict[str, Plain] = {"text": Quoted(text)}
        wordings.append(wording | ({"buttons": chosen} if chosen else {}))
    return wordings


def _responses(mapped: Mapped) -> str:
    said: dict[str, Plain] = {name: wordings_of(answer) for name, answer in mapped.answers.items()}
    return dumped({"version": Quoted("3.1"), "responses": said})
