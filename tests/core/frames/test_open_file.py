"""What people drop becomes a table, and what was noticed on the way is kept."""

import gzip
import time
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from core.errors import UnreadableFile
from core.frames.open_file import Opened, to_parquet

ROWS = "".join(f"{i},{'ab'[i % 2]},{i * 1.5}\n" for i in range(200))


def opened(folder: Path, content: str | bytes, name: str = "file.csv") -> tuple[Opened, pl.DataFrame]:
    source = folder / name
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = to_parquet(source, folder / "out.parquet", name=name)
    frame = pl.read_parquet(folder / "out.parquet")
    assert found.rows == frame.height
    assert list(found.columns) == frame.columns
    return found, frame


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    found, frame = opened(tmp_path, ("id,kind,value\n" + ROWS).replace(",", delimiter))
    assert found.dialect["delimiter"] == delimiter
    assert frame.schema == {"id": pl.Int64, "kind": pl.String, "value": pl.Float64}
    assert frame.row(199) == (199, "b", 298.5)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(tmp_path: Path, ending: str) -> None:
    _, frame = opened(tmp_path, ("id,kind,value\n" + ROWS).replace("\n", ending))
    assert frame.height == 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "name,city\n" + "José,Zürich\nRené,Genève\n" * 50
    _, frame = opened(tmp_path, text.encode(encoding))
    assert frame.columns == ["name", "city"]
    assert frame.row(0) == ("José", "Zürich")


def test_gzip(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, gzip.compress(("id,kind,value\n" + ROWS).encode()), "file.csv.gz")
    assert frame.height == 200


def test_three_ragged_rows_are_kept_apart_with_their_lines(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "id,kind,value\n1,a\n" + ROWS + "5,6,7,8\nx\n")
    assert frame.height == 200
    assert found.rejected_count == 3
    assert [(row.line, row.reason) for row in found.rejected] == [
        (2, "too few cells"),
        (203, "too many cells"),
        (204, "too few cells"),
    ]


def test_an_open_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, 'id,kind,value\n1,"a,2\n' + ROWS)
    assert frame.height == 201


def test_line_breaks_and_delimiters_inside_quotes(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, 'id,text\n1,"a,b\nc"\n2,"say ""hi"""\n')
    assert frame["text"].to_list() == ["a,b\nc", 'say "hi"']


def test_a_late_text_makes_the_column_text(tmp_path: Path) -> None:
    lines = "".join(f"{i}\n" for i in range(30_000))
    _, frame = opened(tmp_path, "value\n" + lines + "none of these\n")
    assert frame["value"].dtype == pl.String
    assert frame.height == 30_001


def test_codes_stay_text(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, "zip,long,n\n00123,12345678901234567890,1\n04567,12345678901234567891,2\n")
    assert frame["zip"].to_list() == ["00123", "04567"]
    assert frame["long"].dtype == pl.String


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2013-12-31", date(2013, 12, 31)),
        ("31.12.2013", date(2013, 12, 31)),
        ("12/31/2013", date(2013, 12, 31)),
        ("2013-12-31 05:10", datetime.fromisoformat("2013-12-31T05:10")),
        ("2013-12-31T05:10:00Z", datetime(2013, 12, 31, 5, 10, tzinfo=UTC)),
        ("2013-12-31T05:10:00+02:00", datetime(2013, 12, 31, 3, 10, tzinfo=UTC)),
        ("TRUE", True),
        ("-1.5e3", -1500.0),
        ("+7", 7),
    ],
)
def test_values_get_their_type(tmp_path: Path, text: str, value: object) -> None:
    _, frame = opened(tmp_path, f"name,value\nx,{text}\ny,{text}\n")
    assert frame["value"][0] == value
    assert type(frame["value"][0]) is type(value)


def test_a_date_that_could_be_two_days_stays_text(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, "name,day\nx,03/04/2013\ny,05/06/2013\n")
    assert frame["day"].dtype == pl.String


def test_decimal_commas_are_read(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "id;v\n1;1.234,5\n2;0,25\n")
    assert frame["v"].to_list() == [1234.5, 0.25]
    assert [note.column for note in found.notes if note.about == "reading"] == ["v"]


def test_a_marker_for_missing_does_not_make_numbers_text(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "id,v\n1,NA\n2,0.5\n3,NA\n")
    assert frame["v"].to_list() == [None, 0.5, None]
    assert [(n.column, n.count) for n in found.notes if n.about == "disguised_nulls"] == [("v", 2)]


def test_repeated_and_blank_names_are_made_unique(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "id,id,,ID, v \n1,2,3,4,5\n6,7,8,9,0\n")
    assert frame.columns == ["id", "id_2", "column_3", "ID_3", "v"]
    assert {n.column for n in found.notes if n.about == "column_names"} == {"id_2", "column_3", "ID_3", "v"}


