"""The catalogue of drift methods."""

from collections.abc import Mapping

from core.drift.method import Method
from core.drift.methods.anderson_darling import ANDERSON_DARLING
from core.drift.methods.chi_square import CHI_SQUARE
from core.drift.methods.classifier import CLASSIFIER
from core.drift.methods.cramer_von_mises import CRAMER_VON_MISES
from core.drift.methods.cramers_v import CRAMERS_V
from core.drift.methods.g_test import G_TEST
from core.drift.methods.hellinger import HELLINGER
from core.drift.methods.jensen_shannon import JENSEN_SHANNON
from core.drift.methods.kolmogorov_smirnov import KOLMOGOROV_SMIRNOV
from core.drift.methods.levels import LOST_LEVELS, NEW_LEVELS
from core.drift.methods.mean_discrepancy import MEAN_DISCREPANCY
from core.drift.methods.missingness import MISSINGNESS
from core.drift.methods.outside_range import OUTSIDE_RANGE
from core.drift.methods.stability_index import STABILITY_INDEX
from core.drift.methods.text_shape import TEXT_SHAPE
from core.drift.methods.total_variation import TOTAL_VARIATION
from core.drift.methods.wasserstein import WASSERSTEIN

METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        KOLMOGOROV_SMIRNOV,
        CRAMER_VON_MISES,
        ANDERSON_DARLING,
        WASSERSTEIN,
        STABILITY_INDEX,
        JENSEN_SHANNON,
        HELLINGER,
        CHI_SQUARE,
        G_TEST,
        CRAMERS_V,
        TOTAL_VARIATION,
        MISSINGNESS,
        OUTSIDE_RANGE,
        NEW_LEVELS,
        LOST_LEVELS,
        TEXT_SHAPE,
        CLASSIFIER,
        MEAN_DISCREPANCY,
    )
}

__all__ = ["METHODS"]
