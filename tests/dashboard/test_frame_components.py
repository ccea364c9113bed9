"""What the pieces of a view do on their own."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import InvalidInput
from core.lifecycle.standing import PhaseState
from core.scoping.criterion import Verdict
from core.scoping.project import Project
from core.statistics.estimate import Estimate, Interval
from core.workspace.workspace import Workspace
from dashboard import session
from dashboard.charts.circle import Centre, Segment, circle_html
from dashboard.charts.criteria import CriterionRow, agreed, criteria_strip
from dashboard.charts.theme import faint, palette, styled
from dashboard.components.demo import build_demo
from dashboard.components.figures import Figure, figures
from dashboard.components.rows_or_why import rows_or_why
from dashboard.components.search import hits_of
from dashboard.components.table import state_cell, to_csv
from dashboard.navigation import VIEWS
from dashboard.vocabulary import PHASES, state_of

Open = Callable[..., AppTest]


def _row(key: str, value: float, lower: float, upper: float, **changes: object) -> CriterionRow:
    estimate = Estimate(value=value, interval=Interval(lower=lower, upper=upper), n=100, n_blocks=14)
    facts = {"title": "recall", "direction": ">=", "threshold": 0.3, "unit": "score", "verdict": Verdict.NOT_MET}
    return CriterionRow(key=key, estimate=estimate, **(facts | changes))  # pyright: ignore[reportArgumentType]


def _points(rows: list[CriterionRow]) -> dict[str, float]:
    points = next(trace for trace in criteria_strip(rows, "light").data if trace.mode == "markers")
    return dict(zip(points.customdata, points.x, strict=True))


def test_a_criterion_lies_right_of_the_line_where_it_is_met() -> None:
    rows = [
        _row("K1", 0.05, 0.03, 0.07),
        _row("K2", 0.45, 0.36, 0.52),
        _row("K3", 6.0, 5.0, 7.0, direction="<=", threshold=50.0, unit="ms"),
        _row("K4", -0.26, -0.34, -0.19, direction="within", threshold=0.05, unit="points"),
        _row("K5", 0.01, -0.02, 0.04, direction="within", threshold=0.05, unit="points"),
    ]
    points = _points(rows)
    assert points["K1"] < 0 < points["K2"]
    assert points["K4"] < 0 < points["K5"]
    assert points["K3"] > 0
    assert all(-1 <= x <= 1 for x in points.values())


def test_a_gap_that_may_go_either_way_reaches_its_best_at_zero() -> None:
    row = _row("K4", 0.01, -0.02, 0.04, direction="within", threshold=0.05, unit="points")
    bar = next(t for t in criteria_strip([row], "light").data if t.mode == "lines" and t.line.width == 5)
    assert max(x for x in bar.x if x is not None) == pytest.approx(0.05 / (1.05 * 0.05))


def test_a_criterion_says_what_was_agreed() -> None:
    assert agreed(_row("K1", 0, 0, 0)) == "at least 0.300"
    assert agreed(_row("K4", 0, 0, 0, direction="within", threshold=0.05, unit="points")) == "within ±5.0 points"


def test_a_criterion_that_was_not_measured_keeps_its_line() -> None:
    row = CriterionRow(
        key="K5",
        title="p95 latency",
        direction="<=",
        threshold=50,
        unit="ms",
        estimate=None,
        verdict=Verdict.NOT_APPLICABLE,
    )
    figure = criteria_strip([row], "dark")
    assert not figure.data
    assert "not measured" in " ".join(annotation.text for annotation in figure.layout.annotations)


def _segments(figure: str) -> list[Segment]:
    return [
        Segment(title=title, icon=icon, state=state_of(PhaseState.FINE), figure=figure, label="rows", view="runs")
        for title, icon in PHASES.values()
    ]


def test_the_circle_is_read_without_being_seen() -> None:
    picture = circle_html(_segments("3"), Centre(label="Recall", figure="0.050"), alt="Six phases, all fine")
    assert picture.count("<button") == 6
    assert 'aria-label="Six phases, all fine"' in picture
    assert picture.count(">fine</span>") == 6


def test_no_text_in_the_circle_becomes_markup() -> None:
    picture = circle_html(_segments("<img src=x onerror=alert(1)>"), Centre(figure="<b>"), alt='"><script>')
    assert "<img" not in picture
    assert "<script" not in picture


def test_a_long_figure_stays_inside_the_circle() -> None:
    long, short = (Centre(figure=figure, colour="red") for figure in ("-9.0 points", "0.050"))
    assert '<b class="red long">-9.0 points<' in circle_html(_segments("3"), long, alt="")
    assert '<b class="red">0.050<' in circle_html(_segments("3"), short, alt="")


def test_a_download_holds_no_formula() -> None:
    frame = pl.DataFrame({"=cmd": ["=1+1", "plain"], "state": [state_cell(Verdict.MET), []], "n": [-1, 2]})
    rows = list(csv.reader(io.StringIO(to_csv(frame).decode())))
    assert rows == [["'=cmd", "state", "n"], ["'=1+1", "✓ met", "-1"], ["plain", "", "2"]]


def test_a_view_shows_four_figures_at_most() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        figures([Figure(label="a", value="1")] * 5)


def test_a_figure_keeps_what_it_says_about_itself() -> None:
    figure = styled(criteria_strip([_row("K1", 0.05, 0.03, 0.07)], "dark"), "dark", height=120)
    assert figure.layout.height == 120
    assert figure.layout.hovermode == "closest"
    assert figure.layout.font.color == palette("dark").ink


def test_a_band_is_its_lines_colour() -> None:
    assert faint("#0E5A6B", 0.2) == "rgba(14,90,107,0.2)"


def test_the_search_finds_views_and_their_questions(workspace: Workspace) -> None:
    assert [hit.view for hit in hits_of("moved", VIEWS)] == ["drift"]
    assert "settings" in [hit.view for hit in hits_of("sett", VIEWS)]
    assert hits_of("zzz", VIEWS) == []


def test_the_search_finds_a_record_by_its_id(open_view: Open, workspace: Workspace, project: Project) -> None:
    life = workspace.thread.life(project.id)
    assert life.project.id == project.id
    app = open_view("overview", project=project.slug)
    app.button(key="search").click().run()
    assert not app.exception
    assert app.text_input(key="search-text").value in {"", None}


def test_a_reading_is_kept_until_the_next_act(workspace: Workspace, project: Project) -> None:
    readings: list[int] = []

    def read() -> int:
        readings.append(1)
        return len(readings)

    assert session.load("counted", project, read) == session.load("counted", project, read) == 1
    assert session.load("counted", project, read, "another") == 2
    workspace.projects.set_clock(project.id, datetime(2013, 7, 1, tzinfo=UTC))
    assert session.load("counted", workspace.projects.get(project.id), read) == 3


def test_the_clock_of_a_replay_stands_in_the_head(open_view: Open, workspace: Workspace, project: Project) -> None:
    workspace.projects.set_clock(project.id, datetime(2013, 7, 2, 4, tzinfo=UTC))
    app = open_view("runs", project=project.slug)
    assert any("Replay, 1 Jul 2013" in markdown.value for markdown in app.markdown)


def test_a_job_at_work_can_be_stopped(open_view: Open, workspace: Workspace, project: Project) -> None:
    job = workspace.jobs.request("train", "Train [x](y)", project_id=project.id)
    app = open_view("jobs", project=project.slug)
    assert "**1 at work**" in " ".join(markdown.value for markdown in app.markdown)
    app.button(key=f"jobs-cancel-{job.id}").click().run()
    assert workspace.jobs.running() == []


def test_the_flights_project_is_asked_for_once(open_view: Open, workspace: Workspace) -> None:
    app = open_view("overview")
    app.button(key="welcome-demo").click().run()
    build_demo()
    assert [job.kind for job in workspace.jobs.running()] == ["build_demo"]


def test_rows_that_cannot_be_had_are_a_file_that_says_why():
    def gone() -> bytes:
        raise InvalidInput("may.csv is no longer here. Drop it again.")

    assert rows_or_why(lambda: b"row\n1\n") == b"row\n1\n"
    assert rows_or_why(gone).decode().splitlines() == [
        "Why there are no rows here",
        "may.csv is no longer here. Drop it again.",
    ]


def test_a_refusal_is_read_without_the_marks_around_names():
    def page() -> None:
        from dashboard.components.empty import problem

        problem("`air_temp`: 'warm' is no *number*.")

    app = AppTest.from_function(page).run()
    assert app.error[0].value == "air\\_temp\\: 'warm' is no \\*number\\*."
