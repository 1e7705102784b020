"""A content folder becomes a project of Rasa again: the one that it was made of, with what editors changed since.

What was imported is mapped again, and compared with the content as it stands: only what is different is written into
the project's files, in the places where it stood. Everything else comes out byte for byte as it came in.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import read_nlu
from assistant.content.editing.responses import list_responses
from assistant.content.editing.yaml_text import Plain, Quoted, YamlText, dumped, yaml_text
from assistant.content.exchange.kept import read_kept
from assistant.content.exchange.mapped import Examples, Mapped, content_of, map_project, nlu_text
from assistant.content.exchange.names import own_names
from assistant.content.exchange.rasa_project import Answer, Block, Finding, RasaProject, read_project
from assistant.content.held_out import FOLDER as HELD_OUT
from assistant.content.marks import without_marks
from assistant.core.errors import ContentError
from assistant.core.languages import Language

Wording = dict[str, Plain]


@dataclass
class _Export:
    """A project on its way out.

    `kept` are its files as they came in, `texts` those that can be read, as they will be, `new_texts` further ones;
    `gone` are the names that were deleted.
    """

    project: RasaProject
    mapped: Mapped
    kept: dict[str, bytes]
    texts: dict[str, YamlText]
    new_texts: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def name(self, kind: str, own: str) -> str:
        """What a thing is called in the project."""
        called = (name for (each, name), new in self.mapped.names.items() if (each, new) == (kind, own))
        return next(called, own)


def export_project(folder: Path, target: Path, language: Language | None = None) -> tuple[Finding, ...]:
    """Write the project of a content folder into a new folder or a .zip; returns what must be looked after.

    Args:
        folder: the content; of one that was imported, the project is written with the changes made since.
        target: a new folder, an empty one, or a .zip that is not there yet.
        language: which one to write; by default, and always where a project was imported, that of the project.

    Raises:
        ContentError: the target is there already, the content cannot be read, or no language is known.
    """
    is_taken = any(target.iterdir()) if target.is_dir() else target.exists()
    if is_taken:
        raise ContentError("name a new folder, an empty one, or a new .zip", file=str(target))
    kept, spoken = read_kept(folder)
    spoken = spoken or language
    if spoken is None:
        raise ContentError("nothing was imported into it: say with --lang which language to write", file=str(folder))
    project = read_project(kept)
    export = _Export(project, map_project(project, spoken), kept, dict(project.texts))
    findings = [*_write_back(export, ContentFiles(folder)), *_still_named(export)]
    changed = {path: text.text for path, text in export.texts.items() if text is not project.texts.get(path)}
    files = kept | {path: text.encode() for path, text in (changed | export.new_texts).items()}
    _write(target, files)
    return tuple(findings)


def _write_back(export: _Export, files: ContentFiles) -> Iterator[Finding]:
    language, mapped = export.mapped.language, export.mapped
    taught = tuple(files.paths(f"nlu.{language}.yml"))
    held_out = tuple(files.paths(f"{HELD_OUT}/{language}.yml"))
    intents = _examples_in(files, taught, "intent")
    new_intents = _write_examples(export, "intent", mapped.intents, intents, export.project.blocks)
    new_synonyms = _write_examples(
        export, "synonym", mapped.synonyms, _examples_in(files, taught, "synonym"), export.project.blocks
    )
    new_held_out = _write_examples(
        export, "intent", mapped.held_out, _examples_in(files, held_out, "intent"), export.project.held_out
    )
    _add_files(export, new_intents, new_synonyms, new_held_out)
    answers = _answers_in(files, language)
    for name, answer in mapped.answers.items():
        if _wordings(answer) != answers.get(name, []):
            _write_answer(export, answer, answers.get(name, []))
    new_answers = {name: said for name, said in answers.items() if name not in mapped.answers}
    _forget_intents(export, mapped.intents.keys() - intents.keys())
    _write_domain(export, [*new_intents], new_answers)
    _write_rules(export, [name for name in new_intents if f"utter_{name}" in answers])
    yield from _stays_here(export, files)


def _examples_in(files: ContentFiles, paths: Iterable[str], kind: str) -> Examples:
    found: Examples = {}
    for path in paths:
        for block in read_nlu(files, path).blocks:
            if block.kind == kind:
                found[block.name] = found.get(block.name, ()) + tuple(block.examples.values())
    return found


def _answers_in(files: ContentFiles, language: Language) -> dict[str, list[Wording]]:
    answers: dict[str, list[Wording]] = {}
    for name, by_language in list_responses(files).items():
        if language in by_language:
            file = by_language[language].file
            variants = yaml_text(files.read(file), file).get("responses", name)
            answers[name] = [each for each in variants if isinstance(each, dict)] if isinstance(variants, list) else []
    return answers


def _write_examples(
    export: _Export, kind: str, before: Examples, now: Examples, blocks: Iterable[Block]
) -> dict[str, tuple[str, ...]]:
    """Write what is different where it stood; returns what has no place yet, by the name in the project."""
    places: dict[str, list[Block]] = {}
    for block in blocks:
        if block.kind == kind:
            places.setdefault(export.mapped.names[kind, block.name], []).append(block)
    emptied: list[Block] = []
    for name in before:
        if before[name] != now.get(name, ()):
            left = {*now.get(name, ())}
            removed = {each for each in before[name] if each not in left}
            added = [each for each in now.get(name, ()) if each not in before[name]]
            for block in places[name]:
                if not _rewrite(export, block, removed, added if block is places[name][0] else []):
                    emptied.append(block)
    for block in sorted(emptied, key=lambda each: -each.at):
        export.texts[block.file] = export.texts[block.file].remove("nlu", block.at)
    return {export.name(kind, name): now[name] for name in now if name not in before}


def _rewrite(export: _Export, block: Block, removed: set[str], added: list[str]) -> bool:
    """Write a block without what was removed and with what was added; False if nothing is left of it."""
    path = ("nlu", block.at, "examples")
    written = export.texts[block.file].get(*path)
    has_marks = block not in export.project.held_out
    new: Plain
    if isinstance(written, str):
        lines = [line for line in written.splitlines() if _said(line, has_marks=has_marks) not in removed]
        new = "".join(f"{line}\n" for line in (*lines, *(f"- {each}" for each in added)))
    elif isinstance(written, list):
        texts = [(each, each.get("text") if isinstance(each, dict) else each) for each in written]
        further: list[Plain] = [{"text": Quoted(f"- {each}\n")} for each in added]
        new = [each for each, text in texts if _said(text, has_marks=has_marks) not in removed] + further
    if not new:
        return False
    export.texts[block.file] = export.texts[block.file].set(new, *path)
    return True


def _said(line: Plain, *, has_marks: bool) -> str:
    """The example on a line, as content has it: held-out requests are without marks."""
    text = " ".join(line.strip().removeprefix("-").split()) if isinstance(line, str) else ""
    return text if has_marks else without_marks(text)


def _add_files(export: _Export, intents: Examples, synonyms: Examples, held_out: Examples) -> None:
    """Write what is new into files of its own: one an intent where it is so in Bürokratt's layout."""
    if any(path.startswith("data/nlu/") for path in export.texts):
        for name, examples in intents.items():
            plain = own_names([name], "intent")[name]  # a name in another project may be a path
            _add_file(export, f"data/nlu/{plain}_nlu.yml", nlu_text([("intent", {name: examples})]))
        intents = {}
    if intents or synonyms:
        _add_file(export, "data/nlu.yml", nlu_text([("intent", intents), ("synonym", synonyms)]))
    if held_out:
        _add_file(export, "tests/test_nlu.yml", nlu_text([("intent", held_out)]))


