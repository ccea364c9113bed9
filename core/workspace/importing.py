"""The import of an existing MLflow: again and again, from where it stopped, and nothing twice.

An experiment is known again by a tag that the import gives it, however it is renamed here or there; a run by its id.
Of a run that is known only what is new is taken: points, parameters, tags and datasets that are not here, and how far
it has come. What people changed here, a deletion above all, stays. Of models, see ``importing_models``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InvalidInput, NotFound
from core.ids import derived_id
from core.modelling.tracking.artifact import LoggedFile, OwnerKind, Place, checked_path
from core.modelling.tracking.experiment import DEFAULT_ID, PROJECT_TAG, Experiment
from core.modelling.tracking.importing.local_files import opened
from core.modelling.tracking.importing.source import Source
from core.modelling.tracking.limits import EXPERIMENT_NAME_CHARACTERS
from core.modelling.tracking.logged_model import LoggedModel, ModelStatus
from core.modelling.tracking.logged_run import RUN_NAME_TAG, LoggedRun
from core.modelling.tracking.registry import is_prompt
from core.people.actor import Permission
from core.scoping.project import Project
from core.storage.records import Records
from core.workspace.act import Desk
from core.workspace.importing_models import IMPORTED_TAG, Imported, bring_model, bring_registered, free_name
from core.workspace.logged_files import check_free

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How to import: into which project (slug or id), and whether into experiments of the same names."""

    project: str | None = None
    into_existing: bool = False


class Imports:
    """Imports into a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def bring(self, source: Source, wishes: Wishes, tell: Callable[[Imported], None]) -> Imported:
        """Import everything from a source, and ``tell`` after each run what came so far.

        Raises
        ------
        NotFound
            There is no such project.
        Unavailable
            The source stops to answer. What came stays; the same import again goes on.
        """
        self._desk.actor.require(Permission.WRITE)
        project = self._project(wishes.project)
        brought = Imported(left_out=source.left_out)
        for there in source.experiments():
            here: Experiment | None = None
            for run in source.runs(there.id):
                here = here or self._experiment(source, there, project, into_existing=wishes.into_existing)
                self._run(source, replace(run, experiment_id=here.id), brought)
                tell(brought)
            for model in source.models(there.id):
                here = here or self._experiment(source, there, project, into_existing=wishes.into_existing)
                self._model(source, model, here, brought)
                tell(brought)
            if here is None and there.id != DEFAULT_ID:  # MLflow makes this one by itself, and often nobody uses it
                here = self._experiment(source, there, project, into_existing=wishes.into_existing)
            brought.experiments += here is not None
        for registered, versions in source.registered():
            if is_prompt(registered.tags):
                continue
            with self._desk.storage.write() as records:
                bring_registered(records, source.name, registered, versions, brought)
            tell(brought)
        return brought

    def _project(self, named: str | None) -> Project | None:
        if named is None:
            return None
        with self._desk.storage.read() as records:
            found = records.first(Project, slug=named) or records.first(Project, id=named)
        if found is None:
            raise NotFound.record("project", named[:100])
        return found

    def _experiment(
        self, source: Source, there: Experiment, project: Project | None, *, into_existing: bool
    ) -> Experiment:
        mark = _mark(there)
        with self._desk.storage.write() as records:
            experiments = records.tracking.experiments
            if known := experiments.tagged(mark):
                return known
            origin = {mark: f"experiment {there.id} of {source.name}"}
            if into_existing and experiments.is_named(there.name):
                merged = experiments.named(there.name)
                experiments.set_tags(merged.id, origin)
                return merged
            tags = {key: value for key, value in there.tags.items() if key != PROJECT_TAG}
            belongs = {PROJECT_TAG: project.slug} if project else {}
            name = free_name(there.name, experiments.is_named, EXPERIMENT_NAME_CHARACTERS)
            here = experiments.add(name, {**tags, **belongs, **origin}, project and project.id, there.created_ms)
            experiments.restate(here.id, there.lifecycle, there.created_ms, there.updated_ms)
            return here

    def _run(self, source: Source, run: LoggedRun, brought: Imported) -> None:
        portions = source.points(run)
        with self._desk.storage.write() as records:
            number = self._described(records, run, brought)
            if number is None:
                return
            before = records.tracking.runs.count_points(number)
            records.tracking.runs.log_metrics(number, next(portions, ()))
        for portion in portions:
            with self._desk.storage.write() as records:
                records.tracking.runs.log_metrics(number, portion)
        with self._desk.storage.read() as records:
            brought.points += records.tracking.runs.count_points(number) - before
        files = source.files(run)
        if files is None:
            brought.without_files += 1
            return
        self._copy(files, Place(experiment_id=run.experiment_id, kind=OwnerKind.RUN, owner_id=run.id, path=""), brought)

    def _model(self, source: Source, there: LoggedModel, experiment: Experiment, brought: Imported) -> None:
        model = replace(there, experiment_id=experiment.id)
        with self._desk.storage.write() as records:
            if not bring_model(records, model, brought):
                return
        files = source.model_files(there)
        if files is None:
            brought.models_without_files += model.status is ModelStatus.READY
            return
        place = Place(experiment_id=experiment.id, kind=OwnerKind.MODEL, owner_id=model.id, path="")
        self._copy(files, place, brought)

    def _described(self, records: Records, run: LoggedRun, brought: Imported) -> int | None:
        """Store a run without its points and return its number, or ``None`` where it belongs to another experiment."""
        runs = records.tracking.runs
        try:
            known = runs.row(run.id, lock=True)
        except NotFound:
            runs.add(_named(run))
            known = runs.row(run.id)
            brought.runs += 1
        else:
            if known.experiment_id != run.experiment_id:
                brought.elsewhere += 1
                return None
            brought.known += 1
            runs.add_tags(known.number, run.tags)
            if run.ended_ms is not None and run.ended_ms > (runs.ended_ms(known.number) or 0):
                runs.change(known.number, status=run.status.value, ended_ms=run.ended_ms)
        runs.add_params(known.number, run.params)
        runs.add_inputs(known, run.datasets)
        runs.add_links(known.number, "input", run.model_inputs)
        runs.add_links(known.number, "output", run.model_outputs)
        return known.number

    def _copy(self, files: Iterable[tuple[str, Path]], owner: Place, brought: Imported) -> None:
        with self._desk.storage.read() as records:
            known = dict(records.tracking.files.under(owner.owner_id, ""))
        for path, where in files:
            if path in known:
                continue
            try:
                self._keep(replace(owner, path=checked_path(path)), where)
            except InvalidInput:
                brought.left_out["files"] += 1
            else:
                brought.files += 1

    def _keep(self, place: Place, where: Path) -> None:
        with opened(where) as file, self._desk.storage.artifacts.arriving() as arriving:
            while piece := file.read(_PIECE):
                arriving.write(piece)
            kept = LoggedFile(path=place.path, sha256=arriving.settle(), size=arriving.size)
        with self._desk.storage.write() as records:
            check_free(records, place)
            records.tracking.files.put(place.owner_id, kept)


def _mark(there: Experiment) -> str:
    # A file may move and a server may be renamed: the id and the moment of creation say which experiment it is.
    parts = [there.id, str(there.created_ms)] if there.created_ms else [there.id, "", there.name]
    return IMPORTED_TAG + derived_id("mlflow", *parts)


def _named(run: LoggedRun) -> LoggedRun:
    """Return a run that has a name, by which MLflow's old versions knew it only in a tag."""
    name = run.name or run.tags.get(RUN_NAME_TAG) or run.id[:8]
    return replace(run, name=name, tags={RUN_NAME_TAG: name, **run.tags})
