"""Suites and schemas as Great Expectations 1.x and 0.x and Pandera 0.35 (and older) write them."""

import json
from datetime import UTC, datetime

import polars as pl

from core.data.contract.contract import Limit, Rule
from core.data.contract.imported import Imported
from core.data.contract.judge import judge
from core.data.contract.reading import contract_of
from core.data.finding import Severity

NOW = datetime(2013, 1, 1, tzinfo=UTC)
SUITE = {
    "name": "orders",
    "id": "6a1c3a37-5b9c-4d0a-a0f5-4e2b7d9f1a11",
    "expectations": [
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "id", "mostly": 0.95},
            "id": "1",
            "meta": {},
            "severity": "critical",
        },
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "price", "min_value": 0.0, "strict_min": True, "max_value": 100},
            "meta": {},
            "severity": "warning",
        },
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "state", "value_set": ["a", "b"]},
            "meta": {},
        },
        {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "id", "regex": "^O"}, "meta": {}},
        {"type": "expect_column_values_to_be_of_type", "kwargs": {"column": "price", "type_": "float64"}, "meta": {}},
        {"type": "expect_column_value_lengths_to_equal", "kwargs": {"column": "id", "value": 3}, "meta": {}},
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}, "meta": {}},
        {
            "type": "expect_column_pair_values_a_to_be_greater_than_b",
            "kwargs": {"column_A": "until", "column_B": "since", "or_equal": True},
        },
        {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1, "max_value": 9}, "meta": {}},
        {"type": "expect_table_columns_to_match_set", "kwargs": {"column_set": ["id"], "exact_match": False}},
        {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "price", "min_value": 1}},
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {
                "column": "state",
                "value_set": ["a"],
                "row_condition": "price > 1",
                "condition_parser": "pandas",
            },
        },
    ],
    "meta": {"great_expectations_version": "1.24.1"},
}


def read(document: object, name: str = "suite.json") -> Imported:
    return contract_of((document if isinstance(document, str) else json.dumps(document)).encode(), name=name)


def rules(imported: Imported) -> dict[str, Rule]:
    return {rule.key: rule for rule in imported.contract.rules}


def test_a_suite_of_great_expectations() -> None:
    imported = read(SUITE)
    found = rules(imported)
    assert imported.form == "Great Expectations"
    assert found["not_null: id"].limit == Limit(operator="<=", numbers=(5.0,), unit="percent")
    assert found["range: price"].arguments == {"min": 0.0, "max": 100, "above": True}
    assert found["range: price"].severity is Severity.WARNING
    assert found["enumeration: state"].arguments == {"values": ["a", "b"]}
    assert found["type: price"].arguments == {"type": "number"}
    assert found["length: id"].arguments == {"min": 3, "max": 3}
    assert found["order: since"].arguments == {"other": "until"}
    assert found["row_count"].limit == Limit(operator="between", numbers=(1.0, 9.0))
    assert "closed" not in found
    assert imported.left_out == (
        "expect_column_mean_to_be_between on price is not carried over.",
        "expect_column_values_to_be_in_set on state is not carried over: it holds for some rows only.",
    )


def test_a_suite_of_the_older_form() -> None:
    older = {
        "expectation_suite_name": "orders.warning",
        "expectations": [{"expectation_type": "expect_column_to_exist", "kwargs": {"column": "id"}}],
        "ge_cloud_id": None,
    }
    imported = read(older)
    assert (imported.contract.name, imported.contract.rules) == ("orders.warning", (Rule(kind="present", column="id"),))


PANDERA = """
schema_type: polars_dataframe
version: 0.35.0
api: polars
columns:
  a:
    dtype: Int64
    unique: true
    in_range: {min_value: 0, max_value: 10, include_min: true, include_max: false}
    isin:
    - 1
    - 2
  b:
    dtype: String
    nullable: true
    required: false
    str_matches: '[A-Z]'
    str_length: {min_value: 1, max_value: 5, exact_value: null}
    str_startswith: N.
    made_by_hand: {threshold: 3}
  when:
    dtype: Datetime(time_unit='us', time_zone=None)
strict: true
unique:
- a
- b
"""
OLDER = """
schema_type: dataframe
version: 0.20.0
columns:
  a:
    title: null
    dtype: float64
    nullable: true
    checks:
      greater_than: {value: 0, options: {raise_warning: true, ignore_na: true}}
      less_than_or_equal_to: 5.5
    unique: false
    coerce: false
    required: true
    regex: false
  x_.*:
    dtype: object
    regex: true
checks: null
index:
- {dtype: int64, nullable: false}
dtype: null
coerce: true
strict: false
name: null
ordered: true
unique: null
"""


def test_a_schema_of_pandera() -> None:
    imported = read(PANDERA, "schema.yaml")
    found = rules(imported)
    assert imported.form == "Pandera"
    assert found["range: a"].arguments == {"min": 0, "max": 10, "below": True}
    assert found["enumeration: a"].arguments == {"values": [1, 2]}
    assert {"present: a", "type: a", "not_null: a", "unique: a", "closed"} <= found.keys()
    assert "present: b" not in found
    assert "not_null: b" not in found
    assert [rule.arguments["pattern"] for rule in imported.contract.rules if rule.kind == "pattern"] == [
        "^(?:[A-Z])",
        "^N\\.",
    ]
    assert found["type: when"].arguments == {"type": "timestamp"}
    assert found["key"].arguments == {"columns": ["a", "b"]}
    assert imported.left_out == ("The check made_by_hand of b is not carried over.",)
    rows = pl.DataFrame({"a": [1, 2], "b": ["N.a", None], "when": [NOW.replace(tzinfo=None)] * 2})
    assert all(one.kept for one in judge(rows, imported.contract, now=NOW))


def test_a_schema_of_the_older_form() -> None:
    imported = read(OLDER, "schema.yaml")
    ranges = [rule for rule in imported.contract.rules if rule.kind == "range"]
    assert [rule.arguments for rule in ranges] == [{"min": 0, "above": True}, {"max": 5.5}]
    assert [rule.severity for rule in ranges] == [Severity.WARNING, Severity.ERROR]
    assert imported.left_out == (
        "The columns x_.* are named by a pattern; they are not carried over.",
        "The order of the columns is not carried over.",
        "The index is not carried over.",
    )
