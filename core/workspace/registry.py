"""Acts on registered models and their versions, in MLflow's terms. Files are named here and never opened."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from core.errors import InvalidInput
from core.modelling.tracking.artifact import OwnerKind, Place
from core.modelling.tracking.logged_model import VERSIONS_TAG
from core.modelling.tracking.registry import (
    OfModel,
    OfRun,
    OfVersion,
    RegisteredModel,
    RegisteredVersion,
    Source,
    Stage,
    check_model,
    checked_alias,
    checked_registered_name,
    source_of,
)
from core.modelling.tracking.search.page import Page, page_of
from core.modelling.tracking.search.query import Query
from core.storage.records import RecordReader, Records
from core.workspace.act import Desk
from core.workspace.experiments import now_ms
from core.workspace.logged_files import owner_lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What a client says when it registers a version."""

    name: str
    source: str
    run_id: str = ""
    run_link: str = ""
    model_id: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a version comes from: the address of its files here, and the run and logged model behind them."""

    storage: str
    run_id: str
    model_id: str


class Registry:
    """The registered models of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def create(self, name: str, description: str = "", tags: Mapping[str, str] | None = None) -> RegisteredModel:
        """Create a model.

        Raises
        ------
        Conflict
            There is one of this name.
        InvalidInput
            The name is not allowed, or it is a prompt.
        """
        check_model(tags or {})
        now = now_ms()
        model = RegisteredModel(
            name=checked_registered_name(name),
            description=description,
            created_ms=now,
            updated_ms=now,
            tags=dict(tags or {}),
        )
        with self._desk.writing() as records:
            records.tracking.registry.add(model)
        return model

    def get(self, name: str) -> RegisteredModel:
        """Return a model.

        Raises
        ------
        NotFound
            There is no such model.
        """
        with self._desk.reading() as records:
            return records.tracking.registry.get(name)

    def rename(self, name: str, new_name: str) -> RegisteredModel:
        """Give a model another name, and return it.

        Raises
        ------
        NotFound
            There is no such model.
        Conflict
            Another one has this name.
        """
        checked = checked_registered_name(new_name)
        with self._model(name) as (records, number):
            records.tracking.registry.change(number, name=checked, updated_ms=now_ms())
            return records.tracking.registry.get(checked)

    def describe(self, name: str, description: str) -> RegisteredModel:
        """Change the description of a model, and return it."""
        with self._model(name) as (records, number):
            records.tracking.registry.change(number, description=description, updated_ms=now_ms())
            return records.tracking.registry.get(name)

    def delete(self, name: str) -> None:
        """Delete a model with all its versions. Their files stay with the runs and logged models."""
        with self._model(name) as (records, number):
            records.tracking.registry.delete(number)

    def search(self, query: Query) -> Page[RegisteredModel]:
        """Return a page of models."""
        with self._desk.reading() as records:
            numbers = page_of(records.tracking.registry.search(query), query.offset, query.limit)
            return Page(items=records.tracking.registry.read(numbers.items), next_token=numbers.next_token)

    def search_versions(self, query: Query) -> Page[RegisteredVersion]:
        """Return a page of versions."""
        with self._desk.reading() as records:
            numbers = page_of(records.tracking.registry.search_versions(query), query.offset, query.limit)
            return Page(items=records.tracking.registry.read_versions(numbers.items), next_token=numbers.next_token)

    def set_tag(self, name: str, tag: Mapping[str, str]) -> None:
        """Set a tag of a model."""
        with self._model(name) as (records, number):
            records.tracking.registry.set_tags(number, tag)

    def delete_tag(self, name: str, key: str) -> None:
        """Delete a tag of a model, where it has it."""
        with self._model(name) as (records, number):
            records.tracking.registry.delete_tag(number, key)

    def set_alias(self, name: str, alias: str, version: int) -> None:
        """Let an alias stand for a version.

        Raises
        ------
        NotFound
            There is no such version.
        InvalidInput
            The alias is not allowed.
        """
        checked = checked_alias(alias)
        with self._model(name) as (records, number):
            records.tracking.registry.version_number(name, version)
            records.tracking.registry.set_alias(number, checked, version)

    def delete_alias(self, name: str, alias: str) -> None:
        """Delete an alias, where the model has it."""
        with self._model(name) as (records, number):
            records.tracking.registry.delete_alias(number, alias)

    def register(self, new: NewVersion) -> RegisteredVersion:
        """Register a version of a model from what is kept here.

        Raises
        ------
        NotFound
            There is no such model, or nothing that the source names.
        InvalidInput
            The source is something else than what is kept here, or belongs to another run or logged model.
        """
        source, now = source_of(new.source), now_ms()
        with self._model(new.name) as (records, number):
            origin = _origin(records, source, new)
            version = RegisteredVersion(
                name=new.name,
                version=0,
                source=new.source,
                storage=origin.storage,
                run_id=origin.run_id,
                model_id=origin.model_id,
                run_link=new.run_link,
                description=new.description,
                tags=new.tags,
                created_ms=now,
                updated_ms=now,
            )
            given = records.tracking.registry.add_version(number, version)
            if origin.model_id:
                note_version(records, origin.model_id, new.name, given)
            return records.tracking.registry.get_version(new.name, given)

    def version(self, name: str, version: int) -> RegisteredVersion:
        """Return a version.

        Raises
        ------
        NotFound
            There is no such version.
        """
        with self._desk.reading() as records:
            return records.tracking.registry.get_version(name, version)

    def aliased(self, name: str, alias: str) -> RegisteredVersion:
        """Return the version that an alias stands for.

        Raises
        ------
        NotFound
            There is no such alias.
        """
        with self._desk.reading() as records:
            registry = records.tracking.registry
            return registry.get_version(name, registry.aliased(name, alias))

    def describe_version(self, name: str, version: int, description: str) -> RegisteredVersion:
        """Change the description of a version, and return it."""
        with self._version(name, version) as (records, _, number):
            records.tracking.registry.change_version(number, description=description, updated_ms=now_ms())
            return records.tracking.registry.get_version(name, version)

    def move(self, name: str, version: int, stage: Stage, *, archive: bool) -> RegisteredVersion:
        """Move a version to a stage and return it; ``archive`` moves those that were there to the archive.

        Raises
        ------
        InvalidInput
            ``archive`` is asked for where nothing serves.
        """
        if archive and stage not in {Stage.STAGING, Stage.PRODUCTION}:
            raise InvalidInput(f"Only Staging and Production can be cleared for a version, not {stage}.")
        with self._version(name, version) as (records, model, number):
            registry, now = records.tracking.registry, now_ms()
            if archive:
                registry.move_stage(model, stage, Stage.ARCHIVED, now)
            registry.change_version(number, stage=stage.value, updated_ms=now)
            registry.change(model, updated_ms=now)
            return registry.get_version(name, version)

    def delete_version(self, name: str, version: int) -> None:
        """Delete a version and the aliases that stand for it; its number is not given again."""
        with self._version(name, version) as (records, model, number):
            records.tracking.registry.delete_version(model, number, version)
            records.tracking.registry.change(model, updated_ms=now_ms())

    def set_version_tag(self, name: str, version: int, tag: Mapping[str, str]) -> None:
        """Set a tag of a version."""
        with self._version(name, version) as (records, _, number):
            records.tracking.registry.set_version_tags(number, tag)

    def delete_version_tag(self, name: str, version: int, key: str) -> None:
        """Delete a tag of a version, where it has it."""
        with self._version(name, version) as (records, _, number):
            records.tracking.registry.delete_version_tag(number, key)

    @contextmanager
    def _model(self, name: str) -> Generator[tuple[Records, int]]:
        with self._desk.writing() as records:
            yield records, records.tracking.registry.number(name, lock=True)

    @contextmanager
    def _version(self, name: str, version: int) -> Generator[tuple[Records, int, int]]:
        with self._model(name) as (records, model):
            yield records, model, records.tracking.registry.version_number(name, version)


