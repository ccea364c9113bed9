"""Rules beside plain computations on the same rows, and tables that are as nasty as they come."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.contract.contract import Contract, Limit, Rule
from core.data.contract.findings import contract_findings
from core.data.contract.judge import Judged, judge
from core.data.contract.rules import RULES
from core.data.finding import CheckStatus, Severity

NOW = datetime(2013, 7, 1, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)


def judged(rows: dict[str, Any], *rules: Rule, typed: bool = False) -> list[Judged]:
    return list(judge(pl.DataFrame(rows, strict=False), Contract(name="t", rules=rules), now=NOW, typed=typed))


def broken(rows: dict[str, Any], *rules: Rule, typed: bool = False) -> tuple[CheckStatus, int]:
    last = judged(rows, *rules, typed=typed)[-1]
    return last.status, last.broken


def of_type(column: str, name: str) -> Rule:
    return Rule(kind="type", column=column, arguments={"type": name})


FAILED, PASSED, SKIPPED, CRASHED = (
    CheckStatus.FAILED,
    CheckStatus.PASSED,
    CheckStatus.SKIPPED,
    CheckStatus.CRASHED,
)


@pytest.mark.parametrize(
    ("rule", "rows", "expected"),
    [
        (Rule(kind="present", column="a"), {"b": [1]}, (FAILED, 0)),
        (Rule(kind="present", column="a"), {"a": [1]}, (PASSED, 0)),
        (Rule(kind="closed"), {"a": [1]}, (FAILED, 0)),
        (Rule(kind="not_null", column="a"), {"a": [1.0, None, float("nan"), 2.0]}, (FAILED, 2)),
        (Rule(kind="not_null", column="a", arguments={"also": ["?"]}), {"a": ["x", "?", None]}, (FAILED, 2)),
        (Rule(kind="unique", column="a"), {"a": [1, 1, 2, None, None]}, (FAILED, 2)),
        (Rule(kind="unique", column="a"), {"a": [1, 2, None, None]}, (PASSED, 0)),
        (Rule(kind="key", arguments={"columns": ["a", "b"]}), {"a": [1, 1, 1], "b": ["x", "x", "y"]}, (FAILED, 2)),
        (Rule(kind="key", arguments={"columns": ["a", "b"]}), {"a": [1, 1], "b": [None, None]}, (PASSED, 0)),
        (Rule(kind="range", column="a", arguments={"min": 1, "max": 3}), {"a": [0, 1, 3, 4, None]}, (FAILED, 2)),
        (Rule(kind="range", column="a", arguments={"min": 1, "above": True}), {"a": [1, 2]}, (FAILED, 1)),
        (Rule(kind="range", column="a", arguments={"max": 3, "below": True}), {"a": [3, 2]}, (FAILED, 1)),
        (Rule(kind="range", column="a", arguments={"min": "2013-01-02"}), {"a": [date(2013, 1, 1)]}, (FAILED, 1)),
        (Rule(kind="range", column="a", arguments={"min": 0}), {"a": ["x"]}, (CRASHED, 0)),
        (Rule(kind="enumeration", column="a", arguments={"values": ["x"]}), {"a": ["x", "y", None]}, (FAILED, 1)),
        (Rule(kind="enumeration", column="a", arguments={"values": [1, 2.5]}), {"a": [1.0, 2.5, 3.0]}, (FAILED, 1)),
        (Rule(kind="enumeration", column="a", arguments={"values": [True]}), {"a": [True, False]}, (FAILED, 1)),
        (Rule(kind="excluded", column="a", arguments={"values": ["x"]}), {"a": ["x", "y", None]}, (FAILED, 1)),
        (Rule(kind="pattern", column="a", arguments={"pattern": "^N[0-9]+$"}), {"a": ["N12", "12", None]}, (FAILED, 1)),
        (Rule(kind="pattern", column="a", arguments={"pattern": "("}), {"a": ["x"]}, (CRASHED, 0)),
        (Rule(kind="pattern", column="a", arguments={"pattern": "(?=x)"}), {"a": ["x"]}, (CRASHED, 0)),
        (Rule(kind="length", column="a", arguments={"min": 2, "max": 3}), {"a": ["é", "éé", "abcd"]}, (FAILED, 2)),
        (Rule(kind="format", column="a", arguments={"format": "email"}), {"a": ["a@b.ch", "a@b"]}, (FAILED, 1)),
        (Rule(kind="format", column="a", arguments={"format": "ipv4"}), {"a": ["1.2.3.4", "1.2.3.256"]}, (FAILED, 1)),
        (Rule(kind="format", column="a", arguments={"format": "none"}), {"a": ["x"]}, (CRASHED, 0)),
        (Rule(kind="row_count", limit=Limit(operator=">=", numbers=(3.0,))), {"a": [1, 2]}, (FAILED, 2)),
        (Rule(kind="order", column="a", arguments={"other": "b"}), {"a": [1, 2, 3], "b": [1, 1, None]}, (FAILED, 1)),
        (Rule(kind="order", column="a", arguments={"other": "b", "strict": True}), {"a": [1], "b": [1]}, (FAILED, 1)),
        (Rule(kind="order", column="a", arguments={"other": "b"}), {"a": [1]}, (CRASHED, 0)),
        (Rule(kind="unheard", column="a"), {"a": [1]}, (CRASHED, 0)),
    ],
)
def test_a_rule_counts_the_rows_that_break_it(
    rule: Rule, rows: dict[str, Any], expected: tuple[CheckStatus, int]
) -> None:
    assert broken(rows, rule) == expected


@pytest.mark.parametrize(
    ("declared", "values", "typed", "count"),
    [
        ("integer", ["1", " 2 ", "x", "1.5", None], False, 2),
        ("integer", [1.0, 2.5, float("nan"), None], False, 1),
        ("number", ["1.5", "x"], False, 1),
        ("boolean", ["true", "FALSE", "yes"], False, 1),
        ("date", ["2013-01-31", "2013-02-30"], False, 1),
        ("date", [NAIVE, NAIVE.replace(hour=5)], False, 1),
        ("timestamp", ["2013-01-31T10:00:00", "2013-01-31 10:00", "2013-01-31T10:00:00Z", "soon"], False, 1),
        ("string", [1, 2], False, 0),
        ("string", [1, 2], True, 2),
        ("number", [1, 2], True, 0),
        ("integer", [True], True, 1),
    ],
)
def test_a_value_of_another_type_breaks_the_type(declared: str, values: list[Any], typed: bool, count: int) -> None:
    assert broken({"a": values}, of_type("a", declared), typed=typed)[1] == count


def test_a_value_of_another_type_is_told_once_by_the_rule_on_the_type() -> None:
    rules = (of_type("a", "integer"), Rule(kind="range", column="a", arguments={"min": 0, "max": 9}))
    found = judged({"a": ["1", "x", "12"]}, *rules)
    assert [one.broken for one in found] == [1, 1]
    assert (found[1].first, found[1].last) == (3, 3)


def test_a_missing_column_is_told_once() -> None:
    found = judged({"b": [1]}, Rule(kind="present", column="a"), Rule(kind="not_null", column="a"))
    assert [one.status for one in found] == [FAILED, SKIPPED]
    assert judged({"b": [1]}, Rule(kind="not_null", column="a"))[0].status is FAILED


def test_times_are_compared_whatever_their_zone() -> None:
    zoned = pl.Series("a", [datetime(2013, 6, 30, 23, tzinfo=UTC)]).dt.convert_time_zone("America/New_York")
    late = Rule(kind="range", column="a", arguments={"max": "2013-06-30T22:00:00Z"})
    fresh = Rule(kind="freshness", column="a", arguments={"seconds": 7_200})
    stale = Rule(kind="freshness", column="a", arguments={"seconds": 3_600})
    found = judge(zoned.to_frame(), Contract(name="t", rules=(late, fresh, stale)), now=NOW)
    assert [one.status for one in found] == [FAILED, PASSED, FAILED]


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        (Limit(operator="<=", numbers=(2.0,)), True),
        (Limit(operator="<", numbers=(2.0,)), False),
        (Limit(operator="==", numbers=(2.0,)), True),
        (Limit(operator="!=", numbers=(2.0,)), False),
        (Limit(operator="<=", numbers=(20.0,), unit="percent"), True),
        (Limit(operator="<", numbers=(20.0,), unit="percent"), False),
        (Limit(operator="between", numbers=(1.0, 2.0)), True),
        (Limit(operator="not between", numbers=(1.0, 2.0)), False),
        (Limit(operator=">", numbers=(1.0,)), True),
        (Limit(operator=">=", numbers=(3.0,)), False),
    ],
)
def test_a_limit_lets_some_rows_through(limit: Limit, kept: bool) -> None:
    rows = {"a": [None, None, *range(8)]}
    assert judged(rows, Rule(kind="not_null", column="a", limit=limit))[0].kept is kept


def test_the_rows_behind_a_verdict_are_named() -> None:
    values = [1.0] * 1_000
    values[99] = values[499] = values[899] = 1e9
    rule = Rule(kind="range", column="a", arguments={"max": 10}, severity=Severity.WARNING)
    (finding,) = contract_findings(judged({"a": values}, rule))
    assert (finding.check, finding.count, finding.of, finding.first, finding.last) == (
        "contract.range",
        3,
        1_000,
        100,
        900,
    )
    assert finding.sample[0] == {"row": 100, "value": 1e9}
    assert finding.interval is not None
    assert finding.interval.lower < finding.share == 0.003 < finding.interval.upper
    assert finding.message == "Agreed: `a` is at most 10. Broken in 3 rows (0.3 %), first in row 100."
    assert finding.severity is Severity.WARNING


def test_repeated_keys_are_counted_with_the_rows_that_hold_them() -> None:
    rule = Rule(kind="unique", column="a", limit=Limit(operator="<=", numbers=(1.0,)))
    assert judged({"a": ["x", "x", "x", "y"]}, rule)[0].kept  # one value occurs more than once
    (found,) = judged({"a": ["x", "x", "x", "y", "y"]}, rule)
    assert (found.status, found.broken, found.first, found.last) == (FAILED, 5, 1, 5)


@given(values=st.lists(st.none() | st.floats(width=32) | st.integers(-50, 50).map(float), max_size=40))
@settings(max_examples=60, deadline=None)
def test_ranges_and_empty_cells_count_as_python_does(values: list[float | None]) -> None:
    frame = pl.DataFrame({"a": pl.Series(values, dtype=pl.Float64)})
    rules = (Rule(kind="range", column="a", arguments={"min": -10, "max": 10}), Rule(kind="not_null", column="a"))
    outside, empty = judge(frame, Contract(name="t", rules=rules), now=NOW)
    present = [value for value in values if value is not None and value == value]
    assert outside.broken == sum(not -10 <= value <= 10 for value in present)
    assert empty.broken == len(values) - len(present)


@given(values=st.lists(st.none() | st.text("ab1é \n", max_size=5), max_size=40))
@settings(max_examples=60, deadline=None)
def test_texts_count_as_python_does(values: list[str | None]) -> None:
    frame = pl.DataFrame({"a": pl.Series(values, dtype=pl.String)})
    rules = (
        Rule(kind="pattern", column="a", arguments={"pattern": "[ab]1"}),
        Rule(kind="length", column="a", arguments={"min": 1, "max": 3}),
        Rule(kind="enumeration", column="a", arguments={"values": ["a", "b1"]}),
        Rule(kind="unique", column="a"),
    )
    pattern, length, listed, unique = judge(frame, Contract(name="t", rules=rules), now=NOW)
    present = [value for value in values if value is not None]
    assert pattern.broken == sum(re.search("[ab]1", value) is None for value in present)
    assert length.broken == sum(not 1 <= len(value) <= 3 for value in present)
    assert listed.broken == sum(value not in ("a", "b1") for value in present)
    assert unique.broken == sum(present.count(value) > 1 for value in present)


NASTY = {
    "empty": pl.Series([None] * 3, dtype=pl.Null),
    "lists": pl.Series([[1], None, [2, 3]]),
    "structs": pl.Series([{"x": 1}, None, {"x": 2}]),
    "bytes": pl.Series([b"\x00", None, b"x"]),
    "spans": pl.Series([timedelta(1), None, timedelta(2)]),
    "clock": pl.Series([time(12), None, None]),
    "tiny": pl.Series([float("inf"), float("-inf"), float("nan")]),
    "text": pl.Series(["", "\x00", "𝕏" * 10_000]),
    "named": pl.Series(["a", "b", None], dtype=pl.Categorical),
    "exact": pl.Series(["1.50", None, "2"]).cast(pl.Decimal(10, 2)),
    "old": pl.Series([date(1, 1, 1), date(9999, 12, 31), None]),
    "vast": pl.Series([2**63 - 1, -(2**63), None]),
}
ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "type": [{"type": name} for name in ("string", "integer", "number", "boolean", "date", "timestamp", "map", None)],
    "range": [{"min": 0, "max": 1}, {"min": "2013-01-01"}, {"min": "x"}, {"min": 1e300}, {}],
    "enumeration": [{"values": ["a", 1, None, True]}, {"values": []}],
    "excluded": [{"values": [1.5, "x"]}],
    "pattern": [{"pattern": "a"}, {"pattern": "["}, {}],
    "length": [{"min": 1}, {"max": "x"}],
    "format": [{"format": "uuid"}, {}],
    "freshness": [{"seconds": 1}, {}],
    "order": [{"other": "vast"}, {"other": "old"}, {}],
    "key": [{"columns": ["lists", "text"]}, {"columns": []}],
    "not_null": [{}, {"also": ["a", 1]}],
}


@pytest.mark.parametrize("height", [3, 0])
@pytest.mark.parametrize("declared", [None, "string", "number", "timestamp"])
def test_nothing_is_raised_for_nasty_columns(height: int, declared: str | None, tmp_path: Path) -> None:
    frame = pl.DataFrame(NASTY).head(height)
    rules = [of_type(name, declared) for name in NASTY if declared]
    for kind in RULES:
        for arguments in ARGUMENTS.get(kind, [{}]):
            rules += [Rule(kind=kind, column=name, arguments=arguments) for name in (*NASTY, "missing", None)]
    found = judge(frame, Contract(name="nasty", rules=tuple(rules)), now=NOW)
    assert len(found) == len(rules) == len(contract_findings(found))
    assert {one.status for one in found} >= {PASSED, FAILED, CRASHED}
