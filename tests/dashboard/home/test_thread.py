from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.lifecycle.thread import StepKind, thread
from core.scoping.project import Project
from dashboard.formats import escape
from tests.dashboard.home.conftest import pressed, texts
from tests.small_projects import Small

Open = Callable[..., AppTest]


def test_the_sentence_says_why_it_serves_and_what_is_so_now(turned_project: Small, open_view: Open):
    app = open_view("thread", project="turned")
    assert not app.exception
    said = texts(app)
    assert "Why is *small 1* serving? Because K1 was **met** on the hold-out (" in said
    assert "self-approved by you on" in said
    assert "but now recall **0." in said
    assert "**not met** since" in said


def test_every_record_of_the_path_is_a_link(turned_project: Small, open_view: Open):
    life = turned_project.life
    steps = thread(life, life.criteria_in_force[0])
    links = [link.proto.label for link in open_view("thread", project="turned").get("page_link")]
    assert {escape(step.title) for step in steps} <= set(links)


def test_a_baseline_is_not_judged(turned_project: Small, open_view: Open):
    life = turned_project.life
    baselines = {run.id for run in life.finished_runs if run.recipe == "majority"}
    steps = [step for step in thread(life, life.criteria_in_force[0]) if step.kind is StepKind.RUN]
    assert {step.record_id for step in steps if step.verdict is None} == baselines
    assert all(step.estimate for step in steps)


def test_the_address_chooses_the_criterion_whatever_its_version(turned_project: Small, open_view: Open):
    old = turned_project.life.criteria_in_force[1]
    turned_project.workspace.scoping.change(old.id, replace(old, threshold=0.9))
    app = open_view("thread", project="turned", criterion=old.id)
    assert not app.exception
    assert "K2 ROC AUC, at least 0.900" in app.selectbox(key="thread-criterion").options
    assert "Because K2 was" in texts(app)


def test_verify_says_intact(turned_project: Small, open_view: Open):
    app = pressed(open_view("thread", project="turned"), "Verify")
    assert not app.exception
    count = len(turned_project.workspace.thread.ledger(turned_project.project.id))
    assert "intact" in texts(app)
    assert f"{count} records read again" in texts(app)


def test_verify_says_where_the_past_was_changed(turned_project: Small, open_view: Open):
    engine = sa.create_engine(f"sqlite:///{turned_project.workspace.settings.home / 'records.db'}")
    with engine.begin() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        ledger = next(table for table in tables.tables.values() if {"previous_hash", "sequence"} <= set(table.c.keys()))
        connection.execute(sa.update(ledger).where(ledger.c.sequence == 3).values(actor="somebody else"))
    engine.dispose()
    app = pressed(open_view("thread", project="turned"), "Verify")
    assert "broken at record 3" in texts(app)


def test_without_criteria_the_page_says_what_will_appear(project: Project, open_view: Open):
    app = open_view("thread", project=project.slug)
    assert not app.exception
    assert "Nothing agreed yet" in texts(app)
    assert [button.label for button in app.button if button.proto.type == "primary"] == ["Go to the documents"]
