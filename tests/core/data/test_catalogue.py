"""The catalogue: what each entry says of itself, which questions it answers, and that no table brings it down."""

import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.data.check import Check
from core.data.checks import CHECKS
from core.data.finding import CheckStatus, Finding, Severity
from core.data.validation import validate
from core.frames.opened import Opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)

# What is asked of any table, in the order of the list of questions that the checks were made from.
QUESTIONS: dict[int, tuple[str, ...]] = {
    1: ("rejected_rows", "reading", "encoding", "column_names", "row_limit"),
    2: ("encoding", "broken_characters", "surrounding_blanks"),
    3: ("table_size",),
    4: ("column_names",),
    5: ("leftover_index",),
    6: ("missing_values", "missing_by_group", "silent_periods"),
    7: ("disguised_missing",),
    8: ("sentinel_numbers", "early_dates"),
    9: ("constant",),
    10: ("almost_constant",),
    11: ("mixed_types", "repeated_header"),
    12: ("numbers_as_text", "reading"),
    13: ("dates_as_text", "reading"),
    14: ("lost_digits",),
    15: ("spelling_variants",),
    16: ("surrounding_blanks",),
    17: ("only_signs",),
    18: ("text_length",),
    19: ("infinities",),
    20: ("many_zeros",),
    21: ("heavy_tail",),
    22: ("outliers", "spikes_in_time", "stuck_values", "unit_change"),
    23: ("outlier_rows",),
    24: ("many_levels",),
    25: ("rare_levels", "late_levels"),
    26: ("key_candidates", "broken_key"),
    27: ("duplicate_rows",),
    28: ("near_duplicate_rows",),
    29: ("duplicate_columns",),
    30: ("correlated_columns",),
    31: ("broken_rule",),
    32: ("future_dates", "early_dates", "mixed_zones", "time_order", "time_gaps", "repeated_times"),
    33: ("freshness",),
    34: ("personal_data",),
    35: ("formula_cells", "column_names"),
    36: ("label_balance",),
    37: ("conflicting_labels",),
    38: ("label_leakage",),
    39: ("label_errors",),
    40: ("row_order",),
    41: ("sample_weights",),
    46: ("changed_association",),
}


def test_every_question_is_answered() -> None:
    named = {name for names in QUESTIONS.values() for name in names}
    assert named <= set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_an_entry_says_all_of_itself(name: str) -> None:
    check = CHECKS[name]
    assert check.name == name
    for text in (check.title, check.help, check.misleads, check.default, check.source, check.fix):
        assert text.strip() == text != ""
    assert all(text.endswith(".") for text in (check.help, check.misleads, check.default, check.fix))
    assert check.on_column or check.on_table
    assert bool(check.kinds) == (check.on_column is not None)


def _rows(n: int) -> dict[str, pl.Series]:
    times = [datetime(2024, 1, 1) + timedelta(hours=i) for i in range(n)]  # noqa: DTZ001
    return {
        "number": pl.Series([i * 1.7 % 13 for i in range(n)], dtype=pl.Float64),
        "category": pl.Series([("a", "b", "c")[i % 3] for i in range(n)], dtype=pl.String),
        "time": pl.Series(times, dtype=pl.Datetime("us")),
        "day": pl.Series([date(2024, 1, 1)] * n, dtype=pl.Date),
        "flag": pl.Series([i % 2 == 0 for i in range(n)], dtype=pl.Boolean),
    }