def _origin(records: RecordReader, source: Source, new: NewVersion) -> Origin:
    """Return where a version comes from, as the records say it; what the client says besides must agree."""
    if isinstance(source, OfVersion):
        registry = records.tracking.registry
        number = source.version if source.version is not None else registry.aliased(source.name, source.alias)
        known = registry.get_version(source.name, number)
        found = Origin(storage=known.storage, run_id=known.run_id, model_id=known.model_id)
    else:
        found = _origin_of_files(records, _place(records, source), new)
    if (new.run_id and found.run_id != new.run_id) or (new.model_id and found.model_id != new.model_id):
        raise InvalidInput(
            f"Invalid model version source: {new.source[:100]!r} belongs to another run or model. Send its own run_id "
            "and model_id, or none."
        )
    return found


def _place(records: RecordReader, source: OfRun | OfModel | Place) -> Place:
    if isinstance(source, OfRun):
        row = records.tracking.runs.row(source.run_id)
        return Place(experiment_id=row.experiment_id, kind=OwnerKind.RUN, owner_id=row.id, path=source.path)
    if isinstance(source, OfModel):
        model = records.tracking.models.get(source.model_id)
        return Place(experiment_id=model.experiment_id, kind=OwnerKind.MODEL, owner_id=model.id, path=source.path)
    return source


def _origin_of_files(records: RecordReader, place: Place, new: NewVersion) -> Origin:
    owner_lifecycle(records, place)
    if place.kind is OwnerKind.RUN:
        return Origin(storage=place.uri, run_id=place.owner_id, model_id="")
    model = records.tracking.models.get(place.owner_id)
    if not model.source_run_id and new.run_id:  # the client knows the run of a model that names none
        records.tracking.runs.row(new.run_id)
    return Origin(storage=place.uri, run_id=model.source_run_id or new.run_id, model_id=model.id)


def note_version(records: Records, model_id: str, name: str, version: int) -> None:
    """Note a version in the tag that MLflow shows it from; a client may have written anything into it."""
    try:
        said: object = json.loads(records.tracking.models.get(model_id).tags.get(VERSIONS_TAG, "[]"))
    except (ValueError, RecursionError):
        said = None
    known: Sequence[Any] = cast("list[Any]", said) if isinstance(said, list) else []
    noted = json.dumps([*known, {"name": name, "version": version}])
    records.tracking.models.set_tags(model_id, {VERSIONS_TAG: noted})
