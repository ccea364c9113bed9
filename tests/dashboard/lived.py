"""One small project in production: it fails, a case is opened, a challenger is trained, promoted, looked at again."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from core.iteration.case import Choice
from core.lifecycle.life import Life
from core.scoping.project import Task, TaskKind
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.built_once import built_once
from tests.small_projects import Small, begun, carry_out, replayed, trained

TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("temp", "wind", "carrier"), time="departure", positive="yes")
DAYS, A_DAY = 165, 8
SERVED_FROM = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=110)
NO_PORT = "9"  # discard: nobody listens there


def failing_csv(path: Path) -> Path:
    """Write flights whose thermometer reads 50 degrees too little from the day on that later data begin."""
    rng = np.random.default_rng(5)
    rows = DAYS * A_DAY
    temp, wind = rng.normal(60, 15, rows), rng.gamma(2, 5, rows)
    carrier = rng.choice(["AA", "DL", "UA"], rows)
    late = 0.05 * temp + 0.1 * wind + (carrier == "AA") + rng.normal(0, 1, rows) > 4.5
    departure = [datetime(2024, 1, 1, 6) + timedelta(days=n // A_DAY, hours=n % A_DAY) for n in range(rows)]  # noqa: DTZ001
    read = np.where(np.arange(rows) < 110 * A_DAY, temp, temp - 50)
    frame = {"temp": read, "wind": wind, "carrier": carrier, "departure": departure}
    pl.DataFrame(frame | {"late": np.where(late, "yes", "no")}).write_csv(path)
    return path


@pytest.fixture(scope="session")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one home for each stage of the story."""
    return built_once(tmp_path_factory, "lives", _build)


def _build(folder: Path) -> None:
    workspace = Workspace.open(Settings(home=folder / "live"))
    small = begun(workspace, failing_csv(folder / "late.csv"), TASK, name="Late")

    def keep(stage: str) -> None:
        shutil.copytree(folder / "live", folder / stage)

    trained(small, ("majority", "logistic"))
    _serve(small, small.life.runs[1].id)
    keep("serving")
    replayed(small, SERVED_FROM + timedelta(days=21))
    keep("failing")
    alert = small.life.open_alerts[0]
    case = workspace.iteration.open_case(alert.id)
    carry_out(workspace, workspace.iteration.ask_backtest(case.id))
    keep("opened")
    workspace.iteration.decide(case.id, Choice.RETRAIN, "The thermometer was moved.")
    carry_out(workspace, workspace.jobs.running()[0])
    keep("challenged")
    challenger = small.life.cases[0].challenger_id
    assert challenger is not None
    workspace.deployment.approve(challenger, reason="It reads the new thermometer.")
    workspace.deployment.promote(challenger)
    keep("checking")
    replayed(small)
    keep("closed")


def _serve(small: Small, run_id: str) -> None:
    carry_out(small.workspace, small.workspace.deployment.register(run_id, "late"))
    version = small.life.versions[0]
    small.workspace.deployment.approve(version.id, reason="The simple one will do.")
    small.workspace.deployment.deploy(version.id, reason="First release.")


@dataclass(frozen=True)
class Stage:
    """A stage of the story, and its pages."""

    workspace: Workspace
    open: Callable[..., AppTest]

    @property
    def life(self) -> Life:
        return self.workspace.thread.life(self.workspace.projects.get("late").id)


@pytest.fixture
def at(lives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Go to a stage: ``at("failing").open("drift")``."""
    monkeypatch.setenv("FULLCIRCLE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FULLCIRCLE_SCORER_PORT", NO_PORT)

    def stage(name: str) -> Stage:
        shutil.copytree(lives / name, tmp_path / "home")
        st.cache_resource.clear()
        return Stage(Workspace.open(Settings()), _open)

    yield stage
    st.cache_resource.clear()


def _open(view: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(Path(dashboard.__file__).parent / "app.py"), default_timeout=30)
    app._page_hash = calc_hash(view)  # AppTest itself knows only pages that are files
    for key, value in {"project": "late", **address}.items():
        app.query_params[key] = value
    return app.run()
