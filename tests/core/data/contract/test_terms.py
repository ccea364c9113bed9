"""A contract as a table to edit: what is not touched stays, what is changed is changed alone, nonsense is refused."""

from dataclasses import replace

import pytest

from core.data.contract.contract import Contract, Limit, Rule
from core.data.contract.terms import Terms, beyond_terms, terms_of, with_terms
from core.data.finding import Severity
from core.errors import InvalidInput

FEW = Limit(operator="<=", numbers=(2.0,), unit="percent")
CONTRACT = Contract(
    name="weather",
    rules=(
        Rule(kind="row_count", limit=Limit(operator=">=", numbers=(10.0,))),
        Rule(kind="present", column="temp"),
        Rule(kind="type", column="temp", arguments={"type": "number"}),
        Rule(
            kind="range",
            column="temp",
            arguments={"min": -20.5, "max": 45, "above": True},
            limit=FEW,
            severity=Severity.WARNING,
        ),
        Rule(kind="present", column="origin"),
        Rule(kind="type", column="origin", arguments={"type": "string"}),
        Rule(kind="not_null", column="origin", arguments={"also": ["n/a"]}, limit=FEW),
        Rule(kind="enumeration", column="origin", arguments={"values": ["JFK", "La, Guardia", "EWR"]}),
        Rule(kind="type", column="at", arguments={"type": "timestamp"}),
        Rule(kind="range", column="at", arguments={"min": "2013-01-01T00:00:00"}),
        Rule(kind="pattern", column="tail", arguments={"pattern": "^N[0-9]+$"}),
    ),
)
ROWS = {terms.column: terms for terms in terms_of(CONTRACT)}


def edited(column: str, **cells: object) -> Contract:
    return with_terms(
        CONTRACT, [replace(terms, **cells) if terms.column == column else terms for terms in ROWS.values()]
    )


def test_a_row_a_column() -> None:
    assert list(ROWS) == ["temp", "origin", "at", "tail"]
    assert ROWS["temp"] == Terms(column="temp", type="number", least="-20.5", most="45")
    assert ROWS["origin"].required
    assert ROWS["tail"].pattern == "^N[0-9]+$"


def test_what_nobody_touches_stays() -> None:
    assert with_terms(CONTRACT, list(ROWS.values())) == CONTRACT


def test_a_changed_bound_keeps_how_many_rows_may_break_it_and_the_other_side() -> None:
    rule = edited("temp", most="50.5").find("range", "temp")
    assert rule == Rule(
        kind="range",
        column="temp",
        arguments={"min": -20.5, "max": 50.5, "above": True},
        limit=FEW,
        severity=Severity.WARNING,
    )


def test_a_side_that_is_written_anew_is_no_longer_open() -> None:
    rule = edited("temp", least="-30").find("range", "temp")
    assert rule is not None
    assert rule.arguments == {"min": -30, "max": 45}


def test_a_new_rule_stands_behind_those_of_its_column() -> None:
    contract = edited("temp", required=True)
    assert [rule.key for rule in contract.rules[1:5]] == [
        "present: temp",
        "type: temp",
        "range: temp",
        "not_null: temp",
    ]
    assert len(contract.rules) == len(CONTRACT.rules) + 1


def test_an_emptied_cell_ends_its_rule() -> None:
    assert edited("temp", least="", most="").find("range", "temp") is None
    assert edited("origin", required=False).find("not_null", "origin") is None
    assert edited("tail", pattern="").find("pattern", "tail") is None


def test_values_are_written_as_in_a_csv() -> None:
    rule = edited("origin", values='JFK, "La, Guardia", LGA').find("enumeration", "origin")
    assert rule is not None
    assert rule.arguments == {"values": ["JFK", "La, Guardia", "LGA"]}


def test_values_of_numbers_are_numbers() -> None:
    rule = edited("temp", values="1, 2.5, 3").find("enumeration", "temp")
    assert rule is not None
    assert rule.arguments == {"values": [1, 2.5, 3]}


def test_times_are_bounds_too() -> None:
    rule = edited("at", most="2013-12-31 23:00").find("range", "at")
    assert rule is not None
    assert rule.arguments == {"min": "2013-01-01T00:00:00", "max": "2013-12-31 23:00"}


@pytest.mark.parametrize(
    ("column", "cells", "sentence"),
    [
        ("temp", {"most": "hot"}, "`temp`: 'hot' is no number. Write one such as 12.5, or leave it empty."),
        ("temp", {"type": "string"}, "`temp` holds string values, which have no bounds. Leave them empty."),
        ("temp", {"most": "inf"}, "`temp`: 'inf' is no number. Write one such as 12.5, or leave it empty."),
        ("temp", {"values": "1, two"}, "`temp`: 'two' is no number. Write the values as 1, 2, 3."),
        ("at", {"least": "May"}, "`at`: 'May' is no time. Write it as 2013-07-01 or 2013-07-01 13:00."),
        ("origin", {"least": "1"}, "`origin` holds string values, which have no bounds. Leave them empty."),
        ("tail", {"pattern": "(["}, "`tail`: '([' is no regular expression. Correct it, or leave it empty."),
        (
            "temp",
            {"type": "float"},
            "`temp`: 'float' is no type. The types are string, integer, number, boolean, date, timestamp.",
        ),
    ],
)
def test_nonsense_is_refused_in_a_sentence(column: str, cells: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        edited(column, **cells)
    assert str(refused.value) == sentence


def test_the_rules_that_no_row_shows_are_named() -> None:
    contract = replace(CONTRACT, rules=(*CONTRACT.rules, Rule(kind="range", column="temp", arguments={"max": 99})))
    assert [rule.key for rule in beyond_terms(contract)] == ["row_count", "range: temp (2)"]
