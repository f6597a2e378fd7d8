"""CSV files as EMRs and spreadsheets write them."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.sheets import FORMULA
from backend.lead_capture.imports import fields, reading
from backend.lead_capture.imports.fields import BadCell
from backend.lead_capture.imports.kinds import KINDS
from backend.lead_capture.imports.reading import NotReadable

TABLE = 'First,Last,Phone\r\nMaría,"Núñez, Jr.",312 555 0142\r\n\r\nAda,Sample,\r\n'


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter(encoding: str, named: str, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(TABLE)))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    sheet = reading.open_sheet(out.getvalue().encode(encoding))
    assert (sheet.encoding, sheet.delimiter, sheet.columns) == (named, delimiter, ("First", "Last", "Phone"))
    assert list(reading.rows(sheet)) == [(1, ["María", "Núñez, Jr.", "312 555 0142"]), (2, ["Ada", "Sample", ""])]
    assert [number for number, _ in reading.rows(sheet, after=1)] == [2]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"PK\x03\x04xlsx", b"\xd0\xcf\x11\xe0xls", b"a,b\n1,\x00", b'a,b\n"' + b"x" * 200_000],
)
def test_what_is_no_table_is_said_so(data: bytes) -> None:
    with pytest.raises(NotReadable):
        sheet = reading.open_sheet(data)
        list(reading.rows(sheet))


def test_too_many_rows_are_refused() -> None:
    sheet = reading.open_sheet(b"a\n" + b"1\n" * (reading.MOST_ROWS + 1))
    with pytest.raises(NotReadable):
        reading.count(sheet)
    assert reading.count(reading.open_sheet(b"a\n" + b"1\n" * reading.MOST_ROWS)) == reading.MOST_ROWS


def test_heads_without_a_name_or_with_the_same_get_their_own() -> None:
    assert reading.open_sheet(b"Phone,,Phone\n").columns == ("Phone", "Column 2", "Phone (3)")


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), max_size=6))
def test_no_cell_of_ours_is_a_formula(table: list[list[str]]) -> None:
    text = "".join(reading.written(iter(table)))
    for cells in csv.reader(io.StringIO(text, newline="")):
        for cell in cells:
            assert not cell.lstrip(" ").startswith(FORMULA) or reading.NUMBER.fullmatch(cell)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "＝1+1", "\n=1", "-1\n"]
)
def test_formulas_are_quoted(cell: str) -> None:
    assert reading.safe(cell) == f"'{cell}"


def test_a_spreadsheet_that_splits_at_semicolons_meets_no_formula() -> None:
    """Where the comma is the decimal mark, Excel splits a file of commas at semicolons, unless they are quoted."""
    (line,) = reading.written(iter([["Ada;=1+1", "x"]]))
    assert next(csv.reader(io.StringIO(line), delimiter=";"))[0].startswith("Ada;=1+1")


@pytest.mark.parametrize("cell", ["-5", "+13125550142", "3.14", "Ada", "", "a=b"])
def test_numbers_and_words_stay(cell: str) -> None:
    assert reading.safe(cell) == cell


@pytest.mark.parametrize(
    "cell",
    ["4/9/1961", "04/09/1961", "1961-04-09", "04-09-1961", "4/9/61", "19610409", "09-Apr-1961", "Apr 9, 1961",
     "4/9/1961 00:00"],
)  # fmt: skip
def test_dates_of_birth_in_many_shapes(cell: str) -> None:
    assert fields.birth_date(cell) == date(1961, 4, 9).isoformat()


@pytest.mark.parametrize("cell", ["13/13/1961", "4/9", "soon", "1/1/1899", "4/9/2999", "1961"])
def test_what_is_no_date_of_birth_says_so_without_repeating_it(cell: str) -> None:
    with pytest.raises(BadCell) as error:
        fields.birth_date(cell)
    assert cell not in str(error.value)


def test_columns_are_guessed_by_their_heads() -> None:
    kind = KINDS["patients"]
    columns = ["Patient Name", "D.O.B.", "DOB", "Cell Phone", "Gender", "Chart #", "Zip Code", "Color", "Payer"]
    guess = fields.guessed(columns, kind.fields)
    assert guess == {
        "Patient Name": "full_name", "D.O.B.": "dob", "Cell Phone": "phone", "Gender": "sex", "Chart #": "mrn",
        "Zip Code": "zip", "Payer": "payer_name",
    }  # fmt: skip


def test_a_row_names_each_cell_that_cannot_be_read() -> None:
    kind = KINDS["patients"]
    columns = ["First", "DOB", "Phone", "Sex"]
    mapping = {"First": "first_name", "DOB": "dob", "Phone": "phone", "Sex": "sex"}
    values, wrong = fields.read_row(columns, ["Ada", "never", "12", "N/A"], mapping, kind.by_name)
    assert values == {"first_name": "Ada"}
    assert [column for column, _ in wrong] == ["DOB", "Phone"]
    assert kind.complaint(values) == "last name missing"
    _, ragged = fields.read_row(columns, ["Ada", "", "", "", "extra"], mapping, kind.by_name)
    assert ragged == [("", "has 5 cells, the head has 4")]


@pytest.mark.parametrize(
    ("full", "first", "last"), [("Brown, Ada B", "Ada B", "Brown"), ("Ada de la Cruz", "Ada", "de la Cruz")]
)
def test_a_full_name_is_taken_apart(full: str, first: str, last: str) -> None:
    values = {"full_name": full}
    assert KINDS["patients"].complaint(values) is None
    assert (values["first_name"], values["last_name"]) == (first, last)
