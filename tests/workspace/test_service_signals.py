"""What the scorer refused and failed reaches the windows of its project, each in the window in which it came."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import InvalidInput
from core.frames.slice import Condition, Slice
from core.ids import new_id
from core.lifecycle.gauges import gauges
from core.monitoring.service import ServiceSignals
from core.monitoring.window import Window
from core.scoping.criterion import Criterion, Stage, Verdict
from core.settings import Settings
from core.storage.mapping import from_row, to_row
from core.unanswered import Count, Unanswered
from core.workspace.workspace import Workspace
from tests.small_projects import Small, begun, guessed, replayed, serving, sklearn_csv, trained


def came(small: Small, sequence: int, status: int, requests: int) -> Count:
    assert small.life.deployment is not None
    what = Unanswered(
        project_id=small.project.id, version_id=small.life.deployment.champion_id, revision=1, status=status
    )
    return Count(sequence=sequence, minute=datetime.now(UTC), what=what, requests=requests, slowest_ms=3.0)


def test_counts_are_in_the_window_where_the_replay_stood_once_and_an_earlier_window_still_loads(tmp_path: Path):
    csv = sklearn_csv("breast_cancer", tmp_path)
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    small = serving(trained(begun(workspace, csv, guessed(csv)), ("logistic",)), "logistic")
    found = [came(small, 1, 400, 30), came(small, 2, 500, 5)]
    workspace.deployment.ship_unanswered(found, source="scorer")
    workspace.deployment.ship_unanswered([*found, came(small, 3, 503, 1)], source="scorer")
    first, *later = replayed(small).life.windows
    assert first.service is not None
    assert (first.service.refused, first.service.failed) == (30, 6)
    assert first.service.share_refused == 30 / (first.service.requests + 36)
    counted = [(w.service.refused, w.service.failed) for w in later if w.service and w.starts >= first.ends]
    assert counted == [(0, 0)] * len(counted)
    assert counted
    told = {g.labels["outcome"]: g.value for g in gauges(small.life) if g.name == "fullcircle_window_requests"}
    newest = small.life.latest_window
    assert newest is not None
    assert newest.service is not None
    assert told == {"answered": newest.service.requests, "refused": 0, "failed": 0}
    row = to_row(first)
    kept = {name: row["service"][name] for name in ("requests", "rows", "median_ms", "p95_ms", "without_score")}
    assert from_row(Window, row | {"service": kept}) == replace(first, service=ServiceSignals(**kept))
    workspace.close()


def test_a_criterion_on_failed_requests_judges_windows_and_alerts_once(tmp_path: Path):
    csv = sklearn_csv("breast_cancer", tmp_path)
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    small = begun(workspace, csv, guessed(csv))
    asked = Criterion(
        id=new_id(),
        project_id=small.project.id,
        key="",
        metric="failed_requests",
        parameters={},
        direction="<=",
        threshold=0.01,
        stages=(Stage.LIVE,),
        created_at=datetime.now(UTC),
    )
    for impossible in (
        replace(asked, stages=(Stage.OFFLINE, Stage.LIVE)),
        replace(asked, slice=Slice(conditions=(Condition(column="mean radius", operator=">", value=1.0),))),
    ):
        with pytest.raises(InvalidInput, match="Judge it live alone, on all rows"):
            workspace.scoping.agree(small.project.id, [impossible])
    (criterion,) = workspace.scoping.agree(small.project.id, [asked])
    small = serving(trained(small, ("logistic",)), "logistic")
    gate = small.life.gate(small.life.versions[0].id)
    assert gate is not None
    assert criterion.id not in {line.criterion_id for line in gate.lines}
    workspace.deployment.ship_unanswered([came(small, 1, 400, 40), came(small, 2, 500, 5)], source="scorer")
    first, *later = replayed(small).life.windows
    judged = first.judgement(criterion.id)
    assert judged is not None
    assert judged.estimate is not None
    assert first.service is not None
    assert judged.estimate.value == 5 / (first.service.requests + 45)
    assert (judged.estimate.n, judged.verdict) == (first.service.requests + 45, Verdict.NOT_MET)
    apart = [w for w in later if w.starts >= first.ends]
    assert {j.verdict for w in apart if (j := w.judgement(criterion.id))} == {Verdict.MET}
    alerts = [a for a in small.life.alerts if a.criterion_id == criterion.id]
    assert [a.window_id for a in alerts] == [first.id]
    champion = small.life.champion
    assert champion is not None
    again = workspace.monitoring.estimate(criterion, champion.id, first.starts, first.ends, as_of=first.created_at)
    assert again is not None
    assert again.value == judged.estimate.value
    workspace.close()
