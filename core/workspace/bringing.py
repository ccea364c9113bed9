"""Bringing a run that training code logged into its project's runs, from where it goes on to the gate."""

from dataclasses import dataclass

from core.data.dataset import DatasetVersion
from core.errors import InvalidInput
from core.ids import new_id
from core.job import Job
from core.modelling.brought import BroughtModel, HeldOut
from core.modelling.onnx_model import LARGEST_MODEL
from core.modelling.recipes.logged import LOGGED
from core.modelling.run import LoggedOrigin, Run
from core.modelling.tracking.artifact import Place
from core.modelling.tracking.predictions import FILE
from core.modelling.tracking.signature import FILE as DESCRIPTION
from core.modelling.tracking.signature import columns_of
from core.modelling.training import DEFAULT_CUT
from core.scoping.project import TaskKind
from core.workspace.act import Desk
from core.workspace.logged_files import LoggedFiles
from core.workspace.logged_predictions import LoggedPredictions
from core.workspace.modelling import Modelling, agreed_cut

_MOST_DESCRIPTION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOnnx:
    """The ONNX file of a logged run; ``columns`` are those that its description names, in order."""

    place: Place
    content: bytes
    columns: tuple[str, ...]


class Bringing:
    """What was logged, on its way to the gate."""

    def __init__(self, desk: Desk, files: LoggedFiles, predictions: LoggedPredictions, modelling: Modelling) -> None:
        self._desk = desk
        self._files = files
        self._predictions = predictions
        self._modelling = modelling

    def brought(self, project_id: str, logged_run_id: str) -> Run | None:
        """Return the newest run that was brought from a logged one, or ``None``."""
        runs = self._modelling.runs(project_id)
        return next((r for r in reversed(runs) if r.origin and r.origin.run_id == logged_run_id), None)

    def order(self, project_id: str, logged_run_id: str) -> tuple[Run, Job]:
        """Ask for a logged run to be brought; a job scores its held-out rows with the file to serve.

        Raises
        ------
        NotFound
            There is no such run.
        InvalidInput
            It keeps no ONNX file, several, or no predictions.
        Conflict
            The project has no accepted dataset, or does not say what it predicts.
        """
        with self._desk.reading() as records:
            name = records.tracking.runs.get(logged_run_id).name
        place = self._model_place(logged_run_id)
        if not self._predictions.there(logged_run_id):
            raise InvalidInput(
                f"{name} logged no {FILE}: nothing says which rows its training did not see. Log the id and the score "
                "of each held-out row."
            )
        version = self._predictions.accepted(project_id)
        with self._desk.act(project_id) as act:
            task = act.project.task
            binary = task is not None and task.kind is TaskKind.BINARY
            run = Run(
                id=new_id(),
                project_id=project_id,
                dataset_id=version.id,
                recipe=LOGGED.name,
                name=name,
                parameters={"cut": DEFAULT_CUT} | agreed_cut(act) if binary else {},
                origin=LoggedOrigin(run_id=logged_run_id, file=place.path),
                created_at=act.at,
                created_on=act.on,
            )
            act.records.add(run)
            act.enter("run.brought", run, name=name, logged_run=logged_run_id, file=place.path)
            return run, act.request("bring", f"Bring {name}", {"run_id": run.id})

    def material(self, run: Run) -> tuple[LoggedOnnx, HeldOut]:
        """Return what a run is made of: the file, and the rows of its dataset, parted as the code parted them.

        Raises
        ------
        InvalidInput, RefusedFile, UnreadableFile
            The file or the predictions cannot be used.
        """
        if run.origin is None:
            raise InvalidInput(f"{run.name} was not logged by other code. Choose a logged run.")
        place = self._model_place(run.origin.run_id)
        version = self._desk.one(DatasetVersion, run.dataset_id)
        return self._read(place), self._predictions.held_out(run.project_id, run.origin.run_id, version)

    def finished(self, run: Run, found: BroughtModel) -> Run:
        """Record what a logged model gave, and measure it against every criterion of the hold-out."""
        assert run.origin is not None
        origin = LoggedOrigin(run_id=run.origin.run_id, file=run.origin.file, unlike=found.unlike)
        return self._modelling.finished(run.id, found.trained, origin)

    def _model_place(self, run_id: str) -> Place:
        with self._desk.reading() as records:
            tracked = records.tracking
            run = tracked.runs.get(run_id)
            owners = [self._files.of_run, *[self._files.of_model] * len(run.model_outputs)]
            ids = [run_id, *(link.model_id for link in run.model_outputs)]
            found = [
                (owner, owner_id, path)
                for owner, owner_id in zip(owners, ids, strict=True)
                for path, _ in tracked.files.under(owner_id, "")
                if path.lower().endswith(".onnx")
            ]
        if len(found) == 1:
            owner, owner_id, path = found[0]
            return owner(owner_id, path)
        if found:
            raise InvalidInput(f"{run.name} keeps {len(found)} ONNX files. Log the one to serve in a run of its own.")
        raise InvalidInput(
            f"{run.name} keeps no ONNX file, and pickled models are never opened here. Log it with "
            "mlflow.onnx.log_model, or its file model.onnx with mlflow.log_artifact."
        )

    def _read(self, place: Place) -> LoggedOnnx:
        file, path = self._files.find(place)
        if file.size > LARGEST_MODEL:
            raise InvalidInput(
                f"{file.path} has {file.size / 2**20:.0f} MB, and at most {LARGEST_MODEL // 2**20} MB are accepted. "
                "Train a smaller model."
            )
        return LoggedOnnx(place=place, content=path.read_bytes(), columns=self._columns(place))

    def _columns(self, place: Place) -> tuple[str, ...]:
        """Return the columns that the description beside a model names; nothing where there is none."""
        beside = [*place.path.split("/")[:-1], DESCRIPTION]
        with self._desk.reading() as records:
            file = records.tracking.files.get(place.owner_id, "/".join(beside))
        if file is None or file.size > _MOST_DESCRIPTION:
            return ()
        return columns_of(self._desk.storage.artifacts.read(file.sha256).decode(errors="replace"))
