"""What a monitoring system scrapes: the newest window of each project, with few labels, well escaped."""

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
from starlette.applications import Starlette

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.ids import new_id
from core.lifecycle.gauges import MOST_COLUMNS, Gauge
from core.monitoring.window import Alert, AlertState, Window, WindowJudgement, WindowState
from core.scoping.criterion import Criterion, Verdict
from core.service import metrics
from core.settings import Settings
from core.statistics.estimate import Estimate, Interval
from core.workspace.workspace import Workspace

START = datetime(2013, 4, 1, tzinfo=UTC)
LOW = Estimate(value=0.144, interval=Interval(lower=0.07, upper=0.22), n=100, n_blocks=14)
LINE = re.compile(r'(\w+)\{((?:\w+="(?:[^"\\\n]|\\.)*",?)+)\} (\S+)')


def scraped(app: Starlette) -> str:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/metrics")

    answer = asyncio.run(ask())
    assert answer.headers["content-type"] == metrics.CONTENT_TYPE
    return answer.text


def served(workspace: Workspace) -> Starlette:
    return Starlette(routes=metrics.routes(lambda: workspace))


def drift(column: str, effect: float) -> ColumnDrift:
    verdict = DriftVerdict.DRIFTED if effect > 0.5 else DriftVerdict.STABLE
    return ColumnDrift(
        column=column,
        kind="number",
        verdict=verdict,
        method="ks",
        effect=effect,
        n_reference=9,
        n_current=9,
        n_blocks=9,
    )


def lived(workspace: Workspace, columns: int) -> str:
    project = workspace.projects.begin("Flights", clock=START)
    draft = Criterion(
        id="", project_id="", key="", metric="recall", parameters={}, direction=">=", threshold=0.3, created_at=START
    )
    criterion = workspace.scoping.agree(project.id, [draft])[0]
    judgement = WindowJudgement(
        criterion_id=criterion.id,
        criterion_hash=criterion.content_hash,
        model_version_id="m",
        variant="champion",
        estimate=LOW,
        verdict=Verdict.NOT_MET,
    )
    window = Window(
        id=new_id(),
        project_id=project.id,
        endpoint="flights",
        starts=START,
        ends=START + timedelta(days=14),
        state=WindowState.COMPLETE,
        predictions=100,
        labels=90,
        judgements=(judgement,),
        drift=tuple(drift(f"column {n}", n / columns) for n in range(columns)),
        created_at=START,
    )
    alert = Alert(
        id=new_id(),
        project_id=project.id,
        criterion_id=criterion.id,
        window_id=window.id,
        model_version_id="m",
        state=AlertState.SEEN,
        onset=window.ends,
        estimate=LOW,
        created_at=START,
    )
    with workspace._storage.write() as records:
        records.add(window)
        records.add(alert)
        records.bump_revision(project.id)
    return project.id


def test_the_newest_window_is_told_with_criteria_and_alerts(settings: Settings):
    workspace = Workspace.open(settings)
    lived(workspace, columns=4)
    lines = scraped(served(workspace)).splitlines()
    of_k1 = 'project="flights",criterion="K1",metric="recall"'
    assert f"fullcircle_criterion_value{{{of_k1}}} 0.144" in lines
    assert f"fullcircle_criterion_threshold{{{of_k1}}} 0.3" in lines
    assert f'fullcircle_criterion_verdict{{{of_k1},verdict="not_met"}} 1.0' in lines
    assert f'fullcircle_criterion_verdict{{{of_k1},verdict="met"}} 0.0' in lines
    assert 'fullcircle_columns_drifted{project="flights"} 1' in lines
    assert 'fullcircle_column_effect{project="flights",column="column 3"} 0.75' in lines
    assert 'fullcircle_alerts_open{project="flights",state="seen"} 1' in lines
    assert all(LINE.fullmatch(line) for line in lines if not line.startswith("# "))


def test_however_many_columns_there_are_the_farthest_moved_are_told(settings: Settings):
    workspace = Workspace.open(settings)
    lived(workspace, columns=1_000)
    text = scraped(served(workspace))
    names = Counter(line.partition("{")[0] for line in text.splitlines() if not line.startswith("#"))
    assert names["fullcircle_column_effect"] == MOST_COLUMNS
    assert 'column="column 999"' in text
    assert 'column="column 1"' not in text
    assert 'fullcircle_columns_compared{project="flights"} 1000' in text


def test_what_happens_after_a_scrape_is_in_the_next(settings: Settings):
    workspace = Workspace.open(settings)
    project_id = lived(workspace, columns=2)
    app = served(workspace)
    assert 'state="seen"} 1' in scraped(app)
    alert = workspace.thread.life(project_id).alerts[0]
    workspace.iteration.open_case(alert.id)
    assert 'state="in_case"} 1' in scraped(app)
    workspace.projects.archive(project_id)
    assert scraped(app) == ""


def test_a_columns_name_cannot_break_the_format():
    text = metrics.exposition([("p", Gauge(name="fullcircle_column_effect", labels={"column": 'a"\\\nb'}, value=0.5))])
    assert text.splitlines()[2] == r'fullcircle_column_effect{project="p",column="a\"\\\nb"} 0.5'