def test_a_file_without_a_header(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, ROWS)
    assert frame.columns == ["column_1", "column_2", "column_3"]
    assert found.dialect["header"] is False


def test_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "Report of 2013\nby me\n\nid,kind,value\n" + ROWS)
    assert frame.columns == ["id", "kind", "value"]
    assert found.dialect["skipped"] == 3  # the blank one too: the header is in line 4


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, "id,kind,value\n")
    assert frame.columns == ["id", "kind", "value"]
    assert frame.height == 0


def test_a_delimiter_at_each_end_is_no_column(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, ("id,kind,value\n" + ROWS).replace("\n", ",\n"))
    assert frame.columns == ["id", "kind", "value"]


def test_json_lines(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, '{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n', "file.json")
    assert found.dialect["format"] == "json"
    assert frame.rows() == [(1, "x"), (2, None)]


def test_parquet_comes_with_plain_types(tmp_path: Path) -> None:
    at = datetime.fromisoformat("2013-01-01")
    given = pl.DataFrame({"n": [1, 2], "list": [[1], [2, 3]], "at": [at, None], "price": [1.5, None]})
    given = given.with_columns(
        pl.col("price").cast(pl.Decimal(10, 2)), kind=pl.Series(["a", "b"], dtype=pl.Categorical)
    )
    given.write_parquet(tmp_path / "given.parquet")
    _, frame = opened(tmp_path, (tmp_path / "given.parquet").read_bytes(), "file.parquet")
    assert frame.schema["price"] == pl.Float64
    assert frame.schema["list"] == pl.String
    assert frame.schema["kind"] == pl.String
    assert frame.schema["at"] == pl.Datetime("us")


def test_nothing_is_left_behind_when_a_file_cannot_be_read(tmp_path: Path) -> None:
    source = tmp_path / "empty.csv"
    source.write_bytes(b"")
    with pytest.raises(UnreadableFile):
        to_parquet(source, tmp_path / "out.parquet", name="empty.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.csv"]


@pytest.mark.parametrize("start", ['a,"b\nc"\n', '"A title\nof two lines"\n\na,b\n', '\n\na,"b\r\nc"\n\n'])
def test_a_line_break_in_a_name_costs_no_row(tmp_path: Path, start: str) -> None:
    _, frame = opened(tmp_path, start + "".join(f"{i},{i}\n" for i in range(20)))
    assert frame["a"].to_list() == list(range(20))


@pytest.mark.parametrize("value", ["2024-01-01 10:00:00", "10:30", "2024-01-01T10:00:00+02:00", "http://x.y/z"])
def test_one_column_with_colons_is_one_column(tmp_path: Path, value: str) -> None:
    _, frame = opened(tmp_path, "when\n" + f"{value}\n" * 30)
    assert (frame.columns, frame.height) == (["when"], 30)


def test_one_column_of_times_without_a_name_is_one_column(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, "2024-01-01 10:00:00\n" * 30)
    assert frame.shape == (30, 1)


def test_the_separator_line_of_a_spreadsheet_is_no_row(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "sep=;\na;b\n" + "1;2,5\n" * 30)
    assert (frame.columns, frame.height, found.dialect["delimiter"]) == (["a", "b"], 30, ";")
    _, frame = opened(tmp_path, "sep=;\n" + "1;2\n" * 30)
    assert frame.height == 30


def test_many_columns_without_a_value_cost_little(tmp_path: Path) -> None:
    started = time.process_time()
    _, frame = opened(tmp_path, ",".join(f"c{i}" for i in range(600)) + "\n" + "," * 599 + "\n")
    assert frame.width == 600
    assert time.process_time() - started < 5  # every reading tried on every column took 15


def test_columns_that_blanks_part(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "id   name  value\n" + "  1   a    2.5  \n 22   bb   3\n" * 20)
    assert (frame.columns, frame.height) == (["id", "name", "value"], 40)
    assert (frame.row(1), found.dialect["delimiter"]) == ((22, "bb", 3.0), " ")


@pytest.mark.parametrize(
    "text", ["room\n" + "Room 12\nRoom 13\n" * 9, "a long title\n" + "two words\nof three words\n" * 9]
)
def test_blanks_between_words_part_nothing(tmp_path: Path, text: str) -> None:
    _, frame = opened(tmp_path, text)
    assert frame.width == 1


def test_blanks_before_quotes(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, 'id, name, value\n1, "a, b", 2\n2, "c", 3\n')
    assert frame.rows() == [(1, "a, b", 2), (2, "c", 3)]


def test_an_open_quote_costs_one_row_at_most(tmp_path: Path) -> None:
    rows = [f'{i},"text {i}",{i}\n' for i in range(100)]
    rows[40] = '40,"text,40\n'
    rows[60] = '60,"a"b",60\n'
    rows[80] = '80,"five" pipe",80,81\n'
    found, frame = opened(tmp_path, "id,text,n\n" + "".join(rows))
    assert frame["id"].to_list() == [i for i in range(100) if i != 80]
    assert [(row.line, row.reason) for row in found.rejected] == [(82, "a quote that does not close")]


