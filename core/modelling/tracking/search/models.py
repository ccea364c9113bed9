"""What searches of logged models, registered models and their versions understand.

Source: ``mlflow/utils/search_logged_model_utils.py`` and ``SearchModelUtils`` in ``mlflow/utils/search_utils.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.errors import InvalidInput
from core.modelling.tracking.experiment import View
from core.modelling.tracking.logged_model import ModelStatus
from core.modelling.tracking.registry import PROMPT_TAG
from core.modelling.tracking.search.condition import Condition, Entity, Operator, Ordering
from core.modelling.tracking.search.grammar import parse_filter, parse_orderings
from core.modelling.tracking.search.page import offset_of
from core.modelling.tracking.search.query import Query
from core.modelling.tracking.search.vocabulary import (
    LISTED,
    NUMERIC,
    PRESENCE,
    TEXTUAL,
    Field,
    Reads,
    Section,
    Vocabulary,
)

MOST_RESULTS = 1_000
_STATUSES = {"PENDING": ModelStatus.PENDING, "READY": ModelStatus.READY, "FAILED": ModelStatus.UPLOAD_FAILED}


def _text(name: str) -> Field:
    return Field(name=name, reads=Reads.TEXT, operators=TEXTUAL | LISTED)


def _number(name: str) -> Field:
    return Field(name=name, reads=Reads.INTEGER, operators=NUMERIC)


_TAG = Section(entity=Entity.TAG, free=Field(reads=Reads.TEXT, operators=TEXTUAL | LISTED | PRESENCE), ordered=False)
_PARAM = Section(
    entity=Entity.PARAM, free=Field(reads=Reads.TEXT, operators=TEXTUAL | LISTED | PRESENCE), ordered=False
)
_METRIC = Section(entity=Entity.METRIC, free=Field(reads=Reads.NUMBER, operators=NUMERIC))
_LOGGED = Section(
    entity=Entity.ATTRIBUTE,
    fields={
        **{name: _text(name) for name in ("name", "model_id", "model_type", "source_run_id")},
        "status": Field(name="status", reads=Reads.TEXT, operators=LISTED | {Operator.EQUAL, Operator.UNEQUAL}),
        **{name: _number("created") for name in ("creation_time", "creation_timestamp", "creation_timestamp_ms")},
        **{name: _number("updated") for name in ("last_updated_timestamp", "last_updated_timestamp_ms")},
    },
)
_REGISTERED = Section(
    entity=Entity.ATTRIBUTE,
    fields={
        "name": _text("name"),
        **{name: _number("created") for name in ("creation_timestamp", "creation_time")},
        **{name: _number("updated") for name in ("last_updated_timestamp", "timestamp")},
    },
)
_VERSION = Section(
    entity=Entity.ATTRIBUTE,
    fields={
        "name": _text("name"),
        "run_id": _text("run_id"),
        "source_path": _text("source"),
        "source": _text("source"),
        "current_stage": _text("stage"),
        "version_number": _number("version"),
        "version": _number("version"),
        **{name: _number("created") for name in ("creation_timestamp", "creation_time")},
        **{name: _number("updated") for name in ("last_updated_timestamp", "timestamp")},
    },
)


def _sections(attributes: Section, **others: Section) -> dict[str, Section]:
    return {"attribute": attributes, "attributes": attributes, "tag": _TAG, "tags": _TAG, **others}


LOGGED_MODELS = Vocabulary(
    things="logged models",
    sections=_sections(_LOGGED, metrics=_METRIC, metric=_METRIC, params=_PARAM, param=_PARAM),
    example="metrics.auc > 0.9 AND params.depth = '6'",
)
REGISTERED_MODELS = Vocabulary(things="models", sections=_sections(_REGISTERED), example="name LIKE 'flights%'")
MODEL_VERSIONS = Vocabulary(things="versions", sections=_sections(_VERSION), example="name = 'flights'")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetOrdering(Ordering):
    """An order by a metric on one dataset; empty texts mean any."""

    dataset_name: str = ""
    dataset_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedModelQuery(Query):
    """A search of logged models. ``datasets`` are names and digests: metrics count only on one of them."""

    datasets: Sequence[tuple[str, str]] = ()


def model_query(
    vocabulary: Vocabulary, *, filter_text: str = "", order_by: Sequence[str] = (), token: str = "", limit: int
) -> Query:
    """Return a search of registered models or of versions as MLflow's clients write it.

    Raises
    ------
    InvalidInput
        A part of it cannot be read.
    """
    _check_limit(limit, vocabulary, 200_000)
    return Query(
        conditions=[_without_prompts(condition) for condition in parse_filter(filter_text, vocabulary)],
        orderings=parse_orderings(order_by, vocabulary),
        view=View.ACTIVE_ONLY,
        offset=offset_of(token),
        limit=limit,
    )


def logged_model_query(
    *,
    filter_text: str = "",
    orderings: Sequence[DatasetOrdering] = (),
    datasets: Sequence[tuple[str, str]] = (),
    token: str = "",
    limit: int,
) -> LoggedModelQuery:
    """Return a search of logged models as MLflow's clients write it.

    Raises
    ------
    InvalidInput
        A part of it cannot be read.
    """
    _check_limit(limit, LOGGED_MODELS, MOST_RESULTS)
    if len(orderings) > 10 or len(datasets) > 100:
        raise InvalidInput("A search takes at most 10 keys of an order and 100 datasets. Ask for fewer.")
    return LoggedModelQuery(
        conditions=[_of_status(condition) for condition in parse_filter(filter_text, LOGGED_MODELS)],
        orderings=orderings,
        datasets=datasets,
        offset=offset_of(token),
        limit=limit,
    )


def model_ordering(name: str, *, ascending: bool, dataset_name: str = "", dataset_digest: str = "") -> DatasetOrdering:
    """Return one key of an order of logged models: an attribute, or ``metrics.`` and a metric.

    Raises
    ------
    InvalidInput
        There is no such key.
    """
    section, dot, key = name.partition(".")
    field = (_LOGGED.fields or {}).get(name)
    if field is None and (section != "metrics" or not dot or not key):
        known = ", ".join(sorted(_LOGGED.fields or ()))
        raise InvalidInput(f"Logged models have no order by {name[:60]!r}. Use metrics.<name>, or one of: {known}.")
    return DatasetOrdering(
        entity=Entity.METRIC if field is None else Entity.ATTRIBUTE,
        key=key if field is None else field.name,
        ascending=ascending,
        dataset_name=dataset_name,
        dataset_digest=dataset_digest,
    )


def _without_prompts(condition: Condition) -> Condition:
    """Return a condition as it is meant: newer clients ask for "no prompt", and what has no such tag is none."""
    asked = (condition.key, condition.operator, condition.wanted)
    if condition.entity is Entity.TAG and asked in {(PROMPT_TAG, "=", "false"), (PROMPT_TAG, "!=", "true")}:
        return replace(condition, operator=Operator.IS_NULL, wanted=None)
    return condition


def _of_status(condition: Condition) -> Condition:
    """Return a condition as it is meant: clients call a status ``READY`` that their protocol writes longer."""
    if (condition.entity, condition.key) != (Entity.ATTRIBUTE, "status"):
        return condition
    if isinstance(condition.wanted, tuple):
        return replace(condition, wanted=tuple(_status(text) for text in condition.wanted))
    return replace(condition, wanted=_status(str(condition.wanted)))


def _status(text: str) -> str:
    if text not in _STATUSES and text not in list(ModelStatus):
        raise InvalidInput(f"There is no status {text[:60]!r} of logged models. Use one of: {', '.join(_STATUSES)}.")
    return _STATUSES.get(text, text)


def _check_limit(limit: int, vocabulary: Vocabulary, most: int) -> None:
    if not 1 <= limit <= most:
        raise InvalidInput(f"A page holds 1 to {most:,} {vocabulary.things}, not {limit:,}. Change max_results.")
