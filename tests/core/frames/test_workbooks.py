"""Workbooks: the sheet that is meant, its header, its dates, and formulas that nobody has run."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from core.errors import RefusedFile, UnreadableFile
from core.frames.open_file import Opened, to_parquet
from core.frames.reading import AS_GUESSED, Reading
from tests.core.frames.workbooks import ods, sheet_xml, xlsx

GOLDEN = Path(__file__).parents[2] / "golden"
PLAIN = sheet_xml([["id", "name"], [1, "a"], [2, "b"]])


def opened(folder: Path, content: bytes, reading: Reading = AS_GUESSED) -> tuple[Opened, pl.DataFrame]:
    (folder / "file.xlsx").write_bytes(content)
    found = to_parquet(folder / "file.xlsx", folder / "out.parquet", name="file.xlsx", reading=reading)
    return found, pl.read_parquet(folder / "out.parquet")


def test_the_first_sheet_that_is_shown_and_not_empty(tmp_path: Path) -> None:
    content = xlsx({"Notes": sheet_xml([]), "Hidden": PLAIN, "Data": PLAIN, "More": PLAIN}, hidden=["Hidden"])
    found, frame = opened(tmp_path, content)
    assert found.dialect["sheet"] == "Data"
    assert found.dialect["sheets"] == ["Notes", "Hidden", "Data", "More"]
    assert frame.rows() == [(1, "a"), (2, "b")]


def test_a_sheet_by_name(tmp_path: Path) -> None:
    content = xlsx({"Data": PLAIN, "More": sheet_xml([["z"], [7.5]])})
    found, frame = opened(tmp_path, content, Reading(sheet="More"))
    assert (found.dialect["sheet"], frame.to_dict(as_series=False)) == ("More", {"z": [7.5]})
    with pytest.raises(UnreadableFile, match=r"no sheet 'None of these'. Choose one of 'Data', 'More'"):
        opened(tmp_path, content, Reading(sheet="None of these"))


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="every sheet is empty"):
        opened(tmp_path, xlsx({"One": sheet_xml([])}))


@pytest.mark.parametrize(("since_1904", "serial"), [(False, 41_640), (True, 40_178)])
def test_dates_count_from_1900_or_1904(tmp_path: Path, since_1904: bool, serial: int) -> None:
    # 31 December 2013 is day 41639 of the 1900 system, 1462 less in the 1904 one (ECMA-376, 18.17.4.1)
    rows = [["day", "at"], [("date", serial - 1), ("time", serial - 1 + 0.25)]]
    _, frame = opened(tmp_path, xlsx({"Data": sheet_xml(rows)}, since_1904=since_1904))
    assert frame.row(0) == (date(2013, 12, 31), datetime.fromisoformat("2013-12-31T06:00"))


def test_values_keep_their_kind(tmp_path: Path) -> None:
    rows = [["zip", "ok", "x", "n", "t"], ["00123", True, 0.1, 1, "a\nb"], ["04567", False, 1e300, -7, 'say "hi"']]
    _, frame = opened(tmp_path, xlsx({"Data": sheet_xml(rows)}))
    assert frame.rows() == [("00123", True, 0.1, 1, "a\nb"), ("04567", False, 1e300, -7, 'say "hi"')]


def test_a_title_above_the_table(tmp_path: Path) -> None:
    rows = [["Report of 2013"], [], [None, "by me"], ["id", "name", "x"], [1, "a", 2], [2, None, 3]]
    found, frame = opened(tmp_path, xlsx({"Data": sheet_xml(rows, merged=["A1:C1"])}))
    assert frame.rows() == [(1, "a", 2), (2, None, 3)]
    assert found.dialect["skipped"] == 3
    again, same = opened(tmp_path, xlsx({"Data": sheet_xml(rows)}), Reading(skipped=3, header=True))
    assert same.equals(frame)
    assert again.dialect == found.dialect


def test_merged_cells_of_a_header(tmp_path: Path) -> None:
    rows = [["id", "weight", None, "size"], [None, "kg", "lb", None], [1, 2.5, 5.5, "L"], [2, 3.5, 7.5, "M"]]
    content = xlsx({"Data": sheet_xml(rows, merged=["A1:A2", "B1:C1", "D1:D2"])})
    _, frame = opened(tmp_path, content)
    assert frame.columns == ["id", "weight kg", "weight lb", "size"]
    assert frame.rows() == [(1, 2.5, 5.5, "L"), (2, 3.5, 7.5, "M")]


def test_formulas_without_a_value_are_told(tmp_path: Path) -> None:
    rows = [["id", "sum"], [1, ("formula", None)], [2, ("formula", 3.5)], [3, ("formula", None)]]
    found, frame = opened(tmp_path, xlsx({"Data": sheet_xml(rows)}))
    assert frame["sum"].to_list() == [None, 3.5, None]
    notes = [(note.column, note.count) for note in found.notes if "formulas" in note.text]
    assert notes == [("sum", 2)]


def test_no_header(tmp_path: Path) -> None:
    content = xlsx({"Data": sheet_xml([[1, 2], [3, 4]])})
    found, frame = opened(tmp_path, content)
    assert (found.dialect["header"], frame.rows()) == (False, [(1, 2), (3, 4)])
    _, frame = opened(tmp_path, xlsx({"Data": PLAIN}), Reading(header=False))
    assert frame.height == 3


def test_an_old_workbook(tmp_path: Path) -> None:
    """Written by xlwt 1.3.0: five rows of a number, a day and a half."""
    found, frame = opened(tmp_path, (GOLDEN / "old_workbook.xls").read_bytes())
    assert found.dialect["sheets"] == ["One"]
    assert frame.row(4) == (4, date(2013, 1, 5), 2.0)


def test_an_open_document_spreadsheet(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, ods([["id", "name"], [1, "a"], [2.5, "b"]]))
    assert frame.rows() == [(1.0, "a"), (2.5, "b")]


def test_few_cells_far_apart_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    far = sheet_xml([["a", "b"], [1, 2]]).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with pytest.raises(RefusedFile, match=r"16,384 columns"):
        opened(tmp_path, xlsx({"Data": far}))
    with pytest.raises(RefusedFile, match=r"only 5 filled cells"):
        opened(tmp_path, xlsx({"Data": far.replace("XFD", "ZZ")}))


def test_a_row_that_is_left_out_reads_as_a_row(tmp_path: Path) -> None:
    rows = [["id", "name"], [1, "a"], ["id", "name"], [2, "b"]]
    found, frame = opened(tmp_path, xlsx({"Data": sheet_xml(rows)}))
    assert [(row.line, row.text) for row in found.rejected] == [(3, "id, name")]
    assert frame["id"].to_list() == [1, 2]
