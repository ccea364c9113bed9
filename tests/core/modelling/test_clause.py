"""A condition put together from its parts is one that the grammar reads back as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.modelling.tracking.search.clause import OPERATORS, clause, joined
from core.modelling.tracking.search.condition import Entity
from core.modelling.tracking.search.query import run_query

NAMES = st.text(st.sampled_from("abcXYZ_019 ./-é"), min_size=1, max_size=12).filter(str.strip)


@given(
    st.sampled_from([(e, o) for e, of in OPERATORS.items() for o in of]),
    NAMES,
    st.floats(-1e6, 1e6),
    st.text("ab%' ", max_size=8),
)
def test_a_clause_is_read_as_it_was_meant(sort: tuple[Entity, str], name: str, number: float, text: str):
    entity, operator = sort
    value = f"{number}" if entity is Entity.METRIC else text
    (found,) = run_query(filter_text=clause(entity, name, operator, value), limit=1).conditions
    assert (found.entity, found.key) == (entity, name)
    assert found.wanted == (number if entity is Entity.METRIC else text)


def test_conditions_are_joined_by_and():
    both = joined(
        joined("", clause(Entity.METRIC, "auc", ">", "0.8")), clause(Entity.PARAM, "learning rate", "=", "0.1")
    )
    assert both == "metrics.auc > 0.8 and params.`learning rate` = '0.1'"
    assert len(run_query(filter_text=both, limit=1).conditions) == 2


@pytest.mark.parametrize(
    ("entity", "operator", "value", "said"),
    [
        (Entity.METRIC, ">", "high", "'high' is none"),
        (Entity.METRIC, ">", "nan", "'nan' is none"),
        (Entity.METRIC, "LIKE", "1", "compares no metric"),
        (Entity.TAG, "=", "'\"", "both sorts of quotes"),
    ],
)
def test_what_cannot_be_written_is_said(entity: Entity, operator: str, value: str, said: str):
    with pytest.raises(InvalidInput, match=said):
        clause(entity, "name", operator, value)
