"""The words of the product: the one module that names a state, a phase, a kind of value.

A state is shown the same way everywhere: a colour, an icon and a word. Green is fine, blue is at work, amber is for a
person to look at, red is for a person to act on, grey is unknown or over. Colour means nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from core.data.contract.version import ContractState
from core.data.dataset import DatasetState
from core.data.finding import CheckStatus, Severity
from core.deployment.endpoint import EndpointState
from core.deployment.model_version import ApprovalState, GateState, VersionState
from core.drift.column_drift import DriftVerdict
from core.iteration.case import CaseState, Choice
from core.job import JobState
from core.lifecycle.standing import Phase, PhaseState
from core.modelling.comparison import Word
from core.modelling.run import RunState
from core.modelling.tagging.data_task import DataTaskState
from core.modelling.tracking.logged_run import Status
from core.monitoring.routing import Channel, DeliveryState
from core.monitoring.window import AlertKind, AlertState, WindowState
from core.scoping.criterion import Role as CriterionRole
from core.scoping.criterion import Stage, Verdict
from core.scoping.document import DocumentState
from core.scoping.project import TaskKind

Colour = Literal["green", "blue", "orange", "red", "gray"]
"""Streamlit's names; ``orange`` is our amber."""


_MARKS: Mapping[Colour, str] = {"green": "✓", "blue": "◔", "orange": "▲", "red": "✕", "gray": "–"}


@dataclass(frozen=True, slots=True)
class State:
    """How a state is shown: its word, a Material icon, a colour."""

    word: str
    icon: str
    colour: Colour

    @property
    def badge(self) -> str:
        """Return the state as Streamlit's Markdown: a coloured badge with icon and word."""
        return f":{self.colour}-badge[:material/{self.icon}: {self.word}]"

    @property
    def text(self) -> str:
        """Return the state as coloured text with its icon, for the middle of a line."""
        return f":{self.colour}[:material/{self.icon}: {self.word}]"

    @property
    def mark(self) -> str:
        """Return a sign for places that have no icons, such as the cells of a table."""
        return _MARKS[self.colour]

    @property
    def cell(self) -> str:
        """Return the state as plain text with its mark."""
        return f"{self.mark} {self.word}"

    def saying(self, word: str) -> "State":
        """Return the same state with a more exact word: ``in case 1``, ``labels maturing (71 %)``."""
        return replace(self, word=word)


class RangeState(StrEnum):
    """Whether an input stays inside what training has seen."""

    INSIDE = "inside"
    OUTSIDE = "out_of_range"


class LedgerState(StrEnum):
    """Whether a project's ledger holds."""

    INTACT = "intact"
    BROKEN = "broken"


class ClockState(StrEnum):
    """What a project's event time follows."""

    LIVE = "live"
    REPLAY = "replay"


_JOB: Mapping[str, State] = {
    "queued": State("queued", "schedule", "gray"),
    "running": State("running", "progress_activity", "blue"),
    "finished": State("finished", "check_circle", "green"),
    "failed": State("failed", "cancel", "red"),
    "cancelled": State("cancelled", "block", "gray"),
    "interrupted": State("interrupted, resuming", "progress_activity", "blue"),
}

