"""The runs that no other run beats in two metrics at once: the Pareto front."""

import math
from collections.abc import Sequence


def front(first: Sequence[float | None], second: Sequence[float | None], more: tuple[bool, bool]) -> list[int]:
    """Return the places of the runs on the front, the best in the first metric first.

    A run is beaten by one that is at least as good in both metrics and better in one. ``more`` says of each metric
    whether more is better. Runs without two finite values are on no front; of equal runs all are.
    """
    signs = [-1 if better else 1 for better in more]
    points = sorted(
        (signs[0] * a, signs[1] * b, place)
        for place, (a, b) in enumerate(zip(first, second, strict=True))
        if a is not None and b is not None and math.isfinite(a) and math.isfinite(b)
    )
    found: list[tuple[float, float, int]] = []
    for point in points:
        if not found or point[1] < found[-1][1] or point[:2] == found[-1][:2]:
            found.append(point)
    return [place for *_, place in found]
