"""Training code as a team has it: it knows nothing of Fullcircle, only MLFLOW_TRACKING_URI is set. Prints JSON."""

import json

import mlflow

mlflow.set_experiment("unchanged")
with mlflow.start_run(run_name="parent", tags={"team": "ops"}, description="of two") as parent:
    mlflow.log_params({"depth": 6, "rate": 0.1})
    mlflow.log_metrics({"auc": 0.7, "loss": float("nan")}, step=1)
    mlflow.log_metric("auc", 0.9, step=2)
    with mlflow.start_run(nested=True, run_name="child"):
        mlflow.log_metric("auc", 0.8)
    mlflow.set_tag("note", "it's done")
found = mlflow.search_runs(
    experiment_names=["unchanged"],
    filter_string=f"metrics.auc > 0.75 and tags.mlflow.parentRunId = '{parent.info.run_id}'",
    output_format="list",
)
read = mlflow.get_run(parent.info.run_id)
print(  # noqa: T201 - the test reads it
    json.dumps(
        {
            "version": mlflow.__version__,
            "children": [run.info.run_name for run in found],
            "status": read.info.status,
            "auc": read.data.metrics["auc"],
            "params": read.data.params,
            "note": read.data.tags["note"],
            "steps": [point.step for point in mlflow.MlflowClient().get_metric_history(parent.info.run_id, "auc")],
            "experiments": sorted(e.name for e in mlflow.search_experiments()),
        }
    )
)
