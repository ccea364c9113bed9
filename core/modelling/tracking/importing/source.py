"""What every reader of an existing MLflow yields, whatever it reads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from core.modelling.tracking.experiment import Experiment
from core.modelling.tracking.logged_model import LoggedModel
from core.modelling.tracking.logged_run import LoggedRun, Point
from core.modelling.tracking.registry import RegisteredModel, RegisteredVersion

LeftOut = Counter[str]
"""How many things of each sort (``parameters``, ``points``) do not fit MLflow's own limits and were left out."""


class Source(Protocol):
    """An existing MLflow that is read and never changed. Ids of experiments are the source's own."""

    left_out: LeftOut

    @property
    def name(self) -> str:
        """Return what people call the source: the name of a file or folder, or a host. No path."""
        ...

    def close(self) -> None:
        """Let go of the file or the connection."""
        ...

    def experiments(self) -> Iterator[Experiment]:
        """Give every experiment, deleted or not.

        Raises
        ------
        Unavailable
            The source stops to answer.
        """
        ...

    def runs(self, experiment_id: str) -> Iterator[LoggedRun]:
        """Give the runs of an experiment, deleted or not, the earliest first and without their metrics."""
        ...

    def points(self, run: LoggedRun) -> Iterator[Sequence[Point]]:
        """Give every point of every metric of a run, in portions."""
        ...

    def files(self, run: LoggedRun) -> Iterator[tuple[str, Path]] | None:
        """Give the path of each file of a run, and where its bytes lie; ``None`` where they are out of reach."""
        ...

    def models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Give the logged models of an experiment, the earliest first; a source that has none of them, nothing."""
        ...

    def model_files(self, model: LoggedModel) -> Iterator[tuple[str, Path]] | None:
        """Give the path of each file of a logged model, and where its bytes lie, as of a run."""
        ...

    def registered(self) -> Iterator[tuple[RegisteredModel, Sequence[RegisteredVersion]]]:
        """Give every registered model with its versions, whose addresses are the source's own."""
        ...
