"""Every check on one file. A check that crashes is a result; nothing is raised for what the file holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import NOTHING_BESIDE, Beside, Catalogue, Check, ColumnFacts, Found, NotApplicable, Table
from core.data.checks import CHECKS
from core.data.column import Column
from core.data.finding import CheckStatus, Finding, Severity
from core.data.profile import Profile, profile_column, read_column
from core.frames.opened import Opened
from core.statistics.intervals import wilson

_ORDER = {
    CheckStatus.FAILED: 0,
    CheckStatus.CRASHED: 1,
    CheckStatus.PASSED: 2,
    CheckStatus.SKIPPED: 3,
    CheckStatus.NOT_APPLICABLE: 4,
}
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What all checks say: failed findings first, the gravest at the top; ``starts`` and ``ends`` are event times."""

    rows: int
    columns: tuple[str, ...]
    findings: tuple[Finding, ...]
    profile: Profile
    starts: datetime | None = None
    ends: datetime | None = None

    def found(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the failed findings of one severity."""
        return tuple(f for f in self.findings if f.severity is severity and f.status is CheckStatus.FAILED)


@np.errstate(all="ignore")  # numbers near the largest possible overflow; a check then finds nothing
def validate(
    parquet: Path, opened: Opened, *, now: datetime, beside: Beside = NOTHING_BESIDE, checks: Catalogue = CHECKS
) -> Validation:
    """Run every check on the table that ``to_parquet`` has made; one column is in memory at a time."""
    names = pl.scan_parquet(parquet).collect_schema().names()
    profile: dict[str, Mapping[str, Any]] = {}
    results: list[Finding] = []
    facts: list[ColumnFacts] = []
    hashes = np.zeros(opened.rows, dtype=np.uint64)
    for position, name in enumerate(names):
        notes = tuple(note for note in opened.notes if note.column == name)
        column = Column(name=name, position=position, series=read_column(parquet, name), now=now, notes=notes)
        profile[name] = _figures(column)
        results += [found for check in checks.values() for found in _on_column(check, column)]
        cells = column.series.hash().to_numpy()
        hashes = hashes * _MIX + cells
        facts.append(_facts(column, cells))
    table = Table(
        parquet=parquet,
        opened=opened,
        rows=opened.rows,
        now=now,
        beside=beside,
        columns=tuple(facts),
        row_hashes=hashes,
    )
    results += [found for check in checks.values() for found in _on_table(check, table)]
    results += _all_well(checks, results, facts, rows=opened.rows)
    starts, ends = _span(profile)
    findings = tuple(sorted(results, key=lambda f: (_ORDER[f.status], _WEIGHT[f.severity])))
    return Validation(
        rows=opened.rows, columns=tuple(names), findings=findings, profile=profile, starts=starts, ends=ends
    )


def _on_column(check: Check, column: Column) -> Iterable[Finding]:
    if check.on_column is None or column.kind not in check.kinds or not column.rows:
        return []
    try:
        found = check.on_column(column)
    except Exception as problem:  # noqa: BLE001 - one bad column must not cost the report
        return [_crashed(check, problem, column=column.name)]
    return [_finding(check, found, rows=column.rows, column=column.name)] if found else []


def _on_table(check: Check, table: Table) -> Iterable[Finding]:
    if check.on_table is None:
        return []
    try:
        return [_finding(check, found, rows=table.rows) for found in check.on_table(table)]
    except NotApplicable as reason:
        return [
            Finding(check=check.name, severity=check.severity, status=CheckStatus.NOT_APPLICABLE, message=str(reason))
        ]
    except Exception as problem:  # noqa: BLE001 - as above
        return [_crashed(check, problem)]


def _finding(check: Check, found: Found, *, rows: int, column: str | None = None) -> Finding:
    of = found.of or rows
    return Finding(
        check=check.name,
        column=found.column or column,
        severity=found.severity or check.severity,
        status=CheckStatus.FAILED,
        count=found.count,
        share=found.count / of if of else 0.0,
        interval=wilson(found.count, of) if 0 <= found.count <= of and of else None,
        sample=found.sample,
        message=found.message,
        of=of,
        first=None if found.first is None else found.first + 1,
        last=None if found.last is None else found.last + 1,
        fix=found.fix or check.fix,
    )


def _crashed(check: Check, problem: Exception, *, column: str | None = None) -> Finding:
    place = f" on `{column}`" if column else ""
    return Finding(
        check=check.name,
        column=column,
        severity=check.severity,
        status=CheckStatus.CRASHED,
        message=f"“{check.title}” could not run{place} ({type(problem).__name__}); the other checks did.",
    )


def _all_well(checks: Catalogue, results: list[Finding], facts: list[ColumnFacts], *, rows: int) -> Iterable[Finding]:
    """One result for each check that has found nothing: passed, or why there was nothing to look at."""
    told = {finding.check for finding in results}
    kinds = {column.kind for column in facts}
    for check in checks.values():
        if check.name in told:
            continue
        status, message = CheckStatus.PASSED, check.title
        if check.on_table is None and not rows:
            status, message = CheckStatus.NOT_APPLICABLE, "The table has no rows."
        elif check.on_table is None and not kinds & set(check.kinds):
            status, message = CheckStatus.NOT_APPLICABLE, f"No column holds {' or '.join(check.kinds)} values."
        yield Finding(check=check.name, severity=check.severity, status=status, message=message)


def _figures(column: Column) -> Mapping[str, Any]:
    try:
        return profile_column(column)
    except Exception:  # noqa: BLE001 - values beyond what can be reckoned with must not cost the report
        known = {"kind": column.kind, "type": str(column.series.dtype), "count": column.rows, "nulls": column.missing}
        share = column.missing / max(column.rows, 1)
        return (
            known
            | {"missing_share": share, "distinct": column.distinct, "unique": False}
            | dict.fromkeys(("min", "max", "mean"))
        )


def _facts(column: Column, cells: NDArray[np.uint64]) -> ColumnFacts:
    weights = np.arange(1, len(cells) + 1, dtype=np.uint64) * _MIX
    return ColumnFacts(
        name=column.name,
        kind=column.kind,
        distinct=column.distinct,
        missing=column.missing,
        fingerprint=int((cells * weights).sum(dtype=np.uint64)),
    )


def _span(profile: Profile) -> tuple[datetime | None, datetime | None]:
    """Return the first and last time of the first column of times."""
    for figures in profile.values():
        if figures["kind"] == "time" and figures["min"]:
            return _moment(figures["min"]), _moment(figures["max"])
    return None, None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.combine(date.fromisoformat(text), time())
    return found if found.tzinfo else found.replace(tzinfo=UTC)
