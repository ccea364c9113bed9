"""The folder in which MLflow keeps runs as files (``mlruns/``).

Source of the layout: ``mlflow/store/tracking/file_store.py``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, cast

from core.errors import InvalidInput
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
    DELETED_STAGE,
    link_of,
    logged_model_of,
    measured_of,
    registered_of,
    version_of,
)
from core.modelling.tracking.importing.local_files import files_below, folders, opened, text_of
from core.modelling.tracking.importing.source import LeftOut
from core.modelling.tracking.logged_model import LoggedModel, Measured
from core.modelling.tracking.logged_run import InputDataset, LoggedRun, ModelLink, Point, Status
from core.modelling.tracking.plain_yaml import plain_yaml
from core.modelling.tracking.registry import RegisteredModel, RegisteredVersion

META = "meta.yaml"
_META_BYTES, _DATASET_BYTES, _VALUE_BYTES, _LINE_BYTES = 200_000, 20_000_000, 100_000, 2_000
_PORTION = 10_000
_MODELS = "models"
_STATUS = dict(enumerate((Status.RUNNING, Status.SCHEDULED, Status.FINISHED, Status.FAILED, Status.KILLED), start=1))
_NAME = re.compile(r"[0-9a-zA-Z\-]{1,64}")


class Folder:
    """A folder of runs. ``left_out`` counts what does not fit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._homes: dict[str, Path] = {}
        self._run_homes: dict[str, Path] = {}
        self._files_elsewhere: set[str] = set()
        self.left_out = LeftOut()
        if not any((home / META).is_file() for home in self._experiment_folders()):
            raise InvalidInput(
                f"{path} holds no experiments of MLflow. Name its mlruns folder, its SQLite file, or its server."
            )

    @property
    def name(self) -> str:
        """Return the folder's name."""
        return self._path.resolve().name

    def close(self) -> None:
        """Let go of nothing: each file is closed where it is read."""

    def experiments(self) -> Iterator[Experiment]:
        """Give every experiment, those in the trash last."""
        for home in self._experiment_folders():
            if (home / META).is_file():
                yield from fitting("experiments", [home], self._experiment, self.left_out)

    def runs(self, experiment_id: str) -> Iterator[LoggedRun]:
        """Give the runs of an experiment, the earliest first."""
        homes = [home for home in folders(self._homes[experiment_id]) if (home / META).is_file()]
        found = fitting("runs", homes, partial(self._run, experiment_id=experiment_id), self.left_out)
        # The values are read later, one run at a time: a folder may hold more of them than memory does.
        for run, home in sorted(found, key=_start):
            self._run_homes[run.id] = home
            yield self._described(run, home)

    def points(self, run: LoggedRun) -> Iterator[Sequence[Point]]:
        """Give the points of a run, metric by metric."""
        for key, path in files_below(self._run_homes[run.id] / "metrics"):
            for file in fitting("metrics", [path], opened, self.left_out):
                with file:
                    lines = iter(partial(file.readline, _LINE_BYTES), b"")
                    points = fitting("points", lines, partial(_point, key), self.left_out)
                    while portion := list(islice(points, _PORTION)):
                        yield portion

    def files(self, run: LoggedRun) -> Iterator[tuple[str, Path]] | None:
        """Give the files of a run where they lie in its own folder, wherever that was moved to."""
        return self._files(run.id, self._run_homes[run.id])

    def models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Give the logged models of an experiment, the earliest first."""
        homes = _described_in(self._homes[experiment_id] / _MODELS)
        found = fitting("logged models", homes, partial(self._model, experiment_id=experiment_id), self.left_out)
        yield from sorted(found, key=lambda model: (model.created_ms, model.id))

    def model_files(self, model: LoggedModel) -> Iterator[tuple[str, Path]] | None:
        """Give the files of a logged model where they lie in its own folder, wherever that was moved to."""
        return self._files(model.id, self._homes[model.experiment_id] / _MODELS / model.id)

    def registered(self) -> Iterator[tuple[RegisteredModel, Sequence[RegisteredVersion]]]:
        """Give every registered model with its versions."""
        homes = _described_in(self._path / _MODELS)
        yield from fitting("registered models", homes, self._registered, self.left_out)

    def _files(self, owner_id: str, home: Path) -> Iterator[tuple[str, Path]] | None:
        own = home / "artifacts"
        return files_below(own) if own.is_dir() and owner_id not in self._files_elsewhere else None

    def _experiment_folders(self) -> list[Path]:
        return [home for top in (self._path, self._path / ".trash") for home in folders(top) if home.name[0] != "."]

    def _experiment(self, home: Path) -> Experiment:
        meta = _meta(home)
        raw = {
            "id": meta.get("experiment_id"),
            "name": meta.get("name"),
            "created_ms": meta.get("creation_time"),
            "updated_ms": meta.get("last_update_time"),
            "lifecycle": meta.get("lifecycle_stage"),
        }
        found = experiment_of(raw, experiment_tags_of(self._texts(home / "tags"), self.left_out))
        self._homes.setdefault(found.id, home)
        return found

    def _run(self, home: Path, *, experiment_id: str) -> tuple[LoggedRun, Path]:
        meta = _meta(home)
        raw = {
            "id": meta.get("run_id") or meta.get("run_uuid"),
            "experiment_id": experiment_id,
            "name": meta.get("run_name"),
            "user": meta.get("user_id"),
            "status": _STATUS.get(cast("int", meta.get("status"))),
            "lifecycle": meta.get("lifecycle_stage"),
            "started_ms": meta.get("start_time"),
            "ended_ms": meta.get("end_time"),
        }
        run = run_of(raw)
        self._note_files(run.id, f"/{home.parent.name}/{home.name}/artifacts", meta.get("artifact_uri"))
        return run, home

    def _described(self, run: LoggedRun, home: Path) -> LoggedRun:
        inputs = [one for one in folders(home / "inputs") if (one / META).is_file()]
        datasets = fitting("datasets", inputs, partial(self._dataset, home=home.parent), self.left_out)
        return replace(
            run,
            params=params_of(self._texts(home / "params"), self.left_out),
            tags=tags_of(self._texts(home / "tags"), self.left_out),
            datasets=tuple(dataset for dataset in datasets if dataset),
            model_inputs=self._links(home / "inputs", "MODEL"),
            model_outputs=self._links(home / "outputs", "RUN_OUTPUT"),
        )

    def _links(self, folder: Path, sort: str) -> tuple[ModelLink, ...]:
        def link(entry: Path) -> ModelLink | None:
            meta = _meta(entry)
            return link_of(meta.get("source_id"), meta.get("step")) if meta.get("source_type") == sort else None

        found = fitting("links to models", _described_in(folder), link, self.left_out)
        return tuple(one for one in found if one)

    def _model(self, home: Path, *, experiment_id: str) -> LoggedModel:
        meta = _meta(home)
        raw = {
            "id": meta.get("model_id"),
            "experiment_id": experiment_id,
            "name": meta.get("name"),
            "type": meta.get("model_type"),
            "source_run_id": meta.get("source_run_id"),
            "status": meta.get("status"),
            "lifecycle": meta.get("lifecycle_stage"),
            "created_ms": meta.get("creation_timestamp"),
            "updated_ms": meta.get("last_updated_timestamp"),
        }
        model = logged_model_of(
            raw,
            params=params_of(self._texts(home / "params"), self.left_out),
            tags=tags_of(self._texts(home / "tags"), self.left_out),
            metrics=self._measured(home),
        )
        if model.id != home.name:
            raise InvalidInput(f"{home.name!r} holds another logged model.")
        self._note_files(model.id, f"/{_MODELS}/{model.id}/artifacts", meta.get("artifact_location"))
        return model

    def _measured(self, home: Path) -> Iterator[Measured]:
        """Give the latest value of each metric of a logged model, a run and dataset."""
        for key, path in files_below(home / "metrics"):
            latest: dict[tuple[str, str | None, str | None], Measured] = {}
            for file in fitting("metrics", [path], opened, self.left_out):
                with file:
                    lines = iter(partial(file.readline, _LINE_BYTES), b"")
                    for one in fitting("points", lines, partial(_measured, key, home.name), self.left_out):
                        of = (one.run_id, one.point.dataset_name, one.point.dataset_digest)
                        if of not in latest or latest[of].point.step <= one.point.step:
                            latest[of] = one
            yield from latest.values()

    def _registered(self, home: Path) -> tuple[RegisteredModel, list[RegisteredVersion]]:
        meta = _meta(home)
        raw = {
            "name": meta.get("name"),
            "description": meta.get("description"),
            "created_ms": meta.get("creation_timestamp"),
            "updated_ms": meta.get("last_updated_timestamp"),
        }
        model = registered_of(
            raw,
            tags=tags_of(self._texts(home / "tags"), self.left_out),
            aliases=list(self._texts(home / "aliases")),
            left_out=self.left_out,
        )
        versions = fitting("versions", _described_in(home), partial(self._version, name=model.name), self.left_out)
        return model, [version for version in versions if version]

    def _version(self, home: Path, *, name: str) -> RegisteredVersion | None:
        meta = _meta(home)
        if meta.get("current_stage") == DELETED_STAGE:
            return None
        raw = {part: meta.get(part) for part in ("version", "description", "source", "run_id", "run_link", "model_id")}
        raw |= {
            "name": name,
            "storage": meta.get("storage_location"),
            "stage": meta.get("current_stage"),
            "created_ms": meta.get("creation_timestamp"),
            "updated_ms": meta.get("last_updated_timestamp"),
        }
        return version_of(raw, tags=tags_of(self._texts(home / "tags"), self.left_out))

    def _note_files(self, owner_id: str, own: str, said: Any) -> None:
        if not str(said or own).endswith(own):
            self._files_elsewhere.add(owner_id)

    def _dataset(self, entry: Path, *, home: Path) -> InputDataset | None:
        meta = _meta(entry)
        if meta.get("source_type") != "DATASET":
            return None
        key, tags = meta.get("source_id"), meta.get("tags")
        if not isinstance(key, str) or not _NAME.fullmatch(key) or (home / "datasets").is_symlink():
            raise InvalidInput("A dataset has no id.")
        return dataset_of(
            _meta(home / "datasets" / key), cast("Mapping[Any, Any]", tags if isinstance(tags, dict) else {})
        )

    def _texts(self, folder: Path) -> Iterator[tuple[str, str]]:
        def value(entry: tuple[str, Path]) -> tuple[str, str]:
            return entry[0], text_of(entry[1], _VALUE_BYTES)

        return fitting("values", files_below(folder), value, self.left_out)


def _meta(home: Path) -> Mapping[str, Any]:
    if home.is_symlink():
        raise InvalidInput(f"{home.name!r} is a link.")
    most = _DATASET_BYTES if home.parent.name == "datasets" else _META_BYTES
    text = text_of(home / META, most)
    try:
        return plain_yaml(text)
    except InvalidInput as error:
        raise InvalidInput(f"{home.name!r} is described by no plain YAML.") from error


def _described_in(folder: Path) -> list[Path]:
    return [] if folder.is_symlink() else [home for home in folders(folder) if (home / META).is_file()]


def _measured(key: str, model_id: str, line: bytes) -> Measured:
    parts = line.decode(errors="replace").split()
    if len(parts) not in {4, 6}:  # a time, a value, a step and a run; the last two of six name a dataset
        raise InvalidInput("A line of a model's metric has a time, a value, a step and a run.")
    named = dict(zip(("timestamp", "value", "step", "run_id", "dataset_name", "dataset_digest"), parts, strict=False))
    return measured_of({"key": key, "dataset_name": None, "dataset_digest": None, **named}, model_id)


def _start(found: tuple[LoggedRun, Path]) -> tuple[int, str]:
    return found[0].started_ms, found[0].id


def _point(key: str, line: bytes) -> Point:
    parts = line.split()
    if len(parts) not in {2, 3, 5}:  # the last two of five name a dataset
        raise InvalidInput("A line of a metric has a time, a value and a step.")
    return point_of(key, parts[1], parts[0], parts[2] if len(parts) > 2 else 0)
