"""What a project that begins with a file could predict: the answers that the file allows, and the task they make."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.data.guess import guess_task, is_key_name
from core.data.labels import label_text
from core.data.profile import Profile
from core.scoping.project import Task, TaskKind

LEAST_GROUPS = 10
"""With fewer groups of rows, a third of them held out would decide nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person may answer when a project begins with a file, the likeliest answer first; ``None`` is "none"."""

    targets: tuple[str, ...]
    times: tuple[str | None, ...]
    entities: tuple[str | None, ...]
    groups: tuple[str | None, ...]
    positives: tuple[str, ...]
    kind: TaskKind | None
    inputs: tuple[str, ...]
    reasons: tuple[str, ...]


def choices(profile: Profile, *, target: str | None = None) -> Choices:
    """Return the answers that a file allows, with the guessed one first; ``target`` is what a person has chosen."""
    guess = guess_task(profile, target=target)
    levels = tuple(text for level in _levels(profile, guess.target) if (text := label_text(level)) is not None)
    others = [name for name in profile if name not in guess.candidates and profile[name]["distinct"] > 1]
    times = [name for name, figures in profile.items() if figures["kind"] == "time"]
    names = [name for name, figures in profile.items() if figures["unique"] and name != guess.target]
    return Choices(
        targets=tuple(dict.fromkeys([*([guess.target] if guess.target else []), *guess.candidates, *others])),
        times=tuple(dict.fromkeys([guess.time, *times, None])),
        entities=tuple(dict.fromkeys([guess.entity, *names, None])),
        groups=_groups(profile, guess.target),
        positives=tuple(dict.fromkeys([*([guess.positive] if guess.positive else []), *levels]))
        if guess.kind is TaskKind.BINARY
        else (),
        kind=guess.kind,
        inputs=guess.inputs,
        reasons=guess.reasons,
    )


def task_of(found: Choices, *, target: str, time: str | None, entity: str | None, positive: str | None) -> Task | None:
    """Return the task that the answers describe; ``None`` where nothing is left to predict from."""
    inputs = tuple(name for name in found.inputs if name not in {target, time, entity})
    if found.kind is None or not inputs:
        return None
    return Task(
        kind=found.kind,
        target=target,
        inputs=inputs,
        time=time,
        entity=entity,
        positive=positive if found.kind is TaskKind.BINARY else None,
    )


def without(task: Task, left_out: Collection[str]) -> Task | None:
    """Return the task without inputs that are not known when predicting; ``None`` where no input is left."""
    inputs = tuple(name for name in task.inputs if name not in left_out)
    return replace(task, inputs=inputs) if inputs else None


def grouped(task: Task, group: str | None) -> Task:
    """Return the task where rows of one ``group`` belong together; where there is time, days are what belongs together.

    A group that is named like a key (``patient_id``) is no input: a model would learn its owners by heart.
    """
    if group is None or task.time:
        return task
    others = tuple(name for name in task.inputs if name != group or not is_key_name(group))
    return replace(task, group=group, inputs=others or task.inputs)


def _groups(profile: Profile, target: str | None) -> tuple[str | None, ...]:
    """Return what rows may belong to: first what is named like a key and repeats, for that is rarely by chance."""
    found = [name for name, figures in profile.items() if name != target and _names_groups(figures)]
    owners = [name for name in found if is_key_name(name)]
    return (*owners, None, *(name for name in found if name not in owners))


def _names_groups(figures: Mapping[str, Any]) -> bool:
    """Tell whether a column has enough different values, and most of them more than once."""
    measured = figures["type"].startswith(("float", "decimal"))
    return (
        figures["kind"] in ("text", "number")
        and not measured
        and LEAST_GROUPS <= figures["distinct"] <= (figures["count"] - figures["nulls"]) / 2
    )


def _levels(profile: Profile, target: str | None) -> Sequence[Any]:
    return [level["value"] for level in profile[target].get("top", ())] if target else []
