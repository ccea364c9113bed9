"""Labels of other systems arrive by request, each once; what cannot be read stores nothing and says why."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from core.scoping.project import Project, Task, TaskKind
from core.service import labels
from core.settings import Settings
from core.workspace.workspace import Workspace

TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("x",), positive="1")


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return Workspace.open(settings)


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return workspace.projects.begin("Flights", task=TASK)


Post = Callable[..., httpx.Response]


@pytest.fixture
def post(workspace: Workspace, project: Project) -> Post:
    """Post to the labels of the project (or of ``to``)."""

    async def ask(slug: str, **content: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=labels.routes(lambda: workspace)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post(f"/api/v1/projects/{slug}/labels", **content)

    return lambda to=project.slug, **content: asyncio.run(ask(to, **content))


def known(workspace: Workspace, project: Project) -> dict[str, str]:
    rows = workspace._storage.predictions.labels(project.id, as_of=datetime.now(UTC) + timedelta(days=1))
    return dict(rows.select("entity_id", "label").iter_rows())


def test_labels_arrive_once_and_are_corrected(post: Post, workspace: Workspace, project: Project):
    body = {"labels": [{"entity_id": "a", "label": 1, "observed_at": "2026-03-08T10:00:00Z"}]}
    assert post(json=body).json() == {"learned": 1}
    assert post(json=body).json() == {"learned": 0}
    later = {"labels": [{"entity_id": "a", "label": 0}, {"entity_id": "b", "label": 1}]}
    assert post(json=later).json() == {"learned": 2}
    assert known(workspace, project) == {"a": "0", "b": "1"}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b"not json", "application/json", 400),
        (b'{"labels": 3}', "application/json", 400),
        (b'{"labels": [1, 2]}', "application/json", 400),
        (b'{"labels": [{"label": 1}]}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (json.dumps({"labels": [{"entity_id": "a", "label": 1}]}).encode(), "text/plain", 400),
    ],
)
def test_a_body_that_cannot_be_read_stores_nothing(
    post: Post, workspace: Workspace, project: Project, content: bytes, kind: str, status: int
):
    answer = post(content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert known(workspace, project) == {}


def test_an_unknown_project_is_not_found(post: Post):
    body = {"labels": [{"entity_id": "a", "label": 1}]}
    assert post("none", json=body).status_code == 404