def _tables() -> dict[str, pl.DataFrame]:
    n, some = 120, _rows(120)
    empty = {name: pl.Series([None] * n, dtype=series.dtype) for name, series in some.items()}
    odd = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, -1e308, 5e-324]
    nested = [f"[{i}, {i + 1}]" for i in range(n)]
    records = [f'{{"a": {i}, "b": "x"}}' for i in range(n)]
    return {
        "plain": pl.DataFrame(some),
        "one row": pl.DataFrame(_rows(1)),
        "two rows": pl.DataFrame(_rows(2)),
        "no rows": pl.DataFrame(_rows(0)),
        "no columns": pl.DataFrame(),
        "empty cells": pl.DataFrame(empty),
        "constant": pl.DataFrame({name: [series[0]] * n for name, series in some.items()}),
        "half empty": pl.DataFrame(some).with_columns(
            pl.when(pl.int_range(n) % 2 == 0).then(pl.all()).name.keep(),
        ),
        "vast whole numbers": pl.DataFrame(
            {
                "u": pl.Series([2**64 - 1 - i for i in range(n)], dtype=pl.UInt64),
                "i": pl.Series([-(2**63) + i for i in range(n)], dtype=pl.Int64),
                "wide": pl.Series([10**30 + i for i in range(n)], dtype=pl.Int128),
                "small": pl.Series([i % 100 for i in range(n)], dtype=pl.Int8),
            }
        ),
        "NaN and infinities": pl.DataFrame(
            {
                "odd": odd * 15,
                "nan": [math.nan] * n,
                "inf": [math.inf] * n,
                "f32": pl.Series(odd * 15, dtype=pl.Float32),
            }
        ),
        "nested": pl.DataFrame({"list": nested, "record": records}),
        "other types": pl.DataFrame(
            {
                "decimal": pl.Series([f"{i}.50" for i in range(n)]).cast(pl.Decimal(20, 2)),
                "category": some["category"].cast(pl.Categorical),
                "clock": some["time"].dt.time(),
                "length": some["time"] - some["time"][0],
                "zoned": some["time"].dt.replace_time_zone("Europe/Berlin", ambiguous="earliest", non_existent="null"),
                "nothing": pl.Series([None] * n, dtype=pl.Null),
                "far": pl.Series([date(1, 1, 1), date(9999, 12, 31)] * (n // 2)),
            }
        ),
        "odd texts": pl.DataFrame(
            {
                "": ["", " ", "\x00", "\ufeff", "a\nb", "=1+1", "é", "e\u0301"] * 15,
                "a`b": ["x" * 10_000, "y"] * 60,
                "row": [str(i) for i in range(n)],
            }
        ),
    }


TABLES = _tables()


def _findings(folder: Path, frame: pl.DataFrame, checks: dict[str, Check]) -> tuple[Finding, ...]:
    parquet = folder / "table.parquet"
    frame.write_parquet(parquet)
    return validate(parquet, Opened(rows=frame.height, columns=tuple(frame.columns)), now=NOW, checks=checks).findings


@pytest.mark.parametrize("table", TABLES)
def test_no_table_brings_a_check_down(tmp_path: Path, table: str) -> None:
    found = _findings(tmp_path, TABLES[table], dict(CHECKS))
    assert [f.message for f in found if f.status is CheckStatus.CRASHED] == []
    assert {f.check for f in found} == set(CHECKS)
    for finding in found:
        assert finding.message.endswith(".") or finding.status is CheckStatus.PASSED
        assert "nan" not in finding.message.split()
        assert finding.count >= 0


def test_a_check_that_has_nothing_to_look_at_says_why(tmp_path: Path) -> None:
    found = _findings(tmp_path, TABLES["one row"], dict(CHECKS))
    idle = [f for f in found if f.status is CheckStatus.NOT_APPLICABLE]
    assert {"outlier_rows", "late_levels", "label_balance"} <= {f.check for f in idle}
    assert all(f.message.endswith(".") for f in idle)


def test_a_check_that_crashes_says_so_in_words(tmp_path: Path) -> None:
    def crash(_: object) -> None:
        raise RuntimeError("no")

    broken = Check(name="b", title="Nothing is broken", severity=Severity.INFO, help="", on_table=crash)  # pyright: ignore[reportArgumentType]
    (found,) = _findings(tmp_path, TABLES["plain"], {"b": broken})
    assert found.status is CheckStatus.CRASHED
    assert found.message == "“Nothing is broken” could not run (RuntimeError); the other checks did."


def test_a_wide_table_says_what_was_left_out(tmp_path: Path) -> None:
    texts = {f"c{i}": pl.Series(["a", "b", None, "c"] * 60).shuffle(seed=i) for i in range(130)}
    path = tmp_path / "t.parquet"
    pl.DataFrame(texts).write_parquet(path)
    found = validate(path, Opened(rows=240, columns=tuple(texts)), now=NOW).findings
    limits = {f.check: f.message for f in found if f.status is CheckStatus.PASSED and "first 40 of 130" in f.message}
    assert set(limits) >= {"correlated_columns"}
