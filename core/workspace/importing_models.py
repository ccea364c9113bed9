"""The import of logged and registered models of an existing MLflow, one transaction each.

A logged model is known again by its id, a registered model by a tag that the import gives it, a version by its number
and the moment of its creation. Of what is known only what is new is taken: parameters, tags and aliases that are not
here, and of a version's stage and description what was said last. An alias that stands for another version there
stays as it is here. A version that was deleted here stays deleted; a registered model that was leaves no trace, and
comes again.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.errors import NotFound
from core.ids import derived_id
from core.modelling.tracking.artifact import OwnerKind, Place
from core.modelling.tracking.importing.origin import origins
from core.modelling.tracking.logged_model import LoggedModel, ModelStatus
from core.modelling.tracking.registry import NAME_CHARACTERS, OfModel, OfRun, RegisteredModel, RegisteredVersion
from core.storage.records import Records
from core.workspace.registry import note_version

IMPORTED_TAG = "fullcircle.imported."
"""How the tag begins that an imported experiment or model is known by; its value names the source."""


@dataclass(slots=True)
class Imported:
    """What an import brought so far. ``left_out`` counts what does not fit; ``known`` are runs that were here before.

    ``elsewhere`` are runs whose id is known in another experiment, which stay untouched, and ``models_elsewhere`` such
    logged models; ``without_files`` and ``models_without_files`` are those whose files are out of reach. ``unplaced``
    are versions whose files belong to nothing that was imported, ``taken`` those whose number was given here.
    ``aliases_kept`` are aliases that stand for another version here than there.
    """

    experiments: int = 0
    runs: int = 0
    known: int = 0
    elsewhere: int = 0
    points: int = 0
    files: int = 0
    without_files: int = 0
    models: int = 0
    models_elsewhere: int = 0
    models_without_files: int = 0
    registered: int = 0
    versions: int = 0
    unplaced: int = 0
    taken: int = 0
    aliases_kept: int = 0
    left_out: Counter[str] = field(default_factory=Counter[str])


def free_name(name: str, is_taken: Callable[[str], bool], most: int) -> str:
    """Return a name that is free and has at most ``most`` characters."""
    number, free = 1, name
    while is_taken(free):
        ending = " (imported)" if number == 1 else f" (imported {number})"
        free, number = name[: most - len(ending)] + ending, number + 1
    return free


def bring_model(records: Records, model: LoggedModel, brought: Imported) -> bool:
    """Store what is new of a logged model; tell whether it belongs to this experiment."""
    models = records.tracking.models
    known = next(iter(models.read([model.id])), None)
    if known is None:
        models.add(replace(model, source_run_id=_known_run(records, model.source_run_id)))
        brought.models += 1
    elif known.experiment_id != model.experiment_id:
        brought.models_elsewhere += 1
        return False
    else:
        models.add_params(model.id, model.params)
        models.set_tags(model.id, _new(model.tags, known.tags))
        if known.status is ModelStatus.PENDING:
            models.change(model.id, status=model.status.value, updated_ms=model.updated_ms)
    for measured in model.metrics:
        models.log_metrics(measured.run_id, [measured.point])
    return True


def bring_registered(
    records: Records, source: str, model: RegisteredModel, versions: Sequence[RegisteredVersion], brought: Imported
) -> None:
    """Store what is new of a registered model and its versions; ``source`` is what people call where it comes from."""
    registry = records.tracking.registry
    mark = IMPORTED_TAG + derived_id("mlflow", "registered model", model.name, str(model.created_ms))
    number = registry.tagged(mark)
    if number is None:
        name = free_name(model.name, registry.is_named, NAME_CHARACTERS)
        origin = {mark: f"registered model {model.name} of {source}"}
        registry.add(replace(model, name=name, tags={**model.tags, **origin}))
        number = registry.number(name)
        brought.registered += 1
    here = registry.read([number])[0]
    registry.set_tags(number, _new(model.tags, here.tags))
    last = registry.last_version(number)
    for version in sorted(versions, key=lambda one: one.version):
        _bring_version(records, number, last, replace(version, name=here.name), brought)
    there = set(registry.versions_of(number))
    for alias, version in model.aliases.items():
        if alias not in here.aliases and version in there:
            registry.set_alias(number, alias, version)
        brought.aliases_kept += here.aliases.get(alias, version) != version


def _bring_version(records: Records, model: int, last: int, version: RegisteredVersion, brought: Imported) -> None:
    registry = records.tracking.registry
    try:
        number = registry.version_number(version.name, version.version)
    except NotFound:
        placed = _placed(records, version)
        if placed is None:
            brought.unplaced += 1
        elif version.version > last:
            registry.put_version(model, placed)
            brought.versions += 1
            if placed.model_id:
                note_version(records, placed.model_id, version.name, version.version)
        return
    known = registry.read_versions([number])[0]
    if known.created_ms != version.created_ms:
        brought.taken += 1
        return
    registry.set_version_tags(number, _new(version.tags, known.tags))
    if version.updated_ms > known.updated_ms:
        changes = {"stage": version.stage.value, "description": version.description}
        registry.change_version(number, updated_ms=version.updated_ms, **changes)


def _placed(records: Records, version: RegisteredVersion) -> RegisteredVersion | None:
    """Return a version with the address of its files here, or ``None`` where they belong to nothing that is here."""
    for origin in origins(version):
        try:
            place, run_id = _place(records, origin)
        except NotFound:
            continue
        model_id = place.owner_id if place.kind is OwnerKind.MODEL else ""
        run = run_id or _known_run(records, version.run_id)
        return replace(version, source=place.uri, storage=place.uri, run_id=run, model_id=model_id)
    return None


def _place(records: Records, origin: OfRun | OfModel) -> tuple[Place, str]:
    if isinstance(origin, OfModel):
        model = records.tracking.models.get(origin.model_id)
        place = Place(experiment_id=model.experiment_id, kind=OwnerKind.MODEL, owner_id=model.id, path=origin.path)
        return place, model.source_run_id
    row = records.tracking.runs.row(origin.run_id)
    place = Place(experiment_id=row.experiment_id, kind=OwnerKind.RUN, owner_id=row.id, path=origin.path)
    return place, row.id


def _known_run(records: Records, run_id: str) -> str:
    try:
        return records.tracking.runs.row(run_id).id if run_id else ""
    except NotFound:
        return ""


def _new(there: Mapping[str, str], here: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in there.items() if key not in here}
