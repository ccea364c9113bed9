"""The column to predict beside the columns that may predict it: what the checks of labels read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import ColumnFacts, NotApplicable, Table
from core.data.column import plain
from core.data.guess import is_key
from core.data.labels import label_texts
from core.frames.summary import kind_of

LabelKind = Literal["classes", "numbers"]

CLASSES = 20  # more different numbers than this are measurements
_TEXTS = 100  # more different texts than this are no classes
_SHOWN = 6
_SEED = 0
ROW = "\x00row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """The label of every row, and which columns could tell it.

    ``texts`` spells classes as models do, ``None`` where there is no label. ``inputs`` leave out what names a row
    (``keys``) and what says when it was (``times``).
    """

    name: str
    kind: LabelKind
    values: pl.Series
    inputs: tuple[str, ...]
    keys: tuple[str, ...]
    times: tuple[str, ...]

    @property
    def texts(self) -> pl.Series:
        """Return the labels as text."""
        return label_texts(self.values)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return which rows have a label."""
        known = self.values.is_not_null()
        return (known & ~self.values.is_nan() if self.values.dtype.is_float() else known).to_numpy()


def labelled(table: Table) -> Labelled:
    """Return the label of a table.

    Raises
    ------
    NotApplicable
        Nobody said which column is to be predicted, the table lacks it, or it is none.
    """
    name = table.beside.label
    if name is None:
        raise NotApplicable("Nobody said which column is to be predicted.")
    facts = next((column for column in table.columns if column.name == name), None)
    if facts is None:
        raise NotApplicable(f"The table has no column `{name}`.")
    values = pl.read_parquet(table.parquet, columns=[name]).to_series()
    if facts.missing == table.rows:
        raise NotApplicable(f"`{name}` is empty.")
    keys, times = _keys(table), tuple(c.name for c in table.columns if c.kind == "time" and c.name != name)
    aside = {name, *keys, *times}
    return Labelled(
        name=name,
        kind=kind_of_label(values, distinct=facts.distinct),
        values=values,
        inputs=tuple(c.name for c in table.columns if c.name not in aside and c.distinct > 1),
        keys=keys,
        times=times,
    )


def kind_of_label(values: pl.Series, *, distinct: int) -> LabelKind:
    """Tell whether labels are classes or numbers.

    Raises
    ------
    NotApplicable
        They are neither: times, or texts of which there are too many.
    """
    kind = kind_of(values.dtype)
    if kind == "time":
        raise NotApplicable(f"`{values.name}` holds times, which are no label.")
    if kind == "text" and distinct > _TEXTS:
        raise NotApplicable(f"`{values.name}` holds {distinct:,} different texts: too many to be classes.")
    if kind != "number" or distinct <= 2:
        return "classes"
    present = values.drop_nulls().drop_nans() if values.dtype.is_float() else values.drop_nulls()
    whole = not values.dtype.is_float() or bool((present == present.round()).all())
    return "classes" if whole and distinct <= CLASSES and len(present) >= 3 * distinct else "numbers"


def classes_only(label: Labelled) -> Labelled:
    """Return a label of classes.

    Raises
    ------
    NotApplicable
        It is a number.
    """
    if label.kind == "numbers":
        raise NotApplicable(f"`{label.name}` is a number, not a class.")
    return label


def some_rows(rows: NDArray[np.bool_], most: int) -> NDArray[np.intp]:
    """Return the places of at most ``most`` of the chosen rows, in order; always the same ones."""
    places = np.flatnonzero(rows)
    if len(places) <= most:
        return places
    return np.sort(np.random.default_rng(_SEED).choice(places, size=most, replace=False))


def judged_on(rows: int, of: int) -> str:
    """Return how many rows were looked at, as half a sentence; nothing where it was all of them."""
    return f" Judged on {rows:,} of {of:,} rows, drawn at random." if rows < of else ""


def rows_with_label(table: Table, label: Labelled, rows: Iterable[int]) -> tuple[dict[str, Any], ...]:
    """Return some 0-based rows in their given order: their 1-based number, the label and the first inputs."""
    wanted = [int(row) for row in rows]
    names = [label.name, *label.inputs[:_SHOWN]]
    frame = pl.scan_parquet(table.parquet).select(names).with_row_index(ROW)
    found = frame.filter(pl.col(ROW).is_in(wanted)).collect(engine="streaming").to_dicts()
    by_row = {int(row.pop(ROW)): row for row in found}
    return tuple({"row": row + 1, **{name: plain(value) for name, value in by_row[row].items()}} for row in wanted)


def coded(values: pl.Series) -> NDArray[np.float64]:
    """Return a column as numbers that a tree can split: texts by the place in their order, NaN where missing."""
    kind = kind_of(values.dtype)
    if kind == "time":
        return values.to_physical().cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if kind in ("number", "boolean"):
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return np.where(np.isinf(numbers), np.nan, numbers)
    ranks = values.cast(pl.String).rank("dense").cast(pl.Float64)
    return ranks.fill_null(float("nan")).to_numpy()


def _keys(table: Table) -> tuple[str, ...]:
    candidates = [c for c in table.columns if c.kind in ("text", "number") and c.name != table.beside.label]
    unique = [c for c in candidates if c.distinct >= 2 and c.distinct > 0.9 * (table.rows - c.missing)]
    if not unique:
        return ()
    figures = _figures(table, unique)
    first = table.columns[0].name
    return tuple(c.name for c in unique if is_key(c.name, figures[c.name], first=c.name == first))


def _figures(table: Table, columns: Sequence[ColumnFacts]) -> dict[str, dict[str, Any]]:
    scan = pl.scan_parquet(table.parquet)
    schema = scan.collect_schema()
    numbers = [c.name for c in columns if c.kind == "number"]
    ends = (
        scan.select(
            *(pl.col(name).min().alias(f"\x00min{name}") for name in numbers),
            *(pl.col(name).max().alias(f"\x00max{name}") for name in numbers),
        )
        .collect(engine="streaming")
        .to_dicts()
    )
    bounds = ends[0] if ends else {}
    return {
        c.name: {
            "kind": c.kind,
            "type": str(schema[c.name]).lower(),
            "count": table.rows,
            "nulls": c.missing,
            "distinct": c.distinct,
            "unique": c.distinct == table.rows - c.missing,
            "min": bounds.get(f"\x00min{c.name}"),
            "max": bounds.get(f"\x00max{c.name}"),
        }
        for c in columns
    }
