"""What a search of runs understands.

Source: ``SearchUtils`` in ``mlflow/utils/search_utils.py``. Lists are allowed for every attribute that is text.
"""

from core.modelling.tracking.search.condition import Entity
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


def _text(name: str) -> Field:
    return Field(name=name, reads=Reads.TEXT, operators=TEXTUAL | LISTED)


def _time(name: str) -> Field:
    return Field(name=name, reads=Reads.INTEGER, operators=NUMERIC)


_ATTRIBUTES = {
    **{name: _text(name) for name in ("run_id", "run_name", "user_id", "status", "artifact_uri")},
    **{alias: _text("run_name") for alias in ("run name", "Run name", "Run Name")},
    **{name: _time(name) for name in ("start_time", "end_time")},
    **{alias: _time("start_time") for alias in ("created", "Created")},
}
_METRIC = Section(entity=Entity.METRIC, free=Field(reads=Reads.NUMBER, operators=NUMERIC))
_PARAM = Section(entity=Entity.PARAM, free=Field(reads=Reads.TEXT, operators=TEXTUAL | PRESENCE))
_TAG = Section(entity=Entity.TAG, free=Field(reads=Reads.TEXT, operators=TEXTUAL | PRESENCE))
_ATTRIBUTE = Section(entity=Entity.ATTRIBUTE, fields=_ATTRIBUTES)
_DATASET = Section(
    entity=Entity.DATASET, fields={name: _text(name) for name in ("name", "digest", "context")}, ordered=False
)

RUNS = Vocabulary(
    things="runs",
    sections={
        "metric": _METRIC,
        "metrics": _METRIC,
        "param": _PARAM,
        "params": _PARAM,
        "parameter": _PARAM,
        "parameters": _PARAM,
        "tag": _TAG,
        "tags": _TAG,
        "attribute": _ATTRIBUTE,
        "attributes": _ATTRIBUTE,
        "attr": _ATTRIBUTE,
        "run": _ATTRIBUTE,
        "dataset": _DATASET,
        "datasets": _DATASET,
    },
    example="metrics.auc > 0.9 and params.depth = '6'",
)
