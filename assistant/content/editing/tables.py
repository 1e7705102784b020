"""Examples and responses as tables, for those who edit in a spreadsheet."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import add_examples, clean, list_examples
from assistant.content.editing.responses import list_responses, write_response
from assistant.content.editing.spreadsheets import Row, Table
from assistant.content.marks import without_marks
from assistant.content.normal_form import normal_form
from assistant.core.errors import EditRefused, UnknownLanguage
from assistant.core.languages import Language, parse_language

EXAMPLES, RESPONSES = "examples", "responses"
_MOST_VARIANTS = 100
_COLUMNS = {EXAMPLES: ("intent", "language", "example"), RESPONSES: ("response", "variant", *map(str, Language))}


@dataclass(frozen=True)
class BadRow:
    """A row that was left out, and why."""

    sheet: str
    number: int
    reason: str

    def __str__(self) -> str:
        """For an editor."""
        return f"{self.sheet}, row {self.number}: {self.reason}"


@dataclass
class TableReport:
    """What became of the rows: how many said something new, how many what was there already, and those left out."""

    new: int = 0
    known: int = 0
    bad: list[BadRow] = field(default_factory=list)


def examples_table(files: ContentFiles) -> Table:
    """Every example with its intent and language."""
    rows = tuple((each.intent, str(each.language), each.text) for each in list_examples(files))
    return Table(EXAMPLES, _COLUMNS[EXAMPLES], rows)


def responses_table(files: ContentFiles) -> Table:
    """Every wording of every response, its languages side by side."""
    rows: list[tuple[str, ...]] = []
    for name, by_language in list_responses(files).items():
        texts = {language: by_language[language].texts for language in Language if language in by_language}
        for at in range(max(map(len, texts.values()))):
            said = (texts.get(language, ())[at : at + 1] for language in Language)
            rows.append((name, str(at + 1), *("".join(each) for each in said)))
    return Table(RESPONSES, _COLUMNS[RESPONSES], tuple(rows))


def add_rows(files: ContentFiles, rows: Iterable[Row]) -> TableReport:
    """Add the examples and write the responses of a table; what the table lacks stays as it is in the content.

    A row that cannot be used is left out and reported; the others are taken all the same.
    """
    report, said = TableReport(), defaultdict[tuple[str, Language], dict[int, tuple[str, Row]]](dict)
    taught = defaultdict[tuple[str, Language], dict[str, Row]](dict)
    owners = {normal_form(without_marks(each.text)): each.intent for each in list_examples(files)}
    for row in rows:
        note = partial(_note_example, taught, owners) if "example" in row.cells else partial(_note_response, said)
        if row.fault:
            report.bad.append(BadRow(row.sheet, row.number, row.fault))
        else:
            _take(report, [row], partial(note, row))
    for (intent, language), by_text in taught.items():
        _take(report, list(by_text.values()), partial(_add, files, intent, language, list(by_text)))
    known = list_responses(files)
    for (name, language), variants in said.items():
        before = known[name][language].texts if language in known.get(name, {}) else ()
        texts = [*before]
        for number, (text, _) in sorted(variants.items()):
            texts[number - 1 : number] = [text]
        first = next(iter(variants.values()))[1]
        if name not in known:
            report.bad.append(BadRow(first.sheet, first.number, f"there is no response {name}"))
        elif tuple(texts) == before:
            report.known += 1
        else:
            _take(report, [first], partial(_write, files, name, language, texts))
    return report


def _take(report: TableReport, rows: list[Row], take: Callable[[], int | None]) -> None:
    """Count rows by how many of them were new; None if that is not known yet."""
    try:
        new = take()
    except EditRefused as error:
        report.bad += [BadRow(row.sheet, row.number, str(error)) for row in rows]
        return
    if new is not None:
        report.new += new
        report.known += len(rows) - new


def _note_example(taught: dict[tuple[str, Language], dict[str, Row]], owners: dict[str, str], row: Row) -> int | None:
    intent, text = row.cells.get("intent", ""), clean(row.cells["example"])
    owner = owners.setdefault(normal_form(without_marks(text)), intent)
    if owner != intent:
        raise EditRefused(f"“{text}” is an example of {owner} already")
    texts = taught[intent, _language(row.cells.get("language", ""))]
    if text in texts:
        return 0
    texts[text] = row
    return None


def _note_response(said: dict[tuple[str, Language], dict[int, tuple[str, Row]]], row: Row) -> None:
    if not row.cells.get("response"):
        raise EditRefused(f"the columns are {', '.join(_COLUMNS[EXAMPLES])}, or {', '.join(_COLUMNS[RESPONSES])}")
    number = row.cells.get("variant", "") or "1"
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= _MOST_VARIANTS):
        raise EditRefused(f"variant is a number from 1 to {_MOST_VARIANTS}, not {number}")
    for language in Language:
        if text := row.cells.get(str(language), ""):
            said[row.cells["response"], language][int(number)] = text, row


def _add(files: ContentFiles, intent: str, language: Language, texts: list[str]) -> int:
    return len(add_examples(files, intent, language, texts))


def _write(files: ContentFiles, name: str, language: Language, texts: list[str]) -> int:
    write_response(files, name, {language: texts})
    return 1


def _language(code: str) -> Language:
    try:
        return parse_language(code)
    except UnknownLanguage:
        raise EditRefused(f"language is {', '.join(Language)}, not “{code}”") from None
