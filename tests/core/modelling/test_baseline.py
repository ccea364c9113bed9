from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from core.modelling.baseline import knowing_nothing
from core.modelling.recipes import MAJORITY, MEAN
from core.modelling.split import labelled_rows, split
from core.modelling.training import train
from core.scoping.project import Task, TaskKind

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize("kind", TaskKind)
def test_knowing_nothing_says_what_the_baseline_recipe_does(kind: TaskKind):
    rng = np.random.default_rng(4)
    target = rng.choice(["a", "b", "c"], p=[0.3, 0.5, 0.2], size=200)
    if kind is TaskKind.BINARY:
        target = np.where(target == "b", "yes", "no")
    frame = pl.DataFrame({"x": rng.random(200), "y": rng.random(200) if kind is TaskKind.REGRESSION else target})
    task = Task(kind=kind, target="y", inputs=("x",), positive="yes" if kind is TaskKind.BINARY else None)
    theirs = train(frame, task, MEAN if kind is TaskKind.REGRESSION else MAJORITY, zone=UTC).holdout
    parts = split(labelled_rows(frame, task, zone=UTC), task, zone=UTC)
    ours = knowing_nothing(parts.train["label"], parts.holdout, kind)
    assert ours["score"].to_list() == pytest.approx(theirs["score"].to_list())
    if kind is TaskKind.MULTICLASS:
        assert ours["predicted"].to_list() == theirs["predicted"].to_list()
