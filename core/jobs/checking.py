"""Check a file and give what a dataset version records of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.data.check import NOTHING_BESIDE, Beside
from core.data.contract.findings import contract_findings
from core.data.contract.judge import judge
from core.data.contract.version import ContractVersion
from core.data.dataset import HowRead
from core.data.validation import in_order, validate
from core.frames.opening import open_file
from core.frames.reading import AS_GUESSED, Reading
from core.workspace.data import CheckedTable


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedFile:
    """A file that somebody dropped, under the name they know it by, and what they say of its form."""

    path: Path
    name: str
    reading: Reading = AS_GUESSED


def check_file(
    file: DroppedFile, table: Path, *, beside: Beside = NOTHING_BESIDE, contract: ContractVersion | None = None
) -> CheckedTable:
    """Turn a file into the Parquet ``table`` and check it, by the contract in force too where there is one.

    ``beside`` is what is known of it: the column to predict, a table to compare with.

    Raises
    ------
    UnreadableFile
        The file cannot be opened as a table.
    RefusedFile
        The file is not opened at all.
    """
    opened = open_file(file.path, table, name=file.name, reading=file.reading)
    now = datetime.now(UTC)
    validation = validate(table, opened, now=now, beside=beside)
    agreed = judge(table, contract.contract, now=now, typed=opened.typed) if contract else ()
    return CheckedTable(
        table=table,
        rows=validation.rows,
        columns=tuple(validation.columns),
        findings=in_order((*contract_findings(agreed), *validation.findings)),
        profile=validation.profile,
        starts=validation.starts,
        ends=validation.ends,
        read=HowRead.of(opened, file.reading),
    )
