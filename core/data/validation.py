"""Every check on one file. A check that crashes is a result; nothing is raised for what the file holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from core.data.check import NOTHING_BESIDE, Beside, Catalogue, Check, Found, NotApplicable, Table
from core.data.checks import CHECKS
from core.data.column import SAMPLES, Column
from core.data.finding import CheckStatus, Finding, Severity
from core.data.profile import Profile, profile_column
from core.data.walk import walk
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
    profile: dict[str, Mapping[str, Any]] = {}
    results: list[Finding] = []
    found: dict[str, list[Found]] = {name: [] for name in checks}

    def visit(column: Column) -> None:
        profile[column.name] = _figures(column)
        for check in checks.values():
            outcome = _on_column(check, column)
            if isinstance(outcome, Finding):
                results.append(outcome)
            elif outcome is not None:
                found[check.name].append(outcome)

    table = walk(parquet, opened, now=now, beside=beside, visit=visit)
    for check in checks.values():
        told = check.together(found[check.name]) if check.together else found[check.name]
        results += [_finding(check, one, rows=table.rows) for one in told]
        results += _on_table(check, table)
    results += _all_well(checks, results, table)
    starts, ends = _span(profile)
    return Validation(
        rows=opened.rows, columns=tuple(profile), findings=in_order(results), profile=profile, starts=starts, ends=ends
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as a report lists them: failed ones first, the gravest at the top."""
    return tuple(sorted(findings, key=lambda f: (_ORDER[f.status], _WEIGHT[f.severity])))


def _on_column(check: Check, column: Column) -> Found | Finding | None:
    """Return what a check has found in a column, its rows let go; or that it crashed."""
    if check.on_column is None or column.kind not in check.kinds or not column.rows:
        return None
    try:
        found = check.on_column(column)
        return None if found is None else _placed(found, column.sample_where, column=column.name)
    except Exception as problem:  # noqa: BLE001 - one bad column must not cost the report
        return _crashed(check, problem, column=column.name)


def _on_table(check: Check, table: Table) -> Iterable[Finding]:
    if check.on_table is None:
        return []
    try:
        return [
            _finding(check, _placed(found, partial(_rows_of, table, found.column)), rows=table.rows)
            for found in check.on_table(table)
        ]
    except NotApplicable as reason:
        return [
            Finding(check=check.name, severity=check.severity, status=CheckStatus.NOT_APPLICABLE, message=str(reason))
        ]
    except Exception as problem:  # noqa: BLE001 - as above
        return [_crashed(check, problem)]


def _rows_of(table: Table, column: str | None, mask: pl.Series) -> tuple[dict[str, Any], ...]:
    return table.sample(mask.fill_null(value=False).arg_true().head(SAMPLES), column=column)


def _placed(
    found: Found, sample: Callable[[pl.Series], tuple[dict[str, Any], ...]], *, column: str | None = None
) -> Found:
    """Return what was found with its first and last row and its sample, without the rows themselves."""
    found = replace(found, column=found.column or column)
    if found.rows is None:
        return found
    places = found.rows.fill_null(value=False).arg_true()
    ends = (int(places[0]), int(places[-1])) if len(places) else (None, None)
    return replace(found, rows=None, first=ends[0], last=ends[1], sample=found.sample or sample(found.rows))


def _finding(check: Check, found: Found, *, rows: int) -> Finding:
    of = found.of or rows
    fix = "" if found.passed else found.fix or check.fix
    message = found.message if found.message.endswith(fix) else f"{found.message} {fix}"
    return Finding(
        check=check.name,
        column=found.column,
        severity=found.severity or check.severity,
        status=CheckStatus.PASSED if found.passed else CheckStatus.FAILED,
        count=found.count,
        share=found.count / of if of else 0.0,
        interval=wilson(found.count, of) if 0 <= found.count <= of and of else None,
        sample=found.sample,
        message=message,
        of=of,
        first=None if found.first is None else found.first + 1,
        last=None if found.last is None else found.last + 1,
        fix=fix,
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


def _all_well(checks: Catalogue, results: list[Finding], table: Table) -> Iterable[Finding]:
    """One result for each check that has found nothing: passed, or why there was nothing to look at."""
    told = {finding.check for finding in results}
    kinds = {column.kind for column in table.columns}
    for check in checks.values():
        if check.name in told:
            continue
        status, message = CheckStatus.PASSED, check.title
        if check.on_table is None and not table.rows:
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
