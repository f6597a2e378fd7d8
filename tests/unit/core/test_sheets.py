"""What a spreadsheet is given: nothing it would run, numbers as numbers, every line read back as it was."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from backend.core.sheets import FORMULA, line, sheet

CELLS = st.one_of(st.text(max_size=30), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.none())


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_a_line_is_read_back(cells: list[object]) -> None:
    read = next(csv.reader(io.StringIO(line(cells), newline="")))
    assert len(read) == len(cells)
    for found, cell in zip(read, cells, strict=True):
        if isinstance(cell, str):
            assert not found.lstrip(" ").startswith(FORMULA)
            assert cell.replace("\0", "") in {found, found.removeprefix("'")}
        else:
            assert found == ("" if cell is None else str(cell))


def test_numbers_are_not_quoted_and_minus_is_a_number() -> None:
    assert line(["-1", -1, 2.5, True]) == '"\'-1",-1,2.5,"True"\r\n'


def test_it_can_be_streamed() -> None:
    assert list(sheet(["a"], ([number] for number in range(2)))) == ["\ufeff", '"a"\r\n', "0\r\n", "1\r\n"]
