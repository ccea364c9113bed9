"""A model version in service: the champion, who answers, and a shadow, who listens in and can do no harm."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Protocol

from core.deployment.serving import ServedVersion
from core.modelling.onnx_model import Scores
from core.modelling.run import Feature
from core.scorer.lane import Lane

INLINE_MILLISECONDS = 1.0
"""Scoring that takes less than this stays on the event loop: handing it to a thread would cost more than it saves."""

SHADOW_SECONDS = 0.1
"""How long an answer waits for a shadow; then it goes without, and the log says so."""

Columns = Mapping[str, Sequence[Any]]


class Model(Protocol):
    """What a loaded model can do."""

    def score(self, columns: Columns) -> Scores:
        """Return what the model says of each row."""
        ...


Loader = Callable[[ServedVersion, bytes], Model]
"""Makes a model of a version's verified bytes."""


class Champion:
    """The version that answers."""

    def __init__(self, version: ServedVersion, model: Model, lane: Lane) -> None:
        self.version = version
        self._model = model
        self._lane = lane
        self._row_milliseconds = warm(model, version.features)

    async def answer(self, columns: Columns, rows: int) -> dict[str, Any]:
        """Score the rows: at once where that is quick, else in a thread."""
        if self._row_milliseconds * rows < INLINE_MILLISECONDS:
            scores = self._model.score(columns)
        else:
            scores = await asyncio.wrap_future(self._lane.submit(lambda: self._model.score(columns)))
        return scored("champion", self.version, scores)


class Shadow:
    """A version that listens in. Whatever goes wrong with it becomes the ``error`` of its entry in the log."""

    def __init__(self, version: ServedVersion, load: Callable[[], Model]) -> None:
        self.version = version
        self.error = ""
        self._late: Future[Any] | None = None
        self._lane: Lane | None = None
        try:
            self._model = load()
            warm(self._model, version.features)
            self._lane = Lane(f"shadow-{version.version_id}")
        except Exception as error:  # noqa: BLE001 a shadow's failure is its own
            self.error = f"{version.title} cannot listen in: {error}"

    async def answer(self, columns: Columns) -> dict[str, Any]:
        """Score the rows within ``SHADOW_SECONDS``, or say why not."""
        if self._lane is None:
            return self._failed(self.error)
        if self._late is not None and not self._late.done():
            return self._failed("It was still busy with an earlier request.")
        job = self._lane.submit(lambda: self._model.score(columns))
        try:
            scores = await asyncio.wait_for(asyncio.wrap_future(job), SHADOW_SECONDS)
            return scored("shadow", self.version, scores)
        except TimeoutError:
            self._late = job
            return self._failed(f"It took longer than {SHADOW_SECONDS * 1000:.0f} ms.")
        except Exception as error:  # noqa: BLE001 a shadow's failure is its own
            return self._failed(str(error) or type(error).__name__)

    def close(self) -> None:
        """End its thread."""
        if self._lane is not None:
            self._lane.close()

    def _failed(self, error: str) -> dict[str, Any]:
        return {"variant": "shadow", "version_id": self.version.version_id, "error": error[:500]}


def scored(variant: str, version: ServedVersion, scores: Scores) -> dict[str, Any]:
    """Return the scores as the log and the answer hold them."""
    return {
        "variant": variant,
        "version_id": version.version_id,
        "score": [float(value) for value in scores.score],
        "predicted": list(scores.predicted),
    }


def warm(model: Model, features: Sequence[Feature]) -> float:
    """Score one plain row a few times; return the milliseconds of the quickest."""
    row: dict[str, list[Any]] = {feature.name: [_plain(feature)] for feature in features}
    quickest = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        model.score(row)
        quickest = min(quickest, (time.perf_counter() - started) * 1000)
    # A row with everything missing takes other paths through a model; one that cannot do it says so when asked.
    with contextlib.suppress(Exception):
        model.score({feature.name: [None] for feature in features})
    return quickest


def _plain(feature: Feature) -> Any:
    if feature.kind == "number":
        return 0.0 if feature.lower is None else feature.lower
    return feature.levels[0] if feature.levels else ""
