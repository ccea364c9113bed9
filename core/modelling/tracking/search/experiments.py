"""What a search of experiments understands.

Source: ``SearchExperimentsUtils`` in ``mlflow/utils/search_utils.py``.
"""

from core.modelling.tracking.search.condition import Entity, Operator
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

_ATTRIBUTE = Section(
    entity=Entity.ATTRIBUTE,
    fields={
        "name": Field(name="name", reads=Reads.TEXT, operators=TEXTUAL | LISTED),
        "experiment_id": Field(
            name="experiment_id", reads=Reads.TEXT, operators=LISTED | {Operator.EQUAL, Operator.UNEQUAL}
        ),
        "creation_time": Field(name="creation_time", reads=Reads.INTEGER, operators=NUMERIC),
        "last_update_time": Field(name="last_update_time", reads=Reads.INTEGER, operators=NUMERIC),
    },
)
_TAG = Section(entity=Entity.TAG, free=Field(reads=Reads.TEXT, operators=TEXTUAL | PRESENCE), ordered=False)

EXPERIMENTS = Vocabulary(
    things="experiments",
    sections={"attribute": _ATTRIBUTE, "attributes": _ATTRIBUTE, "tag": _TAG, "tags": _TAG},
    example="name LIKE 'flights%' and tags.team = 'ops'",
)
