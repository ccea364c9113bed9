"""A file of several annotators' labels: which column is what, and the labels by item and annotator."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.labels import label_texts
from core.errors import InvalidInput
from core.frames.summary import kind_of
from core.statistics.agreement import Ratings
from core.statistics.blocks import Codes

Form = Literal["long", "wide"]

_END = r"(?:[_\s-]*(?:id|name|key|no|nr))?$"
_ITEM = re.compile(rf"^(item|id|key|row|document|doc|sample|unit|text|subject|case|image|record|question){_END}", re.I)
_WHO = re.compile(
    rf"^(annotator|rater|coder|labell?er|judge|worker|user|reviewer|expert|observer|by|who|person){_END}", re.I
)
_LABEL = re.compile(
    rf"^(label|class|rating|category|score|value|code|vote|answer|annotation|grade|judg[e]?ment){_END}", re.I
)
_TRUTH = re.compile(r"(^|_|\b)(truth|gold|correct|expected|adjudicated|reference|ground[_ ]?truth|consensus)", re.I)
_MOST_LABELS, _GRADES, _MOST_CELLS = 100, 20, 20_000_000
_APART = 0.5  # in standard deviations: numbers that two people gave lie nearer, on average
MOST_ANNOTATORS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which column is what.

    ``long``: one row a label, with ``item``, ``annotator`` and ``label``. ``wide``: one row an item, one column an
    annotator in ``annotators``; without ``item`` an item is known by its row. ``truth`` is the label that is right.
    """

    form: Form
    item: str | None = None
    annotator: str | None = None
    label: str | None = None
    annotators: tuple[str, ...] = ()
    truth: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """Who gave which item which label; ``truth`` is the right one of every item (-1: not known), where a file says."""

    items: tuple[str, ...]
    annotators: tuple[str, ...]
    labels: tuple[str, ...]
    ratings: Ratings
    numbers: bool
    truth: Codes | None = None
    repeated: int = 0


def guess_layout(frame: pl.DataFrame) -> Layout:
    """Guess which column of a file of labels is what.

    Raises
    ------
    InvalidInput
        It is neither form.
    """
    truth = next((name for name in frame.columns if _TRUTH.search(name)), None)
    columns = [name for name in frame.columns if name != truth]
    found = _long(frame, columns) or _wide(frame, columns)
    if found is None:
        raise InvalidInput(
            "This file holds no labels of several annotators. Give it one row a label (item, annotator, label), or one "
            "row an item with a column an annotator."
        )
    return replace(found, truth=truth)


def _long(frame: pl.DataFrame, columns: Sequence[str]) -> Layout | None:
    who = next((name for name in columns if _WHO.search(name)), None)
    rest = [name for name in columns if name != who]
    label = next((name for name in rest if _LABEL.search(name)), None)
    item = next((name for name in rest if name != label and _ITEM.search(name)), None)
    if who and len(rest) >= 2:
        label = label or min((n for n in rest if n != item), key=lambda n: frame[n].n_unique())
        item = item or next(name for name in rest if name != label)
        return Layout(form="long", item=item, annotator=who, label=label)
    return _long_by_repeats(frame, columns) if len(columns) == 3 else None


def _long_by_repeats(frame: pl.DataFrame, columns: Sequence[str]) -> Layout | None:
    """Take three columns of no telling name: two of them name a row together, neither does alone."""
    for item, who, label in ((0, 1, 2), (1, 0, 2), (0, 2, 1)):
        names = [columns[place] for place in (item, who, label)]
        distinct = [frame[name].n_unique() for name in names]
        together = frame.select(names[:2]).n_unique()
        if together == frame.height and 1 < distinct[1] < distinct[0] < frame.height and distinct[2] <= _MOST_LABELS:
            return Layout(form="long", item=names[0], annotator=names[1], label=names[2])
    return None


def _wide(frame: pl.DataFrame, columns: Sequence[str]) -> Layout | None:
    item = next((n for n in columns if _ITEM.search(n) and frame[n].n_unique() == frame.height), None)
    rest = [name for name in columns if name != item and kind_of(frame[name].dtype) != "time"]
    alike = [name for name in rest if any(_alike(frame[name], frame[other]) for other in rest if other != name)]
    if item is None:
        first = columns[0] if columns else None
        item = first if first and first not in alike and frame[first].n_unique() == frame.height else None
    return Layout(form="wide", item=item, annotators=tuple(alike)) if len(alike) >= 2 else None


