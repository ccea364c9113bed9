"""The import of an existing MLflow: whole, once, and unharmed by what a file may hold."""

import os
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import FullcircleError, InvalidInput, NotFound
from core.modelling.tracking.experiment import View
from core.modelling.tracking.importing.fitting import MOST_VALUES
from core.modelling.tracking.importing.opening import open_source
from core.modelling.tracking.search.query import Query
from core.scoping.project import Task, TaskKind
from core.workspace.importing import Imported, Wishes
from core.workspace.workspace import Workspace
from tests.workspace.mlflow_stores import KINDS, Copied, Stores, copied, mlflow, workspace, written

__all__ = ["copied", "workspace"]  # pytest finds fixtures here by their names


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Stores that MLflow wrote, and what it reads from them."""
    return written("write", tmp_path_factory.mktemp("stores"))


def bring(workspace: Workspace, path: Path | str, wishes: Wishes | None = None) -> Imported:
    with closing(open_source(str(path), {})) as source:
        return workspace.imports.bring(source, wishes or Wishes(), lambda _: None)


def here(workspace: Workspace, name: str = "First") -> dict[str, Any]:
    experiment = workspace.experiments.named(name)
    runs = workspace.tracking.search(Query(view=View.ALL), [experiment.id]).items
    return {run.id: described(workspace, run.id) for run in runs}


def described(workspace: Workspace, run_id: str) -> dict[str, Any]:
    run = workspace.tracking.get(run_id)
    points = [p for latest in run.metrics for p in workspace.tracking.history(run_id, latest.key).items]
    return {
        "about": [run.name, run.user, run.status.value, run.lifecycle.value, run.started_ms, run.ended_ms],
        "params": run.params,
        "tags": run.tags,
        "points": sorted([p.key, repr(p.value), p.timestamp, p.step] for p in points),
        "datasets": [[one.name, one.digest] for one in run.datasets],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_everything_comes_as_mlflow_reads_it(stores: Stores, workspace: Workspace, kind: str) -> None:
    path, expected = stores[kind]
    brought = bring(workspace, path)
    assert here(workspace) == expected
    assert (brought.experiments, brought.runs, brought.points, brought.files) == (2, 3, 6, 1)
    assert not brought.left_out
    experiment = workspace.experiments.named("First")
    assert experiment.tags["team"] == "a"
    assert workspace.experiments.named("Gone").lifecycle.value == "deleted"
    [whole] = [run_id for run_id, run in expected.items() if run["about"][0] == "whole"]
    file, content = workspace.files.find(workspace.files.of_run(whole, "plots/notes.txt"))
    assert content.read_text() == "some bytes"
    assert file.size == 10


@pytest.mark.parametrize("workspace", ["sqlite", "postgres"], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_import_again_brings_only_what_is_new(copied: Copied, workspace: Workspace, kind: str) -> None:
    path, before = copied(kind)
    bring(workspace, path)
    again = bring(workspace, path)
    assert (again.runs, again.known, again.points, again.files) == (0, 3, 0, 0)
    assert here(workspace) == before
    after = mlflow("go on", f"sqlite:///{path}" if kind == "database" else str(path), path.parent)
    assert after != before
    grown = bring(workspace, path)
    assert (grown.runs, grown.points) == (0, 1)
    assert here(workspace) == after


def test_what_was_deleted_here_stays_deleted(stores: Stores, workspace: Workspace) -> None:
    path, expected = stores["database"]
    bring(workspace, path)
    whole = next(run_id for run_id, run in expected.items() if run["about"][0] == "whole")
    workspace.tracking.delete(whole)
    workspace.experiments.rename(workspace.experiments.named("First").id, "Another name")
    bring(workspace, path)
    assert workspace.tracking.get(whole).lifecycle.value == "deleted"
    assert len(here(workspace, "Another name")) == 3


@pytest.mark.parametrize("runs", [1, 2])
def test_an_import_that_was_cut_off_goes_on(stores: Stores, workspace: Workspace, runs: int) -> None:
    path, expected = stores["folder"]

    def cut(brought: Imported) -> None:
        if brought.runs == runs:
            raise InterruptedError

    with closing(open_source(str(path), {})) as source, pytest.raises(InterruptedError):
        workspace.imports.bring(source, Wishes(), cut)
    assert len(here(workspace)) == runs
    rest = bring(workspace, path)
    assert (rest.runs, rest.known) == (3 - runs, runs)
    assert here(workspace) == expected


def test_an_experiment_of_the_same_name_is_joined_only_where_that_is_asked(
    stores: Stores, workspace: Workspace
) -> None:
    own = workspace.experiments.create("First")
    bring(workspace, stores["database"][0])
    assert here(workspace) == {}
    assert len(here(workspace, "First (imported)")) == 3
    bring(workspace, stores["folder"][0], Wishes(into_existing=True))
    assert workspace.experiments.named("First").id == own.id
    assert len(here(workspace)) == 3


def test_experiments_come_into_a_project_that_is_there(stores: Stores, workspace: Workspace) -> None:
    project = workspace.projects.begin(
        "Flights", task=Task(kind=TaskKind.BINARY, target="late", positive="yes", inputs=()), time_zone="UTC"
    )
    bring(workspace, stores["database"][0], Wishes(project=project.slug))
    assert workspace.experiments.named("First").project_id == project.id
    with pytest.raises(NotFound):
        bring(workspace, stores["folder"][0], Wishes(project="nowhere"))


def test_a_run_that_is_here_in_another_experiment_is_left_alone(copied: Copied, workspace: Workspace) -> None:
    path, expected = copied("database")
    bring(workspace, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE runs SET experiment_id = 0")
        connection.execute("UPDATE params SET value = 'forged'")
        connection.commit()
    assert bring(workspace, path).elsewhere == 3
    assert here(workspace) == expected


def test_files_that_are_none_of_mlflow_are_refused_in_a_sentence(tmp_path: Path, stores: Stores) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "exploded"),)

    (tmp_path / "mlflow.db").write_bytes(pickle.dumps(Bomb()))
    (tmp_path / "torn.db").write_bytes(stores["database"][0].read_bytes()[:5_000])
    (tmp_path / "empty").mkdir()
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE runs (x)")
    for name in ("mlflow.db", "torn.db", "other.db", "empty", "missing"):
        with pytest.raises(FullcircleError, match=name):
            open_source(str(tmp_path / name), {})
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("DROP TABLE input_tags", "lacks the table 'input_tags'"),
        ("ALTER TABLE metrics DROP COLUMN step", "lacks the column 'step'"),
        ("ALTER TABLE tags RENAME TO t; CREATE VIEW tags AS SELECT * FROM t", "no plain table"),
        ("DROP TABLE tags; CREATE VIRTUAL TABLE tags USING fts5(key, value, run_uuid)", "no plain table"),
    ],
)
def test_a_database_of_another_shape_is_refused(copied: Copied, spoil: str, said: str) -> None:
    path, _ = copied("database")
    with closing(sqlite3.connect(path)) as connection:
        if "DROP COLUMN" in spoil:
            connection.executescript(
                "DROP TABLE metrics; CREATE TABLE metrics (key, value, timestamp, run_uuid, is_nan)"
            )
        else:
            connection.executescript(spoil)
    with pytest.raises(InvalidInput, match=said):
        open_source(str(path), {})


def test_a_database_is_not_changed_and_its_triggers_do_not_fire(copied: Copied, workspace: Workspace) -> None:
    path, expected = copied("database")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END")
        connection.commit()
    before = path.read_bytes()
    bring(workspace, path)
    assert path.read_bytes() == before
    assert here(workspace) == expected


def test_what_does_not_fit_is_left_out_and_counted(copied: Copied, workspace: Workspace) -> None:
    path, expected = copied("database")
    run = next(run_id for run_id, one in expected.items() if one["about"][0] == "whole")
    with closing(sqlite3.connect(path)) as connection:
        many = ((f"p{number}", "x", run) for number in range(MOST_VALUES + 500))
        connection.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", many)
        odd = [("../up", "x", run), ("a//b", "x", run), ("blob", pickle.dumps({}), run)]
        connection.executemany("INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)", odd)
        connection.execute("INSERT INTO metrics VALUES ('m', 'no number', -5, ?, 0, 0)", (run,))
        connection.execute("UPDATE runs SET artifact_uri = '/etc'")
        connection.commit()
    brought = bring(workspace, path)
    assert brought.left_out == {"parameters": 501, "tags": 3, "points": 1}
    assert (brought.files, brought.without_files) == (0, 3)
    assert len(workspace.tracking.get(run).params) == MOST_VALUES
    assert described(workspace, run)["points"] == expected[run]["points"]


BOMB = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12))


@pytest.mark.parametrize(
    "meta",
    ["!!python/object/apply:os.mkdir [exploded]", BOMB, "[" * 100_000, "name: " + "x" * 1_000_000, "\x00", "- a"],
    ids=["object", "bomb", "deep", "large", "nul", "list"],
)
def test_a_description_that_is_no_plain_yaml_costs_its_run_alone(
    copied: Copied, workspace: Workspace, meta: str
) -> None:
    path, expected = copied("folder")
    run = next(iter(expected))
    next(path.glob(f"*/{run}/meta.yaml")).write_text(meta)
    brought = bring(workspace, path)
    assert brought.left_out == {"runs": 1}
    assert here(workspace) == {run_id: one for run_id, one in expected.items() if run_id != run}
    assert not Path("exploded").exists()


def test_links_are_not_followed_and_paths_stay_inside(copied: Copied, workspace: Workspace, tmp_path: Path) -> None:
    path, expected = copied("folder")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("private")
    run = next(run_id for run_id, one in expected.items() if one["about"][0] == "whole")
    home = next(path.glob(f"*/{run}"))
    (home / "params" / "stolen").symlink_to(secret / "key")
    (home / "tags" / "all").symlink_to(secret)
    (home / "artifacts" / "key").symlink_to(secret / "key")
    (home / "artifacts" / "folder").symlink_to(secret)
    (home / "artifacts" / "a;b").write_text("x")
    (home / "artifacts" / "..%2f..%2fx").write_text("x")
    os.mkfifo(home / "metrics" / "pipe")
    brought = bring(workspace, path)
    assert here(workspace) == expected
    assert brought.files == 1
    assert brought.left_out == {"files": 2, "metrics": 1}


def test_files_that_a_run_keeps_outside_its_folder_are_not_fetched_and_that_is_said(
    copied: Copied, workspace: Workspace
) -> None:
    path, expected = copied("folder")
    for run in expected:
        meta = next(path.glob(f"*/{run}/meta.yaml"))
        meta.write_text(meta.read_text().replace("artifact_uri: ", "artifact_uri: s3://bucket"))
        meta.write_text(meta.read_text().replace("/artifacts", "/elsewhere"))
    assert bring(workspace, path).without_files == len(expected)