def test_a_title_that_a_spreadsheet_has_filled_up_is_no_header(tmp_path: Path) -> None:
    rows = "".join(f"Müller;Köln;{i},5\r\n" for i in range(30))
    found, frame = opened(tmp_path, f"Umsatz 2024;;\r\n;;\r\nName;Ort;Umsatz (€)\r\n{rows}".encode("cp1252"))
    assert frame.columns == ["Name", "Ort", "Umsatz (€)"]
    assert (frame.height, frame["Umsatz (€)"].dtype) == (30, pl.Float64)
    assert [note.text for note in found.notes if note.about == "parse"] == ["Umsatz 2024"]


def test_a_header_with_one_name_stays_the_header(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, "city;;\n" + "Rome;1;2\nOslo;3;4\n" * 20)
    assert frame.columns[0] == "city"


def test_json_of_several_kinds_is_read_without_its_quotation_marks(tmp_path: Path) -> None:
    lines = ['{"x": "12.5", "y": {"a": [1, 2]}}', '{"x": 3.5, "y": {"a": []}}', '{"x": null, "y": null}']
    _, frame = opened(tmp_path, "\n".join(lines), "file.jsonl")
    assert frame["x"].to_list() == ["12.5", "3.5", None]
    assert frame["y"].to_list() == ['{"a":[1,2]}', '{"a":[]}', None]


def test_a_total_is_left_out_only_where_it_is_one(tmp_path: Path) -> None:
    rows = "".join(f"{'abc'[i % 3]},{i},{i}\n" for i in range(10))
    found, frame = opened(tmp_path, "kind,n,x\n" + rows + "Total,45,45\n")
    assert [(row.line, row.reason) for row in found.rejected] == [(12, "a total line")]
    assert frame.height == 10
    _, frame = opened(tmp_path, "kind,n,x\n" + rows + "Total,7,45\n")
    assert frame.height == 11


def test_a_header_that_comes_again_is_left_out_with_its_line(tmp_path: Path) -> None:
    header = "id,kind,value\n"
    found, frame = opened(tmp_path, f"{header}{ROWS}\n{header}7,,\n" + ' id ,"kind",value\n' + ROWS)
    assert [(row.line, row.reason, row.text) for row in found.rejected] == [
        (203, "the header again", "id,kind,value"),
        (205, "the header again", 'id ,"kind",value'),
    ]
    assert found.rejected_count == 2
    assert frame.height == 401
    assert frame.dtypes == [pl.Int64, pl.String, pl.Float64]
    assert "lines 203, 205" in {note.text for note in found.notes}


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (["1,234.50", "12"], [1234.5, 12.0]),
        (["1'234.5", "1"], [1234.5, 1.0]),
        (["1 234,5", "1,25"], [1234.5, 1.25]),
        (["1\u00a0234", "7"], [1234.0, 7.0]),
        (["1,234", "5,678"], ["1,234", "5,678"]),  # a thousand, or one and a bit: nobody can tell
    ],
)
def test_numbers_of_many_countries(tmp_path: Path, values: list[str], read: list[object]) -> None:
    _, frame = opened(tmp_path, "id;v\n" + "".join(f"{i};{value}\n" for i, value in enumerate(values)))
    assert frame["v"].to_list() == read


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "東京都,さっぽろ\n大阪市,カナガワ"),
        ("gb18030", "北京市,广州市\n深圳市,成都市"),
        ("big5", "臺北市,高雄市\n中山路,桃園市"),
        ("euc_kr", "서울특별시,부산광역시\n해운대,인천"),
        ("koi8-r", "Москва,Казань\nСамара,Тверь"),
        ("cp1251", "МОСКВА,Казань\nСамара,Тверь"),
        ("cp1250", "Łódź,Plzeň\nSzékesfehérvár,Świdnica"),
        ("iso8859-2", "Łódź,Plzeň\nSzékesfehérvár,Świdnica"),
        ("cp1253", "Αθήνα,Πάτρα\nΘεσσαλονίκη,Βόλος"),
        ("cp1254", "İstanbul,Çağlayan\nŞişli,Iğdır güneş"),
        ("cp1255", "ירושלים,תל אביב\nחיפה,אילת"),
        ("cp1256", "القاهرة,بيروت\nدمشق,عمان"),
        ("utf-16-le", "Москва,東京\nKöln,Łódź"),
        ("utf-32-be", "Москва,東京\nKöln,Łódź"),
    ],
)
def test_encodings_of_many_countries(tmp_path: Path, encoding: str, text: str) -> None:
    _, frame = opened(tmp_path, f"a,b\n{text}\n".encode(encoding))
    assert frame.rows() == [tuple(line.split(",")) for line in text.split("\n")]
