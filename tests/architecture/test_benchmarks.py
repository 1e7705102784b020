"""Benchmarks are not run by tests; what they are made of is there all the same."""

import ast
import importlib.util
from pathlib import Path

import pytest

from assistant.settings import PROJECT

pytestmark = pytest.mark.architecture

BENCHMARKS = sorted((PROJECT / "benchmarks").glob("*.py"))
OURS = ("actions", "assistant", "connectors")
ENGINES = "assistant.engine"
"""Parts of it import what is in its own environment alone."""


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.name)
def test_benchmark_when_it_imports_from_our_modules_then_the_names_are_there(path: Path) -> None:
    assert [name for name in imported(path) if not is_there(*name)] == []


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.name)
def test_benchmark_when_it_is_called_with_unknown_words_then_would_say_so_and_not_begin(
    path: Path,
) -> None:
    text = path.read_text(encoding="utf-8")
    is_called_by_people = "__main__" in text and not path.stem.endswith("_alone")  # those are called by another one
    assert not is_called_by_people or "ArgumentParser(" in text


def test_name_when_it_is_in_no_module_is_not_there() -> None:
    assert is_there("citizens", "said_aloud")
    assert is_there("assistant.settings", "PROJECT")
    assert not is_there("citizens", "english_conversations")
    assert not is_there("spoken_requests", "word_errors")
    assert not is_there("assistant.settings", "PLACE")


def imported(path: Path) -> list[tuple[str, str]]:
    """Module and name of each import of one of our names."""
    return [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and is_ours(node.module, path)
        for alias in node.names
    ]


def is_ours(module: str, path: Path) -> bool:
    """Whether it is a module of the project, or of no package that is installed: then it has to be a benchmark."""
    if module.startswith(OURS):
        return not module.startswith(ENGINES)
    is_package = "." in module or importlib.util.find_spec(module) is not None
    return not is_package and not path.stem.endswith("_alone")  # these run in environments of their own


def is_there(module: str, name: str) -> bool:
    """Whether a module has a name. Modules are read, not imported: benchmarks begin to work at once, and what builds
    graphs crashes in a process that has loaded Vosk."""
    folder = PROJECT if module.startswith(OURS) else PROJECT / "benchmarks"
    path = folder.joinpath(*module.split("."))
    package, file = path / "__init__.py", path.with_suffix(".py")
    if package.is_file():
        return name in top_names(package) or (path / f"{name}.py").is_file() or (path / name).is_dir()
    return file.is_file() and name in top_names(file)


def top_names(path: Path) -> set[str]:
    """What a module defines."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
    return names
