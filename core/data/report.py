"""What the command line and the page show of one file or of two: plain values that JSON holds."""

import math
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from core.data.finding import Finding
from core.data.validation import Validation, validate
from core.frames.open_file import to_parquet
from core.frames.opened import Opened


def validate_file(path: Path, *, now: datetime) -> dict[str, Any]:
    """Open a file, run every check, return ``rows, columns, findings``.

    Raises
    ------
    UnreadableFile
        The file is no table, is empty or is damaged.
    RefusedFile
        The file would fill the memory or the disk, or holds executable content.
    """
    with opened_copy(path) as (parquet, opened):
        return validation_report(validate(parquet, opened, now=now))


def validation_report(validation: Validation) -> dict[str, Any]:
    """Return a validation as plain values."""
    return {
        "rows": validation.rows,
        "columns": len(validation.columns),
        "findings": [finding_report(finding) for finding in validation.findings],
    }


def finding_report(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values; ``interval`` is ``[lower, upper]`` or nothing."""
    return json_safe(
        asdict(finding)
        | {
            "severity": finding.severity.value,
            "status": finding.status.value,
            "interval": [finding.interval.lower, finding.interval.upper] if finding.interval else None,
        }
    )


@contextmanager
def opened_copy(path: Path) -> Iterator[tuple[Path, Opened]]:
    """Make a file into Parquet in a folder that is gone afterwards.

    Raises
    ------
    UnreadableFile, RefusedFile
        As ``to_parquet`` does.
    """
    with tempfile.TemporaryDirectory(prefix="fullcircle-") as folder:
        parquet = Path(folder) / "table.parquet"
        yield parquet, to_parquet(path, parquet, name=path.name)


def json_safe(value: Any) -> Any:
    """Return a value in which JSON finds nothing foreign: NaN and infinities become nothing, times become text."""
    if isinstance(value, Mapping):
        return {str(key): json_safe(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_safe(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, datetime) else value
