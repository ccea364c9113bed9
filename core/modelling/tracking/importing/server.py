"""A server of MLflow, over its own protocol.

The person at the command line names it, so it may be in a private network. It still gets no more trust than a file:
no redirect is followed, no proxy is asked, and an answer is cut off.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx

from core.errors import InvalidInput, Unavailable
from core.modelling.tracking.experiment import Experiment
from core.modelling.tracking.importing.fitting import (
    dataset_of,
    experiment_of,
    experiment_tags_of,
    fitting,
    params_of,
    point_of,
    run_of,
    tags_of,
)
from core.modelling.tracking.importing.fitting_models import (
    link_of,
    logged_model_of,
    measured_of,
    registered_of,
    version_of,
)
from core.modelling.tracking.importing.source import LeftOut
from core.modelling.tracking.limits import checked_key
from core.modelling.tracking.logged_model import LoggedModel, Measured
from core.modelling.tracking.logged_run import InputDataset, LoggedRun, ModelLink, Point
from core.modelling.tracking.registry import RegisteredModel, RegisteredVersion
from core.outgoing import parse

SECONDS = 60.0
LARGEST_ANSWER = 64_000_000
_EXPERIMENTS, _RUNS, _POINTS, _MODELS = 1_000, 100, 25_000, 100
Object = Mapping[str, Any]


class NotServed(Unavailable):
    """The server knows no such address: it is older than what is asked for."""


class Server:
    """A server of MLflow. ``left_out`` counts what does not fit."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        self._address = parse(address)
        base = f"{str(self._address).rstrip('/')}/api/2.0/mlflow/"
        self._http = httpx.Client(base_url=base, headers=dict(headers), trust_env=False, timeout=SECONDS)
        self._metrics: dict[str, list[str]] = {}
        self.left_out = LeftOut()

    @property
    def name(self) -> str:
        """Return the host."""
        return self._address.host

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def experiments(self) -> Iterator[Experiment]:
        """Give every experiment."""
        asked = {"view_type": "ALL", "max_results": _EXPERIMENTS}
        pages = self._pages("POST", "experiments/search", asked, "experiments")
        yield from fitting("experiments", pages, self._experiment, self.left_out)

    def runs(self, experiment_id: str) -> Iterator[LoggedRun]:
        """Give the runs of an experiment, the earliest first, so that those begun meanwhile move no page."""
        asked = {
            "experiment_ids": [experiment_id],
            "run_view_type": "ALL",
            "max_results": _RUNS,
            "order_by": ["attributes.start_time ASC"],
        }
        pages = self._pages("POST", "runs/search", asked, "runs")
        make = partial(self._run, experiment_id=experiment_id)
        yield from fitting("runs", pages, make, self.left_out)

    def points(self, run: LoggedRun) -> Iterator[Sequence[Point]]:
        """Give the points of a run, metric by metric."""
        for key in self._metrics.pop(run.id, []):
            asked = {"run_id": run.id, "metric_key": key, "max_results": _POINTS}
            pages = self._pages("GET", "metrics/get-history", asked, "metrics")
            yield list(fitting("points", pages, _point, self.left_out))

    def files(self, run: LoggedRun) -> Iterator[tuple[str, Path]] | None:  # noqa: ARG002 - as every source
        """Give nothing: the bytes are on the server."""
        return None

    def models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Give the logged models of an experiment; a server before MLflow 3 has none, and deleted ones it keeps."""
        asked = {"experiment_ids": [experiment_id], "max_results": _MODELS}
        try:
            pages = self._pages("POST", "logged-models/search", asked, "models")
            yield from fitting("logged models", pages, partial(self._model, experiment_id=experiment_id), self.left_out)
        except NotServed:
            return

    def model_files(self, model: LoggedModel) -> Iterator[tuple[str, Path]] | None:  # noqa: ARG002 - as every source
        """Give nothing: the bytes are on the server."""
        return None

    def registered(self) -> Iterator[tuple[RegisteredModel, Sequence[RegisteredVersion]]]:
        """Give every registered model with its versions; a server without a registry has none."""
        try:
            versions = self._versions()
            pages = self._pages("GET", "registered-models/search", {"max_results": _MODELS}, "registered_models")
            for model in fitting("registered models", pages, self._registered, self.left_out):
                yield model, versions.get(model.name, [])
        except NotServed:
            return

    def _versions(self) -> dict[str, list[RegisteredVersion]]:
        found: dict[str, list[RegisteredVersion]] = {}
        pages = self._pages("GET", "model-versions/search", {"max_results": _EXPERIMENTS}, "model_versions")
        for version in fitting("versions", pages, self._version, self.left_out):
            found.setdefault(version.name, []).append(version)
        return found

    def _version(self, raw: Object) -> RegisteredVersion:
        names = ("name", "version", "description", "source", "run_id", "run_link", "model_id")
        found = {name: raw.get(name) for name in names} | {
            "storage": self._storage(raw),
            "stage": raw.get("current_stage"),
            "created_ms": raw.get("creation_timestamp"),
            "updated_ms": raw.get("last_updated_timestamp"),
        }
        return version_of(found, tags=tags_of(_pairs(raw), self.left_out))

    def _storage(self, raw: Object) -> object:
        """Return where the files of a version lie; only of one that was copied from another the server must tell."""
        if not str(raw.get("source") or "").startswith("models:/") or raw.get("model_id"):
            return ""
        asked = {"name": raw.get("name"), "version": raw.get("version")}
        return self._answer("GET", "model-versions/get-download-uri", asked).get("artifact_uri")

    def _registered(self, raw: Object) -> RegisteredModel:
        found = {
            "name": raw.get("name"),
            "description": raw.get("description"),
            "created_ms": raw.get("creation_timestamp"),
            "updated_ms": raw.get("last_updated_timestamp"),
        }
        aliases = [(one.get("alias"), one.get("version")) for one in _parts(raw, "aliases")]
        return registered_of(found, tags=tags_of(_pairs(raw), self.left_out), aliases=aliases, left_out=self.left_out)

    def _model(self, raw: Object, *, experiment_id: str) -> LoggedModel:
        info, data = _part(raw, "info"), _part(raw, "data")
        found = {
            "id": info.get("model_id"),
            "experiment_id": experiment_id,
            "name": info.get("name"),
            "type": info.get("model_type"),
            "source_run_id": info.get("source_run_id"),
            "status": info.get("status"),
            "lifecycle": None,
            "created_ms": info.get("creation_timestamp_ms"),
            "updated_ms": info.get("last_updated_timestamp_ms"),
        }
        measured = partial(_measured, str(found["id"]))
        return logged_model_of(
            found,
            params=params_of(_pairs(data, "params"), self.left_out),
            tags=tags_of(_pairs(info), self.left_out),
            metrics=fitting("points", _parts(data, "metrics"), measured, self.left_out),
        )

    def _experiment(self, raw: Object) -> Experiment:
        found = {
            "id": raw.get("experiment_id"),
            "name": raw.get("name"),
            "created_ms": raw.get("creation_time"),
            "updated_ms": raw.get("last_update_time"),
            "lifecycle": raw.get("lifecycle_stage"),
        }
        return experiment_of(found, experiment_tags_of(_pairs(raw), self.left_out))

    def _run(self, raw: Object, *, experiment_id: str) -> LoggedRun:
        info, data = _part(raw, "info"), _part(raw, "data")
        found = {
            "id": info.get("run_id"),
            "experiment_id": experiment_id,
            "name": info.get("run_name"),
            "user": info.get("user_id"),
            "status": info.get("status"),
            "lifecycle": info.get("lifecycle_stage"),
            "started_ms": info.get("start_time"),
            "ended_ms": info.get("end_time"),
        }
        run = run_of(
            found,
            params=params_of(_pairs(data, "params"), self.left_out),
            tags=tags_of(_pairs(data), self.left_out),
            datasets=tuple(
                fitting("datasets", _parts(_part(raw, "inputs"), "dataset_inputs"), _dataset, self.left_out)
            ),
            model_inputs=self._links(_part(raw, "inputs"), "model_inputs"),
            model_outputs=self._links(_part(raw, "outputs"), "model_outputs"),
        )
        keys = (one.get("key", "") for one in _parts(data, "metrics"))
        self._metrics[run.id] = list(fitting("metrics", keys, _key, self.left_out))
        return run

    def _links(self, raw: Object, name: str) -> tuple[ModelLink, ...]:
        def link(one: Object) -> ModelLink:
            return link_of(one.get("model_id"), one.get("step"))

        return tuple(fitting("links to models", _parts(raw, name), link, self.left_out))

    def _pages(self, method: str, path: str, asked: Object, name: str) -> Iterator[Object]:
        token = ""
        while True:
            page = self._answer(method, path, {**asked, "page_token": token} if token else asked)
            yield from _parts(page, name)
            before, token = token, str(page.get("next_page_token") or "")
            if not token or token == before:
                return

    def _answer(self, method: str, path: str, asked: Object) -> Object:
        sent: dict[str, Any] = {"json": asked} if method == "POST" else {"params": asked}
        try:
            with self._http.stream(method, path, **sent) as answer:
                body = b"".join(self._bounded(answer))
                status = answer.status_code
        except httpx.HTTPError as error:
            reason = str(error).strip() or type(error).__name__
            raise Unavailable(
                f"{self.name} cannot be reached ({reason[:200]}). What was imported stays; run the import again."
            ) from error
        if status != 200:
            raise (NotServed if status == 404 else Unavailable)(
                f"{self.name} answers {path} with status {status}. Check the address and, where it asks who you are, "
                "MLFLOW_TRACKING_TOKEN or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD."
            )
        try:
            found: object = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise InvalidInput(f"{self.name} does not answer as MLflow does. Check the address.")
        return cast("Object", found)

    def _bounded(self, answer: httpx.Response) -> Iterator[bytes]:
        read = 0
        for piece in answer.iter_bytes():
            read += len(piece)
            if read > LARGEST_ANSWER:
                raise Unavailable(f"{self.name} answers with more than {LARGEST_ANSWER:,} bytes, which is refused.")
            yield piece


def _key(key: object) -> str:
    return checked_key(str(key), "metric")


def _point(raw: Object) -> Point:
    return point_of(str(raw.get("key", "")), raw.get("value"), raw.get("timestamp"), raw.get("step") or 0)


def _dataset(raw: Object) -> InputDataset:
    found = {"source_type": "", "source": "", "name": "", "digest": "", **_part(raw, "dataset")}
    return dataset_of(found, dict(_pairs(raw)))


def _measured(model_id: str, raw: Object) -> Measured:
    names = ("key", "value", "timestamp", "step", "run_id", "dataset_name", "dataset_digest")
    return measured_of({name: raw.get(name) for name in names}, model_id)


def _pairs(raw: Object, name: str = "tags") -> list[tuple[Any, Any]]:
    return [(one.get("key"), one.get("value", "")) for one in _parts(raw, name)]


def _part(raw: Object, name: str) -> Object:
    found: object = raw.get(name)
    return cast("Object", found) if isinstance(found, dict) else {}


def _parts(raw: Object, name: str) -> list[Object]:
    found: object = raw.get(name)
    listed = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Object", one) for one in listed if isinstance(one, dict)]
