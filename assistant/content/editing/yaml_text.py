"""The text of a YAML file, changed in places: whatever is not changed keeps its bytes, comments and order.

A round trip through ruamel.yaml's own dumper keeps comments, but gives a file the dumper's indentation and line breaks.
So ruamel.yaml tells where things stand, and the text is spliced there. Each result is read again: it must say what the
edit was meant to say.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from io import StringIO
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assistant.core.errors import ContentError

Key = str | int
Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""What a YAML file of ours says."""

_DEEPEST = 50
_BOOLEAN_ELSEWHERE = frozenset({"y", "n", "yes", "no", "on", "off"})
"""Texts in YAML 1.2, booleans in 1.1, which other programs read."""


class Quoted(str):
    """A text that is written in double quotes, whether it needs them or not."""

    __slots__ = ()


class Inline(dict[str, Plain]):
    """A mapping that is written between brackets on one line, as short ones are."""

    __slots__ = ()


class YamlText:
    """A YAML file as text and as what it says; every change makes a new text."""

    def __init__(self, text: str, file: str = "") -> None:
        """Read the text.

        Raises:
            ContentError: it is not YAML, a key stands in it twice, or it is nested deeper than any content.
        """
        self.text = text
        self.file = file
        try:
            _check_depth(text, file)
            self.value: Plain = YAML(typ="safe").load(text)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise ContentError(f"not valid YAML: {error.problem}", file=file, line=line) from None
        except YAMLError:
            raise ContentError("not valid YAML: a character that may not stand in a text", file=file) from None

    @cached_property
    def _root(self) -> Node | None:
        """The same with the places where things stand."""
        root: Node | None = YAML(typ="safe").compose(self.text)
        return root

    @property
    def line_end(self) -> str:
        """How the file ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def get(self, *path: Key) -> Plain:
        """What stands at the end of the path; None if nothing does."""
        value = self.value
        for key in path:
            try:
                value = cast("dict[Key, Plain]", value)[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def line(self, *path: Key) -> int:
        """The line, from 1, of the innermost part of the path that there is."""
        node, line = self._root, 1
        for key in path:
            found = _child(node, key)
            if found is None:
                break
            head, node = found
            line = head.start_mark.line + 1
        return line

    def set(self, value: Plain, *path: Key) -> "YamlText":
        """The text with another value at a path; keys that are missing are added behind their neighbours.

        Raises:
            ContentError: there is no place for it.
        """
        if self.get(*path) == value and self._find(path) is not None:
            return self
        node = self._find(path)
        if node is None:
            return self._added(value, path)
        before = self.get(*path)
        if isinstance(before, dict) and isinstance(value, dict) and value:
            return self._each(value, before, path)
        if isinstance(before, list) and isinstance(value, list) and value and before:
            return self._items(value, before, path)
        return self._checked(self._replaced(node, value, path), value, path)

    def set_each(self, value: str, paths: Iterable[tuple[Key, ...]]) -> "YamlText":
        """The text with another value in several places that have one on a line."""
        found = [(node, path) for path in paths if isinstance(node := self._find(path), ScalarNode)]
        text = self.text
        for node, path in sorted(found, key=lambda each: -each[0].start_mark.index):
            written = _scalar(value, self._style(node), in_flow=self._is_in_flow(path))
            text = text[: node.start_mark.index] + written + text[node.end_mark.index :]
        return YamlText(text, self.file) if found else self

    def remove(self, *path: Key) -> "YamlText":
        """The text without what stands at a path; comments above it stay where they are."""
        parent, key = self._find(path[:-1]), path[-1]
        found = _child(parent, key)
        if parent is None or found is None:
            raise self._no_place(path)
        siblings = _heads(parent)
        if len(siblings) == 1 and path[:-1]:
            return self.set([] if isinstance(key, int) else {}, *path[:-1])
        at = next(index for index, (head, _) in enumerate(siblings) if head is found[0])
        if _is_flow(parent):
            text = self._without_flow(siblings, at)
        else:
            text = self._without_lines(found[0].start_mark.line, self._last_line(found[1]))
        return YamlText(text, self.file)

    def rename(self, new: str, *path: Key) -> "YamlText":
        """The text with another key at the end of a path."""
        found = _child(self._find(path[:-1]), path[-1])
        if found is None:
            raise self._no_place(path)
        return YamlText(self._spliced(found[0], _scalar(new, self._style(found[0]))), self.file)

    def _each(self, value: Mapping[str, Plain], before: Mapping[str, Plain], path: tuple[Key, ...]) -> "YamlText":
        text = self
        for key in before:
            if key not in value:
                text = text.remove(*path, key)
        for key, each in value.items():
            text = text.set(each, *path, key)
        return text

    def _items(self, value: list[Plain], before: list[Plain], path: tuple[Key, ...]) -> "YamlText":
        text = self
        for at in range(len(before) - 1, len(value) - 1, -1):
            text = text.remove(*path, at)
        for at, each in enumerate(value):
            text = text.set(each, *path, at)
        return text

    def _find(self, path: tuple[Key, ...]) -> Node | None:
        node = self._root
        for key in path:
            found = _child(node, key)
            if found is None:
                return None
            node = found[1]
        return node

    def _replaced(self, node: Node, value: Plain, path: tuple[Key, ...]) -> str:
        if isinstance(value, str) and isinstance(node, ScalarNode) and node.style not in ("|", ">"):
            return self._spliced(node, _scalar(value, self._style(node), in_flow=self._is_in_flow(path)))
        if _is_inline(node) and not isinstance(value, dict | list):
            return self._spliced(node, _flow(value))
        if _is_flow(node):
            return self._spliced(node, _flow(value))
        return self._replaced_block(node, value, path)

    def _replaced_block(self, node: Node, value: Plain, path: tuple[Key, ...]) -> str:
        parent = self._find(path[:-1])
        found = _child(parent, path[-1]) if path else None
        if parent is None or found is None:
            raise self._no_place(path)
        lines = self.text.splitlines(keepends=True)
        first, last = found[0].start_mark.line, self._last_line(node)
        column = parent.start_mark.column
        is_item = isinstance(path[-1], int)
        entry = _block_item(value, column) if is_item else _block_entry(str(path[-1]), value, column)
        begin = lines[first][:column]  # the dash of an item that begins with this key
        return "".join([*lines[:first], begin + self._ended(entry)[column:], *lines[last + 1 :]])

    def _added(self, value: Plain, path: tuple[Key, ...]) -> "YamlText":
        *parents, key = path
        parent = self._find(tuple(parents))
        if parent is None or self.get(*parents) is None:
            nested: Plain = [value] if key == 0 else {str(key): value}
            return self.set(nested, *parents) if parents else YamlText(self._ended(_block_entry(str(key), value, 0)))
        heads = _heads(parent)
        is_list = isinstance(parent, SequenceNode)
        if not isinstance(parent, MappingNode | SequenceNode) or is_list != isinstance(key, int):
            raise self._no_place(path)
        if _is_flow(parent):
            end = parent.end_mark.index - 1
            entry = _flow(value) if is_list else f"{_scalar(str(key))}: {_flow(value)}"
            text = self.text[:end] + (", " if heads else "") + entry + self.text[end:]
            return self._checked(text, value, path)
        column = parent.start_mark.column  # of the first dash in a list
        entry = _block_item(value, column) if is_list else _block_entry(str(key), value, column)
        return self._checked(self._inserted(self._last_line(heads[-1][1]) + 1, entry), value, path)

    def _inserted(self, line: int, entry: str) -> str:
        lines = self.text.splitlines(keepends=True)
        if lines and line == len(lines) and not lines[-1].endswith("\n"):
            lines[-1] += self.line_end
        return "".join([*lines[:line], self._ended(entry), *lines[line:]])

    def _without_lines(self, first: int, last: int) -> str:
        lines = self.text.splitlines(keepends=True)
        return "".join(lines[:first] + lines[last + 1 :])

    def _without_flow(self, siblings: list[tuple[Node, Node]], at: int) -> str:
        start, end = siblings[at][0].start_mark.index, siblings[at][1].end_mark.index
        if at + 1 < len(siblings):
            end = siblings[at + 1][0].start_mark.index
        elif at:
            start = siblings[at - 1][1].end_mark.index
        return self.text[:start] + self.text[end:]

    def _last_line(self, node: Node) -> int:
        """The last line, from 0, that the node stands on; comments and empty lines behind it are not its own."""
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            return self._end_of_block(node)
        if _heads(node) and not _is_flow(node):
            return self._last_line(_heads(node)[-1][1])
        return int(node.end_mark.line)

    def _end_of_block(self, node: ScalarNode) -> int:
        lines = self.text.splitlines()
        last = node.start_mark.line
        first = lines[last + 1] if last + 1 < len(lines) else ""
        indent = len(first) - len(first.lstrip())
        for at in range(node.start_mark.line + 1, len(lines)):
            if lines[at].strip() and len(lines[at]) - len(lines[at].lstrip()) < max(indent, 1):
                break
            last = at if lines[at].strip() else last
        return int(last)

    def _spliced(self, node: Node, written: str) -> str:
        return self.text[: node.start_mark.index] + written + self.text[node.end_mark.index :]

    def _is_in_flow(self, path: tuple[Key, ...]) -> bool:
        parents = (self._find(path[:length]) for length in range(len(path)))
        return any(_is_flow(each) for each in parents)

    def _style(self, node: Node) -> str | None:
        return str(node.style) if isinstance(node, ScalarNode) and node.style else None

    def _ended(self, entry: str) -> str:
        return entry.replace("\n", self.line_end)

    def _checked(self, text: str, value: Plain, path: tuple[Key, ...]) -> "YamlText":
        changed = YamlText(text, self.file)
        if changed.get(*path) != value:
            raise self._no_place(path)
        return changed

    def _no_place(self, path: tuple[Key, ...]) -> ContentError:
        name = ".".join(map(str, path))
        return ContentError(f"{name} cannot be written here", file=self.file, line=self.line(*path))


def _check_depth(text: str, file: str) -> None:
    """The composer of the library calls itself for every level: too many would end the process, not raise an error."""
    depth = 0
    for event in YAML(typ="safe").parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _DEEPEST:
            raise ContentError("it is nested too deeply", file=file, line=event.start_mark.line + 1)


@lru_cache(maxsize=1024)
def yaml_text(text: str, file: str) -> YamlText:
    """The text, read: most files of a folder stay as they are between two edits."""
    return YamlText(text, file)


def _child(node: Node | None, key: Key) -> tuple[Node, Node] | None:
    """The node of the key (of the item itself in a list) and the node of the value."""
    if isinstance(node, MappingNode):
        return next(((name, value) for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, SequenceNode) and isinstance(key, int) and 0 <= key < len(node.value):
        return node.value[key], node.value[key]
    return None


def _heads(node: Node) -> list[tuple[Node, Node]]:
    if isinstance(node, MappingNode):
        return list(node.value)
    return [(item, item) for item in node.value] if isinstance(node, SequenceNode) else []


def _is_flow(node: Node | None) -> bool:
    """Whether it stands between brackets."""
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _is_inline(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style not in ("|", ">")


def _scalar(value: str, style: str | None = None, *, in_flow: bool = True) -> str:
    """A text as YAML: as it was quoted before, if that says the same; `in_flow` if it stands between brackets."""
    if style == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    if (
        style != '"'
        and not isinstance(value, Quoted)
        and value.lower() not in _BOOLEAN_ELSEWHERE
        and _reads_as(value, in_flow=in_flow)
    ):
        return value
    return json.dumps(value, ensure_ascii=False)


def _reads_as(value: str, *, in_flow: bool) -> bool:
    """Whether a text needs no quotes as a value, and between brackets as a key either."""
    try:
        block = YAML(typ="safe").load(f"a: {value}\n")
        flow = YAML(typ="safe").load(f"[{{a: {value}}}, {{{value}: a}}]\n") if in_flow else None
    except YAMLError:
        return False
    return bool(block == {"a": value} and (not in_flow or flow == [{"a": value}, {value: "a"}]))


def _flow(value: Plain) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value) if isinstance(value, str) else json.dumps(value)


def _block_entry(key: str, value: Plain, column: int) -> str:
    """`key: value` on lines of its own."""
    name = " " * column + _scalar(key) + ":"
    if isinstance(value, dict) and value and not isinstance(value, Inline):
        return name + "\n" + "".join(_block_entry(each, value[each], column + 2) for each in value)
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return name + "\n" + "".join(_block_item(each, column + 2) for each in value)
    if isinstance(value, str) and value.endswith("\n") and "\n" in value.strip("\n"):
        lines = value.splitlines()
        return f"{name} |\n" + "".join(" " * (column + 2) + line + "\n" if line else "\n" for line in lines)
    return f"{name} {_scalar(value, in_flow=False) if isinstance(value, str) else _flow(value)}\n"


def _block_item(value: Plain, column: int) -> str:
    """`- value` on lines of its own; a mapping has a key on each."""
    if isinstance(value, dict) and value:
        entries = "".join(_block_entry(each, value[each], column + 2) for each in value)
        return " " * column + "- " + entries[column + 2 :]
    return " " * column + f"- {_flow(value)}\n"


def dumped(value: Plain) -> str:
    """A value as a new YAML file, in the style of content."""
    if isinstance(value, dict):
        return "".join(_block_entry(key, each, 0) for key, each in value.items())
    stream = StringIO()
    YAML().dump(value, stream)
    return stream.getvalue()
