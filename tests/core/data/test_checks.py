"""Each defect, put into a clean table, is found by its check; the clean table gives no warning."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.data.all_rows import has_rows, rows_of
from core.data.check import Check
from core.data.checks import CHECKS
from core.data.finding import CheckStatus, Finding, Severity
from core.data.validation import Validation, validate
from core.errors import InvalidInput
from core.frames.open_file import to_parquet
from core.frames.opened import Opened

NOW = datetime(2013, 7, 1, tzinfo=UTC)
ROWS = 1_200


def clean() -> pl.DataFrame:
    chance = random.Random(3)
    return pl.DataFrame(
        {
            "order_id": [f"A-{i:05}" for i in range(ROWS)],
            "at": [datetime.fromisoformat("2013-01-01") + timedelta(hours=3 * i) for i in range(ROWS)],
            "amount": [round(math.exp(chance.gauss(3, 1)), 2) for _ in range(ROWS)],
            "temperature": [round(chance.gauss(15, 8), 1) for _ in range(ROWS)],
            "items": [chance.randint(1, 9) for _ in range(ROWS)],
            "city": [chance.choice(["Rome", "Oslo", "New York", "São Paulo"]) for _ in range(ROWS)],
            "paid": [chance.random() < 0.4 for _ in range(ROWS)],
            "note": [f"parcel {i} of {chance.random():.9f}" for i in range(ROWS)],
        }
    )


def validated(folder: Path, frame: pl.DataFrame, *, through_csv: bool = True) -> Validation:
    source = folder / "file"
    if through_csv:
        frame.write_csv(source)
    else:
        frame.write_parquet(source)
    return opened_and_validated(source)


def opened_and_validated(source: Path) -> Validation:
    parquet = source.with_suffix(".made")
    return validate(parquet, to_parquet(source, parquet, name="file.csv"), now=NOW)


def failed(validation: Validation, check: str) -> list[Finding]:
    return [f for f in validation.findings if f.check == check and f.status is CheckStatus.FAILED]


def put(column: str, values: Any, rows: range | list[int]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Write a value (or the values of a function of the old one) into some rows, as text where need be."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        held: list[Any] = frame[column].to_list()
        for row in rows:
            held[row] = values(held[row]) if callable(values) else values
        texts = any(isinstance(value, str) for value in held)
        made = [None if v is None else str(v) for v in held] if texts else held
        return frame.with_columns(pl.Series(column, made, strict=False))

    return change


def tied(frame: pl.DataFrame) -> pl.DataFrame:
    """Add a column that is nearly twice another one."""
    noise = pl.Series([math.sin(i * i) / 10 for i in range(frame.height)])
    return frame.with_columns(double=pl.col("temperature") * 2 + noise)


def twice(frame: pl.DataFrame, rows: range) -> pl.DataFrame:
    """Add rows again under keys of their own, at times of their own."""
    again = frame[rows.start : rows.stop].with_columns(
        pl.col("order_id") + "b", pl.col("note") + "b", pl.col("at") + pl.duration(minutes=1), pl.col("amount") + 1e-4
    )
    return pl.concat([frame, again])


def with_country(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the country of each city."""
    names = {"Rome": "IT", "Oslo": "NO", "New York": "US", "São Paulo": "BR"}
    return frame.with_columns(country=pl.col("city").replace_strict(names))


def with_level(frame: pl.DataFrame) -> pl.DataFrame:
    """Add a value that moves smoothly in time."""
    return frame.with_columns(level=pl.Series([50 + 20 * math.sin(i / 40) for i in range(frame.height)]))


def put_new(column: str, value: float) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Add a column of ones with one other value."""
    return lambda frame: frame.with_columns(pl.Series(column, [value] + [1.0] * (frame.height - 1)))


def put_times_to(end: datetime) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Move the times so that the last one is ``end``."""
    return lambda frame: frame.with_columns(pl.col("at") - pl.col("at").max() + end)


