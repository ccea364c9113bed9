"""The sign turned round."""

import numpy as np

from core.drift.affine import Affine, by_shape, by_values, share_of_rows
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows

_TURNED = Affine(factor=-1)
_ONE_SIDED = 0.8  # values around zero become their mirror image by drift as well


def _sign(sides: Sides) -> Told | None:
    share = share_of_rows(sides, _TURNED)
    if share is None and (sides.changed is not None or not _of_other_rows(sides)):
        return None
    return Told(sentence=f"The sign is turned round {in_rows(share)}. Multiply by -1.", share=share)


def _of_other_rows(sides: Sides) -> bool:
    before, after = sides.numbers
    one_side = bool(len(before)) and len(after) and (before[0] >= 0 >= after[-1] or before[-1] <= 0 <= after[0])
    if one_side and by_values(sides, _TURNED):
        return True
    leans = abs(float(np.sign(before).mean())) >= _ONE_SIDED if len(before) else False
    return leans and by_shape(sides, _TURNED) is not None


SIGN = Cause(
    name="sign",
    title="The sign turned round",
    help="Every value that differs is the reference's with the other sign.",
    misleads="Of other rows, values that lie evenly around zero look the same with either sign, and are not named.",
    kinds=("number",),
    on_column=_sign,
)
