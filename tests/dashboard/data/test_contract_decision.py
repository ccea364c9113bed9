"""A version that breaks the contract is accepted from the page only with a reason, asked for in words."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from core.data.dataset import DatasetState, DatasetVersion
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import carry_out


def dropped(workspace: Workspace, project_id: str, path: Path, kinds: str) -> DatasetVersion:
    path.write_text("id,kind\n" + "".join(f"{n},{kinds[n % len(kinds)]}\n" for n in range(200)))
    version, job = workspace.data.drop(project_id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


def test_the_page_asks_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULLCIRCLE_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    project = workspace.projects.begin("Trains")
    first = dropped(workspace, project.id, tmp_path / "a.csv", "ab")
    workspace.data.accept(first.id)
    workspace.contracts.accept(workspace.contracts.infer(first.id).id)
    second = dropped(workspace, project.id, tmp_path / "b.csv", "abx")
    app = AppTest.from_file(str(Path(dashboard.__file__).parent / "app.py"), default_timeout=60)
    app._page_hash = calc_hash("datasets")
    app.query_params["project"] = project.slug
    app.run()
    app.button(key="dataset-accept").click().run()
    assert not app.exception
    assert "breaks 1 rule of the contract" in app.error[0].value
    assert workspace.data.get(second.id).state is DatasetState.WAITING
    # AppTest runs the whole page after each input, which closes a dialog: what follows is the browser's to show
    assert app.text_input(key="dataset-note").value == ""
    assert app.button(key="dataset-decide").label == "Accept"