SOME = range(0, 60, 5)
EVERY = range(ROWS)
DEFECTS: dict[str, tuple[str, str | None, Severity, Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "a few cells emptied": ("missing_values", "amount", Severity.INFO, put("amount", None, SOME)),
    "many cells emptied": ("missing_values", "amount", Severity.WARNING, put("amount", None, range(300))),
    "a column emptied": ("missing_values", "amount", Severity.ERROR, put("amount", None, EVERY)),
    "N/A for missing": ("disguised_missing", "city", Severity.WARNING, put("city", "N/A", SOME)),
    "? among numbers": ("disguised_missing", "items", Severity.INFO, put("items", "?", SOME)),
    "-999 for missing": ("sentinel_numbers", "temperature", Severity.WARNING, put("temperature", -999.0, SOME)),
    "9999 for missing": ("sentinel_numbers", "items", Severity.WARNING, put("items", 9_999, [7])),
    "an own code far away": ("sentinel_numbers", "temperature", Severity.WARNING, put("temperature", 5_000.0, SOME)),
    "-1 among counts": ("sentinel_numbers", "amount", Severity.WARNING, put("amount", -1.0, range(0, 90, 3))),
    "one value": ("constant", "city", Severity.WARNING, put("city", "Rome", EVERY)),
    "nearly one value": ("almost_constant", "city", Severity.INFO, put("city", "Rome", range(ROWS - 20))),
    "a stray word": ("numbers_as_text", "amount", Severity.WARNING, put("amount", "unknown", SOME)),
    "a unit": ("numbers_as_text", "amount", Severity.WARNING, put("amount", lambda v: f"{v} kg", EVERY)),
    "a currency": ("numbers_as_text", "amount", Severity.WARNING, put("amount", lambda v: f"${v:,}", EVERY)),
    "ambiguous dates": ("dates_as_text", "at", Severity.WARNING, put("at", "03/04/2013", EVERY)),
    "a stray date": ("dates_as_text", "at", Severity.WARNING, put("at", "soon", SOME)),
    "three ways of missing": (
        "disguised_missing",
        "city",
        Severity.WARNING,
        lambda f: put("city", "-", [1])(put("city", "N/A", SOME)(f)),
    ),
    "dates among words": ("mixed_types", "city", Severity.WARNING, put("city", "2013-05-01", range(60))),
    "numbers in a third of the words": ("mixed_types", "city", Severity.INFO, put("city", "7", range(400))),
    "a point more": ("spelling_variants", "city", Severity.WARNING, put("city", "New York.", SOME)),
    "a zero-width blank inside": ("surrounding_blanks", "city", Severity.WARNING, put("city", "Os\u200blo", SOME)),
    "zeros lost at the front": (
        "lost_digits",
        "zip",
        Severity.WARNING,
        lambda f: f.with_columns(zip=10_000 + pl.int_range(f.height) * 7).pipe(put("zip", 2_134, SOME)),
    ),
    "a key with decimals": (
        "lost_digits",
        "customer_id",
        Severity.INFO,
        lambda f: f.with_columns(customer_id=(pl.int_range(f.height) * 3 + 7.0)),
    ),
    "a column that a program named": (
        "column_names",
        "Unnamed: 7",
        Severity.WARNING,
        lambda f: f.rename({"paid": "Unnamed: 7"}),
    ),
    "addresses of computers": (
        "personal_data",
        "note",
        Severity.WARNING,
        put("note", lambda v: f"10.0.{len(v) % 256}.7", EVERY),
    ),
    "names of people by their header": (
        "personal_data",
        "last_name",
        Severity.INFO,
        lambda f: f.rename({"city": "last_name"}),
    ),
    "rows numbered at the end": (
        "leftover_index",
        "n",
        Severity.INFO,
        lambda f: f.with_columns(n=pl.int_range(1, f.height + 1)),
    ),
    "uneven weights": (
        "sample_weights",
        "fnlwgt",
        Severity.WARNING,
        lambda f: f.with_columns(fnlwgt=pl.int_range(1, f.height + 1).cast(pl.Float64) ** 8),
    ),
    "words among numbers": ("mixed_types", "items", Severity.WARNING, put("items", "several", range(100))),
    "infinities": ("infinities", "amount", Severity.ERROR, put("amount", math.inf, SOME)),
    "far values": ("outliers", "temperature", Severity.INFO, put("temperature", lambda v: v * 30 + 200, SOME)),
    "other case": ("spelling_variants", "city", Severity.WARNING, put("city", "oslo", SOME)),
    "other spaces": ("spelling_variants", "city", Severity.WARNING, put("city", "New  York", SOME)),
    "a trailing blank": ("surrounding_blanks", "city", Severity.WARNING, put("city", "Oslo ", SOME)),
    "a non-breaking blank": ("surrounding_blanks", "city", Severity.WARNING, put("city", "Oslo\u00a0", SOME)),
    "signs only": ("only_signs", "city", Severity.WARNING, put("city", "***", SOME)),
    "mojibake": ("broken_characters", "city", Severity.WARNING, put("city", "SÃ£o Paulo", SOME)),
    "a rare level": ("rare_levels", "city", Severity.INFO, put("city", "Lima", [3])),
    "a repeated key": ("broken_key", "order_id", Severity.WARNING, put("order_id", "A-00000", SOME)),
    "a future date": ("future_dates", "at", Severity.WARNING, put("at", datetime.fromisoformat("2033-01-01"), [5])),
    "a default date": ("early_dates", "at", Severity.WARNING, put("at", datetime.fromisoformat("1900-01-01"), SOME)),
    "the epoch": ("early_dates", "at", Severity.WARNING, put("at", datetime.fromisoformat("1970-01-01"), SOME)),
    "e-mail addresses": ("personal_data", "note", Severity.WARNING, put("note", "ann@example.org", range(100))),
    "formulas": ("formula_cells", "note", Severity.WARNING, put("note", '=cmd|"/c calc"!A0', SOME)),
    "a repeated header": ("repeated_header", "city", Severity.ERROR, put("city", "city", [600])),
    "mostly zeros": ("many_zeros", "amount", Severity.INFO, put("amount", 0.0, range(800))),
    "many levels": ("many_levels", "city", Severity.INFO, put("city", lambda _: f"c{random.randint(0, 200)}", EVERY)),
    "repeated rows": ("duplicate_rows", None, Severity.WARNING, lambda f: pl.concat([f, f[10:30]])),
    "a repeated column": ("duplicate_columns", "copy", Severity.WARNING, lambda f: f.with_columns(copy="amount")),
    "few rows": ("table_size", None, Severity.WARNING, lambda f: f[:50]),
    "no rows": ("table_size", None, Severity.ERROR, lambda f: f[:0]),
    "a text run together": ("text_length", "note", Severity.INFO, put("note", lambda v: v * 9, [4, 500])),
    "one vast amount": ("heavy_tail", "amount", Severity.INFO, put("amount", 9e9, [3])),
    "a row like no other": ("outlier_rows", None, Severity.INFO, lambda f: tied(f).pipe(put("double", 2.0, [9]))),
    "a row under two keys": ("near_duplicate_rows", None, Severity.INFO, lambda f: twice(f, rows=range(10, 30))),
    "an almost repeated column": (
        "duplicate_columns",
        "copy",
        Severity.WARNING,
        lambda f: put("copy", "Nome", SOME)(f.with_columns(copy="city")),
    ),
    "two columns of one measure": ("correlated_columns", "double", Severity.INFO, lambda f: tied(f)),
    "a city under another country": (
        "broken_rule",
        "country",
        Severity.WARNING,
        lambda f: put("country", "IT", [7])(with_country(f)),
    ),
    "rows sorted by their value": ("row_order", "temperature", Severity.INFO, lambda f: f.sort("temperature")),
    "a negative weight": ("sample_weights", "weights", Severity.WARNING, put_new("weights", -1.0)),
    "a weight of zero": ("sample_weights", "weights", Severity.WARNING, put_new("weights", 0.0)),
    "steps back in time": ("time_order", "at", Severity.INFO, lambda f: pl.concat([f[600:], f[:600]])),
    "a day without rows": ("time_gaps", "at", Severity.WARNING, lambda f: pl.concat([f[:400], f[408:]])),
    "one row a time, one twice": (
        "repeated_times",
        "at",
        Severity.WARNING,
        lambda f: put("at", f["at"][7], [8])(f),
    ),
    "a zone in some": ("mixed_zones", "at", Severity.WARNING, put("at", lambda v: f"{v}+02:00", SOME)),
    "nothing new for days": ("freshness", "at", Severity.INFO, put_times_to(datetime.fromisoformat("2013-06-25"))),
    "a category that comes late": ("late_levels", "city", Severity.INFO, put("city", "Lima", range(900, 1200, 4))),
    "a source that falls silent": ("silent_periods", "amount", Severity.INFO, put("amount", None, range(500, 570))),
    "empty beside one category": (
        "missing_by_group",
        "amount",
        Severity.INFO,
        lambda f: f.with_columns(pl.when(pl.col("city") != "Oslo").then("amount").alias("amount")),
    ),
    "a value that jumps and comes back": (
        "spikes_in_time",
        "level",
        Severity.WARNING,
        lambda f: put("level", 3.0, [600])(with_level(f)),
    ),
    "a sensor that stands still": (
        "stuck_values",
        "temperature",
        Severity.WARNING,
        put("temperature", 21.5, range(300, 420)),
    ),
    "a unit that changes half-way": (
        "unit_change",
        "temperature",
        Severity.WARNING,
        put("temperature", lambda v: v * 1_000, range(700, ROWS)),
    ),
    "an index": ("leftover_index", "index", Severity.INFO, lambda f: f.with_row_index("index")),
}


def test_a_clean_table_gives_no_warning(tmp_path: Path) -> None:
    for through_csv in (True, False):
        validation = validated(tmp_path, clean(), through_csv=through_csv)
        fine = {CheckStatus.PASSED, CheckStatus.NOT_APPLICABLE}  # there is no label to look at
        assert [f.message for f in validation.findings if f.status not in fine] == []
        assert {f.check for f in validation.findings} == set(CHECKS)
        assert validation.starts == datetime(2013, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_found(tmp_path: Path, defect: str) -> None:
    check, column, severity, injure = DEFECTS[defect]
    found = [f for f in failed(validated(tmp_path, injure(clean())), check) if f.column == column]
    assert [f.severity for f in found] == [severity]
    finding = found[0]
    assert (f"`{column}`" in finding.message) or column is None
    assert finding.message.endswith(".")
    assert 0 <= finding.share <= 1
    assert finding.interval is None or finding.interval.contains(finding.share)
    assert len(finding.sample) <= 5
    assert all(sample["row"] >= 1 for sample in finding.sample)
    assert_all_rows_can_be_had(tmp_path / "file.made", finding)


def assert_all_rows_can_be_had(parquet: Path, finding: Finding) -> None:
    opened = Opened(rows=finding.of, columns=())
    if not has_rows(finding):
        with pytest.raises(InvalidInput, match="no single rows"):
            rows_of(parquet, opened, finding, now=NOW)
        return
    rows = rows_of(
        parquet, replace(opened, rows=pl.scan_parquet(parquet).select(pl.len()).collect().item()), finding, now=NOW
    )
    assert rows.height == finding.count
    assert (rows["row"][0], rows["row"][-1]) == (finding.first, finding.last)
    assert {sample["row"] for sample in finding.sample} <= set(rows["row"])


def test_a_finding_says_how_many_where_and_what_to_do(tmp_path: Path) -> None:
    frame = put("temperature", -999.0, [4, 17, 100])(clean())
    (found,) = failed(validated(tmp_path, frame), "sentinel_numbers")
    assert found.count == 3
    assert [sample["row"] for sample in found.sample] == [5, 18, 101]
    assert found.message.startswith("`temperature` has 3 values of -999 (0.2 %), far from the rest")
    assert found.message.endswith("Replace them by empty cells.")


@pytest.mark.parametrize(
    ("defect", "first", "last"), [("a sensor that stands still", 301, 420), ("a unit that changes half-way", 701, ROWS)]
)
def test_a_stretch_of_rows_is_named_by_its_first_and_last(tmp_path: Path, defect: str, first: int, last: int) -> None:
    check, column, _, change = DEFECTS[defect]
    (finding,) = [f for f in failed(validated(tmp_path, change(clean())), check) if f.column == column]
    assert (finding.first, finding.last, finding.count) == (first, last, last - first + 1)
    assert f"row {first:,} to row {last:,}" in finding.message


def test_samples_of_personal_data_are_hidden(tmp_path: Path) -> None:
    (found,) = failed(validated(tmp_path, put("note", "ann@example.org", range(100))(clean())), "personal_data")
    assert "ann@" not in str(found)


def test_card_numbers_are_told_by_their_check_digit(tmp_path: Path) -> None:
    cards = clean().with_columns(card=pl.lit(4_111_111_111_111_111))
    cards = put("card", 5_555_555_555_554_444, range(0, ROWS, 2))(cards)
    assert failed(validated(tmp_path, cards), "personal_data")
    stamps = clean().with_columns(ms=pl.int_range(ROWS) * 7_919 + 1_372_636_800_000)
    assert not failed(validated(tmp_path, stamps), "personal_data")


def test_long_numbers_that_lost_their_digits(tmp_path: Path) -> None:
    frame = clean().with_columns(account=(pl.int_range(ROWS) * 1_003 + 2**60).cast(pl.Float64))
    (found,) = failed(validated(tmp_path, frame, through_csv=False), "lost_digits")
    assert found.severity is Severity.ERROR


def test_a_repeated_header_is_one_finding_and_leads_to_no_other(tmp_path: Path) -> None:
    header, *lines = clean().write_csv().splitlines()
    source = tmp_path / "file"
    source.write_text("\n".join([header, *lines[:500], header, *lines[500:900], header, *lines[900:]]) + "\n")
    validation = opened_and_validated(source)
    (found,) = [f for f in validation.findings if f.status is CheckStatus.FAILED]
    assert (found.check, found.column, found.count) == ("repeated_header", None, 2)
    assert "2 rows inside the table repeat the header (lines 502, 903)" in found.message
    assert validation.rows == ROWS


def test_a_header_among_the_rows_of_a_typed_file_is_one_finding(tmp_path: Path) -> None:
    texts = clean().select(pl.all().cast(pl.String))
    row = pl.DataFrame({name: [name] for name in texts.columns})
    frame = pl.concat([texts[:600], row, texts[600:]])
    (found,) = failed(validated(tmp_path, frame, through_csv=False), "repeated_header")
    assert "hold their own names in row 601" in found.message


def test_each_form_of_a_date_is_named_with_its_rows(tmp_path: Path) -> None:
    days = clean()["at"].dt.offset_by("15d")
    forms = [("%Y-%m-%d", range(600)), ("%d/%m/%Y", range(600, 900)), ("%m/%d/%Y", range(900, 1_150))]
    texts = [f"{days[row]:{form}}" for form, rows in forms for row in rows]
    texts += [f"{days[row]:%d %b %Y}" for row in range(1_150, ROWS)]
    (found,) = failed(validated(tmp_path, clean().with_columns(due=pl.Series(texts))), "dates_as_text")
    by_order = [sum(int(text[place : place + 2]) > 12 for text in texts[600:1_150]) for place in (0, 3)]
    unclear = 550 - sum(by_order)
    assert min(*by_order, unclear) > 50
    assert "values, written in 5 ways; “2013-01-16” in 600 rows, " in found.message
    for count in (*by_order, unclear):
        assert f"in {count} rows" in found.message
    assert " 2013” in 50 rows" in found.message
    assert found.count == 600


def test_words_for_missing_are_told_once(tmp_path: Path) -> None:
    marks = ["N/A", "n/a", "NA", "-"]
    frame = clean()
    for row in range(0, 60, 5):
        frame = put("city", marks[row % 4], [row])(put("amount", marks[row % 4], [row])(frame))
    frame = put("amount", "unknown", [7, 8])(frame)
    validation = validated(tmp_path, frame)
    told = sorted((f.column, f.check) for f in validation.findings if f.status is CheckStatus.FAILED)
    assert told == [("amount", "disguised_missing"), ("amount", "numbers_as_text"), ("city", "disguised_missing")]


def test_an_hour_in_halves_of_a_day_is_no_number_with_a_unit(tmp_path: Path) -> None:
    hours = [f"{hour % 12 or 12}{'am' if hour < 12 else 'pm'}" for hour in range(24)]
    validation = validated(tmp_path, clean().with_columns(hr=pl.Series([hours[row % 24] for row in EVERY])))
    assert "numbers_as_text" not in {f.check for f in validation.findings if f.status is CheckStatus.FAILED}


def test_a_running_number_with_repeats_is_no_order_and_no_spike(tmp_path: Path) -> None:
    numbered = clean().with_columns(order_id=pl.int_range(1, ROWS + 1))
    validation = validated(tmp_path, put("order_id", 17, range(100, ROWS, 100))(numbered))
    assert [f.check for f in validation.findings if f.status is CheckStatus.FAILED] == ["broken_key"]


def test_the_sheets_of_a_workbook_that_were_not_read_are_named(tmp_path: Path) -> None:
    parquet = tmp_path / "file.parquet"
    clean().write_parquet(parquet)

    def told(*sheets: str) -> list[str]:
        opened = Opened(rows=ROWS, columns=tuple(clean().columns), dialect={"sheet": "May", "sheets": list(sheets)})
        return [finding.message for finding in failed(validate(parquet, opened, now=NOW), "reading")]

    assert told("May") == []
    assert told("Notes", "May", "June")[0].startswith("The sheet “May” was read; “Notes” and “June” were not.")


def test_a_gap_is_one_row_however_many_have_its_time(tmp_path: Path) -> None:
    rows = clean()[:400]
    twice = pl.concat([rows, rows.with_columns(order_id="order_id" + pl.lit("b"))]).sort("at")
    (found,) = failed(validated(tmp_path, pl.concat([twice[:200], twice[240:500], twice[540:]])), "time_gaps")
    assert found.count == 2
    opened = Opened(rows=720, columns=tuple(rows.columns))
    assert rows_of(tmp_path / "file.made", opened, found, now=NOW)["row"].to_list() == [201, 461]


def test_dates_in_words_are_no_categories_that_come_late(tmp_path: Path) -> None:
    days = clean()["at"].dt.strftime("%d %b %Y")
    forms = clean().with_columns(due=pl.when(pl.int_range(ROWS) % 2 == 0).then(days).otherwise(pl.lit("01 Feb 2013")))
    assert not failed(validated(tmp_path, forms), "late_levels")


def test_a_code_for_missing_is_no_outlier_as_well(tmp_path: Path) -> None:
    coded = put("temperature", -999.0, SOME)(clean())
    told = [f.check for f in validated(tmp_path, coded).findings if f.status is CheckStatus.FAILED]
    assert told == ["sentinel_numbers"]
    far = put("temperature", lambda v: v * 30 + 200, range(200, 240))(coded)
    assert failed(validated(tmp_path, far), "outliers")


def test_ragged_rows_are_an_error_that_names_the_lines(tmp_path: Path) -> None:
    source = tmp_path / "file"
    clean().write_csv(source)
    with source.open("a") as stream:
        stream.write("1,2\n1,2,3\n1,2,3,4,5,6,7,8,9,10\n")
    (found,) = failed(opened_and_validated(source), "rejected_rows")
    assert (found.count, found.severity) == (3, Severity.ERROR)
    assert "1,202, 1,203, 1,204" in found.message


def test_a_total_line_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kind,n\n" + "a,1\nb,2\n" * 20 + "Total,60\n")
    (found,) = failed(opened_and_validated(tmp_path / "file"), "rejected_rows")
    assert (found.count, found.of, found.severity) == (1, 41, Severity.INFO)
    assert "line 42, is a total" in found.message


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b"a,a\n1,2\n", "column_names"),
        (b"1,2\n3,4\n", "column_names"),
        ("name,n\nJosé,1\n".encode("cp1252") * 1, "encoding"),
        (b"a;b\n1;1,5\n2;2,25\n", "reading"),
        (b"Title\n\na,b\n1,2\n3,4\n", "rejected_rows"),
    ],
)
def test_what_opening_noticed_is_told(tmp_path: Path, content: bytes, check: str) -> None:
    (tmp_path / "file").write_bytes(content)
    assert failed(opened_and_validated(tmp_path / "file"), check)


@pytest.mark.parametrize(
    ("name", "why"),
    [("a", "stands more than once"), ("\u202ea\x1b[31m", "cannot be seen"), ("é" * 500, "too long"), (" b ", "blanks")],
)
def test_a_changed_name_is_told_with_its_reason(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_text(f"a,{name}\n1,x\n2,y\n", encoding="utf-8")
    (found,) = failed(opened_and_validated(tmp_path / "file"), "column_names")
    assert why in found.message


def test_a_check_that_crashes_is_a_result(tmp_path: Path) -> None:
    def crash(_: object) -> None:
        raise ZeroDivisionError

    broken = Check(name="broken", title="Broken", severity=Severity.INFO, help="", kinds=("number",), on_column=crash)
    source = tmp_path / "file"
    clean().write_csv(source)
    opened = to_parquet(source, tmp_path / "made", name="file.csv")
    validation = validate(tmp_path / "made", opened, now=NOW, checks={**CHECKS, "broken": broken})
    crashed = [f for f in validation.findings if f.status is CheckStatus.CRASHED]
    assert [f.column for f in crashed] == ["amount", "temperature", "items"]
    assert {f.check for f in validation.findings} == {*CHECKS, "broken"}
