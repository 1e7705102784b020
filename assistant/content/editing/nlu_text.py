"""A nlu.<language>.yml as blocks of example lines, of which single lines are changed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.content.editing.yaml_text import yaml_text
from assistant.core.errors import ContentError

EMPTY = 'version: "3.1"\n\nnlu:\n'

_EXAMPLE = re.compile(r"^\s*-\s*(?P<example>.*?)\s*$")
_KINDS = ("intent", "synonym")


@dataclass(frozen=True)
class Block:
    """The examples of an intent, or the phrases of a value; `examples` by their line, from 0."""

    kind: str
    name: str
    at: int
    first: int
    end: int
    examples: Mapping[int, str]


class NluText:
    """The text of a file in Rasa's NLU format; every change makes a new text."""

    def __init__(self, text: str, file: str = "") -> None:
        """Find the blocks.

        Raises:
            ContentError: it is not YAML, or has something else than lists of examples.
        """
        self.yaml = yaml_text(text, file)
        self.file = file
        self._lines = text.splitlines(keepends=True)

    @property
    def text(self) -> str:
        """The whole file."""
        return self.yaml.text

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Every block, in order."""
        entries = self.yaml.get("nlu")
        return tuple(self._block(at) for at in range(len(entries))) if isinstance(entries, list) else ()

    def block(self, name: str, kind: str = "intent") -> Block | None:
        """The block of a name; the first one, if it is written several times."""
        return next((block for block in self.blocks if (block.kind, block.name) == (kind, name)), None)

    def examples(self, name: str, kind: str = "intent") -> tuple[str, ...]:
        """All examples of a name."""
        named = (block for block in self.blocks if (block.kind, block.name) == (kind, name))
        return tuple(example for block in named for example in block.examples.values())

    def added(self, name: str, examples: Iterable[str], kind: str = "intent") -> "NluText":
        """With further examples at the end of the block, which is made if there is none."""
        block = self.block(name, kind)
        if block is None:
            return self._with_block(name, tuple(examples), kind)
        last = max(block.examples, default=block.first)
        shape = self._lines[last] if block.examples else "    - \n"
        indent = shape[: len(shape) - len(shape.lstrip())]
        return self._with_lines({last: [self._complete(last), *(self._line(indent, each) for each in examples)]})

    def replaced(self, lines: Mapping[int, str | None]) -> "NluText":
        """With other examples on the given lines; None takes the line out, and an empty block with it."""
        new = {at: [] if text is None else [self._retold(at, text)] for at, text in lines.items()}
        emptied = [
            block for block in self.blocks if block.examples and all(not new.get(at, [""]) for at in block.examples)
        ]
        for block in emptied:
            new |= {at: [] for at in self._span(block)}
        return self._with_lines(new)

    def without(self, name: str, kind: str = "intent") -> "NluText":
        """Without all blocks of a name."""
        gone = [block for block in self.blocks if (block.kind, block.name) == (kind, name)]
        return self._with_lines({at: [] for block in gone for at in self._span(block)}) if gone else self

    def renamed(self, name: str, new: str, kind: str = "intent") -> "NluText":
        """With another name above the blocks of a name."""
        text = self.yaml
        for block in self.blocks:
            if (block.kind, block.name) == (kind, name):
                text = text.set(new, "nlu", block.at, kind)
        return NluText(text.text, self.file)

    def _block(self, at: int) -> Block:
        entry = self.yaml.get("nlu", at)
        kind = next((kind for kind in _KINDS if isinstance(entry, dict) and kind in entry), None)
        first = self.yaml.line("nlu", at, "examples") - 1
        if kind is None or not isinstance(entry, dict) or not self._lines[first].rstrip().endswith("|"):
            line = self.yaml.line("nlu", at)
            raise ContentError("write an intent or a synonym, and examples: |", file=self.file, line=line)
        outer = self._indent(first)
        end = first + 1
        while end < len(self._lines) and (not self._lines[end].strip() or self._indent(end) > outer):
            end += 1
        found = ((line, _EXAMPLE.match(self._lines[line])) for line in range(first + 1, end))
        examples = {line: match["example"] for line, match in found if match and match["example"]}
        while not self._lines[end - 1].strip():
            end -= 1
        return Block(kind, str(entry[kind]), at, first, end, examples)

    def _indent(self, line: int) -> int:
        """Of a key: where it stands behind a dash, too."""
        return len(self._lines[line]) - len(self._lines[line].lstrip(" -"))

    def _span(self, block: Block) -> range:
        """The lines of a block, with the empty line above it if another one or nothing follows."""
        start = self.yaml.line("nlu", block.at) - 1
        is_apart = start > 0 and not self._lines[start - 1].strip()
        is_last = block.end == len(self._lines) or not self._lines[block.end].strip()
        return range(start - 1 if is_apart and is_last else start, block.end)

    def _with_block(self, name: str, examples: tuple[str, ...], kind: str) -> "NluText":
        head = [f"- {kind}: {name}\n", "  examples: |\n", *(self._line("    ", each) for each in examples)]
        text = "".join(self._complete(at) for at in range(len(self._lines)))
        is_apart = len(self.blocks) > 1 and not self._lines[self.yaml.line("nlu", self.blocks[-1].at) - 2].strip()
        entry = "".join(([self.yaml.line_end] if is_apart else []) + head)
        return NluText(text + entry.replace("\r\n", "\n").replace("\n", self.yaml.line_end), self.file)

    def _with_lines(self, lines: Mapping[int, list[str]]) -> "NluText":
        new = (lines.get(at, [line]) for at, line in enumerate(self._lines))
        return NluText("".join(each for group in new for each in group), self.file)

    def _line(self, indent: str, example: str) -> str:
        return f"{indent}- {example}{self.yaml.line_end}"

    def _complete(self, at: int) -> str:
        line = self._lines[at]
        return line if line.endswith("\n") else line + self.yaml.line_end

    def _retold(self, at: int, example: str) -> str:
        line = self._lines[at]
        indent, end = line[: len(line) - len(line.lstrip())], line[len(line.rstrip("\r\n")) :]
        return f"{indent}- {example}{end}"
