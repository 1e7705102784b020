"""The shape of the code: layers, sizes, and what must not stand in any file."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import PROJECT

pytestmark = pytest.mark.architecture

MOST_MODULE_LINES = 500
MOST_FUNCTION_LINES = 50
MOST_TEXT_BYTES = 1_000_000

PYTHON_FOLDERS = ("actions", "assistant", "benchmarks", "connectors", "tests")
COMMITTED_FOLDERS = (*PYTHON_FOLDERS, ".ci", "docs", "models/speech/en", "nlu_data", "requirements")
MODULES = sorted(path for folder in PYTHON_FOLDERS for path in (PROJECT / folder).rglob("*.py"))

MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:work|root|home)/")
DOWNLOAD_ADDRESS = re.compile(r"python[h]osted|--(?:extra-)?index-url|--find-l[i]nks|https?://[^\s/]+/simple\b")
DOCUMENT = re.compile(r"docs/(?:adr|guides|runbooks)/[\w.-]*\w")


def test_layers_when_imports_are_read_then_every_contract_is_kept():
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " kept, 0 broken" in done.stdout


def test_modules_when_listed_then_all_parts_are_among_them():
    assert {path.relative_to(PROJECT).parts[0] for path in MODULES} >= {"actions", "assistant", "connectors", "tests"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_module_when_measured_then_it_and_its_functions_are_short(path: Path):
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MOST_MODULE_LINES
    long = {name: lines for name, lines in function_lines(source) if lines > MOST_FUNCTION_LINES}
    assert not long


@pytest.mark.parametrize("lines", [MOST_FUNCTION_LINES, MOST_FUNCTION_LINES + 1])
def test_function_lines_when_counted_then_the_first_and_the_last_count(lines: int):
    source = "class A:\n    async def say(self):\n" + "        pass\n" * (lines - 1)
    assert dict(function_lines(source)) == {"say": lines}


def test_committed_files_when_read_then_none_names_a_machine_or_a_package_host():
    found = [
        f"{path.relative_to(PROJECT)}: {match.group()}"
        for path, text in committed_texts()
        for match in (*MACHINE_PATH.finditer(text), *DOWNLOAD_ADDRESS.finditer(text))
    ]
    assert not found


@pytest.mark.parametrize(
    "text", ["cd /ro" + "ot/x", "open('/wo" + "rk/x')", "--index-" + "url", "https://mirror/sim" + "ple/"]
)
def test_forbidden_words_when_written_then_they_are_found(text: str):
    assert MACHINE_PATH.search(text) or DOWNLOAD_ADDRESS.search(text)


def test_documents_when_named_in_code_or_content_then_they_exist():
    named = {
        (str(path.relative_to(PROJECT)), name)
        for path, text in committed_texts()
        if path.suffix != ".md"
        for name in DOCUMENT.findall(text)
    }
    assert named
    assert not [(place, name) for place, name in sorted(named) if not any(PROJECT.glob(f"{name}*"))]


def function_lines(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


def committed_texts() -> Iterator[tuple[Path, str]]:
    files = [path for path in PROJECT.iterdir() if path.is_file()]
    files += [path for folder in COMMITTED_FOLDERS for path in (PROJECT / folder).rglob("*") if path.is_file()]
    for path in files:
        if "__pycache__" in path.parts or path.stat().st_size > MOST_TEXT_BYTES:
            continue
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8", errors="replace")
