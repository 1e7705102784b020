"""Tables of examples and responses: out and in again without loss, and what is wrong is named by its row."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from assistant.content.editing import spreadsheets
from assistant.content.editing.examples import add_examples, delete_examples
from assistant.content.editing.responses import list_responses, write_response
from assistant.content.editing.spreadsheets import Table, read_rows, write_csv, write_xlsx
from assistant.content.editing.tables import add_rows, examples_table, responses_table
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET = Language.EN, Language.ET
DANGEROUS = (
    "=1+1",
    "+372",
    "-1",
    "@SUM(A1)",
    "'=x",
    "''-y",
    "\tx",
    '=HYPERLINK("http://x","y")',
    "a,b;c",
    'he said "hi"',
)


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), BytesIO()
    book.active.title = "mine"
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_tables_when_our_content_goes_out_and_in_again_change_nothing(ours) -> None:
    examples = examples_table(ours)
    tables = [replace(examples, rows=examples.rows[::10]), responses_table(ours)]  # a tenth: all take ten seconds
    rows = read_rows(write_xlsx(tables), "all.xlsx")
    assert {row.sheet for row in rows} == {"examples", "responses"}
    report = add_rows(ours, rows)
    assert (report.new, report.bad, ours.changes) == (0, [], {})
    assert report.known > len(tables[0].rows)
    assert [tuple(row.cells.values()) for row in rows if row.sheet == "examples"] == list(tables[0].rows)
    assert [tuple(row.cells.values()) for row in read_rows(write_csv(tables[1]), "r.csv")] == list(tables[1].rows)


@pytest.mark.parametrize("write", [write_csv, lambda table: write_xlsx([table])], ids=["csv", "xlsx"])
def test_tables_when_cells_look_like_formulas_are_harmless_and_come_back_as_they_were(write) -> None:
    data = write(Table("t", ("text",), tuple((each,) for each in DANGEROUS)))
    assert [row.cells["text"] for row in read_rows(data, "t")] == list(DANGEROUS)
    if data.startswith(b"PK"):
        cells = [cell for line in load_workbook(BytesIO(data)).active.iter_rows() for cell in line]
        assert {cell.data_type for cell in cells} == {"s"}
        assert not [cell.value for cell in cells if cell.value[0] in "=+-@\t\r"]
    else:
        assert not [line for line in data.decode("utf-8-sig").splitlines() if line.strip('"')[:1] in {*"=+-@\t"}]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(
        lambda text: text.strip(" ") == text
    )
)
def test_csv_when_any_text_is_written_reads_as_the_same(text) -> None:
    (row,) = read_rows(write_csv(Table("t", ("text",), ((text,),))), "t.csv")
    assert row.cells == {"text": text}


def test_add_rows_when_rows_are_new_known_or_bad_tells_which(files) -> None:
    data = xlsx(
        ("Intent", "Language", "Example", None),
        ("greet", "en", "good evening"),
        ("greet", "en", "Hello!"),
        ("pension", "en", "good day"),
        ("nothing", "en", "x y"),
        ("greet", "xx", "hi there"),
        (None, None, None),
        ("greet", "en", "=1+1"),
        ("greet", "en", 112),
        ("greet", "en", True),
        ("greet", "en", "..."),
        ("greet", "en", "one", "two"),
    )
    report = add_rows(files, read_rows(data, "mine.xlsx"))
    assert (report.new, report.known) == (2, 1)
    assert [str(each) for each in sorted(report.bad, key=lambda each: each.number)] == [
        "mine, row 4: “good day” is an example of greet already",
        "mine, row 5: there is no intent nothing",
        "mine, row 6: language is en, et, ru, not “xx”",
        "mine, row 8: a formula stands where a text should",
        "mine, row 10: True is no text",
        "mine, row 11: “...” has no words",
        "mine, row 12: there are more cells than columns",
    ]
    assert "    - good evening\n    - 112\n" in files.read("common/nlu.en.yml")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_add_rows_when_responses_are_written_otherwise_writes_those(files, delimiter) -> None:
    write_response(files, "utter_greet", {EN: ["Hi", "Hello"], ET: "Tere"})
    lines = [
        ["response", "variant", "en", "et"],
        ["utter_greet", "2", "Hello!", ""],
        ["utter_greet", "1", "Hi", "Tere!"],
    ]
    lines += [["utter_none", "1", "x", ""], ["utter_greet", "two", "x", ""], ["", "1", "x", ""]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode("utf-8-sig")
    report = add_rows(files, read_rows(data, "r.csv"))
    assert list_responses(files)["utter_greet"][EN].texts == ("Hi", "Hello!")
    assert list_responses(files)["utter_greet"][ET].texts == ("Tere!",)
    assert report.new == 2
    assert sorted(each.number for each in report.bad) == [4, 5, 6]


def test_tables_when_examples_were_deleted_bring_them_back(files) -> None:
    data = write_csv(examples_table(files))
    add_examples(files, "greet", EN, ["stays"])
    delete_examples(files, "greet", EN, ["hello"])
    report = add_rows(files, read_rows(data, "e.csv"))
    assert (report.new, report.bad) == (1, [])
    assert {"stays", "hello"} <= {row[2] for row in examples_table(files).rows}


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("é".encode("latin-1"), "not UTF-8"),
        (b'a,b\n"x', "is not CSV"),
        (b"PK\x03\x04 nonsense", "is not an XLSX file"),
        (b"x" * 10_000_001, "larger than 10 MB"),
    ],
)
def test_read_rows_when_a_file_is_none_says_so(data, complaint) -> None:
    with pytest.raises(EditRefused, match=complaint):
        read_rows(data, "x")


def test_read_rows_when_a_zip_is_something_else_says_so() -> None:
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        packed.writestr("hello.txt", "hi")
    with pytest.raises(EditRefused, match="is not an XLSX file"):
        read_rows(out.getvalue(), "x.xlsx")


SHEET = "<worksheet><sheetData><row><c><v>?</v></c></row></sheetData></worksheet>"
LAUGHS = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 9))


def with_sheet(sheet: str) -> bytes:
    """A workbook with another text in the place of its sheet."""
    out = BytesIO()
    with ZipFile(BytesIO(xlsx(("a",)))) as before, ZipFile(out, "w") as packed:
        for name in before.namelist():
            packed.writestr(name, sheet if name.endswith("sheet1.xml") else before.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    "sheet",
    [
        '<!DOCTYPE x [<!ENTITY a0 "ha">' + LAUGHS + "]>" + SHEET.replace("?", "&a8;"),
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SHEET.replace("?", "&a;"),
        "<worksheet><sheetData>",
    ],
    ids=["a billion laughs", "a file of the machine", "broken"],
)
def test_read_rows_when_a_sheet_has_entities_is_refused(sheet) -> None:
    with pytest.raises(EditRefused, match="is not an XLSX file"):
        read_rows(with_sheet(sheet), "x.xlsx")


def test_read_rows_when_there_are_too_many_stops(monkeypatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    with pytest.raises(EditRefused, match="more than 3 rows"):
        read_rows(b"a\n1\n2\n3\n4\n", "x.csv")


def test_read_rows_when_it_is_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed, packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
        for _ in range(101):
            sheet.write(bytes(1_000_000))
    assert len(out.getvalue()) < 200_000
    with pytest.raises(EditRefused, match="when it is unpacked"):
        read_rows(out.getvalue(), "x.xlsx")
