"""CSV and XLSX: texts in rows, in and out. The only place that knows openpyxl.

A cell that begins like a formula would be one wherever the file is opened next, with whatever a citizen wrote into it
(CWE-1236): it is written with an apostrophe in front, which reading takes away. Formulas of others are never computed.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from assistant.core.errors import EditRefused

MOST_BYTES = 10_000_000
MOST_UNPACKED_BYTES = 100_000_000
MOST_ROWS = 100_000

_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_WRITTEN_SO = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Table:
    """A sheet: its name, the names of its columns, and rows of texts."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Row:
    """A row as it was read; `number` is that of the spreadsheet, `fault` why it cannot be used."""

    sheet: str
    number: int
    cells: dict[str, str]
    fault: str = ""


def write_csv(table: Table) -> bytes:
    """The table as CSV in UTF-8, with the mark at its beginning by which Excel knows that."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(tables: Iterable[Table]) -> bytes:
    """The tables as the sheets of a workbook."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.append(table.columns)
        for row in table.rows:
            sheet.append([_harmless(cell) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read_rows(data: bytes, name: str) -> tuple[Row, ...]:
    """The rows of a .csv, which is one sheet, or of all sheets of an .xlsx; empty rows are left out.

    Raises:
        EditRefused: it is neither, is larger than it may be, or cannot be read.
    """
    if len(data) > MOST_BYTES:
        raise EditRefused(f"{name} is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        sheets = _sheets_of_xlsx(data, name) if data.startswith(b"PK") else [(name, _lines_of_csv(data, name))]
        rows = tuple(islice((row for sheet, lines in sheets for row in _rows(sheet, lines)), MOST_ROWS + 1))
    except (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, OSError):  # entities are a ValueError
        raise EditRefused(f"{name} is not an XLSX file") from None
    if len(rows) > MOST_ROWS:
        raise EditRefused(f"{name} has more than {MOST_ROWS} rows")
    return rows


def _rows(sheet: str, lines: Iterator[Sequence[tuple[str, str]]]) -> Iterator[Row]:
    columns = [text.strip().lower() for text, _ in next(lines, ())]
    for number, line in enumerate(lines, 2):
        if not any(text or fault for text, fault in line):
            continue
        faults = [fault for _, fault in line if fault]
        named = (*columns, *[""] * len(line))
        if any(text and not column for column, (text, _) in zip(named, line, strict=False)):
            faults.append("there are more cells than columns")
        cells = {column: text for column, (text, _) in zip(columns, line, strict=False) if column}
        yield Row(sheet, number, cells, "; ".join(faults))


def _lines_of_csv(data: bytes, name: str) -> Iterator[list[tuple[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EditRefused(f"{name} is not UTF-8: save it as “CSV UTF-8”") from None
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        for line in csv.reader(StringIO(text), delimiter=delimiter, strict=True):
            yield [(_as_written(cell), "") for cell in line]
    except csv.Error as error:
        raise EditRefused(f"{name} is not CSV: {error}") from None


def _sheets_of_xlsx(data: bytes, name: str) -> Iterator[tuple[str, Iterator[list[tuple[str, str]]]]]:
    with ZipFile(BytesIO(data)) as packed:
        if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED_BYTES:
            raise EditRefused(f"{name} is larger than {MOST_UNPACKED_BYTES // 1_000_000} MB when it is unpacked")
    book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    for sheet in book.worksheets:
        yield sheet.title, ([_cell(each) for each in line] for line in sheet.iter_rows())


def _cell(cell: object) -> tuple[str, str]:
    """The text of a cell, and what is wrong with it."""
    value, kind = getattr(cell, "value", None), getattr(cell, "data_type", "s")
    if value is None:
        return "", ""
    if kind == "f":
        return "", "a formula stands where a text should"
    if isinstance(value, str):
        return _as_written(value), ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}" if value != int(value) else str(int(value)), ""
    return "", f"{value} is no text"


def _harmless(cell: str) -> str:
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def _as_written(cell: str) -> str:
    text = cell.removeprefix("'") if _WRITTEN_SO.match(cell) else cell
    return text.strip(" ")
