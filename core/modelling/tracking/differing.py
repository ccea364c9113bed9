"""What differs between logged runs: what they share says nothing about why one is better."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.modelling.tracking.logged_run import LoggedRun

_OWN_TAGS = "mlflow."


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which runs differ: ``sort`` is parameter, metric, tag or dataset; ``values`` one a run, in order.

    A value is ``None`` where a run logged none.
    """

    sort: str
    name: str
    values: tuple[str | float | None, ...]


def differing(runs: Sequence[LoggedRun]) -> tuple[Difference, ...]:
    """Return everything in which runs differ: parameters, then datasets, tags that people set, then metrics."""
    sorts: Mapping[str, list[Mapping[str, str | float]]] = {
        "parameter": [run.params for run in runs],
        "dataset": [{dataset.name: dataset.digest for dataset in run.datasets} for run in runs],
        "tag": [{k: v for k, v in run.tags.items() if not k.startswith(_OWN_TAGS)} for run in runs],
        "code": [{"commit": run.tags[_COMMIT]} if _COMMIT in run.tags else {} for run in runs],
        "metric": [{point.key: point.value for point in run.metrics} for run in runs],
    }
    return tuple(
        Difference(sort=sort, name=name, values=values)
        for sort, logged in sorts.items()
        for name in _names(logged)
        if len(set(values := tuple(one.get(name) for one in logged))) > 1
    )


def _names(logged: Iterable[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for one in logged for name in one))


_COMMIT = "mlflow.source.git.commit"
