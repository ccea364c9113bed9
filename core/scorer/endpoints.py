"""The endpoints in service, kept in step with the serving plans on disk."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.deployment.serving import ServedVersion, ServingPlan, read_model, read_plan
from core.errors import FullcircleError, NotFound
from core.modelling.onnx_model import OnnxModel
from core.scorer.lane import Lane
from core.scorer.marking import Marker
from core.scorer.variant import Champion, Loader, Model, Shadow

POLL_SECONDS = 0.2
"""How often the folder of plans is looked at."""

RETRY_SECONDS = 2.0
"""How soon a broken plan that has not changed is tried again."""

_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One revision of an endpoint, loaded and warm."""

    plan: ServingPlan
    champion: Champion
    shadows: tuple[Shadow, ...]
    marker: Marker
    loaded_at: datetime

    @property
    def problems(self) -> list[str]:
        """Return what is wrong with the shadows, a sentence each."""
        return [shadow.error for shadow in self.shadows if shadow.error]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    stamp: _Stamp
    at: float


class Endpoints:
    """What answers now. A new revision takes over when it is loaded and warm; a broken one never does."""

    def __init__(self, home: Path, folder: Path, *, load: Loader) -> None:
        self._home = home
        self._folder = folder
        self._load = load
        self._lane = Lane("champion", threads=2)
        self._serving: dict[str, Endpoint] = {}
        self._tried: dict[str, _Try] = {}
        self._problems: dict[str, str] = {}
        self.ready = False

    @property
    def serving(self) -> Mapping[str, Endpoint]:
        """Return the endpoints in service by name."""
        return self._serving

    @property
    def problems(self) -> Mapping[str, str]:
        """Return why a plan is not in service, by endpoint."""
        return self._problems

    def find(self, name: str, version: str | None = None) -> Endpoint:
        """Return an endpoint in service.

        Raises
        ------
        NotFound
            If there is none of this name, or its champion has another number than ``version``.
        """
        endpoint = self._serving.get(name)
        if endpoint is None:
            known = ", ".join(sorted(self._serving)[:20]) or "none yet"
            raise NotFound(f"There is no model {name[:64]!r} here; in service: {known}.")
        number = str(endpoint.plan.champion.number)
        if version is not None and version != number:
            raise NotFound(f"Version {version[:20]} of {name!r} does not answer here; version {number} does.")
        return endpoint

    async def watch(self) -> None:
        """Follow the folder for ever."""
        while True:
            await self.refresh()
            await asyncio.sleep(POLL_SECONDS)

    async def refresh(self) -> None:
        """Look at the folder once: load what is new, drop what is gone."""
        stamps = await asyncio.to_thread(_stamps, self._folder)
        for name in [name for name in self._tried if name not in stamps]:
            self._drop(name)
        for name, stamp in stamps.items():
            last = self._tried.get(name)
            due = name in self._problems and last is not None and time.monotonic() - last.at > RETRY_SECONDS
            if last is None or last.stamp != stamp or due:
                self._tried[name] = _Try(stamp=stamp, at=time.monotonic())
                await self._take(name)
        self.ready = True

    async def _take(self, name: str) -> None:
        try:
            endpoint = await asyncio.to_thread(self._loaded, self._folder / f"{name}.json")
        except FullcircleError as error:
            self._problems[name] = str(error)
        except Exception as error:  # noqa: BLE001 whatever a model file does, what serves goes on serving
            self._problems[name] = f"The plan of {name!r} cannot be served: {error}. Deploy another version."
        else:
            old = self._serving.get(name)
            self._serving[name] = endpoint
            self._problems.pop(name, None)
            _retire(old)

    def _loaded(self, path: Path) -> Endpoint:
        plan = read_plan(path)
        return Endpoint(
            plan=plan,
            champion=Champion(plan.champion, self._model(plan.champion), self._lane),
            shadows=tuple(Shadow(version, lambda v=version: self._model(v)) for version in plan.shadows),
            marker=Marker(plan),
            loaded_at=datetime.now(UTC),
        )

    def _model(self, version: ServedVersion) -> Model:
        return self._load(version, read_model(self._home, version))

    def _drop(self, name: str) -> None:
        self._tried.pop(name)
        self._problems.pop(name, None)
        _retire(self._serving.pop(name, None))


def load_onnx(version: ServedVersion, data: bytes) -> Model:
    """Return the ONNX model of a version."""
    return OnnxModel.load(data, features=version.features, classes=version.classes, cut=version.cut)


def _retire(endpoint: Endpoint | None) -> None:
    for shadow in endpoint.shadows if endpoint else ():
        shadow.close()


def _stamps(folder: Path) -> dict[str, _Stamp]:
    stamps: dict[str, _Stamp] = {}
    for path in folder.glob("*.json"):
        try:
            found = path.stat()
        except OSError:
            # withdrawn between the listing and the look
            continue
        stamps[path.stem] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return stamps