def _alike(first: pl.Series, second: pl.Series) -> bool:
    """Tell whether two columns may hold two people's labels of the same rows."""
    if all(kind_of(side.dtype) == "number" and side.n_unique() > _GRADES for side in (first, second)):
        pairs = pl.DataFrame({"a": first.cast(pl.Float64), "b": second.cast(pl.Float64)}).drop_nulls().to_numpy()
        if not len(pairs):
            return False
        apart = np.abs(pairs[:, 0] - pairs[:, 1]).mean()
        return bool(apart < _APART * pairs.std(axis=0).min())
    one, two = _labels_in(first), _labels_in(second)
    return bool(one and two) and len(one & two) >= 0.5 * min(len(one), len(two))


def _labels_in(values: pl.Series) -> frozenset[str]:
    """Return the labels of a column; none where there are too many to be labels."""
    texts = label_texts(values).drop_nulls()
    distinct = texts.unique()
    few = len(distinct) <= _GRADES or (len(distinct) <= _MOST_LABELS and len(distinct) < 0.5 * len(texts))
    if kind_of(values.dtype) == "number":
        few = len(distinct) <= _GRADES and not distinct.str.contains(".", literal=True).any()
    return frozenset(distinct.to_list()) if few else frozenset()


def annotations(frame: pl.DataFrame, layout: Layout) -> Annotations:
    """Return the labels of a file by item and annotator.

    Raises
    ------
    InvalidInput
        There are fewer than two annotators, no item that two have labelled, or too much of anything.
    """
    rows = _rows(frame, layout)
    given = rows.drop_nulls(["item", "who", "label"])
    last = given.unique(["item", "who"], keep="last", maintain_order=True)
    items, who = _names(last["item"]), _names(last["who"])
    if not 2 <= len(who) <= MOST_ANNOTATORS:
        raise InvalidInput(f"The file has labels of {len(who)} annotators; a study needs 2 to {MOST_ANNOTATORS}.")
    labels, numbers = _sorted_labels(
        [*last["label"].unique().to_list(), *rows["truth"].drop_nulls().unique().to_list()]
    )
    if len(items) * len(labels) > _MOST_CELLS:
        raise InvalidInput(f"{len(labels):,} different labels of {len(items):,} items are too many; group the labels.")
    codes = np.full((len(items), len(who)), -1, dtype=np.intp)
    codes[_places(last["item"], items), _places(last["who"], who)] = _places(last["label"], labels)
    if not ((codes >= 0).sum(axis=1) >= 2).any():
        raise InvalidInput("No item has labels of two annotators, so nothing can be compared. Let them label the same.")
    return Annotations(
        items=tuple(items),
        annotators=tuple(who),
        labels=tuple(labels),
        ratings=Ratings(
            codes=codes, labels=len(labels), values=np.array([float(x) for x in labels]) if numbers else None
        ),
        numbers=numbers,
        truth=_truth(rows, items, labels) if layout.truth else None,
        repeated=given.height - last.height,
    )


def _rows(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Return one row a label: item, who, label, truth; all as text."""
    item = label_texts(frame[layout.item]) if layout.item else pl.Series(range(1, frame.height + 1)).cast(pl.String)
    nothing = pl.Series([None] * frame.height, dtype=pl.String)
    truth = label_texts(frame[layout.truth]) if layout.truth else nothing
    if layout.form == "long":
        assert layout.annotator is not None
        assert layout.label is not None
        given = [(label_texts(frame[layout.annotator]), label_texts(frame[layout.label]))]
    else:
        given = [(pl.Series([name] * frame.height), label_texts(frame[name])) for name in layout.annotators]
    return pl.concat(
        pl.DataFrame({"item": item, "who": who, "label": label.str.strip_chars(), "truth": truth.str.strip_chars()})
        for who, label in given
    ).with_columns(pl.when(pl.col("label") == "").then(None).otherwise(pl.col("label")).alias("label"))


def _names(values: pl.Series) -> list[str]:
    return values.unique(maintain_order=True).to_list()


def _sorted_labels(texts: Sequence[str]) -> tuple[list[str], bool]:
    """Return the labels in their order, and whether they are numbers."""
    distinct = sorted(set(texts))
    try:
        numbers = [float(text) for text in distinct]
    except ValueError:
        return distinct, False
    finite = bool(np.isfinite(numbers).all())
    return (sorted(distinct, key=float), True) if finite else (distinct, False)


def _places(values: pl.Series, names: Sequence[str]) -> Codes:
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[value] for value in values.to_list()], dtype=np.intp)


def _truth(rows: pl.DataFrame, items: Sequence[str], labels: Sequence[str]) -> NDArray[np.intp]:
    said = rows.drop_nulls(["item", "truth"]).unique("item", keep="last")
    places = {name: place for place, name in enumerate(labels)}
    of = {row["item"]: places[row["truth"]] for row in said.iter_rows(named=True)}
    return np.array([of.get(item, -1) for item in items], dtype=np.intp)
