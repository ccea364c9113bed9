"""The Open Data Contract Standard, there and back, valid by the standard's own schema."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.contract.change import changes
from core.data.contract.contract import TYPES, Contract, Limit, Rule
from core.data.contract.odcs import document, to_odcs
from core.data.contract.reading import contract_of, schema_problems
from core.data.finding import Severity
from core.errors import UnreadableFile

_columns = st.sampled_from(["a", "b", "é ü", "x: y"])
_numbers = st.integers(-1_000, 1_000) | st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
_severities = st.sampled_from(list(Severity))


@st.composite
def _limits(draw: st.DrawFn) -> Limit:
    operator = draw(st.sampled_from(["<=", "<", ">", ">=", "between", "not between", "!="]))
    numbers = sorted(draw(st.lists(st.integers(1, 99).map(float), min_size=2, max_size=2, unique=True)))
    unit: Any = draw(st.sampled_from(["rows", "percent"]))
    return Limit(operator=operator, numbers=tuple(numbers if "between" in operator else numbers[:1]), unit=unit)


@st.composite
def _rules(draw: st.DrawFn, kind: str, arguments: dict[str, st.SearchStrategy[Any]]) -> Rule:
    return Rule(
        kind=kind,
        column=draw(_columns),
        arguments={name: draw(values) for name, values in arguments.items()},
        limit=draw(st.just(Limit()) | _limits()),
        severity=draw(_severities),
    )


_LISTS = st.lists(_texts, min_size=1, max_size=5, unique=True)
_RULES = st.one_of(
    _rules("type", {"type": st.sampled_from(TYPES)}),
    _rules("not_null", {}),
    _rules("unique", {}),
    _rules("range", {"min": _numbers, "max": _numbers}),
    _rules("range", {"min": _numbers, "above": st.just(True)}),
    _rules("enumeration", {"values": _LISTS}),
    _rules("excluded", {"values": _LISTS}),
    _rules("pattern", {"pattern": _texts}),
    _rules("length", {"max": st.integers(1, 99)}),
    _rules("format", {"format": st.sampled_from(["email", "uuid"])}),
    _rules("order", {"other": _columns}),
)
_TABLE_RULES = st.one_of(
    st.builds(
        lambda limit, severity: Rule(kind="row_count", limit=limit, severity=severity),
        _limits().filter(lambda x: x.unit == "rows"),
        _severities,
    ),
    st.builds(
        lambda columns: Rule(kind="key", arguments={"columns": columns}), st.lists(_columns, min_size=2, unique=True)
    ),
    st.just(Rule(kind="closed")),
)


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    rules = [*draw(st.lists(_RULES, max_size=8)), *draw(st.lists(_TABLE_RULES, max_size=3))]
    present = [
        Rule(kind="present", column=rule.column) for rule in rules if rule.column is not None and draw(st.booleans())
    ]
    return Contract(name="t", rules=(*_once(present), *rules))


def _once(rules: list[Rule]) -> list[Rule]:
    return list({rule.column: rule for rule in rules}.values())


@given(contract=contracts())
@settings(max_examples=60, deadline=None)
def test_a_contract_comes_back_as_it_was_and_is_valid(contract: Contract) -> None:
    written = to_odcs(contract, identity="id", version="2")
    assert schema_problems(yaml.safe_load(written)) == ()
    found = contract_of(written.encode(), name="c.yaml")
    assert found.left_out == ()
    assert changes(contract, found.contract) == ()


@pytest.mark.parametrize(("kind", "bound"), [("date", 0), ("number", "2024-01-01")])
def test_bounds_of_another_kind_than_the_type_are_written_as_valid_too(kind: str, bound: object) -> None:
    typed = Rule(kind="type", column="a", arguments={"type": kind})
    contract = Contract(name="t", rules=(typed, Rule(kind="range", column="a", arguments={"min": bound})))
    written = to_odcs(contract, identity="id")
    assert schema_problems(yaml.safe_load(written)) == ()
    assert changes(contract, contract_of(written.encode(), name="c.yaml").contract) == ()


def test_what_the_standard_has_a_field_for_stands_there() -> None:
    rules = (
        Rule(kind="present", column="a"),
        Rule(kind="type", column="a", arguments={"type": "integer"}),
        Rule(kind="not_null", column="a"),
        Rule(kind="range", column="a", arguments={"min": 0, "max": 5, "below": True}),
        Rule(kind="freshness", column="a", arguments={"seconds": 7_200}),
    )
    written = document(Contract(name="t", rules=rules), identity="id")
    (table,) = written["schema"]
    assert table["properties"] == [
        {
            "name": "a",
            "logicalType": "integer",
            "required": True,
            "logicalTypeOptions": {"minimum": 0, "exclusiveMaximum": 5},
        }
    ]
    assert written["slaProperties"] == [{"property": "freshness", "value": 2, "unit": "h", "element": "t.a"}]
    assert contract_of(yaml.safe_dump(written).encode(), name="c").contract.rules == rules


def test_a_contract_as_others_write_it() -> None:
    text = """
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - {name: order_id, physicalName: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
      - {name: line, logicalType: integer, primaryKey: true, primaryKeyPosition: 2}
      - name: ordered_on
        logicalType: date
        logicalTypeOptions: {minimum: 2020-01-01, exclusiveMaximum: '2030-01-01'}
      - name: status
        logicalType: string
        quality:
          - metric: invalidValues
            arguments: {validValues: [open, closed]}
            mustBeLessThan: 5
            unit: percent
            severity: warning
          - {type: sql, query: SELECT 1, mustBe: 1, description: a query}
          - {type: text, description: be nice}
      - {name: tags, logicalType: array}
    quality:
      - {metric: rowCount, mustBeBetween: [10, 20]}
slaProperties:
  - {property: retention, value: 3, unit: y}
  - {property: freshness, value: P1DT12H, element: orders.order_id}
"""
    found = contract_of(text.encode(), name="orders.yaml")
    rules = {rule.key: rule for rule in found.contract.rules}
    assert list(rules) == [
        *("present: id", "type: id", "not_null: id", "present: line", "type: line", "not_null: line"),
        *("present: ordered_on", "type: ordered_on", "range: ordered_on"),
        *("present: status", "type: status", "enumeration: status", "present: tags"),
        *("key", "row_count", "freshness: id"),
    ]
    assert rules["key"].arguments == {"columns": ["id", "line"]}
    assert rules["range: ordered_on"].arguments == {"min": "2020-01-01", "max": "2030-01-01", "below": True}
    assert rules["enumeration: status"].limit == Limit(operator="<", numbers=(5.0,), unit="percent")
    assert rules["enumeration: status"].severity is Severity.WARNING
    assert rules["freshness: id"].arguments == {"seconds": 129_600.0}
    told = "\n".join(found.left_out)
    assert "The quality rule sql of status is not judged: a query" in told
    assert "The quality rule text of status is not judged: be nice" in told
    assert "The type array of tags is not judged" in told
    assert "The service level retention is not judged." in told


_VAST = b"b0: &b0 [x]\n" + b"\n".join(b"b%d: &b%d [*b%d, *b%d]" % (i, i, i - 1, i - 1) for i in range(1, 60))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no contract"),
        (b"just words", "holds no contract"),
        (b"a: [", "neither YAML nor JSON"),
        (b"\xff\xfe\x00", "neither YAML nor JSON"),
        (b"a: 1", "none of the contracts that are read"),
        (b"!!python/object/apply:os.system ['true']", "neither YAML nor JSON"),
        (b"apiVersion: v2.2.2\nkind: DataContract", "version 3 is read"),
        (b"apiVersion: v3.2.0\nkind: DataContract", "describes no table"),
        (_VAST, "neither YAML nor JSON"),
        (b"a: &a [*a]", "neither YAML nor JSON"),
        (b"[" * 100_000, "neither YAML nor JSON"),
        (b"x" * 3_000_000, "larger than 2 MB"),
    ],
)
def test_what_is_no_contract_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        contract_of(content, name="c.yaml")
