"""Error review acts: draw wrong rows of a run, tag them, say what mending a tag takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.errors import Conflict, InvalidInput
from core.ids import new_id
from core.modelling.run import Run
from core.modelling.tagging.error_review import LONGEST_EFFORT, DrawnError, ErrorReview
from core.modelling.tagging.tag_table import TagTable, tag_table
from core.modelling.tagging.wrong_rows import AT_ONCE, costs, drawn_rows, wrong_rows
from core.people.actor import Permission
from core.scoping.criterion import Criterion
from core.scoping.project import Project, TaskKind
from core.workspace.act import Act, Desk
from core.workspace.modelling import Modelling


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrong:
    """The hold-out of a run, and which of its rows are wrong."""

    run: Run
    holdout: pl.DataFrame
    rows: NDArray[np.bool_]
    kind: TaskKind
    cut: float


class Tagging:
    """The error reviews of runs: one a run."""

    def __init__(self, desk: Desk, modelling: Modelling) -> None:
        self._desk = desk
        self._modelling = modelling

    def review(self, run: Run) -> ErrorReview | None:
        """Return a run's review, or ``None`` where nobody has drawn errors yet."""
        return next(iter(self._desk.all(ErrorReview, run.project_id, run_id=run.id)), None)

    def draw(self, run_id: str) -> ErrorReview:
        """Draw twenty wrong rows of a run's hold-out at random, or twenty more.

        Raises
        ------
        Conflict
            The run has not finished, or has no error that was not drawn yet.
        """
        self._desk.actor.require(Permission.WRITE)
        wrong = self._wrong(run_id)
        with self._desk.act(wrong.run.project_id) as act:
            known = act.records.first(ErrorReview, run_id=run_id)
            had = known.drawn if known else ()
            rows = drawn_rows(wrong.rows, len(had) + AT_ONCE)[len(had) :]
            if not rows:
                raise Conflict("Every error of this hold-out has been drawn. Look at those that are here.")
            drawn = (*had, *(DrawnError(row=row) for row in rows))
            changed = replace(known, drawn=drawn) if known else _begun(act, wrong, drawn)
            (act.records.replace if known else act.records.add)(changed)
            act.enter("errors.drawn", changed, run=run_id, number=len(rows), errors=changed.errors)
            return changed

    def tag(self, review_id: str, row: int, tags: Sequence[str]) -> ErrorReview:
        """Give a drawn error its tags; none takes them back.

        Raises
        ------
        InvalidInput
            The row was not drawn, or a tag is too long.
        """
        with self._desk.act(self._desk.one(ErrorReview, review_id).project_id) as act:
            changed = act.records.get(ErrorReview, review_id).tag(row, tags)
            act.records.replace(changed)
            given = next(one.tags for one in changed.drawn if one.row == row)
            act.enter("errors.tagged", changed, row=row, tags=", ".join(given) or "no tag")
            return changed

    def effort(self, review_id: str, tag: str, text: str) -> ErrorReview:
        """Say what mending the errors of a tag takes.

        Raises
        ------
        InvalidInput
            No error has this tag, or the text is too long.
        """
        if len(text) > LONGEST_EFFORT:
            raise InvalidInput(f"An effort takes {LONGEST_EFFORT} characters at most. Shorten it.")
        with self._desk.act(self._desk.one(ErrorReview, review_id).project_id) as act:
            known = act.records.get(ErrorReview, review_id)
            known.require(tag)
            changed = replace(known, efforts={**known.efforts, tag: text.strip()})
            act.records.replace(changed)
            return changed

    def rows(self, review: ErrorReview) -> pl.DataFrame:
        """Return the drawn rows in their order: what was said, what happened, inputs; times in the project's zone.

        Raises
        ------
        Conflict
            The run has not finished.
        """
        run = self._modelling.get(review.run_id)
        zone = self._desk.one(Project, review.project_id).zone.key
        holdout = self._modelling.holdout(run)[[one.row for one in review.drawn]]
        named = ["entity_id", "event_time", "label", "predicted", "score", *(feature.name for feature in run.features)]
        local = holdout.select([name for name in dict.fromkeys(named) if name in holdout.columns])
        return local.with_columns(pl.col("event_time").dt.convert_time_zone(zone))

    def table(self, review: ErrorReview, criterion: Criterion) -> TagTable:
        """Return what the tags of a review say, and what mending each would bring to a criterion's metric.

        Raises
        ------
        Conflict
            The run has not finished.
        """
        wrong = self._wrong(review.run_id)
        cost = costs(criterion, wrong.holdout, wrong.kind, wrong.cut)
        return tag_table(review, wrong.holdout, wrong.run.features, wrong.rows, cost)

    def _wrong(self, run_id: str) -> _Wrong:
        run = self._modelling.get(run_id)
        project = self._desk.one(Project, run.project_id)
        if project.task is None:
            raise Conflict(f"{project.name} does not say yet what it predicts. Define its task first.")
        holdout, cut = self._modelling.holdout(run), float(run.parameters.get("cut", 0.5))
        rows = wrong_rows(holdout, project.task.kind, cut)
        return _Wrong(run=run, holdout=holdout, rows=rows, kind=project.task.kind, cut=cut)


def _begun(act: Act, wrong: _Wrong, drawn: tuple[DrawnError, ...]) -> ErrorReview:
    return ErrorReview(
        id=new_id(),
        project_id=act.project.id,
        run_id=wrong.run.id,
        errors=int(wrong.rows.sum()),
        drawn=drawn,
        created_by=act.actor.id,
        created_at=act.at,
        created_on=act.on,
    )
