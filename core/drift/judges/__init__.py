"""The default verdicts: one judge a kind of column, and one for what is missing."""

from collections.abc import Mapping

from core.drift.judge import Judge
from core.drift.judges.categorical import CATEGORICAL
from core.drift.judges.missing import MISSING
from core.drift.judges.numeric import NUMERIC

JUDGES: Mapping[str, Judge] = {"ks": NUMERIC, "tvd": CATEGORICAL, "missing": MISSING}

__all__ = ["JUDGES"]
