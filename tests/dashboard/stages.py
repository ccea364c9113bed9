"""One small project, kept at each stage of its way into service, for the views that look at it there."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from core.scoping.project import Task, TaskKind
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.built_once import built_once
from tests.small_projects import Small, begun, carry_out, trained

TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("temp", "wind", "carrier"), time="departure", positive="yes")
NO_PORT = "9"  # discard: nobody listens there


@dataclass(frozen=True)
class Stages:
    """Where each stage's home lies."""

    folder: Path

    def copy(self, stage: str, target: Path) -> None:
        shutil.copytree(self.folder / stage, target)


def late_csv(path: Path, days: int = 60, a_day: int = 12) -> Path:
    rng = np.random.default_rng(11)
    rows = days * a_day
    temp, wind = rng.normal(60, 15, rows), rng.gamma(2, 5, rows)
    carrier = rng.choice(["AA", "DL", "UA"], rows)
    late = 0.05 * temp + 0.1 * wind + (carrier == "AA") + rng.normal(0, 1, rows) > 4.5
    departure = [datetime(2024, 1, 1, 6) + timedelta(days=n // a_day, hours=n % a_day) for n in range(rows)]  # noqa: DTZ001
    late_text = np.where(late, "yes", "no")
    frame = {"temp": temp, "wind": wind, "carrier": carrier, "departure": departure, "late": late_text}
    pl.DataFrame(frame).write_csv(path)
    return path


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Take a project through accepting, training, registering, approving and deploying, and keep a copy of each."""
    return Stages(built_once(tmp_path_factory, "stages", _build))


def _build(folder: Path) -> None:
    live = folder / "live"
    workspace = Workspace.open(Settings(home=live))
    small = begun(workspace, late_csv(folder / "late.csv"), TASK, name="Late")
    shutil.copytree(live, folder / "begun")
    trained(small, ("majority", "logistic", "boosting"))
    shutil.copytree(live, folder / "trained")
    run = next(run for run in small.life.runs if run.recipe == "logistic")
    carry_out(workspace, workspace.deployment.register(run.id, "late"))
    shutil.copytree(live, folder / "registered")
    _serve(small)
    shutil.copytree(live, folder / "serving")


def _serve(small: Small) -> None:
    version = small.life.versions[0]
    small.workspace.deployment.approve(version.id, reason="The simple one will do.")
    small.workspace.deployment.deploy(version.id, reason="First release.")


@dataclass(frozen=True)
class Looked:
    """A view of a stage, and the workspace behind it."""

    workspace: Workspace
    small: Small
    open: Callable[..., AppTest]

    @property
    def life(self):
        return self.small.life


@pytest.fixture
def at(stages: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Go to a stage: ``at("trained").open("runs")``."""
    monkeypatch.setenv("FULLCIRCLE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FULLCIRCLE_SCORER_PORT", NO_PORT)

    def stage(name: str) -> Looked:
        stages.copy(name, tmp_path / "home")
        st.cache_resource.clear()
        workspace = Workspace.open(Settings())
        project = workspace.projects.get("late")

        def opened(view: str, **address: str) -> AppTest:
            app = AppTest.from_file(str(Path(dashboard.__file__).parent / "app.py"), default_timeout=30)
            app._page_hash = calc_hash(view)  # AppTest itself knows only pages that are files
            for key, value in {"project": "late", **address}.items():
                app.query_params[key] = value
            return app.run()

        return Looked(workspace, Small(workspace, project), opened)

    yield stage
    st.cache_resource.clear()


def text(app: AppTest) -> str:
    """Return everything that a view says."""
    assert not app.exception, app.exception
    cells = [str(cell) for table in app.table for row in table.value.to_numpy().tolist() for cell in row]
    return "\n".join([*(m.value for m in app.markdown), *(e.value for e in app.error), *cells])


def primary(app: AppTest) -> str | None:
    """Return the label of the one filled button of a view."""
    filled = [button for button in app.button if button.proto.type == "primary"]
    assert len(filled) <= 1, [button.label for button in filled]
    return filled[0].label if filled else None
