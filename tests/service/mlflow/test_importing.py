"""An import from a server of MLflow's protocol, in a workspace of its own."""

from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient

from core.errors import FullcircleError
from core.modelling.tracking.importing.opening import open_source
from core.settings import Settings
from core.workspace.importing import Wishes
from core.workspace.workspace import Workspace
from tests.service.mlflow.conftest import Server


def test_runs_come_from_a_server_page_by_page_and_once(server: Server, tmp_path: Path) -> None:
    client = MlflowClient(server.address)
    experiment = client.create_experiment("served")
    ids = [client.create_run(experiment, run_name=f"run {number}").info.run_id for number in range(130)]
    for step in range(3):
        client.log_metric(ids[0], "loss", float("inf") if step else 0.5, step=step)
    client.log_param(ids[0], "rate", "0.1")
    client.set_terminated(ids[0])
    workspace = Workspace.open(Settings(home=tmp_path, database_url=None))
    with closing(open_source(server.address, {})) as source:
        first = workspace.imports.bring(source, Wishes(), lambda _: None)
    assert (first.runs, first.points, first.without_files) == (130, 3, 130)
    there, here = server.workspace.tracking, workspace.tracking
    for run_id in ids[:2]:
        assert here.get(run_id).params == there.get(run_id).params
        assert here.get(run_id).tags == there.get(run_id).tags
        assert here.get(run_id).status == there.get(run_id).status
        assert here.get(run_id).ended_ms == there.get(run_id).ended_ms
    assert here.history(ids[0], "loss") == there.history(ids[0], "loss")
    with closing(open_source(server.address, {})) as source:
        again = workspace.imports.bring(source, Wishes(), lambda _: None)
    assert (again.runs, again.known, again.points) == (0, 130, 0)
    workspace.close()


def test_models_come_from_a_server(server: Server, tmp_path: Path) -> None:
    client = MlflowClient(server.address)
    experiment = client.create_experiment("with models")
    run = client.create_run(experiment, run_name="trained").info.run_id
    net = client.create_logged_model(experiment, "net", run, tags={"a": "b"}, params={"depth": "3"}, model_type="Tree")
    client.log_metric(run, "auc", 0.5, step=1, model_id=net.model_id, dataset_name="d", dataset_digest="x")
    client.finalize_logged_model(net.model_id, "READY")
    client.create_registered_model("Served", tags={"k": "v"}, description="about")
    client.create_model_version("Served", f"models:/{net.model_id}", run, tags={"t": "1"}, model_id=net.model_id)
    client.create_model_version("Served", f"runs:/{run}/old", run)
    client.create_model_version("Served", "models:/Served/2")
    client.set_registered_model_alias("Served", "champion", "2")
    workspace = Workspace.open(Settings(home=tmp_path, database_url=None))
    for brought in range(2):
        with closing(open_source(server.address, {})) as source:
            found = workspace.imports.bring(source, Wishes(), lambda _: None)
        assert (found.models, found.versions) == ((1, 3) if not brought else (0, 0))
        assert not found.left_out
    there, here = server.workspace, workspace
    model = here.models.get(net.model_id)
    expected = there.models.get(net.model_id)
    assert (model.params, model.metrics, model.tags["a"]) == (expected.params, expected.metrics, "b")
    assert (model.name, model.type, model.source_run_id, model.status) == ("net", "Tree", run, expected.status)
    assert here.registry.get("Served").aliases == {"champion": 2}
    for number in (1, 2, 3):
        version, meant = here.registry.version("Served", number), there.registry.version("Served", number)
        assert (version.run_id, version.model_id, version.tags) == (meant.run_id, meant.model_id, meant.tags)
        assert version.storage.split("/", 2)[2] == meant.storage.split("/", 2)[2]
    workspace.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("{}/nowhere", "status 404"),
        ("http://127.0.0.1:9", "cannot be reached"),
        ("http://me:secret@127.0.0.1:9", "a name and a password"),
    ],
)
def test_what_is_no_server_of_mlflow_is_refused_in_a_sentence(server: Server, address: str, said: str) -> None:
    with pytest.raises(FullcircleError, match=said), closing(open_source(address.format(server.address), {})) as source:
        list(source.experiments())
