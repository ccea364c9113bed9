"""What a client keeps with a server: files whole and in parts, a logged model, a version with an alias. Prints JSON."""

import json
import os
import tempfile
from pathlib import Path

import mlflow
from mlflow import MlflowClient

os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "2000000"
os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = "1000000"
client, folder = MlflowClient(), Path(tempfile.mkdtemp())
run_id = client.create_run("0").info.run_id
contents = {"small.bin": os.urandom(1_000), "large.bin": os.urandom(3_500_000)}
(folder / "sent").mkdir()
for name, content in contents.items():
    (folder / "sent" / name).write_bytes(content)
client.log_artifacts(run_id, str(folder / "sent"))
client.log_text(run_id, "text", "deep/a.txt")
fetched = Path(client.download_artifacts(run_id, "", str(folder)))
model = client.create_logged_model("0", "clf", run_id, params={"a": "b"})
client.finalize_logged_model(model.model_id, "READY")
client.create_registered_model("flights")
version = client.create_model_version("flights", f"models:/{model.model_id}", model_id=model.model_id)
client.set_registered_model_alias("flights", "champion", version.version)
print(  # noqa: T201 - the test reads it
    json.dumps(
        {
            "version": mlflow.__version__,
            "listed": [file.path for file in client.list_artifacts(run_id)],
            "same": all((fetched / name).read_bytes() == content for name, content in contents.items()),
            "models": [found.name for found in client.search_logged_models(["0"], "params.a = 'b'")],
            "champion": client.get_model_version_by_alias("flights", "champion").version,
            "registered": [found.name for found in client.search_registered_models()],
        }
    )
)
