"""Columns that go with the label otherwise than in the reference.

Two samples of one population, ten numbers and a label of two or three classes, 60 to 1,000 rows: a finding in 4 to 7 of
100 pairs of tables (200 pairs each), as Benjamini-Hochberg at 5 % promises.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from core.data.association import Change, Scale, Side, changed, commonest, number_codes, text_codes
from core.data.check import Check, Found, NotApplicable, Table
from core.data.finding import Severity
from core.data.labelled import CLASSES, Labelled, judged_on, kind_of_label, labelled, some_rows
from core.data.labels import label_texts
from core.data.side_by_side import shared_time
from core.data.words import shown
from core.frames.summary import kind_of
from core.statistics.blocks import Blocks, Codes, code_blocks
from core.statistics.multiplicity import benjamini_hochberg

_SIZE, _Q = 0.2, 0.05
_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Half:
    """One of the two tables: the rows that are looked at, their labels as codes, their blocks."""

    path: Path
    rows: pl.Series
    label: Codes
    blocks: Blocks

    def column(self, name: str) -> pl.Series:
        return pl.read_parquet(self.path, columns=[name]).to_series().gather(self.rows)


def _changes(table: Table) -> Iterable[Found]:
    label = labelled(table)
    reference = table.beside.reference
    if reference is None:
        raise NotApplicable("There is no reference to compare with.")
    schema = pl.scan_parquet(reference).collect_schema()
    if label.name not in schema:
        raise NotApplicable(f"The reference has no column `{label.name}`.")
    before, after, classes = _halves(table, label, reference)
    names = [name for name in label.inputs if name in schema]
    found = [(name, change) for name in names for change in _of_column(name, before, after, classes)]
    q_values = benjamini_hochberg([change.p_value for _, change in found])
    largest: dict[str, Change] = {}
    for (name, change), q in zip(found, q_values, strict=True):
        if change.size >= _SIZE and q <= _Q and change.size > (largest[name].size if name in largest else 0):
            largest[name] = change
    said = judged_on(len(after.rows), int(label.known.sum()))
    for name in sorted(largest, key=lambda name: -largest[name].size):
        yield _found(label, name, largest[name], classes, said)


def _halves(table: Table, label: Labelled, reference: Path) -> tuple[_Half, _Half, list[str]]:
    old = pl.read_parquet(reference, columns=[label.name]).to_series()
    classes = commonest(label_texts(old), CLASSES) if label.kind == "classes" else []
    if label.kind != kind_of_label(old, distinct=old.drop_nulls().n_unique()) or len(classes) == 1:
        raise NotApplicable(f"`{label.name}` is something else in the reference: it cannot be compared.")
    time = _time(reference, table.parquet, label)
    return (
        _half(reference, old, classes, time),
        _half(table.parquet, label.values, classes, time),
        classes,
    )


def _half(path: Path, values: pl.Series, classes: list[str], time: str | None) -> _Half:
    codes = text_codes(label_texts(values), classes, others=False) if classes else number_codes(values)
    places = some_rows(codes >= 0, _ROWS)
    rows = pl.Series(places)
    day = pl.read_parquet(path, columns=[time]).to_series().gather(rows).cast(pl.Date) if time else None
    names = np.arange(len(places)) if day is None else day.cast(pl.String).fill_null("").to_numpy()
    return _Half(path=path, rows=rows, label=codes[places], blocks=code_blocks(names))


def _time(reference: Path, current: Path, label: Labelled) -> str | None:
    schema = pl.scan_parquet(reference).collect_schema()
    times = [name for name in label.times if name in schema and kind_of(schema[name]) == "time"]
    if not times:
        return None
    return shared_time(pl.read_parquet(reference, columns=times), pl.read_parquet(current, columns=times))


def _of_column(name: str, before: _Half, after: _Half, classes: list[str]) -> list[Change]:
    old, new = before.column(name), after.column(name)
    number = all(kind_of(side.dtype) in ("number", "boolean") for side in (old, new))
    if number:
        codes = number_codes(old), number_codes(new)
    else:
        texts = label_texts(old), label_texts(new)
        levels = commonest(texts[0])
        codes = text_codes(texts[0], levels, others=True), text_codes(texts[1], levels, others=True)
    labels = before.label, after.label
    scale = Scale(
        levels=1 + max(int(side.max(initial=0)) for side in codes),
        labels=len(classes) or 1 + max(int(side.max(initial=0)) for side in labels),
        ordered=number,
        ordered_labels=not classes,
    )
    sides = [Side(column=codes[i], label=labels[i], blocks=half.blocks) for i, half in enumerate((before, after))]
    return changed(sides[0], sides[1], scale)


def _found(label: Labelled, name: str, change: Change, classes: list[str], said: str) -> Found:
    about = f" being {shown(classes[change.about])}" if change.about is not None else ""
    turned = change.before * change.after < 0
    how = "turned round" if turned else "grew" if abs(change.after) > abs(change.before) else "faded"
    return Found(
        count=0,
        column=name,
        message=f"How `{name}` goes with `{label.name}`{about} has {'' if turned else 'changed: it '}{how}, from "
        f"{change.before:+.2f} in the reference to {change.after:+.2f}.{said}",
    )


CHECK = Check(
    name="changed_association",
    title="Columns go with the label as in the reference",
    severity=Severity.WARNING,
    help="Compared with the reference, a column tells the label much better, much worse, or the other way round: a "
    "model that was trained on the reference is wrong about it here.",
    misleads="A column whose values have moved may seem to go otherwise with the label although nothing else changed.",
    default="A difference from 0.2 (of -1 to 1) that chance does not explain (q at most 0.05 over all columns).",
    source="Deepchecks FeatureLabelCorrelationChange (0.2), with a test beside it",
    fix="Find out what changed: the meaning of the column, how the label is made, or the world. Then train anew.",
    on_table=_changes,
)
