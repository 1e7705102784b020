"""Every command is documented, and every command in a document exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from assistant.cli import app
from assistant.settings import PROJECT, Settings

pytestmark = pytest.mark.architecture

GUIDE = (PROJECT / "docs" / "guides" / "commands.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")])
ROW = re.compile(r"^\| `(kratt|make) ([^`]*)` \|", re.MULTILINE)
SHELL = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
ANYWHERE = re.compile(r"`(?:kratt|make) [^`]+`")
PROGRAM = typer.main.get_command(app)


def commands(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "commands", None):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


COMMANDS = dict(commands(PROGRAM))


def test_commands_when_listed_then_the_guide_has_each_with_its_options():
    rows = {}
    for program, words in ROW.findall(GUIDE):
        if program == "kratt":
            name = re.match(r"[a-z]+(?: [a-z]+)*", words)
            rows[name.group() if name else words] = set(re.findall(r"--[a-z-]+", words))
    assert rows == {name: long_options(command) for name, command in COMMANDS.items()}


def test_make_targets_when_listed_then_the_guide_has_each():
    targets = set(re.findall(r"^([a-z]+):.*##", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert targets
    assert {words for program, words in ROW.findall(GUIDE) if program == "make"} == targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_when_written_in_a_document_then_they_exist(path: Path):
    text = path.read_text(encoding="utf-8")
    unknown = [line for line in (*shell_lines(text), *inline_commands(text)) if not exists(line)]
    assert not unknown


@pytest.mark.parametrize(
    "line",
    [
        "kratt fly",
        "kratt ask hello --loud",
        "kratt content",
        "make coffee",
        "kratt up now",
        "KRATT_X=1 kratt up",
    ],
)
def test_command_when_it_does_not_exist_then_it_is_found_out(line: str):
    assert not exists(line)


def long_options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")} - {"--help"}


def shell_lines(text: str) -> Iterator[str]:
    for _, code in SHELL.findall(text):
        for line in re.sub(r"\\\n", " ", code).splitlines():
            if re.match(r"\s*((\w+=\S+|export) )*(kratt|make) ", line) or "KRATT_" in line:
                yield line.strip()


def inline_commands(text: str) -> Iterator[str]:
    for command in ANYWHERE.findall(text):
        line = re.sub(r"\[(--[a-z-]+)[^]]*]", "", command.strip("`"))
        if "<" not in line and "[" not in line and not line.isupper():
            yield line


def exists(line: str) -> bool:
    words = shlex.split(line.split(" | ", maxsplit=1)[0], comments=True)
    variables = [word.partition("=")[0] for word in words if re.match(r"KRATT_\w+=", word)]
    if not {name.removeprefix("KRATT_").lower() for name in variables} <= Settings.model_fields.keys():
        return False
    words = words[1:] if words[:1] == ["export"] else words
    words = [word for word in words if not re.match(r"[A-Z_]+=", word)]
    if not words:
        return True
    program, *arguments = words
    if program == "make":
        return bool(re.search(rf"^{re.escape(arguments[0])}:", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    return program == "kratt" and is_accepted(arguments)


def is_accepted(arguments: list[str]) -> bool:
    name = next((name for name in COMMANDS if arguments[: len(name.split())] == name.split()), None)
    if name is None:
        return False
    parameters = COMMANDS[name].params
    takes_value = {
        option: not parameter.is_flag for parameter in parameters if is_option(parameter) for option in names(parameter)
    }
    words = iter(arguments[len(name.split()) :])
    positional = 0
    for word in words:
        if not word.startswith("-"):
            positional += 1
        elif word not in takes_value:
            return False
        elif takes_value[word]:
            next(words, None)  # a table names the option without its value
    return positional <= sum(not is_option(parameter) for parameter in parameters)


def is_option(parameter: Any) -> bool:
    return any(name.startswith("-") for name in parameter.opts)


def names(option: Any) -> Iterator[str]:
    yield from (*option.opts, *option.secondary_opts)