STATES: Mapping[type[StrEnum], Mapping[str, State]] = {
    Verdict: {
        "met": State("met", "check_circle", "green"),
        "not_met": State("not met", "cancel", "red"),
        "undecided": State("undecided", "help", "orange"),
        "not_applicable": State("not measured", "remove", "gray"),
    },
    DriftVerdict: {
        "stable": State("stable", "check", "green"),
        "drifted": State("drifted", "change_history", "orange"),
        "not_enough_data": State("not enough data", "hourglass_empty", "gray"),
        "not_applicable": State("not applicable", "remove", "gray"),
    },
    RangeState: {
        "inside": State("inside the training range", "check", "green"),
        "out_of_range": State("outside the training range", "open_in_full", "orange"),
    },
    Severity: {
        "error": State("error", "error", "red"),
        "warning": State("warning", "warning", "orange"),
        "info": State("note", "info", "gray"),
    },
    CheckStatus: {
        "passed": State("passed", "check_circle", "green"),
        "failed": State("found", "search", "orange"),
        "crashed": State("could not run", "bug_report", "orange"),
        "not_applicable": State("not applicable", "remove", "gray"),
        "skipped": State("skipped", "skip_next", "gray"),
    },
    DocumentState: {
        "draft": State("draft", "edit", "gray"),
        "in_review": State("in review", "rate_review", "blue"),
        "signed": State("signed", "verified", "green"),
        "changed_since_signed": State("changed since signed", "history", "orange"),
        "superseded": State("superseded", "inventory_2", "gray"),
    },
    DatasetState: {
        "checking": State("checking", "progress_activity", "blue"),
        "waiting": State("waits for a decision", "help", "orange"),
        "accepted": State("accepted", "check_circle", "green"),
        "rejected": State("rejected", "block", "gray"),
    },
    ContractState: {
        "draft": State("draft", "edit", "gray"),
        "accepted": State("accepted", "check_circle", "green"),
        "superseded": State("superseded", "inventory_2", "gray"),
    },
    JobState: _JOB,
    RunState: _JOB,
    Word: {
        "better": State("better", "trending_up", "green"),
        "worse": State("worse", "trending_down", "red"),
        "no_difference": State("no difference shown", "drag_handle", "gray"),
    },
    GateState: {
        "open": State("open", "lock_open", "green"),
        "closed": State("closed", "lock", "red"),
        "override": State("open with override", "gavel", "orange"),
        "void": State("void", "link_off", "orange"),
    },
    ApprovalState: {
        "waiting": State("waiting", "pending", "orange"),
        "approved": State("approved", "how_to_reg", "green"),
        "self_approved": State("self-approved", "person", "orange"),
        "refused": State("refused", "do_not_disturb_on", "red"),
        "void": State("void", "link_off", "orange"),
    },
    VersionState: {
        "registered": State("registered", "inventory_2", "gray"),
        "challenger": State("challenger", "swords", "blue"),
        "champion": State("champion", "star", "green"),
        "retired": State("retired", "archive", "gray"),
        "refused": State("refused", "block", "red"),
    },
    EndpointState: {
        "ready": State("ready", "check_circle", "green"),
        "starting": State("starting", "progress_activity", "blue"),
        "degraded": State("degraded", "warning", "orange"),
        "down": State("down", "power_off", "red"),
        "not_watched": State("not watched", "visibility_off", "gray"),
    },
    Status: {
        "RUNNING": State("running", "progress_activity", "blue"),
        "SCHEDULED": State("queued", "schedule", "gray"),
        "FINISHED": State("finished", "check_circle", "green"),
        "FAILED": State("failed", "cancel", "red"),
        "KILLED": State("cancelled", "block", "gray"),
    },
    WindowState: {
        "filling": State("filling", "progress_activity", "blue"),
        "maturing": State("labels maturing", "hourglass_top", "blue"),
        "complete": State("complete", "check", "gray"),
        "missing": State("missing", "event_busy", "orange"),
    },
    AlertState: {
        "new": State("new", "notifications_active", "red"),
        "seen": State("seen", "visibility", "orange"),
        "in_case": State("in a case", "work", "blue"),
        "closed": State("closed", "check", "gray"),
    },
    DeliveryState: {
        "waiting": State("on its way", "schedule_send", "blue"),
        "sent": State("sent", "check", "green"),
        "failed": State("not sent", "cancel", "red"),
        "muted": State("muted, not sent", "notifications_off", "gray"),
    },
    DataTaskState: {
        "open": State("open", "assignment", "orange"),
        "done": State("done", "task_alt", "green"),
    },
    CaseState: {
        "open": State("open", "folder_open", "red"),
        "decided": State("decided", "alt_route", "orange"),
        "acting": State("acting", "progress_activity", "blue"),
        "checking": State("checking", "event_upcoming", "blue"),
        "closed_met": State("closed: met again", "check_circle", "green"),
        "closed_accepted": State("closed: accepted", "check", "gray"),
        "reopened": State("reopened", "replay", "red"),
    },
    Choice: {
        "wait": State("wait", "hourglass_empty", "gray"),
        "threshold": State("move the threshold", "tune", "gray"),
        "recalibrate": State("recalibrate", "straighten", "gray"),
        "retrain": State("retrain", "model_training", "gray"),
    },
    PhaseState: {
        "empty": State("not begun", "radio_button_unchecked", "gray"),
        "active": State("at work", "progress_activity", "blue"),
        "fine": State("fine", "check_circle", "green"),
        "look": State("worth a look", "visibility", "orange"),
        "act": State("needs you", "priority_high", "red"),
    },
    LedgerState: {
        "intact": State("intact", "verified_user", "green"),
        "broken": State("broken", "gpp_bad", "red"),
    },
    ClockState: {
        "live": State("Live", "schedule", "gray"),
        "replay": State("Replay", "history", "gray"),
    },
}


MUTED = State("muted", "notifications_off", "gray")
"""What an alert is beside its state, until its mute ends."""


def state_of(value: StrEnum) -> State:
    """Return how ``value`` is shown.

    Raises
    ------
    KeyError
        The state has no word yet: add it here.
    """
    return STATES[type(value)][value]


PHASES: Mapping[str, tuple[str, str]] = {
    Phase.SCOPING: ("Scoping", "edit_document"),
    Phase.DATA: ("Data", "table"),
    Phase.MODELLING: ("Modelling", "science"),
    Phase.DEPLOYMENT: ("Deployment", "rocket_launch"),
    Phase.MONITORING: ("Monitoring", "monitoring"),
    Phase.ITERATION: ("Iteration", "cycle"),
}
"""The six phases in their order, each with its title and Material icon."""

KINDS: Mapping[StrEnum, str] = {
    TaskKind.BINARY: "yes or no",
    TaskKind.MULTICLASS: "one of several classes",
    TaskKind.REGRESSION: "a number",
    Stage.OFFLINE: "hold-out",
    Stage.LIVE: "live",
    CriterionRole.GATE: "gate",
    CriterionRole.MONITOR: "monitor only",
}
"""Values of the model that are no states, in words."""

