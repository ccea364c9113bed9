"""Do two tables differ in how their columns go together? A classifier learns to tell them apart, or cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from core.drift.kind import pair_up
from core.frames.counts import block_of_rows
from core.statistics.blocks import Codes, Floats, fixed_generator
from core.statistics.boosting import learnable

ROWS = 2_000
LEAST = 50
LEAST_UNITS = 10
"""Units (blocks, or rows where these are independent) of each side that must be left to be told apart."""
MARGIN = 0.05
"""What the area under the curve must exceed one half by to matter."""
_COLUMNS = 100
_CODES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDrift:
    """How well a row's side can be told: ``auc`` on rows (blocks where there are) that were not learned from."""

    auc: float
    p_value: float
    rows: int
    units: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Separating:
    """A column by which rows are told apart: the area under the curve falls by ``drop`` without its values."""

    column: str
    drop: float


def joint_drift(
    reference: pl.DataFrame, current: pl.DataFrame, *, block: str | None, columns: Sequence[str]
) -> JointDrift | None:
    """Run the classifier two-sample test of Lopez-Paz and Oquab over some columns.

    At most 2,000 rows of each table are drawn; half of them (half of the blocks, where rows are not independent) are
    learned from and the other half are told apart. ``None`` where there are too few of either, or of columns.

    Notes
    -----
    Without drift the area under the curve of n and m independent units is one half with the standard deviation
    ``sqrt((n + m + 1) / (12 n m))``; the scores of a block are averaged to one unit.
    """
    learned = _learn(reference, current, block=block, columns=columns)
    return learned.found if learned else None


def what_separates(
    reference: pl.DataFrame, current: pl.DataFrame, *, block: str | None, columns: Sequence[str]
) -> tuple[JointDrift, tuple[Separating, ...]] | None:
    """Run the test of ``joint_drift`` and tell by which columns rows are told apart, the most telling first.

    Notes
    -----
    Permutation importance on the rows that were not learned from: what the area under the curve loses when the values
    of one column are shuffled. Two columns that say the same share it.
    """
    learned = _learn(reference, current, block=block, columns=columns)
    if learned is None:
        return None
    drops = [learned.found.auc - learned.auc_without(place) for place in range(len(learned.found.columns))]
    named = [
        Separating(column=name, drop=max(0.0, drop)) for name, drop in zip(learned.found.columns, drops, strict=True)
    ]
    return learned.found, tuple(sorted(named, key=lambda one: -one.drop))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    """A model that tells sides apart, the rows it has not seen, and how well it did."""

    model: Any
    values: Floats
    side: Codes
    units: Codes
    found: JointDrift

    def auc_without(self, place: int) -> float:
        """Return the area under the curve with the values of one column shuffled."""
        from sklearn.metrics import roc_auc_score

        shuffled = self.values.copy()
        shuffled[:, place] = fixed_generator().permutation(shuffled[:, place])
        scores, of = _averaged(self.model.predict_proba(shuffled)[:, 1], self.units, self.side)
        return float(roc_auc_score(of, scores))


def _learn(
    reference: pl.DataFrame, current: pl.DataFrame, *, block: str | None, columns: Sequence[str]
) -> _Learned | None:
    from scipy.stats import norm
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score

    sides = _drawn(reference), _drawn(current)
    found = features(*sides, columns)
    if len(found) < 2 or min(side.height for side in sides) < LEAST:
        return None
    values = np.column_stack(list(found.values()))
    side = np.repeat([0, 1], [s.height for s in sides])
    units = _units(block_of_rows(sides[0], block), block_of_rows(sides[1], block), side)
    learned = _half(units, side)
    model = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, learning_rate=0.1, random_state=0)
    model.fit(learnable(values[learned]), side[learned])
    held = values[~learned], side[~learned], units[~learned]
    scores, of = _averaged(model.predict_proba(held[0])[:, 1], held[2], held[1])
    n, m = int((of == 0).sum()), int((of == 1).sum())
    if min(n, m) < LEAST_UNITS:
        return None
    auc = float(roc_auc_score(of, scores))
    z = (auc - 0.5) / np.sqrt((n + m + 1) / (12 * n * m))
    told = JointDrift(auc=auc, p_value=float(norm.sf(z)), rows=int((~learned).sum()), units=n + m, columns=tuple(found))
    return _Learned(model=model, values=held[0], side=held[1], units=held[2], found=told)


def _drawn(table: pl.DataFrame) -> pl.DataFrame:
    if table.height <= ROWS:
        return table
    rows = np.sort(fixed_generator().choice(table.height, ROWS, replace=False))
    return table[rows.tolist()]


def features(reference: pl.DataFrame, current: pl.DataFrame, columns: Sequence[str]) -> dict[str, Floats]:
    """Return the columns that can be compared as numbers; of categories the most frequent levels count."""
    found: dict[str, Floats] = {}
    for name in list(columns)[:_COLUMNS]:
        pair = pair_up(reference[name], current[name])
        if pair.refusal or pair.kind not in ("number", "category"):
            continue
        values = pl.concat([pair.reference, pair.current])
        if pair.kind == "category":
            levels = values.drop_nulls().value_counts(sort=True, name="count").to_series(0).head(_CODES).to_list()
            values = values.replace_strict({level: i for i, level in enumerate(levels)}, default=_CODES)
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        found[name] = np.where(np.isinf(numbers), np.nan, numbers)
    return found


def _units(first: Codes | None, second: Codes | None, side: Codes) -> Codes:
    """Return the independent unit of each row: its block on its side, or the row itself."""
    if first is None or second is None:
        return np.arange(len(side))
    return np.concatenate([first, second + int(first.max()) + 1])


def _half(units: Codes, side: Codes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    rng = fixed_generator()
    learned = np.zeros(len(units), dtype=bool)
    for which in (0, 1):
        own = rng.permutation(np.unique(units[side == which]))
        learned |= np.isin(units, own[: len(own) // 2])
    return learned


def _averaged(scores: Floats, units: Codes, side: Codes) -> tuple[Floats, Codes]:
    _, first, places = np.unique(units, return_index=True, return_inverse=True)
    return np.bincount(places, weights=scores) / np.bincount(places), side[first]
