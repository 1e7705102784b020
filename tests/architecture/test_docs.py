"""Documents are whole and true: links lead somewhere, decisions have their parts, examples fit what they describe."""

import json
import re
import textwrap
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import get_args
from urllib.parse import unquote

import pytest
from pydantic import BaseModel, TypeAdapter
from ruamel.yaml import YAML

from assistant import __version__
from assistant.content.conversations import Conversation, ConversationsFile, Exchange
from assistant.content.exchange_spec import Call, Read, Write
from assistant.content.input_spec import Choose, Input, ValueKind
from assistant.content.notices import NoticesFile
from assistant.content.own_responses import RESPONSES_OF_CODE
from assistant.content.project import NluFile, ResponsesFile
from assistant.content.pronunciations import EnglishPronunciationsFile
from assistant.content.service_spec import Answers, Offer, Owner, Service, TermsFile
from assistant.content.spec import Case, Kind
from assistant.gateway.errors import ErrorBody
from assistant.gateway.wire import ReplyBody
from assistant.settings import PROJECT, Settings

pytestmark = pytest.mark.architecture

GUIDES = PROJECT / "docs" / "guides"
ADR = PROJECT / "docs" / "adr"
DECISIONS = sorted(ADR.glob("[0-9]*.md"))
DOCUMENTS = sorted(
    [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "models/speech/en").glob("*.md")]
)
DECISION_HEADINGS = ("Context", "Options", "Decision", "Consequences")
LINK = re.compile(r"\[[^]]*]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE_PATH = re.compile(r"`((?:actions|assistant|connectors|docs|models|nlu_data|requirements|tests)/[\w./-]+)`")
MADE_LATER = (
    "models/bank",
    "models/dialogue",
    "models/evaluations",
    "models/manifest.json",
    "models/speech/et",
    "models/speech/ru",
)
SHAPES_OF_FILES = {
    "nlu": NluFile,
    "responses": ResponsesFile,
    "conversations": ConversationsFile,
    "terms": TermsFile,
    "pronunciations": EnglishPronunciationsFile,
    "degrade": Service,
    "notices": NoticesFile,
}
SHAPES_OF_PARTS = {"body": Write, "reads": Call, "slot": Input, "offer": Offer, "found": Answers}
"""What a YAML example is, by a key that only it has; looked up in this order."""
TABLES_OF_KEYS = {
    "## Keys": Service,
    "### The owner": Owner,
    "### A call": Call,
    "### A read": Read,
    "### An input": Input,
    "### A choice": Choose,
    "### A write": Write,
    "### Answers": Answers,
    "### A saying": Case,
    "### An offer": Offer,
}
MADE_BY_A_GUIDE = "nlu_data/services/document_number/"
SETTING_ROW = re.compile(r"^\| `(KRATT_\w+)` \| (.*?) \|", re.MULTILINE)


def test_documents_when_listed_then_all_kinds_are_among_them():
    names = {path.relative_to(PROJECT).as_posix() for path in DOCUMENTS}
    assert names >= {"README.md", "CHANGELOG.md", "docs/guides/settings.md", "models/speech/en/README.md"}
    for runbook in (
        *("turn-it-off", "roll-back-a-model", "a-register-is-down", "delete-a-citizens-data"),
        *("nobody-knows-if-a-write-was-done", "who-saw-a-citizens-data", "is-the-access-record-whole"),
    ):
        assert f"docs/runbooks/{runbook}.md" in names


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_when_followed_then_they_lead_to_a_file_and_a_heading(path: Path):
    broken = [target for target in LINK.findall(prose(path)) if not leads_somewhere(path, target)]
    assert not broken


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_paths_when_named_in_prose_then_they_exist(path: Path):
    named = {name for name in INLINE_PATH.findall(prose(path)) if not name.startswith(MADE_LATER)}
    if path.parent.name == "en":
        named = {name for name in named if not name.startswith("models/")}
    missing = {name for name in named if not (PROJECT / name).exists()}
    assert not {name for name in missing if not name.startswith(MADE_BY_A_GUIDE)}


@pytest.mark.parametrize("target", ["nowhere.md", "settings.md#no-such-heading"])
def test_link_when_it_leads_nowhere_then_it_is_found_out(target: str):
    assert not leads_somewhere(GUIDES / "content.md", target)


def test_decisions_when_numbered_then_none_is_missing_or_twice():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert len(numbers) >= 7
    assert numbers == [number for number, _ in zip(count(1), numbers, strict=False)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_decision_when_read_then_it_has_its_number_date_status_and_four_parts(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(r"^Date: \d{4}-\d{2}-\d{2}\. Status: (accepted|superseded)", text, re.MULTILINE)
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == DECISION_HEADINGS
    for heading in DECISION_HEADINGS:
        assert section(text, f"## {heading}").strip()


def test_settings_when_documented_then_each_is_there_with_its_default_and_no_other():
    rows = SETTING_ROW.findall((GUIDES / "settings.md").read_text(encoding="utf-8"))
    documented = dict(rows)
    assert len(documented) == len(rows)
    expected = {f"KRATT_{name.upper()}": shown_default(name) for name in Settings.model_fields}
    assert documented.keys() == expected.keys()
    for variable, default in expected.items():
        if default:
            assert documented[variable] == f"`{default}`", variable
        else:
            assert documented[variable].strip("` "), f"{variable}: say where the value comes from"
            assert not documented[variable].startswith("`"), variable


def test_changelog_when_read_then_it_tells_of_this_version():
    assert f"## [{__version__}]" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_decisions_when_listed_then_each_is_there_by_its_title():
    listed = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", (ADR / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    titles = [path.read_text(encoding="utf-8").partition("\n")[0] for path in DECISIONS]
    assert [(f"# {number}. {title}", name) for number, title, name in listed] == [
        (title, path.name) for title, path in zip(titles, DECISIONS, strict=True)
    ]


@pytest.mark.parametrize("folder", ["guides", "runbooks"])
def test_documents_when_listed_then_none_is_missing(folder: str):
    """The README leads to every guide, its folder's own page to every runbook."""
    listing = {"guides": PROJECT / "README.md", "runbooks": PROJECT / "docs" / "runbooks" / "README.md"}[folder]
    text = listing.read_text(encoding="utf-8")
    documents = (path.name for path in (PROJECT / "docs" / folder).glob("*.md") if path != listing)
    assert [name for name in documents if name not in text] == []


def test_test_command_when_compared_then_readme_and_ci_agree():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    _, _, fenced = FENCE.findall(section(readme, "## Test"))[0]
    command = fenced.strip()
    assert command
    lines = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert any(re.search(rf"(^|\s){re.escape(command)}(\s|$)", line.partition("#")[0]) for line in lines)


def test_json_examples_when_read_then_they_have_the_shape_of_the_gateway():
    examples = [json.loads(code) for _, code in fences("json")]
    replies = [example for example in examples if "outcome" in example]
    errors = [example for example in examples if "code" in example]
    assert replies
    assert errors
    assert len(replies) + len(errors) == len(examples)
    for reply in replies:
        assert reply.keys() == ReplyBody.model_fields.keys()
        parsed = TypeAdapter(ReplyBody).validate_python(reply)
        assert sum(parsed.durations_ms.values()) == pytest.approx(2 * parsed.durations_ms["total"])
        for entity in parsed.entities:
            assert entity.start < entity.end
    for error in errors:
        assert error.keys() == ErrorBody.model_fields.keys()


def test_yaml_examples_when_read_then_each_is_content_that_kratt_accepts():
    shapes = {**SHAPES_OF_FILES, **SHAPES_OF_PARTS}
    checked = set()
    for path, code in fences("yaml"):
        example = YAML(typ="safe").load(code)
        for part in example if isinstance(example, list) else [example]:
            shape = next((shape for key, shape in shapes.items() if key in part), None)
            assert shape, f"{path.name}: {sorted(part)}"
            shape.model_validate(part)
            checked.add(shape)
    assert checked == set(shapes.values())


def test_service_parts_when_listed_then_the_guide_has_a_table_for_each():
    schema = Service.model_json_schema()
    parts = {name for name, part in schema["$defs"].items() if "properties" in part}
    assert {model.__name__ for model in TABLES_OF_KEYS.values()} == parts | {"Service"}


@pytest.mark.parametrize(
    ("heading", "model"),
    TABLES_OF_KEYS.items(),
    ids=lambda value: value.strip("# ") if isinstance(value, str) else value.__name__,
)
def test_service_keys_when_documented_then_none_is_missing_or_made_up(heading: str, model: type[BaseModel]):
    text = section(guide("service-yml"), heading)
    table = re.split(r"\n(?:\n|###)", text.partition("| key")[2])[0]
    assert first_cells(table) == keys_of(model.model_json_schema())


def test_kinds_of_reads_when_documented_then_none_is_missing_or_made_up():
    table = guide("service-yml").partition("| `as` | the register answers |")[2].partition("\n\n")[0]
    assert first_cells(table) == set(get_args(Kind))


def test_kinds_of_inputs_when_documented_then_none_is_missing_or_made_up():
    kinds = set(get_args(ValueKind))
    row = re.search(r"^\| `type` \|.*?\|(.*?)\. What is understood", guide("service-yml"), re.MULTILINE)
    assert row
    assert set(re.findall(r"`(\w+)`", row[1])) == kinds
    assert first_cells(guide("values")) == kinds


def test_conversation_keys_when_documented_then_none_is_missing_or_made_up():
    table = section(guide("content"), "## Conversations").partition("| key |")[2].partition("\n\n")[0]
    keys = keys_of(Conversation.model_json_schema()) | keys_of(Exchange.model_json_schema())
    assert first_cells(table) | {"turns"} == keys


def test_responses_of_code_when_documented_then_none_is_missing():
    text = section(guide("content"), "## Responses that Kratt says by itself")
    told = set(re.findall(r"`(utter_\w+)`", text))
    known = {name for name in RESPONSES_OF_CODE if not name.startswith(("utter_error_", "utter_failed_"))}
    assert told == known


def fences(language: str) -> Iterator[tuple[Path, str]]:
    for path in DOCUMENTS:
        for indent, name, code in FENCE.findall(path.read_text(encoding="utf-8")):
            if name == language:
                yield path, textwrap.dedent(code) if indent else code


def guide(name: str) -> str:
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def section(text: str, heading: str) -> str:
    level = heading.partition(" ")[0]
    body = text.partition(f"{heading}\n")[2]
    return re.split(rf"^#{{1,{len(level)}}} ", body, maxsplit=1, flags=re.MULTILINE)[0]


def leads_somewhere(path: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):
        return True
    name, _, anchor = target.partition("#")
    file = (path.parent / unquote(name)).resolve() if name else path
    if not anchor:
        return file.exists()
    return file.is_file() and anchor in {
        anchor_of(line) for line in re.findall(r"^#+ (.+)$", prose(file), re.MULTILINE)
    }


def anchor_of(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def shown_default(name: str) -> str:
    default = Settings.model_fields[name].default
    if isinstance(default, Path):
        return default.relative_to(PROJECT).as_posix()
    return str(getattr(default, "get_secret_value", lambda: default)())


def first_cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def keys_of(schema: dict) -> set[str]:
    return set(schema["properties"])
