"""What is inferred from a table: kept by it, with room to move; widened by one rule at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.data.contract.change import changes, widened
from core.data.contract.contract import Contract, Limit, Rule
from core.data.contract.infer import infer
from core.data.contract.judge import judge
from core.data.contract.rules import RULES, sentence
from core.data.contract.shape import common_pattern
from core.data.finding import CheckStatus, Severity
from core.errors import InvalidInput
from sample_data import FLIGHTS

NOW = datetime(2013, 7, 1, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)


@pytest.fixture(scope="module")
def first_quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flights") / "q1.parquet"
    pl.scan_parquet(FLIGHTS).filter(pl.col("scheduled_at") < datetime(2013, 4, 1, tzinfo=UTC)).sink_parquet(path)
    return path


@pytest.fixture(scope="module")
def flights(first_quarter: Path) -> Contract:
    return infer(first_quarter, "flights")


def test_the_flights_of_a_quarter_keep_their_own_contract(first_quarter: Path, flights: Contract) -> None:
    assert all(one.kept for one in judge(first_quarter, flights, now=NOW, typed=True))
    assert flights.find("unique", "flight_id") is not None
    assert flights.find("not_null", "temp") is None
    assert [rule.arguments["values"] for rule in flights.of("origin") if rule.kind == "enumeration"] == [
        ["EWR", "JFK", "LGA"]
    ]
    dow = flights.find("range", "dow")
    assert dow is not None
    assert dow.arguments == {"min": 0, "max": 6}


def test_later_flights_break_what_the_year_changes_and_nothing_else(flights: Contract) -> None:
    found = [one for one in judge(FLIGHTS, flights, now=NOW, typed=True) if not one.kept]
    assert {one.rule.key for one in found} == {"range: temp", "range: dewp", "range: precip", "enumeration: dest"}
    assert all(one.rule.severity is Severity.WARNING for one in found)
    airports = next(one for one in found if one.rule.column == "dest")
    assert set(airports.facts["values"]) >= {"ABQ", "ACK", "MVY"}
    # each is widened by one change, and is kept from then on
    contract = flights
    for one in found:
        wider = widened(contract, one)
        (change,) = changes(contract, wider)
        assert (change.before, change.breaking) == (one.rule, False)
        contract = wider
    assert all(one.kept for one in judge(FLIGHTS, contract, now=NOW, typed=True))
    assert len(changes(flights, contract)) == 4


@pytest.mark.parametrize(
    ("rule", "values", "text"),
    [
        (Rule(kind="not_null", column="a"), [1, None, 3], "`a` is never empty; at most 34 % of the rows may not be"),
        (Rule(kind="not_null", column="a"), [None, None], None),
        (Rule(kind="unique", column="a"), [1, 1], None),
        (Rule(kind="type", column="a", arguments={"type": "integer"}), [1.5, 2.0], "`a` holds numbers"),
        (Rule(kind="type", column="a", arguments={"type": "number"}), ["x", "2"], "`a` holds text"),
        (Rule(kind="length", column="a", arguments={"max": 2}), ["abc"], "`a` has at most 3 characters"),
        (Rule(kind="pattern", column="a", arguments={"pattern": "^x"}), ["y"], None),
        (Rule(kind="present", column="b"), [1], None),
        (
            Rule(kind="range", column="a", arguments={"max": "2013-01-01"}),
            [NAIVE.replace(month=1, day=2, hour=5)],
            "`a` is at most 2013-01-02T05:00:00",
        ),
        (Rule(kind="range", column="a", arguments={"min": 1, "above": True}), [1, 2], "`a` is at least 1"),
        (
            Rule(kind="freshness", column="a", arguments={"seconds": 60}),
            [NAIVE.replace(month=6, day=28, hour=12)],
            "The newest `a` is less than 3 days old",
        ),
        (Rule(kind="row_count", limit=Limit(operator=">", numbers=(5.0,))), [1, 2], "There are at least 2 rows"),
    ],
)
def test_a_rule_is_widened_to_what_the_table_holds(rule: Rule, values: list[object], text: str | None) -> None:
    contract = Contract(name="t", rules=(rule,))
    table = pl.DataFrame({"a": values})
    (broken,) = judge(table, contract, now=NOW)
    assert broken.status is CheckStatus.FAILED
    wider = widened(contract, broken)
    assert [sentence(one) for one in wider.rules] == ([text] if text else [])
    assert all(one.kept for one in judge(table, wider, now=NOW))


def test_what_is_kept_or_gone_cannot_be_widened() -> None:
    contract = Contract(name="t", rules=(Rule(kind="present", column="a"),))
    (kept,) = judge(pl.DataFrame({"a": [1]}), contract, now=NOW)
    with pytest.raises(InvalidInput, match="not broken"):
        widened(contract, kept)
    with pytest.raises(InvalidInput, match="has changed since"):
        widened(Contract(name="t"), kept)


def test_a_change_that_lets_less_through_is_breaking() -> None:
    ranged = Rule(kind="range", column="a", arguments={"min": 0, "max": 9})
    before = Contract(name="t", rules=(ranged, Rule(kind="unique", column="a")))
    narrower = replace(ranged, arguments={"min": 0, "max": 8})
    after = Contract(name="t", rules=(narrower, Rule(kind="not_null", column="a", severity=Severity.WARNING)))
    found = {(change.after or change.before).key: change for change in changes(before, after)}  # type: ignore[union-attr]
    assert [found[key].breaking for key in ("range: a", "not_null: a", "unique: a")] == [True, False, False]
    assert found["range: a"].text == ("`a` is at least 0 and at most 9", "`a` is at least 0 and at most 8")
    assert not changes(before, before)
    assert [change.breaking for change in changes(after, before)] == [False, True, False]


def test_bounds_have_room_and_lists_are_closed_only_where_they_are_full(tmp_path: Path) -> None:
    draw = np.random.default_rng(7)
    rows = 2_000
    table = pl.DataFrame(
        {
            "positive": draw.exponential(10, rows),
            "share": np.append(draw.uniform(0, 1, rows - 2), [0.0, 1.0]),
            "one": [3.0] * rows,
            "open": [f"name {i}" for i in draw.zipf(1.5, rows)],
            "full": draw.choice(["yes", "no"], rows),
            "when": [NOW + timedelta(hours=i) for i in range(rows)],
        }
    )
    table.write_parquet(tmp_path / "t.parquet")
    contract = infer(tmp_path / "t.parquet", "t")
    ranges = {rule.column: rule.arguments for rule in contract.rules if rule.kind == "range"}
    highest = float(table["positive"].max() or 0)  # type: ignore[arg-type]
    assert ranges["positive"]["min"] == 0.0
    assert 1.2 * highest < ranges["positive"]["max"] < 1.4 * highest
    assert ranges["share"] == {"min": 0.0, "max": 1.0}
    assert ranges["one"]["min"] < 3 < ranges["one"]["max"]
    assert "when" not in ranges
    assert contract.find("enumeration", "open") is None
    full = contract.find("enumeration", "full")
    assert full is not None
    assert full.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("texts", "pattern"),
    [
        ([f"N{i}" for i in range(100, 200)], "^[A-Z][0-9]{3}$"),
        ([f"{i}.{i}" for i in range(5, 50)], r"^[0-9]{1,2}\.[0-9]{1,2}$"),
        ([f"A{i}" for i in range(30)] + [f"{i}-b" for i in range(30)], "^([0-9]{1,2}-[a-z]|[A-Z][0-9]{1,2})$"),
        (["a"] * 100, None),
        ([f"{i}é" for i in range(50)], None),
    ],
)
def test_a_common_form_of_texts(texts: list[str], pattern: str | None) -> None:
    assert common_pattern(pl.Series(texts)) == pattern


def test_every_kind_of_rule_says_what_it_is_and_what_to_do() -> None:
    for name, kind in RULES.items():
        assert kind.name == name
        assert kind.title
        assert kind.fix.endswith(".")
        assert sentence(Rule(kind=name, column="a"))
