"""Start a project from a file: hold a third back as later data, check the rest, propose criteria."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from core.data.check import Beside
from core.data.dataset import HowRead
from core.data.labels import label_texts
from core.errors import InvalidInput, RefusedFile, UnreadableFile
from core.frames.opening import open_file
from core.frames.reading import Reading
from core.job import Job
from core.jobs.checking import DroppedFile, check_file
from core.jobs.kind import JobKind
from core.modelling.split import drawn_blocks, labelled_rows
from core.monitoring.calendar import add_days
from core.scoping.criterion import Criterion
from core.scoping.project import Project, Task
from core.scoping.proposal import propose_criteria
from core.workspace.workspace import Workspace

HELD_BACK = 1 / 3
ROW = "row_id"  # the entity of a file that has none: its rows are known by their place
SPREAD_DAYS = 28  # a file without times is replayed as this many equal days: four weeks of windows
LEAST_ROWS = 30
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A file cut in two: what the project begins with, and what comes later."""

    task: Task
    table: pl.DataFrame
    rows: pl.DataFrame
    labels: pl.DataFrame
    begins: datetime
    ends: datetime


def adopt(workspace: Workspace, job: Job) -> None:
    """Cut the file, check its first part as a dataset version, keep the rest to replay."""
    assert job.project_id is not None
    project = workspace.projects.get(job.project_id)
    reading = Reading(**job.arguments.get("reading", {}))
    file = DroppedFile(path=Path(job.arguments["path"]), name=job.arguments["file_name"], reading=reading)
    version = workspace.data.open_version(project.id, file.name, key=f"{job.id}:dataset", origin="part")
    workspace.jobs.progress(job.id, 0.1, "reading")
    with TemporaryDirectory() as folder:
        try:
            whole = Path(folder) / "opened.parquet"
            opened = open_file(file.path, whole, name=file.name, reading=file.reading)
            adopted = cut(pl.read_parquet(whole), project)
            first = Path(folder) / "first.parquet"
            proposals = proposed(adopted, project)
            adopted.table.write_parquet(first)
            checked = check_file(
                DroppedFile(path=first, name=file.name),
                Path(folder) / "table.parquet",
                beside=Beside(label=adopted.task.target),
            )
        except (UnreadableFile, RefusedFile, InvalidInput) as refusal:
            # a project that could not begin is put away, so that it does not stand among those that did
            workspace.data.refused(version.id, str(refusal))
            workspace.projects.archive(project.id)
            raise
        workspace.jobs.progress(job.id, 0.7, f"{checked.rows:,} rows checked")
        checked = replace(checked, read=HowRead.of(opened, file.reading))
        workspace.data.checked(version.id, file.path, checked, split=_part(adopted, project))
    _keep_later(workspace, project, adopted)
    workspace.jobs.progress(job.id, 0.9, "proposing criteria")
    _propose(workspace, project, adopted, proposals)


def cut(frame: pl.DataFrame, project: Project) -> Adopted:
    """Hold a third of a table back: the newest rows where there is time, drawn ones where the order means nothing.

    Raises
    ------
    InvalidInput
        The table is too small, or its columns are not what the task says.
    """
    task = project.task
    if task is None:
        raise InvalidInput("The project does not say yet what it predicts. Choose a target first.")
    if task.entity is None or frame[task.entity].null_count() or frame[task.entity].is_duplicated().any():
        row = next(name for name in _names_of_rows() if name not in frame.columns)
        frame, task = frame.with_row_index(row), replace(task, entity=row)
    rows = labelled_rows(frame, task, zone=project.zone)
    if rows.height < LEAST_ROWS:
        raise InvalidInput(f"Only {rows.height} rows have a label. A project needs at least {LEAST_ROWS}; add rows.")
    if task.time is None:
        begins = _tomorrow(project)
        rows = _with_days(_held_last(rows, task), begins)
    else:
        rows = _past(rows, project)
        begins = _boundary(rows, project)
    later, entity = rows.filter(pl.col("event_time") >= begins), pl.col(task.entity or ROW).cast(pl.String)
    table = frame.filter(~entity.is_in(later["entity_id"].implode()))
    if table.is_empty():
        raise InvalidInput(f"All rows have the same time in {task.time!r}; choose another time column, or none.")
    return Adopted(
        task=task,
        table=table,
        rows=later.select(*task.inputs, "entity_id", "event_time"),
        labels=_labels(frame, task, later),
        begins=begins,
        ends=rows["event_time"].max(),  # pyright: ignore[reportArgumentType] - a datetime column
    )


def _names_of_rows() -> Iterator[str]:
    return (ROW if number == 1 else f"{ROW}_{number}" for number in count(1))


def _tomorrow(project: Project) -> datetime:
    """Return the midnight that ends the day of the project's making: until the replay begins, that day is its own."""
    today = project.created_at.astimezone(project.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1)).astimezone(UTC)


