"""The contract on a window: the rules that what is logged can be tested by, on its last week."""

from datetime import datetime

import polars as pl

from core.data.contract.contract import Contract, Rule
from core.data.contract.judge import Judged, judge
from core.data.contract.rules import sentence
from core.data.finding import CheckStatus
from core.monitoring.window import RuleInWindow
from core.scoping.project import Task

_OF_A_FILE = frozenset(("row_count", "closed", "freshness", "unique", "key"))
"""Rules on a file as a whole: one entity may be asked about twice, and a week has as many rows as it has."""


def rules_in_window(contract: Contract, rows: pl.DataFrame, task: Task, *, as_of: datetime) -> tuple[RuleInWindow, ...]:
    """Test production rows by a contract; a rule on what is not logged is there too, as not tested."""
    table = _as_data(rows, task)
    tested = [rule for rule in contract.rules if _testable(rule, contract, table)]
    held = Contract(name=contract.name, rules=tuple(tested))
    judged = {id(one.rule): one for one in judge(table, held, now=as_of)}
    return tuple(_in_window(rule, judged.get(id(rule))) for rule in contract.rules)


def _as_data(rows: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Return logged rows under the names of the project's data; the label is not known yet, so it is not there."""
    known = {"event_time": task.time, "entity_id": task.entity}
    columns = [pl.col(logged).alias(name) for logged, name in known.items() if name]
    taken = [name for name in known.values() if name]
    return rows.select(*columns, *(name for name in task.inputs if name in rows.columns and name not in taken))


def _testable(rule: Rule, contract: Contract, table: pl.DataFrame) -> bool:
    columns = [name for name in (rule.column, rule.arguments.get("other")) if name is not None]
    if rule.kind in _OF_A_FILE or any(name not in table.columns for name in columns):
        return False
    # the wire knows numbers and texts: what was true or false, or a date, came as one of them
    declared = contract.type_of(columns[0])
    return not (declared in ("boolean", "date", "timestamp") and table[columns[0]].dtype.is_float())


def _in_window(rule: Rule, judged: Judged | None) -> RuleInWindow:
    if judged is None or judged.status not in (CheckStatus.PASSED, CheckStatus.FAILED):
        return RuleInWindow(key=rule.key, text=sentence(rule), kept=None)
    return RuleInWindow(key=rule.key, text=sentence(rule), kept=judged.kept, broken=judged.broken, rows=judged.rows)
