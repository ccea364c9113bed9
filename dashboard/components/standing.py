"""Where a project stands: the circle of its six phases, each a way into its view."""

from collections.abc import Sequence

from core.lifecycle.life import Life
from core.lifecycle.standing import Phase, PhaseStanding, PhaseState, standings
from dashboard.charts.circle import Centre, Segment
from dashboard.components.circle import circle
from dashboard.vocabulary import PHASES, state_of

_VIEWS = {
    Phase.SCOPING: "documents",
    Phase.DATA: "datasets",
    Phase.MODELLING: "runs",
    Phase.DEPLOYMENT: "release",
    Phase.MONITORING: "performance",
    Phase.ITERATION: "cases",
}

NOTHING_YET: tuple[PhaseStanding, ...] = tuple(
    PhaseStanding(phase=phase, state=PhaseState.EMPTY, figure="", label="") for phase in Phase
)
"""The phases of a project that is only about to be."""


def view_of(phase: Phase, life: Life | None = None) -> str:
    """Return the view that shows a phase; what serves is shown once something does."""
    if phase is Phase.DEPLOYMENT and life is not None and life.deployment is not None:
        return "deployment"
    return _VIEWS[phase]


def standing_circle(life: Life | None, centre: Centre, *, key: str = "circle") -> None:
    """Show the circle of a project, or an empty one before there is a project."""
    phases = standings(life) if life else NOTHING_YET
    segments = [
        Segment(
            title=PHASES[standing.phase][0],
            icon=PHASES[standing.phase][1],
            state=state_of(standing.state),
            figure=standing.figure,
            label=standing.label,
            view=view_of(standing.phase, life),
        )
        for standing in phases
    ]
    circle(segments, centre=centre, alt=in_words(phases), key=key)


def in_words(phases: Sequence[PhaseStanding]) -> str:
    """Return the circle as a sentence, for those who do not see it."""
    parts = [
        f"{PHASES[p.phase][0]}: {state_of(p.state).word}" + (f", {p.figure} {p.label}" if p.figure else "")
        for p in phases
    ]
    return "Six phases. " + ". ".join(parts) + "."
