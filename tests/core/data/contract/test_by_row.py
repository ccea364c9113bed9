"""A row's mark is the judge's: on any table, by any rule, a few rows at a time or many."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.contract import by_row
from core.data.contract.by_row import RowRules, on_each_row
from core.data.contract.contract import TYPES, Contract, Limit, Rule
from core.data.contract.judge import broken_rows, judge
from core.data.finding import CheckStatus, Severity

NOW = datetime(2013, 7, 1, tzinfo=UTC)
NUMERIC = {"a": True, "b": True, "s": False, "t": False}

numbers = st.none() | st.sampled_from((0.0, 1.0, 2.5, -3.0, 2.0**53, 2.0**63, 1e30)) | st.floats(-5, 5).map(abs)
texts = st.none() | st.sampled_from(
    ("x", "y", "é", "2", " 2 ", "2.5", "1e3", "true", "False", "2013-01-02", "2013-01-02 10:00", "N12\n", "nan", "1_0")
)
TABLES = st.integers(1, 12).flatmap(
    lambda rows: st.fixed_dictionaries(
        {name: st.lists(numbers if number else texts, min_size=rows, max_size=rows) for name, number in NUMERIC.items()}
    )
)
BOUNDS = st.none() | st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from((2**53 + 1, "2013-01-02", 2**63))
LEVELS = st.lists(st.sampled_from((1, 2.5, "x", "2", True, "true", None)), max_size=3)


def arguments(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return {
        "not_null": st.sampled_from(({}, {"also": ["x", "1.0"]})),
        "range": st.fixed_dictionaries(
            {"min": BOUNDS, "max": BOUNDS}, optional={"above": st.booleans(), "below": st.booleans()}
        ),
        "enumeration": st.fixed_dictionaries({"values": LEVELS}),
        "excluded": st.fixed_dictionaries({"values": LEVELS}),
        "pattern": st.fixed_dictionaries(
            {"pattern": st.sampled_from(("^[a-z]$", r"^N\d+$", "^[0-9.]+$", "(", "(?=x)"))}
        ),
        "length": st.fixed_dictionaries({"min": st.sampled_from((None, 0, 2)), "max": st.sampled_from((None, 1, 3))}),
        "format": st.fixed_dictionaries({"format": st.sampled_from(("email", "hostname", "none"))}),
        "order": st.fixed_dictionaries({"other": st.sampled_from("abst")}, optional={"strict": st.booleans()}),
    }[kind]


def rules_of(kind: str) -> st.SearchStrategy[Rule]:
    return st.builds(Rule, kind=st.just(kind), column=st.sampled_from("abst"), arguments=arguments(kind))


KINDS = ("not_null", "range", "enumeration", "excluded", "pattern", "length", "format", "order")
TYPED = st.dictionaries(st.sampled_from("abst"), st.sampled_from((*TYPES, "decimal")))


def contract_of(types: dict[str, str], rules: list[Rule]) -> Contract:
    """Return a contract with one type a column at most: it is what the other rules read the values as."""
    typed = [Rule(kind="type", column=column, arguments={"type": name}) for column, name in types.items()]
    return Contract(name="t", rules=(*typed, *rules))


CONTRACTS = st.builds(contract_of, TYPED, st.lists(st.sampled_from(KINDS).flatmap(rules_of), min_size=1, max_size=6))


def judges_mark(contract: Contract, table: pl.DataFrame) -> dict[str, list[int]]:
    """Return what the judge of files says of the table, rule by rule."""
    marked: dict[str, set[int]] = {}
    for one in judge(table, contract, now=NOW):
        foreign = contract.type_of(str(one.rule.column)) in ("boolean", "date", "timestamp")
        if one.status is not CheckStatus.FAILED or (foreign and table.schema[str(one.rule.column)] == pl.Float64):
            continue
        rows = broken_rows(table, contract, one.rule, now=NOW)["row"].to_list()
        assert len(rows) == one.broken
        marked.setdefault(one.rule.key, set()).update(row - 1 for row in rows)
    return {key: sorted(rows) for key, rows in marked.items()}


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_mark_is_what_the_judge_of_files_says(few: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(by_row, "FEW", few)

    @settings(max_examples=120, deadline=None)
    @given(CONTRACTS, TABLES)
    def same(contract: Contract, columns: dict[str, list[Any]]) -> None:
        schema = {name: pl.Float64() if number else pl.String() for name, number in NUMERIC.items()}
        found = RowRules(contract, NUMERIC).broken(columns, len(columns["a"]))
        assert found == judges_mark(contract, pl.DataFrame(columns, schema=schema))

    same()


def test_a_value_that_was_judged_once_is_judged_alike_when_it_comes_again():
    rules = RowRules(
        Contract(name="t", rules=(Rule(kind="pattern", column="s", arguments={"pattern": "^N[0-9]+$"}),)),
        {"s": False},
    )
    for _ in range(2):
        assert rules.broken({"s": ["N1", "x", None, "N1\n"]}, 4) == {"pattern: s": [1, 3]}
    many = [f"N{number}" for number in range(900)]
    for start in range(0, 900, 100):  # more than are remembered, in the end
        for round_ in range(8):
            batch = [f"{name}-{round_}" if place % 2 else name for place, name in enumerate(many[start : start + 100])]
            assert rules.broken({"s": batch}, 100) == {"pattern: s": list(range(1, 100, 2))}


@pytest.mark.parametrize("column", ["a", "s"])
def test_a_rule_that_no_value_can_break_breaks_on_many_values_neither(column: str):
    rules = RowRules(Contract(name="t", rules=(Rule(kind="range", column=column, arguments={}),)), NUMERIC)
    assert rules.broken({"a": [1.0, 2.0, None], "s": ["x", "y", None]}, 3) == {}


def test_only_what_one_row_can_break_is_marked():
    of_a_row = Rule(kind="range", column="a", arguments={"max": 1})
    tolerant = Rule(kind="not_null", column="a", limit=Limit(numbers=(5.0,), unit="percent"))
    warning = Rule(kind="not_null", column="b", severity=Severity.WARNING)
    elsewhere = Rule(kind="range", column="z", arguments={"max": 1})
    beside = Rule(kind="order", column="a", arguments={"other": "z"})
    whole = (Rule(kind="unique", column="a"), Rule(kind="row_count"), Rule(kind="present", column="a"))
    contract = Contract(name="t", rules=(of_a_row, tolerant, warning, elsewhere, beside, *whole))
    assert on_each_row(contract, ("a", "b")).rules == (of_a_row, tolerant, warning)
    rules = RowRules(contract, {"a": True, "b": True})
    assert rules.keys == ("range: a",)
    assert rules.broken({"a": [None, 2.0], "b": [None, None]}, 2) == {"range: a": [1]}


def test_a_rule_that_cannot_be_judged_costs_the_others_nothing():
    odd = (
        Rule(kind="unheard", column="a"),
        Rule(kind="pattern", column="s", arguments={"pattern": "("}),
        Rule(kind="range", column="s", arguments={"min": 3}),
        Rule(kind="length", column="s", arguments={"min": "two"}),
    )
    rules = RowRules(Contract(name="t", rules=(*odd, Rule(kind="not_null", column="s"))), {"a": True, "s": False})
    assert rules.keys == ("not_null: s",)
    assert rules.broken({"a": [1.0], "s": [None]}, 1) == {"not_null: s": [0]}


def test_two_rules_of_one_kind_on_a_column_are_told_apart() -> None:
    rules = [Rule(kind="range", column="a", arguments={"max": top}) for top in (2, 4)]
    contract = Contract(name="c", rules=(*rules, Rule(kind="not_null", column="a")))
    assert [rule.key for rule in contract.rules] == ["range: a", "range: a (2)", "not_null: a"]
    assert [rule.key for rule in on_each_row(contract, ["a"]).rules] == [rule.key for rule in contract.rules]
    found = RowRules(contract, {"a": True}).broken({"a": [1.0, 3.0, 5.0]}, 3)
    assert found == {"range: a": [1, 2], "range: a (2)": [2]}
    later = Contract(name="c", rules=contract.rules[1:])
    assert [rule.key for rule in later.rules] == ["range: a (2)", "not_null: a"]
