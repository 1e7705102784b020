"""ECMAScript modules as one classic script: a page has one tag, one request and one hash for them.

Only what our own modules use is understood: named imports from relative paths, `export` before a function, class or
constant, no cycles. Each module becomes a function of its own, so that no name meets another.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

_IMPORT = re.compile(r'^import (\{[^}]+\}) from "(\.[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_ANY = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def bundle(entry: Path, constants: Mapping[str, object]) -> str:
    """The script of `entry` and all that it imports; `constants` are JSON by name, and seen by every module.

    Raises:
        ValueError: a module is written in a way that is not understood; names the file and the line.
    """
    parts = [f"const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in constants.items()]
    _add(entry.resolve(), {}, parts)
    return "\n".join(['(() => {\n"use strict";', *parts, "})();\n"])


def _add(path: Path, names: dict[Path, str], parts: list[str]) -> str:
    """Add a module behind those it imports; the name of its exports."""
    if path in names:
        if not names[path]:
            raise ValueError(f"{path}: is imported by what it imports")
        return names[path]
    names[path] = ""
    source = path.read_text(encoding="utf-8")

    def imported(found: re.Match[str]) -> str:
        return f"const {found[1]} = {_add((path.parent / found[2]).resolve(), names, parts)};"

    exports = [found[2] for found in _EXPORT.finditer(source)]
    body = _EXPORT.sub(r"\1", _IMPORT.sub(imported, source))
    if unknown := _ANY.search(body):
        raise ValueError(f"{path}: {unknown[0]}: is not understood")
    names[path] = f"module_{len(parts)}"
    parts.append(f"const {names[path]} = (() => {{\n{body.strip()}\nreturn {{ {', '.join(exports)} }};\n}})();")
    return names[path]
