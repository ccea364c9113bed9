"""A file on the server is named instead of sent: only where it is allowed, and from nowhere else."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.workspace.workspace import Workspace
from tests.dashboard.stages import late_csv

Open = Callable[..., AppTest]


@pytest.fixture
def allowed(tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    del workspace
    folder = tmp_path / "shared"
    folder.mkdir()
    monkeypatch.setenv("FULLCIRCLE_SOURCES", str(folder))
    st.cache_resource.clear()
    return folder


def named(app: AppTest, source: Path) -> AppTest:
    next(box for box in app.text_input if box.label == "Path or address").set_value(str(source))
    return next(button for button in app.button if button.label == "Take it").click().run()


def test_nothing_is_offered_where_nothing_is_allowed(workspace: Workspace, open_view: Open):
    labels = [box.label for box in open_view("check").expander]
    assert "A path or address on the server" not in labels


def test_a_file_of_an_allowed_folder_becomes_a_version(allowed: Path, workspace: Workspace, open_view: Open):
    project = workspace.projects.begin("Trains")
    file = late_csv(allowed / "late.csv")
    app = named(open_view("datasets", project=project.slug), file)
    assert not app.exception
    (version,) = workspace.data.versions(project.id)
    (job,) = workspace.jobs.running(project.id)
    assert (version.file_name, app.query_params["version"]) == ("late.csv", version.id)
    assert Path(job.arguments["path"]).read_bytes() == file.read_bytes()
    assert Path(job.arguments["path"]) != file


def test_a_file_of_an_allowed_folder_is_checked(allowed: Path, workspace: Workspace, open_view: Open):
    app = named(open_view("check"), late_csv(allowed / "late.csv"))
    (job,) = workspace.jobs.running()
    assert (job.arguments["names"], app.query_params["job"]) == (["late.csv"], job.id)


def test_another_place_is_refused_in_a_sentence(allowed: Path, workspace: Workspace, open_view: Open, tmp_path: Path):
    app = named(open_view("check"), late_csv(tmp_path / "secret.csv"))
    assert not app.exception
    assert "is not in a folder that files may be taken from" in app.error[0].value
    assert workspace.jobs.running() == []
    assert list(workspace.settings.uploads.glob("*")) == []
