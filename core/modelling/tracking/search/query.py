"""A search, ready to be carried out."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InvalidInput
from core.modelling.tracking.experiment import View, experiment_number
from core.modelling.tracking.search.condition import Condition, Ordering
from core.modelling.tracking.search.experiments import EXPERIMENTS
from core.modelling.tracking.search.grammar import parse_filter, parse_orderings
from core.modelling.tracking.search.page import offset_of
from core.modelling.tracking.search.runs import RUNS
from core.modelling.tracking.search.vocabulary import Vocabulary

MOST_RESULTS = 50_000
MOST_EXPERIMENTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Conditions that all hold, an order, and the page that is asked for."""

    conditions: Sequence[Condition] = ()
    orderings: Sequence[Ordering] = ()
    view: View = View.ACTIVE_ONLY
    offset: int = 0
    limit: int = 1_000


def run_query(
    *, filter_text: str = "", order_by: Sequence[str] = (), view: View = View.ACTIVE_ONLY, token: str = "", limit: int
) -> Query:
    """Return a search of runs as MLflow's clients write it.

    Raises
    ------
    InvalidInput
        A part of it cannot be read.
    """
    return _query(RUNS, filter_text, order_by, view, (token, limit))


def experiment_query(
    *, filter_text: str = "", order_by: Sequence[str] = (), view: View = View.ACTIVE_ONLY, token: str = "", limit: int
) -> Query:
    """Return a search of experiments as MLflow's clients write it.

    Raises
    ------
    InvalidInput
        A part of it cannot be read.
    """
    return _query(EXPERIMENTS, filter_text, order_by, view, (token, limit))


def experiment_numbers(experiment_ids: Sequence[str]) -> list[int]:
    """Return the numbers of the experiments that a search of runs looks through.

    Raises
    ------
    InvalidInput
        One is no decimal number, or there are too many.
    """
    numbers = sorted({experiment_number(experiment_id) for experiment_id in experiment_ids})
    if len(numbers) > MOST_EXPERIMENTS:
        raise InvalidInput(f"A search looks through at most {MOST_EXPERIMENTS:,} experiments. Name fewer.")
    return numbers


def _query(
    vocabulary: Vocabulary, filter_text: str, order_by: Sequence[str], view: View, page: tuple[str, int]
) -> Query:
    token, limit = page
    if not 1 <= limit <= MOST_RESULTS:
        raise InvalidInput(
            f"A page holds 1 to {MOST_RESULTS:,} {vocabulary.things}, not {limit:,}. Change max_results."
        )
    return Query(
        conditions=parse_filter(filter_text, vocabulary),
        orderings=parse_orderings(order_by, vocabulary),
        view=view,
        offset=offset_of(token),
        limit=limit,
    )
