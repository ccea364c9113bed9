"""Acts on logged models, in MLflow's terms."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import SystemRandom

from core.errors import NotFound
from core.modelling.tracking.experiment import DEFAULT_ID, Lifecycle
from core.modelling.tracking.limits import KEY_CHARACTERS, within
from core.modelling.tracking.logged_model import LoggedModel, ModelStatus, checked_model_name, new_model_id
from core.modelling.tracking.logged_run import check_unchanged
from core.modelling.tracking.run_name import run_name
from core.modelling.tracking.search.models import LoggedModelQuery
from core.modelling.tracking.search.page import Page, page_of
from core.modelling.tracking.search.query import experiment_numbers
from core.storage.records import Records
from core.workspace.act import Desk
from core.workspace.experiments import check_active, now_ms

_CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewModel:
    """What a client says when it begins to log a model."""

    experiment_id: str = DEFAULT_ID
    name: str = ""
    type: str = ""
    source_run_id: str = ""
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class LoggedModels:
    """The logged models of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def create(self, new: NewModel) -> LoggedModel:
        """Begin a model, whose files come next.

        Raises
        ------
        NotFound
            There is no such experiment, or no such run that it comes from.
        InvalidInput
            The experiment was deleted, or the name is not allowed.
        """
        now = now_ms()
        model = LoggedModel(
            id=new_model_id(),
            experiment_id=new.experiment_id,
            name=checked_model_name(new.name or run_name(_CHANCE)),
            type=within(new.type, KEY_CHARACTERS, "A model's type"),
            source_run_id=new.source_run_id,
            created_ms=now,
            updated_ms=now,
            params=new.params,
            tags=new.tags,
        )
        with self._desk.writing() as records:
            check_active(records, new.experiment_id)
            if new.source_run_id:
                records.tracking.runs.row(new.source_run_id)
            records.tracking.models.add(model)
        return model

    def get(self, model_id: str, *, deleted: bool = False) -> LoggedModel:
        """Return a model; ``deleted`` lets it be one that was deleted.

        Raises
        ------
        NotFound
            There is no such model.
        """
        with self._desk.reading() as records:
            model = records.tracking.models.get(model_id)
        if model.lifecycle is not Lifecycle.ACTIVE and not deleted:
            raise NotFound.record("logged model", model_id[:100])
        return model

    def search(self, query: LoggedModelQuery, experiment_ids: Sequence[str]) -> Page[LoggedModel]:
        """Return a page of the models of some experiments."""
        numbers = experiment_numbers(experiment_ids)
        with self._desk.reading() as records:
            ids = page_of(records.tracking.models.search(query, numbers), query.offset, query.limit)
            return Page(items=records.tracking.models.read(ids.items), next_token=ids.next_token)

    def finalize(self, model_id: str, status: ModelStatus) -> LoggedModel:
        """Say whether the files of a model have come, and return it.

        Raises
        ------
        NotFound
            There is no such model.
        """
        with self._active(model_id) as (records, _):
            records.tracking.models.change(model_id, status=status.value, updated_ms=now_ms())
            return records.tracking.models.get(model_id)

    def delete(self, model_id: str) -> None:
        """Delete a model. Its files stay, for the versions that come from it."""
        with self._active(model_id) as (records, _):
            records.tracking.models.change(model_id, lifecycle=Lifecycle.DELETED.value, updated_ms=now_ms())

    def log_params(self, model_id: str, params: Mapping[str, str]) -> None:
        """Log parameters.

        Raises
        ------
        InvalidInput
            One has another value already.
        """
        with self._active(model_id) as (records, model):
            check_unchanged(model_id, params, model.params)
            records.tracking.models.add_params(model_id, params)

    def set_tags(self, model_id: str, tags: Mapping[str, str]) -> LoggedModel:
        """Set tags, and return the model."""
        with self._active(model_id) as (records, _):
            records.tracking.models.set_tags(model_id, tags)
            return records.tracking.models.get(model_id)

    def delete_tag(self, model_id: str, key: str) -> None:
        """Delete a tag.

        Raises
        ------
        NotFound
            There is no such model, or it has no such tag.
        """
        with self._active(model_id) as (records, _):
            if not records.tracking.models.delete_tag(model_id, key):
                raise NotFound(f"The model {model_id} has no tag {key[:100]!r}. Look at its tags for the right name.")

    @contextmanager
    def _active(self, model_id: str) -> Generator[tuple[Records, LoggedModel]]:
        with self._desk.writing() as records:
            model = records.tracking.models.get(model_id, lock=True)
            if model.lifecycle is not Lifecycle.ACTIVE:
                raise NotFound.record("logged model", model_id[:100])
            yield records, model