def _held_last(rows: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Return rows in a drawn order with ``held``: the last third, of whole groups where rows belong together.

    Files are often sorted by their target, so their last third would be nothing like the rest.
    """
    rows = rows[np.random.default_rng(_SEED).permutation(rows.height)]
    if task.group is None:
        kept = rows.height - int(rows.height * HELD_BACK)
        return rows.with_columns(held=pl.int_range(pl.len()) >= kept)
    held = drawn_blocks(rows["block"], share=HELD_BACK, seed=_SEED)
    if not held.any():
        raise InvalidInput(
            f"No third of the rows is made of whole {task.group!r}. Group by another column, or by none."
        )
    return rows.with_columns(held=held).sort("held", maintain_order=True)


def _with_days(rows: pl.DataFrame, begins: datetime) -> pl.DataFrame:
    """Give rows without times the days of a replay: those that are held back spread evenly, the rest before it."""
    kept = rows.height - rows["held"].sum()
    place = (pl.int_range(pl.len()) - kept) / max(rows.height - kept, 1) * SPREAD_DAYS
    moment = pl.lit(begins) + pl.duration(hours=(place * 24).floor().cast(pl.Int64))
    return rows.drop("held").with_columns(event_time=moment.cast(pl.Datetime("us", "UTC")))


def _past(rows: pl.DataFrame, project: Project) -> pl.DataFrame:
    """Leave out rows that lie in the future: one wrong year would make the replay decades long."""
    past = rows.filter(pl.col("event_time") <= project.created_at)
    return past if past.height >= LEAST_ROWS else rows


def _boundary(rows: pl.DataFrame, project: Project) -> datetime:
    """Return the local midnight at which the last third begins."""
    at = rows["event_time"].sort()[rows.height - int(rows.height * HELD_BACK)]
    local = at.astimezone(project.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    first: datetime = rows["event_time"].min()  # pyright: ignore[reportAssignmentType] - a datetime column
    return midnight if midnight > first else at


def _labels(frame: pl.DataFrame, task: Task, later: pl.DataFrame) -> pl.DataFrame:
    """Return what the later rows turned out to be; a label counts as known an hour after its row."""
    target = frame.select(
        pl.col(task.entity or ROW).cast(pl.String).alias("entity_id"), label=label_texts(frame[task.target])
    )
    known = later.select("entity_id", observed_at=pl.col("event_time") + timedelta(hours=1))
    return known.join(target, on="entity_id", how="inner").select("entity_id", "label", "observed_at")


def _part(adopted: Adopted, project: Project) -> str:
    """Return which part of its file the project begins with."""
    if adopted.task.time is None:
        return (
            f"two thirds of the rows, drawn at random{' by whole ' + adopted.task.group if adopted.task.group else ''}"
        )
    return f"before {adopted.begins.astimezone(project.zone):%Y-%m-%d}"


def _keep_later(workspace: Workspace, project: Project, adopted: Adopted) -> None:
    days = window_days(adopted)
    if adopted.task != project.task:
        workspace.projects.define(project.id, adopted.task)
    anchor = add_days(adopted.begins, days, project.zone)
    workspace.replays.offer(project.id, adopted.rows, adopted.labels, window_anchor=anchor)
    if project.clock is None:
        workspace.projects.set_clock(project.id, adopted.begins)


def window_days(adopted: Adopted) -> int:
    """Return how long a window is: two weeks, or half of what there is to replay where that is shorter."""
    span = math.ceil((adopted.ends - adopted.begins) / timedelta(days=1))
    return min(14, max(span // 2, 1))


def proposed(adopted: Adopted, project: Project) -> list[Criterion]:
    """Propose criteria from the part that a project begins with.

    Raises
    ------
    InvalidInput
        This part holds no label to look for, or labels that are all alike.
    """
    days = window_days(adopted)
    try:
        rows = labelled_rows(adopted.table, adopted.task, zone=project.zone)
        proposals = propose_criteria(rows["label"], kind=adopted.task.kind)
    except InvalidInput as refusal:
        raise InvalidInput(f"In the earlier two thirds of the rows, from which the project learns: {refusal}") from None
    same = {"window_days": days, "every_days": max(days // 2, 1), "block": adopted.task.block}
    return [replace(p, **same, created_at=project.created_at) for p in proposals]


def _propose(workspace: Workspace, project: Project, adopted: Adopted, proposals: Sequence[Criterion]) -> None:
    if workspace.scoping.criteria(project.id):
        return
    workspace.scoping.agree(project.id, proposals)
    for kind, answers in drafted(adopted).items():
        workspace.scoping.write(project.id, kind, answers)


def drafted(adopted: Adopted) -> Mapping[str, Mapping[str, str]]:
    """Return what the file itself answers of the scoping documents; people write the rest."""
    task = adopted.task
    together = "day" if task.time else task.group
    unit = f"Rows of one {together} are taken together." if together else "Each row stands for itself."
    return {
        "goals": {"problem": f"Predict {task.target} from {len(task.inputs)} columns."},
        "data_definition": {
            "row": f"One row of the file, known by {task.entity}.",
            "target": f"The column {task.target}"
            + (f", positive where it is {task.positive}." if task.positive else "."),
            "known": f"Taken as known when predicting: {', '.join(task.inputs)}.",
            "block": unit,
        },
    }


ADOPT_FILE = JobKind(name="adopt_file", title="Start a project from a file", steps=(adopt,))
