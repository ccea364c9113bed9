"""Training code that also uses what Fullcircle does not keep: traces, prompts, datasets of evaluations. Prints JSON."""

import json

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException


@mlflow.trace
def _doubled(number: int) -> int:
    return number * 2


def _told(act: object, *arguments: object, **named: object) -> str:
    try:
        act(*arguments, **named)  # type: ignore[operator]
    except MlflowException as error:
        return str(error)
    return ""


client = MlflowClient()
with mlflow.start_run() as run:
    mlflow.log_metric("doubled", _doubled(21))
mlflow.flush_trace_async_logging()
print(  # noqa: T201 - the test reads it
    json.dumps(
        {
            "metrics": client.get_run(run.info.run_id).data.metrics,
            "status": client.get_run(run.info.run_id).info.status,
            "traces": _told(client.search_traces, locations=["0"]),
            "prompts": _told(client.register_prompt, "greeting", "Hello {{name}}"),
            "datasets": _told(client.search_datasets, ["0"]),
            "models": [model.name for model in client.search_registered_models()],
        }
    )
)
