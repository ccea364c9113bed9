"""Two tables in, one verdict a column out."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.judge import Judge, Shift, Side
from core.drift.judges import JUDGES
from core.drift.kind import Pair, pair_up
from core.errors import InvalidInput
from core.frames.counts import block_of_rows
from core.statistics.blocks import Codes
from core.statistics.estimate import Interval
from core.statistics.multiplicity import benjamini_hochberg

FALSE_ALARMS = 0.05
"""Share of false alarms among the columns that are called significant."""

LEAST_TESTS = 20
"""Fewer are judged as strictly as so many: at 5 %, one column of 1,000 rows drifts by chance in 2 of 100 windows."""

MIN_UNITS = 3
"""Blocks (rows where these are independent) that a side needs before its own variation can be seen."""

ROWS_AT_ONCE = 20_000_000
"""Rows of all columns that are examined at the same time: about 2 GB."""

SAME_ROWS = 30
"""Fewer rows may agree one by one without being the same file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tested:
    """What a judge found on a column."""

    judge: Judge
    shift: Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class _Examined:
    """A column on its way to a verdict: with its tests, or already with the reason why there is none."""

    drift: ColumnDrift
    tested: tuple[_Tested, ...] = ()
    same_rows: bool = False


def compare_columns(
    reference: pl.DataFrame, current: pl.DataFrame, *, block: str | None, columns: Sequence[str] | None = None
) -> tuple[ColumnDrift, ...]:
    """Compare the columns of two tables, in the order of the reference; new columns come last.

    Parameters
    ----------
    block
        Column of both tables that names the block of a row (its day); ``None`` where rows are independent.
    columns
        Those to compare; all but the block where ``None``.

    Raises
    ------
    InvalidInput
        A table lacks the block column.
    """
    _require_block(reference, current, block)
    names = dict.fromkeys([*reference.columns, *current.columns] if columns is None else columns)
    blocks = block_of_rows(reference, block), block_of_rows(current, block)
    return _all_judged(
        _examined_at_once(
            lambda name: _examine(name, reference, current, blocks),
            (name for name in names if name != block),
            rows=reference.height + current.height,
        )
    )


def compare_parquet(reference: Path, current: Path, *, block: str | None) -> tuple[ColumnDrift, ...]:
    """Compare two Parquet files as ``compare_columns`` does two tables, with few columns at a time in memory.

    Raises
    ------
    InvalidInput
        A file lacks the block column.
    """
    files = [pl.scan_parquet(path) for path in (reference, current)]
    heads = [file.head(0).collect() for file in files]
    _require_block(heads[0], heads[1], block)
    blocks = [block_of_rows(_column(file, block), block) if block else None for file in files]
    names = dict.fromkeys([*heads[0].columns, *heads[1].columns])
    return _all_judged(
        _examined_at_once(
            lambda name: _examine(name, _column(files[0], name), _column(files[1], name), (blocks[0], blocks[1])),
            (name for name in names if name != block),
            rows=sum(file.select(pl.len()).collect().item() for file in files),
        )
    )


