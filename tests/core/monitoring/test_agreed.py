"""The contract on logged rows: what can be tested there is, the rest says that it was not."""

from datetime import UTC, datetime, timedelta

import polars as pl

from core.data.contract.contract import Contract, Limit, Rule
from core.monitoring.agreed import rules_in_window
from core.scoping.project import Task, TaskKind

NOW = datetime(2024, 1, 8, tzinfo=UTC)
TASK = Task(
    kind=TaskKind.BINARY, target="late", inputs=("temp", "carrier", "wet"), time="at", entity="id", positive="yes"
)
ROWS = pl.DataFrame(
    {
        "entity_id": ["1", "2", "2", "4"],
        "event_time": [NOW - timedelta(hours=n) for n in range(4)],
        "temp": [10.0, None, 99.0, 99.5],
        "carrier": ["AA", "DL", "XX", None],
        "wet": [0.0, 1.0, 1.0, 0.0],
        "label": [1.0, 0.0, None, None],
        "score": [0.1, 0.2, 0.3, 0.4],
    }
)
RULES = (
    Rule(kind="row_count", limit=Limit(operator=">=", numbers=(100.0,))),
    Rule(kind="type", column="id", arguments={"type": "integer"}),
    Rule(kind="unique", column="id"),
    Rule(kind="range", column="at", arguments={"max": "2024-01-07T23:30:00Z"}),
    Rule(kind="type", column="temp", arguments={"type": "number"}),
    Rule(kind="not_null", column="temp"),
    Rule(kind="range", column="temp", arguments={"max": 50}),
    Rule(kind="enumeration", column="carrier", arguments={"values": ["AA", "DL"]}),
    Rule(kind="type", column="wet", arguments={"type": "boolean"}),
    Rule(kind="not_null", column="late"),
    Rule(kind="pattern", column="carrier", arguments={"pattern": "("}),
)


def test_what_is_logged_is_tested_under_the_names_of_the_data() -> None:
    found = rules_in_window(Contract(name="t", rules=RULES), ROWS, TASK, as_of=NOW)
    assert [one.key for one in found] == [rule.key for rule in RULES]
    assert {one.key: (one.kept, one.broken) for one in found} == {
        "row_count": (None, 0),
        "type: id": (True, 0),
        "unique: id": (None, 0),
        "range: at": (False, 1),
        "type: temp": (True, 0),
        "not_null: temp": (False, 1),
        "range: temp": (False, 2),
        "enumeration: carrier": (False, 1),
        "type: wet": (None, 0),
        "not_null: late": (None, 0),
        "pattern: carrier": (None, 0),
    }
    assert {one.share for one in found if one.key == "range: temp"} == {0.5}
