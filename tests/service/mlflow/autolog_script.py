"""Training code with scikit-learn's autolog, as MLflow's guide has it: only MLFLOW_TRACKING_URI is set. Prints JSON."""

import json
from importlib.util import find_spec

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(7)
inputs = pd.DataFrame(rng.normal(size=(80, 2)), columns=["delay", "distance"])
late = (inputs["delay"] > 0).astype(int)
client = MlflowClient()

# MLflow writes models by skops, which its smaller client does not bring.
written = {} if find_spec("skops") else {"serialization_format": "cloudpickle"}
mlflow.sklearn.autolog(**written)
with mlflow.start_run() as run:
    fitted = LogisticRegression(C=0.5).fit(inputs, late)
    fitted.score(inputs, late)
mlflow.sklearn.autolog(disable=True)
logged = client.get_run(run.info.run_id)
(output,) = logged.outputs.model_outputs
model = client.get_logged_model(output.model_id)

with mlflow.start_run():
    info = mlflow.sklearn.log_model(fitted, name="late", registered_model_name="flights", **written)
version = mlflow.register_model(f"models:/{model.model_id}", "flights")
old = mlflow.register_model(f"runs:/{run.info.run_id}/model", "flights")
client.set_registered_model_alias("flights", "champion", version.version)
predicted = mlflow.pyfunc.load_model("models:/flights@champion").predict(inputs)
print(  # noqa: T201 - the test reads it
    json.dumps(
        {
            "version": mlflow.__version__,
            "param": logged.data.params["C"],
            "metrics": sorted(logged.data.metrics),
            "measured": sorted(metric.key for metric in model.metrics),
            "inputs": [entry.dataset.name for entry in logged.inputs.dataset_inputs],
            "status": str(model.status),
            "files": [file.path for file in client.list_logged_model_artifacts(model.model_id)],
            "versions": [info.registered_model_version, version.version, old.version],
            "predicted": bool((predicted == fitted.predict(inputs)).all()),
            "by run": bool((mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model").coef_ == fitted.coef_).all()),
        }
    )
)
