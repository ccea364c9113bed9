"""What the command line and the page show of one file or of two: plain values that JSON holds."""

import math
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from core.data.check import NOTHING_BESIDE, Beside
from core.data.contract.contract import Contract
from core.data.contract.findings import contract_findings
from core.data.contract.judge import judge
from core.data.finding import Finding
from core.data.guess import TaskGuess, guess_task
from core.data.profile import profile
from core.data.side_by_side import SideBySide, compare_tables
from core.data.validation import Validation, in_order, validate
from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.comparison import overall
from core.drift.distribution import Distribution, distribution
from core.errors import InvalidInput
from core.frames.opened import Opened
from core.frames.opening import open_file
from core.frames.reading import AS_GUESSED, Reading


def validate_file(
    path: Path,
    *,
    now: datetime,
    name: str = "",
    beside: Beside = NOTHING_BESIDE,
    contract: Contract | None = None,
) -> dict[str, Any]:
    """Open a file, run every check, return ``rows, columns, findings``; ``name`` is what messages call it.

    The reference of ``beside`` is a table already opened (Parquet). Each rule of ``contract`` is one more finding.

    Raises
    ------
    UnreadableFile
        The file is no table, is empty or is damaged.
    RefusedFile
        The file would fill the memory or the disk, or holds executable content.
    InvalidInput
        The file has no column of the label's name.
    """
    with opened_copy(path, name=name) as (parquet, opened):
        if beside.label is not None and beside.label not in opened.columns:
            raise InvalidInput(
                f"{name or path.name} has no column {beside.label!r}. Name the label as the file does: "
                f"{', '.join(opened.columns[:8])}{' …' if len(opened.columns) > 8 else ''}."
            )
        validation = validate(parquet, opened, now=now, beside=beside)
        if contract is not None:
            agreed = contract_findings(judge(parquet, contract, now=now, typed=opened.typed))
            validation = replace(validation, findings=in_order((*agreed, *validation.findings)))
        return validation_report(validation)


def compare_files(reference: Path, current: Path, *, names: tuple[str, str] | None = None) -> dict[str, Any]:
    """Compare two files column by column, return ``verdict``, ``columns`` and ``causes``.

    Raises
    ------
    UnreadableFile, RefusedFile
        As ``validate_file`` does, for either file.
    """
    first, second = names or ("", "")
    with opened_copy(reference, name=first) as (before, _), opened_copy(current, name=second) as (after, _):
        return comparison_report(compare_tables(pl.read_parquet(before), pl.read_parquet(after)))


def compare_files_drawn(reference: Path, current: Path) -> tuple[dict[str, Any], dict[str, Distribution]]:
    """Return what ``compare_files`` does, and how each column that can be drawn is distributed in both.

    Raises
    ------
    UnreadableFile, RefusedFile
        As ``validate_file`` does, for either file.
    """
    with opened_copy(reference) as (before, _), opened_copy(current) as (after, _):
        first, second = pl.read_parquet(before), pl.read_parquet(after)
        found = compare_tables(first, second)
        drawn = {
            column.column: distribution(first[column.column], second[column.column])
            for column in found.columns
            if column.verdict is not DriftVerdict.NOT_APPLICABLE
        }
    return comparison_report(found), drawn


def guess_file(path: Path, *, name: str = "") -> TaskGuess:
    """Guess what a file could be used to predict.

    Raises
    ------
    UnreadableFile, RefusedFile
        As ``validate_file`` does.
    """
    with opened_copy(path, name=name) as (parquet, _):
        return guess_task(profile(parquet))


def comparison_report(found: SideBySide) -> dict[str, Any]:
    """Return the comparison of two tables as plain values: ``verdict``, ``columns`` and ``causes``."""
    return {
        "verdict": overall(found.columns).value,
        "columns": [drift_report(column) for column in found.columns],
        "causes": [json_safe(asdict(named)) for named in found.causes],
    }


def printed_comparison(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a comparison what ``fullcircle drift`` prints as JSON, whose keys others rely on.

    A cause stands at the beginning of its column's ``note``.
    """
    return {"verdict": report["verdict"], "columns": report["columns"]}


def drift_report(column: ColumnDrift) -> dict[str, Any]:
    """Return one column's comparison as plain values; ``note`` begins with the mechanical cause, where there is one.

    ``interval`` is ``[lower, upper]`` or nothing.
    """
    fields = ("column", "kind", "verdict", "method", "effect", "interval", "p_value", "q_value")
    figures = ("n_reference", "n_current", "n_blocks")
    found = {field: getattr(column, field) for field in (*fields, *figures)}
    interval = [column.interval.lower, column.interval.upper] if column.interval else None
    note = f"{column.cause} {column.note}".strip()
    return json_safe(found | {"verdict": column.verdict.value, "interval": interval, "note": note})


def validation_report(validation: Validation) -> dict[str, Any]:
    """Return a validation as plain values."""
    return {
        "rows": validation.rows,
        "columns": len(validation.columns),
        "findings": [finding_report(finding) for finding in validation.findings],
    }


def finding_report(finding: Finding) -> dict[str, Any]:
    """Return what is printed of a finding as plain values; ``interval`` is ``[lower, upper]`` or nothing."""
    printed = ("check", "column", "severity", "status", "count", "share", "interval", "sample", "message")
    found = finding_values(finding)
    return {name: found[name] for name in printed}


def finding_values(finding: Finding) -> dict[str, Any]:
    """Return all of a finding as plain values."""
    return json_safe(
        asdict(finding)
        | {
            "severity": finding.severity.value,
            "status": finding.status.value,
            "interval": [finding.interval.lower, finding.interval.upper] if finding.interval else None,
        }
    )


@contextmanager
def opened_copy(path: Path, *, name: str = "", reading: Reading = AS_GUESSED) -> Generator[tuple[Path, Opened]]:
    """Make a file into Parquet in a folder that is gone afterwards.

    Raises
    ------
    UnreadableFile, RefusedFile
        As ``open_file`` does.
    """
    with tempfile.TemporaryDirectory(prefix="fullcircle-") as folder:
        parquet = Path(folder) / "table.parquet"
        yield parquet, open_file(path, parquet, name=name or path.name or str(path), reading=reading)


def json_safe(value: Any) -> Any:
    """Return a value in which JSON finds nothing foreign: NaN and infinities become nothing, times become text."""
    if isinstance(value, Mapping):
        return {str(key): json_safe(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_safe(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, datetime) else value
