"""A version's gate: its criteria as a strip and as a table, its parity in a line, and who approved or refused it."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.deployment.model_version import Approval, GateLine, GateResult, ModelVersion, Parity
from core.lifecycle.life import Life
from core.scoping.criterion import Criterion, Verdict
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, rests_on, shown, strip_row, title
from dashboard.charts.criteria import criteria_strip, height
from dashboard.components.chart import chart
from dashboard.components.people import who
from dashboard.components.table import listing, table
from dashboard.components.verdicts import verdict_column
from dashboard.vocabulary import state_of

_METHOD = (
    "Each figure is measured on the run's **hold-out**, rows that training never saw; response time on one-row calls "
    "of the file to serve. The interval holds the true value in 95 of 100 repetitions: {block}s are drawn with "
    "replacement 500 times or more, because rows of one {block} resemble one another. A criterion is **met** where "
    "the whole interval lies on its right side, **not met** where all of it lies on the wrong side, and **undecided** "
    "in between. The gate is closed by a criterion that is not met, and by nothing else. Right of the dotted line is "
    "where a criterion is met; each has a scale of its own."
)


def judged_lines(life: Life, gate: GateResult) -> list[tuple[Criterion, GateLine]]:
    """Return the lines of a gate with their criteria."""
    found = ((life.criterion(line.criterion_id), line) for line in gate.lines)
    return [(criterion, line) for criterion, line in found if criterion is not None]


def counted(gate: GateResult) -> str:
    """Return a gate's verdicts in words: ``4 met, 1 undecided``."""
    order = (Verdict.NOT_MET, Verdict.MET, Verdict.UNDECIDED, Verdict.NOT_APPLICABLE)
    parts = [f"{n} {state_of(verdict).word}" for verdict in order if (n := gate.count(verdict))]
    return ", ".join(parts) or "no criterion guards it"


def gate_strip(life: Life, gate: GateResult, *, key: str) -> None:
    """Show a gate's criteria as a strip."""
    lines = judged_lines(life, gate)
    rows = [strip_row(criterion, line.estimate, line.verdict) for criterion, line in lines]
    chart(
        criteria_strip(rows, session.theme()),
        key=key,
        alt=f"The gate, one line a criterion: {counted(gate)}.",
        method=_METHOD.format(block=life.project.task.block if life.project.task else "row"),
        height=height(rows),
    )


def gate_table(life: Life, gate: GateResult, *, key: str) -> None:
    """Show a gate's criteria as a table; a row opens its criterion."""
    lines = judged_lines(life, gate)
    rows = pl.DataFrame(
        {
            "Criterion": [f"{criterion.key}  {title(criterion)}" for criterion, _ in lines],
            "Figure": [figure(criterion, line.estimate) for criterion, line in lines],
            "Agreed": [agreed(criterion) for criterion, _ in lines],
            "Verdict": [[shown(criterion, line.verdict).cell] for criterion, line in lines],
            "Rests on": [rests_on(criterion, line.estimate) for criterion, line in lines],
            "Why": [line.reason for _, line in lines],
        }
    )
    if not any(line.reason for _, line in lines):
        rows = rows.drop("Why")
    chosen = table(
        rows,
        key=key,
        alt="The criteria of the gate with their figures and verdicts",
        columns={"Verdict": verdict_column("Verdict")},
        selectable=True,
    )
    if chosen is not None:
        session.go("criterion", id=lines[chosen][0].id)


def tiny(difference: float) -> str:
    """Return a difference between two files' scores in one digit: ``2e-07``, or ``0``."""
    return f"{difference:.1g}"


def parity_line(parity: Parity) -> str:
    """Return how the file to serve repeats the trained model, as Markdown."""
    difference = tiny(parity.largest_difference)
    changed = (
        "no decision changes" if not parity.mismatches else f"{formats.plural(parity.mismatches, 'decision')} change"
    )
    return (
        f":material/check: **Parity** on {formats.plural(parity.rows, 'row')}: largest difference {difference} "
        f"(tolerance {tiny(parity.tolerance)}), {changed}. "
        f"One row takes {formats.estimate(parity.latency, 'ms')} (p95)."
    )


def approvals_table(life: Life, version: ModelVersion) -> None:
    """List who approved or refused a version, the newest first."""
    said = [a for a in reversed(life.approvals) if a.model_version_id == version.id]
    if said:
        listing([_said(life, approval) for approval in said], alt=f"Who approved or refused {version.title}")
    else:
        st.markdown(":gray[Nobody has approved or refused it yet.]")


def _said(life: Life, approval: Approval) -> dict[str, str]:
    return {
        "On": formats.last_day(approval.on, life.project.zone),
        "Who": who(approval.by),
        "Decision": state_of(approval.state).badge,
        "Why": formats.escape(approval.reason) or formats.NOTHING,
        "Judged by": _frozen(life, approval.criteria),
    }


def _frozen(life: Life, criteria: Sequence[tuple[str, str]]) -> str:
    found = (life.criterion(criterion_id) for criterion_id, _ in criteria)
    return ", ".join(f"{c.key} v{c.version}" for c in found if c is not None) or formats.NOTHING
