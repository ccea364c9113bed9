"""What the page of a file needs beside its report: profile, dialect, margins. Plain values, as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from core.data.check import Beside
from core.data.checks import CHECKS
from core.data.dataset import HowRead, parts_by_name
from core.data.finding import CheckStatus, Finding, Severity
from core.data.report import comparison_report, finding_values, json_safe, opened_copy, validation_report
from core.data.side_by_side import compare_tables, days_beside, shared_time
from core.data.validation import validate
from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.picture import Picture, from_values, pictures
from core.frames.opened import RejectedRow
from core.frames.reading import AS_GUESSED, Reading
from core.statistics.estimate import Interval

SHARED_ROWS = "shared_rows"
MOST_DRAWN = 60
"""Of so many columns, those that moved most, it is kept what is drawn of them."""


def file_in_full(path: Path, *, now: datetime, reading: Reading = AS_GUESSED) -> dict[str, Any]:
    """Return ``file`` (what ``validate_file`` gives), ``profile`` and ``read`` (how it was read).

    Raises
    ------
    UnreadableFile, RefusedFile
        As ``validate_file`` does.
    """
    with opened_copy(path, reading=reading) as (parquet, opened):
        validation = validate(parquet, opened, now=now)
    return {
        "file": validation_report(validation)
        | {"findings": [finding_values(finding) for finding in validation.findings]},
        "profile": json_safe(validation.profile),
        "read": json_safe(asdict(HowRead.of(opened, reading))),
    }


def files_in_full(
    reference: Path,
    current: Path,
    *,
    now: datetime,
    readings: tuple[Reading, Reading] = (AS_GUESSED, AS_GUESSED),
) -> dict[str, Any]:
    """Return ``comparison`` (what ``compare_files`` gives), each column's margin, and what rows were grouped by.

    ``shared`` are the findings on rows, keys and days that stand in both, as ``fullcircle validate --reference`` has
    them.

    Raises
    ------
    UnreadableFile, RefusedFile
        As ``validate_file`` does, for either file.
    """
    before, after = (opened_copy(path, reading=how) for path, how in zip((reference, current), readings, strict=True))
    with before as (first, _), after as (second, opened):
        tables = pl.read_parquet(first), pl.read_parquet(second)
        beside = Beside(reference=first, other_part=parts_by_name(reference.name, current.name))
        found = validate(second, opened, now=now, beside=beside, checks={SHARED_ROWS: CHECKS[SHARED_ROWS]})
    shared = [finding_values(finding) for finding in found.findings if finding.status is CheckStatus.FAILED]
    return tables_in_full(*tables) | {"shared": shared}


def tables_in_full(reference: pl.DataFrame, current: pl.DataFrame) -> dict[str, Any]:
    """Return of two tables what ``files_in_full`` returns of two files."""
    found = compare_tables(reference, current)
    before, after, block = days_beside(reference, current)
    drawn = {column.column: None for column in worst_first(found.columns)[:MOST_DRAWN]}
    return {
        "comparison": comparison_report(found),
        "pictures": json_safe([asdict(p) for p in pictures(before, after, block=block, ranges=drawn)]),
        "margins": {column.column: column.margin for column in found.columns},
        "days_of": shared_time(reference, current),
        "rows": [reference.height, current.height],
    }


def how_read_of(result: Mapping[str, Any]) -> HowRead | None:
    """Return how the file of a result was read, as a value; ``None`` where an older result does not say."""
    fields = result.get("read")
    if not fields:
        return None
    rejected = tuple(RejectedRow(**row) for row in fields["rejected"])
    return HowRead(**fields | {"reading": Reading(**fields["reading"]), "rejected": rejected})


def findings_of(report: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the findings of a report as values."""
    return tuple(_finding(fields) for fields in report["findings"])


def shared_of(result: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return what ``files_in_full`` found in both files, as values; an older result does not say."""
    return tuple(_finding(fields) for fields in result.get("shared", ()))


def _finding(fields: Mapping[str, Any]) -> Finding:
    values: dict[str, Any] = dict(fields)
    values["severity"], values["status"] = Severity(values["severity"]), CheckStatus(values["status"])
    values["interval"], values["sample"] = _interval(values["interval"]), tuple(values["sample"])
    return Finding(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One column of two files, as the page shows it."""

    column: str
    kind: str
    verdict: DriftVerdict
    method: str
    effect: float | None
    interval: Interval | None
    margin: float | None
    n_reference: int
    n_current: int
    n_blocks: int
    note: str


def picture_of(result: Mapping[str, Any], column: str) -> Picture | None:
    """Return what is drawn of a column of two files; nothing where it was not among the first that moved."""
    return next(iter(from_values(cells for cells in result.get("pictures", ()) if cells["column"] == column)), None)


_WORST = (DriftVerdict.DRIFTED, DriftVerdict.NOT_ENOUGH_DATA, DriftVerdict.STABLE, DriftVerdict.NOT_APPLICABLE)


def moved(result: Mapping[str, Any]) -> tuple[Moved, ...]:
    """Return the columns of a comparison, those first that moved most."""
    columns = [_moved(column, result["margins"].get(column["column"])) for column in result["comparison"]["columns"]]
    return tuple(worst_first(columns))


Found = TypeVar("Found", ColumnDrift, Moved)


def worst_first(columns: Iterable[Found]) -> list[Found]:
    """Return columns, those first that moved most."""
    return sorted(columns, key=lambda c: (_WORST.index(c.verdict), -(c.effect or 0.0)))


def _moved(column: Mapping[str, Any], margin: float | None) -> Moved:
    plain: dict[str, Any] = {name: column[name] for name in ("column", "kind", "method", "effect", "note")}
    plain |= {name: column[name] for name in ("n_reference", "n_current", "n_blocks")}
    return Moved(
        **plain, verdict=DriftVerdict(column["verdict"]), interval=_interval(column["interval"]), margin=margin
    )


def _interval(bounds: Sequence[float] | None) -> Interval | None:
    return Interval(lower=bounds[0], upper=bounds[1]) if bounds else None
