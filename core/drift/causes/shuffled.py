"""A column whose values stand in other rows."""

from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows

_SHARE, _VALUES, _ROWS = 0.2, 5, 20


def _shuffled(sides: Sides) -> Told | None:
    if sides.paired is None or sides.changed is None or len(sides.reference) != len(sides.current):
        return None
    before, after = sides.paired
    if sides.changed.share < _SHARE or len(before) < _ROWS or before.n_unique() < _VALUES:
        return None
    if not before.sort().equals(after.sort(), check_names=False):
        return None
    sentence = (
        f"The same values stand in other rows {in_rows(sides.changed.share)}: the column was sorted or shuffled alone. "
        "Join it again by a key."
    )
    return Told(sentence=sentence, share=sides.changed.share)


SHUFFLED = Cause(
    name="shuffled",
    title="A column shuffled by itself",
    help="The rows are the same and so are the values of the column, but in other rows.",
    misleads="It is seen on the same rows only; of other rows, only relations between columns can show it.",
    kinds=("number", "text", "time"),
    on_column=_shuffled,
)
