"""Training with a search and with several seeds, as the dialog orders it."""

from pathlib import Path

import pytest

from core.errors import InvalidInput
from core.modelling.run import RunState, Search
from core.settings import Settings
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace
from tests.small_projects import Small, begun, carry_out, guessed, sklearn_csv


@pytest.fixture
def small(tmp_path: Path, settings: Settings) -> Small:
    csv = sklearn_csv("breast_cancer", tmp_path)
    small = begun(Workspace.open(settings), csv, guessed(csv))
    small.workspace.data.accept(small.life.datasets[0].id)
    return small


def test_the_setting_that_won_before_the_hold_out_is_trained_and_all_are_kept(small: Small):
    order = TrainingOrder(
        dataset_id=small.life.datasets[0].id, recipes=("majority", "logistic"), search=Search(most=5, seconds=120)
    )
    _, job = small.workspace.modelling.train(small.project.id, order)
    carry_out(small.workspace, job)
    baseline, run = small.life.runs
    assert (baseline.state, baseline.search) == (RunState.FINISHED, None)  # it has nothing to look for
    assert run.state is RunState.FINISHED
    assert run.search is not None
    assert run.search.best is not None
    assert len(run.search.trials) == 5
    assert run.parameters == run.search.best.parameters


def test_a_recipe_that_leaves_something_to_chance_is_trained_with_several_seeds(small: Small):
    order = TrainingOrder(
        dataset_id=small.life.datasets[0].id,
        recipes=("logistic", "boosting"),
        parameters={"trees": 10},
        seeds=2,
    )
    runs, job = small.workspace.modelling.train(small.project.id, order)
    assert [(run.recipe, run.parameters.get("seed")) for run in runs] == [
        ("logistic", None),
        ("boosting", 0),
        ("boosting", 1),
    ]
    carry_out(small.workspace, job)
    first, second = small.life.runs[1:]
    assert (first.state, second.state) == (RunState.FINISHED, RunState.FINISHED)
    scores = [small.workspace.modelling.holdout(run)["score"] for run in (first, second)]
    assert not scores[0].equals(scores[1])
    with pytest.raises(InvalidInput, match="with 1 to 10 seeds, not 11"):
        small.workspace.modelling.train(
            small.project.id, TrainingOrder(dataset_id=small.life.datasets[0].id, recipes=("boosting",), seeds=11)
        )
