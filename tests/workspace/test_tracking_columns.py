"""Of logged runs only the columns that are shown are read: they are what reading the whole runs would give."""

from collections.abc import Iterator
from math import inf, nan

import pytest

from core.modelling.tracking.columns import Column, Named, Of, column_of, usual_columns
from core.modelling.tracking.grouping import grouped
from core.modelling.tracking.logged_run import Batch, Point
from core.modelling.tracking.search.condition import Entity
from core.modelling.tracking.search.query import run_query
from core.settings import Settings
from core.workspace.tracking import NewRun
from core.workspace.workspace import Workspace

AUC, DEPTH = Column(Entity.METRIC, "auc"), Column(Entity.PARAM, "depth")
TEAM = Column(Entity.TAG, "team")


@pytest.fixture
def logged(either: Settings) -> Iterator[Workspace]:
    workspace = Workspace.open(either)
    histories = {"a": [0.1, 0.9, 0.5], "b": [nan, 0.2], "c": [inf], "d": []}
    run = None
    for place, (name, values) in enumerate(histories.items()):
        run = workspace.tracking.create(NewRun(name=name, started_ms=place))
        points = [Point("auc", value, 1, step) for step, value in enumerate(values)]
        params = {"depth": "x" * 150 if name == "a" else str(place % 2)}
        workspace.tracking.log(run.id, Batch(metrics=[*points, Point("same", 1.0, 1)], params=params))
    assert run is not None
    workspace.tracking.log(run.id, Batch(tags={"team": "red"}))
    yield workspace
    workspace.close()


def read(workspace: Workspace, *columns: Column, where: str = ""):
    query = run_query(filter_text=where, order_by=["attributes.start_time ASC"], limit=10)
    return workspace.tracking.table(query, ["0"], columns)


def test_columns_are_what_whole_runs_say(logged: Workspace):
    of = [Column(Entity.METRIC, "auc", of) for of in Of]
    table = read(logged, *of, DEPTH, TEAM)
    assert [run.name for run in table.runs] == ["a", "b", "c", "d"]
    assert not table.more
    assert [list(table.cells[column]) for column in of] == [
        [0.5, 0.2, inf, None],
        [0.9, 0.2, inf, None],
        [0.1, 0.2, inf, None],
        [pytest.approx(0.5), 0.2, inf, None],
    ]
    assert list(table.cells[DEPTH]) == ["x" * 150, "1", "0", "1"]
    assert list(table.cells[TEAM]) == [None, None, None, "red"]


def test_a_filter_and_a_limit_are_heeded(logged: Workspace):
    assert [run.name for run in read(logged, AUC, where="params.depth = '1'").runs] == ["b", "d"]
    table = logged.tracking.table(run_query(order_by=["metrics.auc DESC"], limit=2), ["0"], (AUC,))
    assert [run.name for run in table.runs] == ["c", "a"]
    assert table.more


def test_names_say_how_many_runs_logged_them_and_whether_they_differ(logged: Workspace):
    names = logged.tracking.names([run.id for run in read(logged).runs])
    assert names == [
        Named(Entity.METRIC, "same", 4, differs=False),
        Named(Entity.METRIC, "auc", 3, differs=True),
        Named(Entity.PARAM, "depth", 4, differs=True),
        Named(Entity.TAG, "team", 1, differs=False),
    ]
    assert usual_columns(names, None, 1) == (AUC, DEPTH)
    assert usual_columns(names, Column(Entity.METRIC, "same"), 2)[:2] == (Column(Entity.METRIC, "same"), AUC)


def test_groups_have_the_mean_and_spread_of_their_finite_values(logged: Workspace):
    groups = grouped(read(logged, AUC, DEPTH), DEPTH, (AUC,))
    assert [(group.value, group.runs) for group in groups] == [("x" * 150, (0,)), ("1", (1, 3)), ("0", (2,))]
    assert [group.spreads[AUC] and group.spreads[AUC].mean for group in groups] == [0.5, 0.2, None]


@pytest.mark.parametrize("text", ["metrics.auc", "mean:metrics.a:b.c", "params.mean:x", "tags.team"])
def test_an_address_gives_a_column_back(text: str):
    column = column_of(text)
    assert column is not None
    assert column.text == text


@pytest.mark.parametrize("text", ["", "auc", "mean:params.x", "metrics.", "best:metrics.auc"])
def test_what_names_no_column_is_none(text: str):
    assert column_of(text) is None
