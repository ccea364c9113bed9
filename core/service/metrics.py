"""``/metrics``: the newest window of each project in the text format of Prometheus, version 0.0.4."""

from collections.abc import Callable, Iterable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.lifecycle.gauges import NAMES, Gauge, gauges
from core.workspace.workspace import Workspace

MOST_PROJECTS = 100
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What is scraped, read anew only of projects in which something happened since."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        self._workspace = workspace
        self._kept: dict[str, tuple[int, tuple[Gauge, ...]]] = {}

    def text(self) -> str:
        """Return every project's gauges; of more than ``MOST_PROJECTS`` the newest."""
        workspace = self._workspace()
        projects = workspace.projects.all()[:MOST_PROJECTS]
        kept: dict[str, tuple[int, tuple[Gauge, ...]]] = {}
        for project in projects:
            known = self._kept.get(project.id)
            read = known if known and known[0] == project.revision else None
            kept[project.id] = read or (project.revision, gauges(workspace.thread.life(project.id)))
        self._kept = kept
        return exposition((project.slug, gauge) for project in projects for gauge in kept[project.id][1])


def routes(workspace: Callable[[], Workspace]) -> list[Route]:
    """Return ``/metrics``."""
    metrics = Metrics(workspace)

    async def scraped(_: Request) -> Response:
        return PlainTextResponse(await to_thread.run_sync(metrics.text), media_type=CONTENT_TYPE)

    return [Route("/metrics", scraped)]


def exposition(found: Iterable[tuple[str, Gauge]]) -> str:
    """Return gauges, each with its project's slug, as text: those of one name together, under its help and type."""
    by_name: dict[str, list[str]] = {name: [] for name in NAMES}
    for slug, gauge in found:
        labels = ",".join(f'{name}="{_escaped(text)}"' for name, text in {"project": slug, **gauge.labels}.items())
        by_name[gauge.name].append(f"{gauge.name}{{{labels}}} {gauge.value!r}\n")
    return "".join(
        f"# HELP {name} {NAMES[name]}\n# TYPE {name} gauge\n{''.join(lines)}"
        for name, lines in by_name.items()
        if lines
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