ALERT_KINDS: Mapping[AlertKind, str] = {
    AlertKind.NO_PREDICTIONS: "No predictions",
    AlertKind.NO_LABELS: "No labels",
}
"""What an alert of silence is about; any other one is about its criterion."""

CHANNELS: Mapping[Channel, str] = {Channel.WEBHOOK: "by webhook", Channel.EMAIL: "by e-mail"}
"""How a message about an alert travels."""

COLUMN_KINDS: Mapping[str, tuple[str, str]] = {
    "number": ("number", "numbers"),
    "text": ("text", "texts"),
    "time": ("time", "times"),
    "boolean": ("yes or no", "yes or no"),
}
"""What a column holds, in words: of one column and of several."""

WHOLE_TABLE = "whole table"
"""Where a finding belongs to no one column."""

ROLLOUTS: Mapping[str, str] = {"deploy": "deployed", "promote": "promoted", "roll_back": "rolled back"}
"""What was done to an endpoint, by the act of its deployment."""
"""What stands behind a metric's figure, by the unit that the metric names."""

DIRECTIONS: Mapping[str, str] = {">=": "at least", "<=": "at most", "within": "within ±"}
"""How a criterion's direction is read out."""

GLOSSARY: Mapping[str, str] = {
    "Approval": "A person's word that a model version may go live; it freezes the criteria by which it was judged.",
    "Alert": "What production raises when a criterion is no longer met or nothing comes in: one for each onset.",
    "Block": "The independent unit behind an interval, here mostly the day: rows of one day resemble one another.",
    "Case": "What is opened to deal with an alert; it closes when production meets the criterion again.",
    "Challenger": "A model version that is compared with the champion and may replace it.",
    "Champion": "The model version whose answers are returned at an endpoint.",
    "Change detectors": "Methods for streams that mark where the loss changed, row by row; they judge nothing.",
    "Check": "One question that is put to a file, such as whether a column repeats another.",
    "Clock": "The project's event time: the wall's where the project is live, a day in the past where it is replayed.",
    "Contract": "What was agreed that the data look like, as rules; files, inputs and weeks are held to it.",
    "Criterion": "A metric, a slice and a threshold, agreed before modelling; it judges every later phase.",
    "Current": "The rows under judgement, compared with the reference.",
    "Cut": "The score from which a yes-or-no model says yes.",
    "Dataset version": "A table as it was at one time, known by the hash of its content.",
    "Drift": "A difference between reference and current that is large enough to matter and not explained by chance.",
    "Effect": "How far two distributions lie apart, from 0 (the same) to 1 (nothing in common).",
    "Endpoint": "The address at which a model answers.",
    "Event time": "When something happened in the world; windows and labels follow it.",
    "Finding": "What a check found: how many rows it concerns, which ones, and how much it matters.",
    "Fresher model": "A version trained on later rows than the one that serves, measured beside it on rows after that.",
    "Gate": "The criteria on the hold-out, one line each: it opens when none of them is not met.",
    "Hold-out": "Rows that training never saw, on which a run is judged; in time, the newest ones.",
    "Human level": "What one person reaches when labelling, against the others or against the truth.",
    "Interval": "The range that holds the true value in 95 of 100 repetitions; the wider, the less is known.",
    "Label": "What really happened, as far as it is known by now.",
    "Label study": "A file in which several people labelled the same rows: how far they agree, and the human level.",
    "Ledger": "The chain of everything that was decided; a change to the past breaks its hashes and shows.",
    "Margin": "The smallest effect that matters; what is smaller is called stable, however certain it is.",
    "Parity": "How closely the served file repeats the answers of the model that was trained.",
    "p95": "The response time that 95 of 100 requests stay below, in milliseconds.",
    "Post-check": "The look back after a decision: the criterion on later rows, beside what would have been.",
    "Recall": "Of everything that happened, the share that the model had announced.",
    "Reference": "The rows that current ones are compared with: those the model was trained on.",
    "Replay": "Later data of a project, sent through its endpoint as production would have sent them.",
    "ROC AUC": "How often a model ranks a case that happened above one that did not: 0.5 is a coin, 1 is perfect.",
    "Run": "One training of one recipe on one dataset version, with what it measured.",
    "Service": "What the endpoint did in each window: requests, failed and refused ones, response times, lost scores.",
    "Shadow": "A model version that gets every request and whose answers are kept but not returned.",
    "Slice": "The rows for which simple conditions hold, such as flights from JFK.",
    "Training range": "The smallest and the largest value of an input that training saw; beyond it a model guesses.",
    "Undecided": "The interval holds the threshold: these rows cannot tell; the number that would is shown.",
    "Without labels": "What a metric would be if the same inputs led to the same outcomes as in the hold-out.",
    "Window": "A span of event time that is judged as one point: so many days, or so many predictions.",
}
"""What each term means, in one sentence."""