def _examined_at_once(examine: Callable[[str], _Examined], names: Iterable[str], *, rows: int) -> list[_Examined]:
    # sorting leaves the interpreter to others, so that columns are sorted side by side, as many as fit into memory
    columns = min(pl.thread_pool_size(), max(1, ROWS_AT_ONCE // max(1, rows)))
    with ThreadPoolExecutor(columns) as pool:
        return list(pool.map(examine, names))


def _column(file: pl.LazyFrame, name: str) -> pl.DataFrame:
    """Read one column; where the file has none of this name, rows without a column that is asked for."""
    if name in file.collect_schema().names():
        return file.select(name).collect()
    return file.select(pl.repeat(None, pl.len()).alias(f"{name} is absent")).collect()


def _all_judged(examined: Sequence[_Examined]) -> tuple[ColumnDrift, ...]:
    p_values = [t.shift.at_least.p_value for column in examined for t in column.tested]
    q_values = benjamini_hochberg([*p_values, *[1.0] * (LEAST_TESTS - len(p_values))])
    # at this share of errors each, the lower end is above 0 where, and only where, the q-value is small enough
    errors = FALSE_ALARMS * max(1, sum(q <= FALSE_ALARMS for q in q_values)) / len(q_values)
    following = iter(q_values)
    return tuple(_judged(column, tuple(next(following) for _ in column.tested), errors) for column in examined)


def overall(columns: Sequence[ColumnDrift]) -> DriftVerdict:
    """Return one verdict for all: drifted if a column is; stable only if every column that can be compared is."""
    verdicts = {column.verdict for column in columns} - {DriftVerdict.NOT_APPLICABLE}
    for verdict in (DriftVerdict.DRIFTED, DriftVerdict.NOT_ENOUGH_DATA, DriftVerdict.STABLE):
        if verdict in verdicts:
            return verdict
    return DriftVerdict.NOT_APPLICABLE


def _require_block(reference: pl.DataFrame, current: pl.DataFrame, block: str | None) -> None:
    for name, frame in _named(reference, current):
        if block is not None and block not in frame.columns:
            raise InvalidInput(
                f"The column {block!r}, which names the block of a row, is not in the {name}; "
                "add it, or compare rows as independent."
            )


def _examine(
    name: str, reference: pl.DataFrame, current: pl.DataFrame, blocks: tuple[Codes | None, Codes | None]
) -> _Examined:
    drift = ColumnDrift(
        column=name,
        kind="absent",
        verdict=DriftVerdict.NOT_APPLICABLE,
        method="",
        n_reference=reference.height,
        n_current=current.height,
        n_blocks=0,
    )
    absent = [what for what, frame in _named(reference, current) if name not in frame.columns]
    if absent:
        return _Examined(drift=replace(drift, note=f"The column is not in the {' nor in the '.join(absent)}."))
    pair = pair_up(reference.get_column(name), current.get_column(name))
    sides = Side(values=pair.reference, blocks=blocks[0]), Side(values=pair.current, blocks=blocks[1])
    verdict, note = _without_test(pair, sides)
    return _Examined(
        drift=replace(
            drift,
            kind=pair.kind,
            n_blocks=sides[1].units,
            n_reference_blocks=sides[0].units,
            verdict=verdict or DriftVerdict.NOT_ENOUGH_DATA,
            note=note,
        ),
        tested=() if verdict else _tests(pair, sides),
        same_rows=len(pair.reference) >= SAME_ROWS and pair.reference.equals(pair.current),
    )


def _named(reference: pl.DataFrame, current: pl.DataFrame) -> tuple[tuple[str, pl.DataFrame], ...]:
    return ("reference", reference), ("current data", current)


def _without_test(pair: Pair, sides: tuple[Side, Side]) -> tuple[DriftVerdict | None, str]:
    if pair.refusal:
        return DriftVerdict.NOT_APPLICABLE, pair.refusal
    for side, name in zip(sides, ("reference", "current data"), strict=True):
        if not len(side.values):
            return DriftVerdict.NOT_ENOUGH_DATA, f"The {name} {'has' if name == 'reference' else 'have'} no rows."
        if side.units < MIN_UNITS:
            unit = "row" if side.blocks is None else "block"
            note = f"The {name}: {side.units} {unit}{'s' * (side.units != 1)}, of at least {MIN_UNITS}."
            return DriftVerdict.NOT_ENOUGH_DATA, note
    return None, ""


def _tests(pair: Pair, sides: tuple[Side, Side]) -> tuple[_Tested, ...]:
    reference, current = sides
    present = reference.present(), current.present()
    tested: list[_Tested] = []
    if min(side.units for side in present) >= MIN_UNITS:
        judges = [j for j in JUDGES.values() if pair.kind in j.kinds and j.name != "missing"]
        tested = [_Tested(judge=j, shift=j.compare(*present)) for j in judges]
    if pair.reference.null_count() + pair.current.null_count():
        tested.append(_Tested(judge=JUDGES["missing"], shift=JUDGES["missing"].compare(reference, current)))
    return tuple(tested)


def _judged(column: _Examined, q_values: tuple[float, ...], errors: float) -> ColumnDrift:
    if not column.tested:
        return column.drift
    intervals = [t.shift.interval(errors) for t in column.tested]
    verdicts = [_verdict(t, i, column.same_rows) for t, i in zip(column.tested, intervals, strict=True)]
    worst = min(range(len(verdicts)), key=lambda i: _ORDER.index(verdicts[i]))
    judge, shift = column.tested[worst].judge, column.tested[worst].shift
    return replace(
        column.drift,
        verdict=verdicts[worst],
        method=judge.title,
        statistic=shift.statistic,
        effect=shift.effect,
        interval=intervals[worst],
        margin=judge.margin,
        p_value=shift.at_least.p_value,
        q_value=q_values[worst],
        n_tests=len(column.tested),
        note="The same values, row by row." if column.same_rows else _note(column.tested, worst, verdicts[worst]),
    )


_ORDER = (DriftVerdict.DRIFTED, DriftVerdict.NOT_ENOUGH_DATA, DriftVerdict.STABLE)


def _verdict(tested: _Tested, interval: Interval, same_rows: bool) -> DriftVerdict:
    if same_rows:
        return DriftVerdict.STABLE
    if interval.lower > 0 and tested.shift.effect >= tested.judge.margin:
        return DriftVerdict.DRIFTED
    return DriftVerdict.STABLE if interval.upper <= tested.judge.margin else DriftVerdict.NOT_ENOUGH_DATA


def _note(tested: tuple[_Tested, ...], worst: int, verdict: DriftVerdict) -> str:
    notes = [tested[worst].shift.note, *(t.shift.note for i, t in enumerate(tested) if i != worst)]
    if verdict is DriftVerdict.NOT_ENOUGH_DATA:
        judge, shift = tested[worst].judge, tested[worst].shift
        if shift.smallest <= judge.margin:
            notes.append(f"Borderline: the distance may lie on either side of {judge.margin:g}.")
        else:
            notes.append(f"Data like these could have shown a distance of {shift.smallest:.2g}.")
    return " ".join(notes)
