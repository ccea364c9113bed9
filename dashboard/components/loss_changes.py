"""What change detectors mark in the loss, in words: what each is, how often it did, and that it judges nothing."""

from core.lifecycle.life import Life
from core.monitoring.loss_changes import LossChanges
from core.statistics.streaming import DETECTORS
from dashboard import formats, session

DETECTORS_METHOD = """

**Change detectors** read the loss of the champion row by row, in the order of event time, over all rows whose label is
known: 1 where the class was wrong and 0 where it was right; of a predicted number the absolute error in parts of the
range of the hold-out's labels (then ADWIN alone, which takes any value from 0 to 1). Their marks stand under the chart,
with the constants of the library river. They take rows as independent. Rows of one day are not, so they mark single bad
days and good ones too; they have no agreed rate of false alarms here, and they judge nothing. The loss is not the
criterion either.
"""


def detected(life: Life) -> LossChanges:
    """Return what the detectors marked, computed once for the windows that there are."""
    newest = life.windows[-1]
    ask = session.workspace().monitoring.loss_changes
    return session.load("loss-changes", life.project, lambda: ask(life.project.id), newest.id)


def detected_words(found: LossChanges) -> str:
    """Return what each detector is and how often it marked, as Markdown."""
    lines = [
        f"**{one.name}** ({formats.plural(len(found.by_detector[one.name]), 'mark')}) {one.said}."
        for one in DETECTORS
        if one.name in found.by_detector
    ]
    rows = formats.plural(found.rows, "row")
    judge = f"Over {rows} with a label. These are marks under the chart, not verdicts: rows of one day depend"
    return f":small[:gray[{' '.join(lines)} {judge} on one another, and these detectors take them as independent.]]"
