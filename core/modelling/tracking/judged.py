"""Which criterion a logged metric is meant for, going by its name."""

import re
from collections.abc import Sequence

from core.frames.slice import ALL_ROWS
from core.metrics import METRICS
from core.scoping.criterion import Criterion

_PARTS = frozenset({"val", "valid", "validation", "test", "eval", "holdout"})
_ALSO = {"auc": "roc_auc", "mcc": "matthews", "r2": "r_squared", "logloss": "log_loss", "brier_score": "brier"}


def criterion_for(metric: str, criteria: Sequence[Criterion]) -> Criterion | None:
    """Return the criterion over all rows whose metric has this name (``val_auc``, ``test/recall``), or ``None``."""
    words = [word for word in re.split(r"[^a-z0-9]+", metric.lower()) if word not in _PARTS]
    name = "_".join(words)
    name = _ALSO.get(name, name)
    named = (c for c in criteria if c.slice == ALL_ROWS and name in {c.metric, _plain(METRICS[c.metric].title)})
    return next(named, None)


def _plain(title: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", title.lower()))
