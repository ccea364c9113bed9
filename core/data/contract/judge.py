"""All rules of a contract on one table: one pass over its rows, and another for the rules that are broken.

Nothing is raised for what the table holds or for what a rule asks: a rule that cannot be judged says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl

from core.data.column import SAMPLES, shareable
from core.data.contract.contract import Contract, Rule
from core.data.contract.rule_kind import CannotJudge, Facts, RuleKind, Subject
from core.data.contract.rules import RULES
from core.data.finding import CheckStatus

_ROW = "\x00row"
_FIRST, _LAST, _SOME = "\x00first", "\x00last", "\x00some"
_MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of a rule: ``broken`` of ``rows`` rows broke it; ``first`` and ``last`` are 1-based rows.

    ``status`` is passed or failed; crashed where the rule could not be judged, skipped where its column is missing and
    another rule says so. ``facts`` are what widening the rule needs.
    """

    rule: Rule
    status: CheckStatus
    rows: int
    broken: int = 0
    first: int | None = None
    last: int | None = None
    sample: tuple[dict[str, Any], ...] = ()
    problem: str = ""
    facts: Facts = field(default_factory=dict[str, Any])

    @property
    def kept(self) -> bool:
        """Tell whether the rule is kept."""
        return self.status is CheckStatus.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A rule that needs the rows: its kind, and the expression that counts what breaks it."""

    rule: Rule
    kind: RuleKind
    count: pl.Expr
    row: pl.Expr | None


def judge(table: Path | pl.DataFrame, contract: Contract, *, now: datetime, typed: bool = False) -> tuple[Judged, ...]:
    """Judge a table (Parquet, or rows in memory) by every rule, in the order of the rules.

    Parameters
    ----------
    table
        The rows.
    contract
        The rules.
    now
        When it is judged: a newest row is old or young on that day.
    typed
        Whether the columns came with types of their own: only then is a number in a column of texts another type.
    """
    frame = table.lazy() if isinstance(table, pl.DataFrame) else pl.scan_parquet(table)
    schema = dict(frame.collect_schema())
    subject = Subject(schema=schema, contract=contract, now=now, typed=typed)
    settled: dict[int, Judged] = {}
    asked: dict[int, _Asked] = {}
    for place, rule in enumerate(contract.rules):
        found = _prepared(rule, subject)
        if isinstance(found, Judged):
            settled[place] = found
        else:
            asked[place] = found
    rows, counts = _count(frame, asked)
    settled = {place: replace(judged, rows=rows) for place, judged in settled.items()}
    for place, one in asked.items():
        count = counts[place]
        repeated = one.kind.together is not None and not isinstance(count, Exception) and count > 0
        settled[place] = _repeats(frame, subject, one, rows) if repeated else _verdict(one, count, rows)
    failed = {
        place: (one, settled[place])
        for place, one in asked.items()
        if one.kind.together is None and settled[place].status is CheckStatus.FAILED
    }
    settled |= _with_rows(frame, failed, subject)
    return tuple(settled[place] for place in range(len(contract.rules)))


def _prepared(rule: Rule, subject: Subject) -> Judged | _Asked:
    """Judge a rule by the columns alone where that is enough; else return what has to be counted."""
    kind = RULES.get(rule.kind)
    if kind is None:
        return _crashed(rule, f"There is no kind of rule {rule.kind}.")
    if kind.on_schema is not None:
        wrong = kind.on_schema(rule, subject)
        status = CheckStatus.FAILED if wrong else CheckStatus.PASSED
        return Judged(rule=rule, status=status, rows=0, problem=wrong or "")
    if rule.column is not None and rule.column not in subject.schema:
        told = subject.contract.find("present", rule.column) is not None
        status = CheckStatus.SKIPPED if told else CheckStatus.FAILED
        return Judged(rule=rule, status=status, rows=0, problem=f"The column `{rule.column}` is missing.")
    try:
        return _asked(rule, kind, subject)
    except CannotJudge as reason:
        return _crashed(rule, str(reason))
    except Exception as problem:  # noqa: BLE001 - one rule that cannot be read must not cost the others
        return _crashed(rule, f"The rule cannot be read ({_first_line(problem)}).")


def _asked(rule: Rule, kind: RuleKind, subject: Subject) -> _Asked:
    if kind.together is not None:
        columns = kind.together(rule, subject)
        present = _all_present(columns, subject)
        values = pl.col(columns[0]) if len(columns) == 1 else pl.struct(columns)
        count = present.sum().cast(pl.Int64) - values.filter(present).n_unique().cast(pl.Int64)
        found = _Asked(rule=rule, kind=kind, count=count, row=None)
    elif kind.counted is not None:
        found = _Asked(rule=rule, kind=kind, count=kind.counted(rule, subject), row=None)
    else:
        assert kind.broken is not None
        row = kind.broken(rule, subject).fill_null(value=False)
        found = _Asked(rule=rule, kind=kind, count=row.sum(), row=row)
    # what Polars refuses it refuses on a table of one row too, there with nothing lost
    needed = {name: subject.schema[name] for name in found.count.meta.root_names() if name in subject.schema}
    pl.DataFrame({name: [None] for name in needed}, schema=needed).select(found.count)
    return found


def _all_present(columns: Sequence[str], subject: Subject) -> pl.Expr:
    return reduce(lambda left, right: left & right, (~subject.missing(name) for name in columns))


def _count(frame: pl.LazyFrame, asked: Mapping[int, _Asked]) -> tuple[int, Mapping[int, int | Exception]]:
    """Count all rules in one pass; each on its own where one of them fails on these rows."""
    counts = {str(place): one.count.cast(pl.Int64) for place, one in asked.items()}
    try:
        found = frame.select(pl.len().alias(_ROW), **counts).collect(engine="streaming").row(0, named=True)
        return int(found[_ROW]), {place: int(found[str(place)] or 0) for place in asked}
    except Exception:  # noqa: BLE001 - whichever it was is found below
        rows = int(frame.select(pl.len()).collect(engine="streaming").item())
        return rows, {place: _counted_alone(frame, one) for place, one in asked.items()}


def _counted_alone(frame: pl.LazyFrame, one: _Asked) -> int | Exception:
    try:
        return int(frame.select(one.count.cast(pl.Int64)).collect(engine="streaming").item() or 0)
    except Exception as problem:  # noqa: BLE001 - it becomes the rule's result
        return problem


def _verdict(one: _Asked, count: int | Exception, rows: int) -> Judged:
    """Judge a rule by the number of rows that break it; the rows themselves come after."""
    rule = one.rule
    if isinstance(count, Exception):
        return _crashed(rule, f"The rule could not be judged ({_first_line(count)}).", rows=rows)
    if rule.limit.holds(count, rows):
        return Judged(rule=rule, status=CheckStatus.PASSED, rows=rows, broken=count if one.row is not None else 0)
    return Judged(rule=rule, status=CheckStatus.FAILED, rows=rows, broken=count)


def _with_rows(frame: pl.LazyFrame, broken: Mapping[int, tuple[_Asked, Judged]], subject: Subject) -> dict[int, Judged]:
    """Add the rows that break each rule: the first, the last, and some of them; and what widening it needs."""
    queries = {place: _breaking(frame, one, subject) for place, (one, _) in broken.items()}
    try:  # side by side, each column read once
        found = dict(zip(queries, pl.collect_all(queries.values(), engine="streaming"), strict=True))
    except Exception:  # noqa: BLE001 - whichever it was is found below
        found = {place: _alone(query) for place, query in queries.items()}
    return {place: _told(one, judged, found[place]) for place, (one, judged) in broken.items()}


def _breaking(frame: pl.LazyFrame, one: _Asked, subject: Subject) -> pl.LazyFrame:
    facts = one.kind.facts(one.rule, subject)
    if one.row is None:
        return frame.select(**facts) if facts else pl.LazyFrame({"\x00": [0]})
    ends = {_FIRST: pl.col(_ROW).min(), _LAST: pl.col(_ROW).max(), _SOME: _some(one.rule)}
    return frame.with_row_index(_ROW).filter(one.row).select(**ends, **facts)


def _alone(query: pl.LazyFrame) -> pl.DataFrame | None:
    try:
        return query.collect(engine="streaming")
    except Exception:  # noqa: BLE001 - the verdict stands, with or without the rows behind it
        return None


def _told(one: _Asked, failed: Judged, found: pl.DataFrame | None) -> Judged:
    if found is None:
        return failed
    facts = found.row(0, named=True)
    facts.pop("\x00", None)
    ends = [facts.pop(name, None) for name in (_FIRST, _LAST)]
    some = facts.pop(_SOME, [])
    first, last = (None if end is None else int(end) + 1 for end in ends)
    known = {"rows": failed.rows, "broken": failed.broken}
    return replace(failed, first=first, last=last, sample=_sample(some, one.rule), facts=known | facts)


def _repeats(frame: pl.LazyFrame, subject: Subject, one: _Asked, rows: int) -> Judged:
    """Judge a rule on repeats: its limit is on the values that occur more than once, its rows are all that hold one."""
    assert one.kind.together is not None
    columns = one.kind.together(one.rule, subject)
    present = frame.with_row_index(_ROW).filter(_all_present(columns, subject))
    groups = present.group_by(columns).agg(
        pl.len().alias("\x00count"), pl.col(_ROW).min().alias("\x00first"), pl.col(_ROW).max().alias("\x00last")
    )
    repeated = groups.filter(pl.col("\x00count") > 1)
    found = repeated.select(
        pl.len().alias("values"), pl.col("\x00count").sum(), pl.col("\x00first").min(), pl.col("\x00last").max()
    ).collect(engine="streaming")
    values, broken, first, last = found.row(0)
    if one.rule.limit.holds(values, rows):
        return Judged(rule=one.rule, status=CheckStatus.PASSED, rows=rows, broken=int(broken))
    some = repeated.sort("\x00first").head(SAMPLES).select(*columns, row=pl.col("\x00last") + 1).collect()
    return Judged(
        rule=one.rule,
        status=CheckStatus.FAILED,
        rows=rows,
        broken=int(broken),
        first=int(first) + 1,
        last=int(last) + 1,
        sample=tuple(
            {"row": row.pop("row"), **{name: shareable(value) for name, value in row.items()}}
            for row in some.to_dicts()
        ),
        facts={"rows": rows, "broken": int(broken)},
    )


def _some(rule: Rule) -> pl.Expr:
    """Return the first rows as records in one cell."""
    return pl.struct(_ROW, *dict.fromkeys(_shown(rule))).head(SAMPLES).implode()


def _shown(rule: Rule) -> list[str]:
    return [name for name in (rule.column, rule.arguments.get("other")) if isinstance(name, str)]


def _sample(some: Sequence[dict[str, Any]], rule: Rule) -> tuple[dict[str, Any], ...]:
    shown = _shown(rule)
    named = {rule.column: "value"} if len(shown) == 1 else {}
    return tuple(
        {"row": int(row.pop(_ROW)) + 1, **{named.get(name, name): shareable(value) for name, value in row.items()}}
        for row in some
    )


def _crashed(rule: Rule, problem: str, *, rows: int = 0) -> Judged:
    return Judged(rule=rule, status=CheckStatus.CRASHED, rows=rows, problem=problem)


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0][:160]


def broken_rows(
    table: Path | pl.DataFrame, contract: Contract, rule: Rule, *, now: datetime, typed: bool = False
) -> pl.DataFrame:
    """Return the rows that break a rule, with their 1-based number under ``row``, the first 100,000 of them.

    A rule that is on no row (how many there are, how new) has none.
    """
    frame = table.lazy() if isinstance(table, pl.DataFrame) else pl.scan_parquet(table)
    subject = Subject(schema=dict(frame.collect_schema()), contract=contract, now=now, typed=typed)
    found = _prepared(rule, subject)
    number = (pl.col(_ROW) + 1).alias("row")
    numbered = frame.with_row_index(_ROW)
    if isinstance(found, Judged) or (found.row is None and found.kind.together is None):
        return numbered.select(number, pl.exclude(_ROW)).head(0).collect()
    if found.kind.together is not None:
        columns = found.kind.together(rule, subject)
        repeated = numbered.group_by(columns).agg(pl.len().alias("\x00count")).filter(pl.col("\x00count") > 1)
        present = numbered.filter(_all_present(columns, subject))
        broken = present.join(repeated.drop("\x00count"), on=columns, how="semi").sort(_ROW)
    else:
        assert found.row is not None
        broken = numbered.filter(found.row)
    return broken.head(_MOST_ROWS).select(number, pl.exclude(_ROW)).collect(engine="streaming")
