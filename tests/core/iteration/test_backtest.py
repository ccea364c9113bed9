from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from core.errors import InvalidInput
from core.iteration.backtest import FIT_DAYS, JUDGE_DAYS, Champion, backtest, champion_of
from core.iteration.case import Backtest, Choice
from core.modelling.run import Run
from core.scoping.criterion import Criterion
from core.scoping.project import Project, Task, TaskKind

NOW = datetime(2026, 4, 1, tzinfo=UTC)
DAYS = 100
TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("x",), time="at", positive="yes")
PROJECT = Project(id="p", slug="p", name="P", task=TASK, created_at=NOW)
RUN = Run(
    id="r",
    project_id="p",
    dataset_id="d",
    recipe="logistic",
    name="logistic",
    parameters={"C": 1.0, "max_iter": 300, "cut": 0.5},
    classes=("no", "yes"),
    created_at=NOW,
)
RECALL = Criterion(
    id="c",
    project_id="p",
    key="K1",
    metric="recall",
    parameters={"cut": 0.5},
    direction=">=",
    threshold=0.3,
    created_at=NOW,
)


def logged() -> pl.DataFrame:
    """Return rows whose champion learnt the wrong sign, and scores too low."""
    rng = np.random.default_rng(0)
    rows = DAYS * 40
    at = [NOW - timedelta(days=DAYS) + timedelta(minutes=36 * n) for n in range(rows)]
    x = rng.normal(size=rows)
    late = x + rng.normal(size=rows) > 0
    score = 1 / (1 + np.exp(2 - 0.5 * x))
    return pl.DataFrame(
        {
            "x": x,
            "entity_id": [str(n) for n in range(rows)],
            "event_time": at,
            "block": [moment.strftime("%Y-%m-%d") for moment in at],
            "label": late.astype(float),
            "score": score,
            "predicted": np.where(score > 0.5, "yes", "no"),
        }
    )


def weighed(rows: pl.DataFrame, *, project: Project = PROJECT, champion: Champion | None = None) -> Backtest:
    chosen = champion or Champion(run=RUN, flagged_share=0.5)
    return backtest(rows, project=project, champion=chosen, criteria=[RECALL], as_of=NOW)


def test_every_choice_is_measured_on_the_newest_fortnight() -> None:
    found = weighed(logged())
    assert (found.judged_from, found.judged_to) == (NOW - timedelta(days=JUDGE_DAYS), NOW)
    assert found.fitted_from == NOW - timedelta(days=JUDGE_DAYS + FIT_DAYS)
    assert found.rows == JUDGE_DAYS * 40
    recall = {option.choice: option.evaluations[0].estimate.value for option in found.options}
    assert set(recall) == set(Choice)
    assert recall[Choice.WAIT] < 0.05
    assert min(recall[choice] for choice in Choice if choice is not Choice.WAIT) > 0.5


def test_nothing_is_fitted_on_the_rows_it_is_measured_on() -> None:
    wrong = pl.when(pl.col("event_time") >= NOW - timedelta(days=JUDGE_DAYS)).then(1 - pl.col("label"))
    honest, lied = (weighed(rows) for rows in (logged(), logged().with_columns(label=wrong.otherwise("label"))))
    assert [option.note for option in honest.options] == [option.note for option in lied.options]


def test_the_cut_that_is_moved_is_the_one_measured() -> None:
    option = next(o for o in weighed(logged()).options if o.choice is Choice.THRESHOLD)
    assert 0 < option.evaluations[0].parameters["cut"] < 0.5
    assert f"{option.evaluations[0].parameters['cut']:.3f}" in option.note


def test_a_short_log_leaves_only_waiting_with_figures() -> None:
    found = weighed(logged().filter(pl.col("event_time") >= NOW - timedelta(days=JUDGE_DAYS)))
    assert [bool(option.evaluations) for option in found.options] == [True, False, False, False]
    assert all(option.note for option in found.options)


def test_without_labels_there_is_nothing_to_weigh() -> None:
    with pytest.raises(InvalidInput, match="wait for labels"):
        weighed(logged().with_columns(label=pl.lit(None, dtype=pl.Float64)))


def test_a_champion_knows_what_it_flagged() -> None:
    assert champion_of(RUN, pl.DataFrame({"score": [0.1, 0.6, 0.5, 0.9]})).flagged_share == 0.5