def _add_file(export: _Export, path: str, text: str) -> None:
    stem, free, number = path.removesuffix(".yml"), path, 2
    while (
        free in export.texts or free in export.new_texts or any(each.file == free for each in export.project.findings)
    ):
        free, number = f"{stem}_{number}.yml", number + 1
    export.new_texts[free] = text


def _wordings(answer: Answer) -> list[Wording]:
    return [_wording(text, buttons) for text, buttons in zip(answer.texts, answer.buttons, strict=True)]


def _wording(text: str, buttons: Iterable[tuple[str, str]]) -> Wording:
    chosen: list[Plain] = [{"title": title, "payload": payload} for title, payload in buttons]
    return {"text": text} | ({"buttons": chosen} if chosen else {})


def _write_answer(export: _Export, answer: Answer, now: list[Wording]) -> None:
    """Write the wordings that map where they stood; those that do not map stay."""
    text = export.texts[answer.file]
    written = text.get("responses", answer.name)
    variants = written if isinstance(written, list) else []
    said: list[Plain] = []
    for at, wording in enumerate(now):
        before = variants[answer.places[at]] if at < len(answer.places) else {}
        kept = before if isinstance(before, dict) else {}
        known = answer.buttons[at] if at < len(answer.places) else ()
        if wording.get("buttons", []) == _wording("", known).get("buttons", []):
            said.append(kept | {"text": wording["text"]})
        else:
            said.append(kept | wording)
    said += [each for at, each in enumerate(variants) if at not in answer.places]
    if said:
        export.texts[answer.file] = text.set(said, "responses", answer.name)
    else:
        export.texts[answer.file] = text.remove("responses", answer.name)
        export.gone.append(answer.name)


