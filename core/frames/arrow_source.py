"""Arrow files and streams (Feather is one): read a batch at a time, each proven whole before it is used."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits
from core.frames.duck import duck, literal
from core.frames.opened import Opened
from core.frames.parquet_source import copy_plain

FILE, STREAM, OLD_FEATHER = b"ARROW1", b"\xff\xff\xff\xff", b"FEA1"


def is_arrow(head: bytes) -> bool:
    """Tell whether a file begins as an Arrow file, an Arrow stream or an old Feather file does."""
    return head.startswith((FILE + b"\x00\x00", OLD_FEATHER + b"\x00")) or (
        head.startswith(STREAM) and 0 < int.from_bytes(head[4:8], "little", signed=True) < limits.MAX_FOOTER_BYTES
    )


def arrow_to_parquet(source: Path, made: Path, *, folder: Path, name: str) -> Opened:
    """Write the batches to ``made``.

    Raises
    ------
    UnreadableFile
        The file is damaged: its figures contradict its bytes.
    RefusedFile
        It holds more rows or columns than any check could walk through.
    """
    staged = folder / "staged.parquet"
    try:
        with source.open("rb") as stream:
            _stage(stream.read(8), source, staged, name=name)
        with duck(folder) as connection:
            rows, columns, notes = copy_plain(connection, f"read_parquet({literal(str(staged))})", made)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, pa.ArrowKeyError, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno is not None:  # the disk's fault
            raise
        raise UnreadableFile(
            f"{name} is a damaged Arrow file, or holds a kind of column that is no table's. Write it again as Parquet."
        ) from problem
    return Opened(rows=rows, columns=columns, dialect={"format": "arrow"}, notes=notes)


def _stage(head: bytes, source: Path, staged: Path, *, name: str) -> None:
    schema, batches = _batches(head, source)
    if len(schema) > limits.MAX_COLUMNS:
        raise RefusedFile(
            f"{name} has {len(schema):,} columns, more than {limits.MAX_COLUMNS:,}. Drop a narrower file."
        )
    rows, size, packed = 0, 0, source.stat().st_size
    with pq.ParquetWriter(staged, pa.schema([_plain(field) for field in schema])) as writer:
        for batch in batches:
            batch.validate(full=True)
            rows, size = rows + batch.num_rows, size + batch.nbytes
            grows = size > limits.RATIO_FROM and size > limits.MAX_RATIO * packed
            if rows * max(len(schema), 1) > limits.MAX_CELLS or grows:
                raise RefusedFile(
                    f"{name} announces {rows:,} rows and more in {packed / 2**20:,.1f} MB, more than is read here. "
                    "Drop a part of it."
                )
            writer.write_table(pa.table(batch).cast(writer.schema))


def _batches(head: bytes, source: Path) -> tuple[Any, Iterator[Any]]:
    if head.startswith(FILE):
        found = pa.ipc.open_file(str(source))
        return found.schema, (found.get_batch(i) for i in range(found.num_record_batches))
    if head.startswith(STREAM):
        stream = pa.ipc.open_stream(pa.OSFile(str(source)))
        return stream.schema, iter(stream)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old files are still to be read
        table = feather.read_table(source, memory_map=False)
    return table.schema, iter(table.to_batches())


def _plain(field: Any) -> Any:
    """Return the field as Parquet can hold it: a dictionary of texts as texts, others as the values they stand for."""
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_run_end_encoded(kind):
        kind = kind.value_type
    return field.with_type(kind)
