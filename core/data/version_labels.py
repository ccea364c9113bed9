"""The labels of one dataset version: how they are spread, and what the checks of labels say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.data.finding import Finding
from core.data.labels import label_text
from core.data.profile import Profile
from core.scoping.project import Task, TaskKind

CHECKS_OF_LABELS = ("label_balance", "conflicting_labels", "label_errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelClass:
    """One class: its label, its rows, and their share (0-1) of the rows that have a label."""

    label: str
    rows: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLabels:
    """What is predicted, in one version.

    ``classes`` are the commonest, the largest first; a number to predict has none of them and a ``median`` between
    ``low`` and ``high``. ``findings`` are those of the checks of labels.
    """

    target: str
    labelled: int
    missing: int
    missing_share: float
    classes: tuple[LabelClass, ...] = ()
    low: float | None = None
    median: float | None = None
    high: float | None = None
    findings: tuple[Finding, ...] = ()

    def beyond(self, classes: int) -> float:
        """Return the share (0-1) of the labelled rows whose class is none of the first ``classes``."""
        named = sum(one.rows for one in self.classes[:classes])
        return (self.labelled - named) / self.labelled if self.labelled else 0.0

    def of_check(self, check: str) -> tuple[Finding, ...]:
        """Return what one check said, the gravest first."""
        return tuple(finding for finding in self.findings if finding.check == check)


def version_labels(profile: Profile, findings: Sequence[Finding], task: Task) -> VersionLabels | None:
    """Return what is known of a version's labels; ``None`` where it has no column to predict."""
    figures = profile.get(task.target)
    if figures is None:
        return None
    labelled = figures["count"] - figures["nulls"]
    classes = () if task.kind is TaskKind.REGRESSION else _classes(figures, labelled)
    told = {"low": "min", "median": "median", "high": "max"} if task.kind is TaskKind.REGRESSION else {}
    return VersionLabels(
        target=task.target,
        labelled=labelled,
        missing=figures["nulls"],
        missing_share=figures["missing_share"],
        classes=classes,
        findings=tuple(finding for finding in findings if finding.check in CHECKS_OF_LABELS),
        **{name: figures.get(field) for name, field in told.items()},
    )


def _classes(figures: Mapping[str, Any], labelled: int) -> tuple[LabelClass, ...]:
    return tuple(
        LabelClass(label=label_text(level["value"]) or "", rows=level["count"], share=level["count"] / labelled)
        for level in figures.get("top") or ()
    )