def _forget_intents(export: _Export, gone: Iterable[str]) -> None:
    """Name intents that are gone no longer in the domain."""
    names = [export.name("intent", name) for name in gone]
    export.gone += names
    for path in export.texts:
        intents = export.texts[path].get("intents")
        for at in reversed(range(len(intents) if isinstance(intents, list) else 0)):
            if export.texts[path].get("intents", at) in names:
                export.texts[path] = export.texts[path].remove("intents", at)


def _write_domain(export: _Export, new: list[str], answers: dict[str, list[Wording]]) -> None:
    """Name new intents and responses in the domain, or make one."""
    domains = [path for path, text in export.texts.items() if text.get("intents") or text.get("responses")]
    if domains:
        path = next((each for each in domains if export.texts[each].get("intents")), domains[0])
        text = _appended(export.texts[path], "intents", [*new])
        for name, wordings in answers.items():
            text = text.set([*wordings], "responses", name)
        export.texts[path] = text
    elif new or answers:
        said: dict[str, Plain] = {name: [*wordings] for name, wordings in answers.items()}
        _add_file(export, "domain.yml", dumped({"version": Quoted("3.1"), "intents": [*new], "responses": said}))


def _write_rules(export: _Export, intents: list[str]) -> None:
    """Have new intents be answered by the response of their name, as it is here without a rule."""
    rules: list[Plain] = [{"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in intents]
    path = next((path for path, text in export.texts.items() if text.get("rules")), "")
    if path:
        export.texts[path] = _appended(export.texts[path], "rules", rules)
    elif rules:
        _add_file(export, "data/rules.yml", dumped({"version": Quoted("3.1"), "rules": rules}))


def _appended(text: YamlText, key: str, items: list[Plain]) -> YamlText:
    """The text with what its list lacks at the end of it."""
    for item in items:
        known = text.get(key)
        listed = known if isinstance(known, list) else []
        if item not in listed:
            text = text.set(item, key, len(listed))
    return text


def _stays_here(export: _Export, files: ContentFiles) -> Iterator[Finding]:
    """What Rasa has no place for."""
    for path in files.paths("tests.yml"):
        if files.read(path) != content_of(export.mapped).get(path):
            yield Finding(path, 0, "test conversations", "they do not go out; test stories stay as they came in")
    for path in files.paths("service.yml"):
        yield Finding(path, 0, "a service", "its examples and responses go out, not what it asks, reads and writes")


def _still_named(export: _Export) -> Iterator[Finding]:
    """Where rules and stories name what is gone."""
    if not export.gone:
        return
    named = re.compile(rf"\b(intent|action):\s*(?P<name>{'|'.join(map(re.escape, export.gone))})\s*$")
    for path, text in export.texts.items():
        for line, written in enumerate(text.text.splitlines(), 1):
            if match := named.search(written):
                yield Finding(path, line, match["name"], "it is named here still, but was deleted")


def _write(target: Path, files: dict[str, bytes]) -> None:
    if target.suffix == ".zip":
        with ZipFile(target, "x", ZIP_DEFLATED) as packed:
            for path, data in sorted(files.items()):
                packed.writestr(path, data)
        return
    for path, data in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
