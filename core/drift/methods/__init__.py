"""The catalogue of drift methods."""

from collections.abc import Mapping

from core.drift.method import Method
from core.drift.methods.categorical import CATEGORICAL
from core.drift.methods.missing import MISSING
from core.drift.methods.numeric import NUMERIC

METHODS: Mapping[str, Method] = {"ks": NUMERIC, "tvd": CATEGORICAL, "missing": MISSING}

__all__ = ["METHODS"]
