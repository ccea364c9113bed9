from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.scoping.criterion import Criterion
from core.scoping.document import DocumentState
from core.scoping.documents import DOCUMENT_KINDS
from core.scoping.project import Project
from core.workspace.workspace import Workspace
from tests.dashboard.stages import primary, text

Open = Callable[..., AppTest]


@pytest.fixture
def criterion(project: Project) -> Criterion:
    return Criterion(
        id="",
        project_id=project.id,
        key="",
        metric="recall",
        parameters={"cut": 0.3},
        direction=">=",
        threshold=0.3,
        created_at=project.created_at,
    )


def answers(kind: str, number: int) -> dict[str, str]:
    return {question.key: f"Answer to {question.key}." for question in DOCUMENT_KINDS[kind].questions[:number]}


def test_an_empty_project_begins_with_the_goals(project: Project, open_view: Open):
    app = open_view("documents", project=project.slug)
    assert "Nothing is written yet" in text(app)
    assert "0 of 5" not in text(app)  # the progress says it
    assert primary(app) == "Write the goals"


def test_the_sentence_tells_what_is_signed_and_what_is_answered(
    workspace: Workspace, project: Project, open_view: Open
):
    workspace.scoping.write(project.id, "goals", answers("goals", 5))
    workspace.scoping.sign(project.id, "goals")
    workspace.scoping.write(project.id, "canvas", answers("canvas", 7))
    app = open_view("documents", project=project.slug)
    assert "canvas **7 of 10** answered; data definition not begun" in text(app)
    assert "Goals **signed " in text(app)
    assert primary(app) == "Continue"
    assert [expander.label for expander in app.expander] == ["8 questions without an answer"]


def test_goals_that_are_answered_are_signed_and_the_criteria_with_them(
    workspace: Workspace, project: Project, open_view: Open, criterion: Criterion
):
    for kind in DOCUMENT_KINDS:
        workspace.scoping.write(project.id, kind, answers(kind, 10))
    workspace.scoping.agree(project.id, [criterion])
    app = open_view("documents", project=project.slug, part="documents")
    assert "**1 criterion waits** for a signature" in text(app)
    assert primary(app) == "Sign the goals"
    app.button(key="documents-sign").click().run()
    assert workspace.thread.life(project.id).criteria[0].signed_by == "local"
    assert primary(app) is None


def test_unsigned_criteria_are_told_on_the_documents_and_signed_beside_them(
    workspace: Workspace, project: Project, open_view: Open, criterion: Criterion
):
    workspace.scoping.agree(project.id, [criterion, replace(criterion, threshold=0.4)])
    assert "**2 criteria wait** for a signature" in text(open_view("documents", project=project.slug))
    (step,) = workspace.thread.waiting(project)
    app = open_view(step.view, project=project.slug, **step.address)
    assert "2 criteria: **2 not measured**. **2 wait for a signature**" in text(app)
    assert primary(app) == "Sign 2 criteria"
    assert not app.get("plotly_chart")
    app.button(key="documents-sign-criteria").click().run()
    assert all(c.signed_at for c in workspace.scoping.criteria(project.id))
    # signing leaves the person where the signature stands
    assert primary(app) == "Add criterion"


def test_ten_criteria_stand_in_the_order_of_their_numbers(
    workspace: Workspace, project: Project, open_view: Open, criterion: Criterion
):
    workspace.scoping.agree(project.id, [criterion] * 11)
    app = open_view("documents", project=project.slug, part="criteria")
    wanted = [f"K{number}" for number in range(1, 12)]
    assert app.dataframe[0].value["key"].to_list() == wanted
    assert [c.key for c in workspace.scoping.criteria(project.id)] == wanted


def form_of_a_new_criterion(slug: str) -> None:
    # a dialog closes in AppTest at the second click, so its body is shown by itself
    from dashboard import session
    from dashboard.components.criterion_form import criterion_form

    criterion_form(session.life(session.workspace().projects.get(slug)))


def test_a_criterion_is_added_in_the_form(workspace: Workspace, project: Project):
    app = AppTest.from_function(form_of_a_new_criterion, args=(project.slug,)).run()
    assert app.button(key="criterion-form-new-save").disabled
    app.selectbox(key="criterion-form-new-metric").select("share_gap").run()
    app.number_input(key="criterion-form-new-share_gap-threshold").set_value(5.0).run()
    assert "**Predicted minus actual share within ±5.0 points**" in text(app)
    app.button(key="criterion-form-new-save").click().run()
    (added,) = workspace.scoping.criteria(project.id)
    assert (added.key, added.metric, added.direction, added.threshold) == ("K1", "share_gap", "within", 0.05)
    assert added.signed_at is None


def test_a_criterion_of_fairness_asks_for_the_groups(workspace: Workspace, project: Project):
    app = AppTest.from_function(form_of_a_new_criterion, args=(project.slug,)).run()
    app.selectbox(key="criterion-form-new-metric").select("recall_gap").run()
    app.number_input(key="criterion-form-new-recall_gap-threshold").set_value(0.1).run()
    app.button(key="criterion-form-new-save").click().run()
    assert "Choose the column that names them" in text(app)
    assert not workspace.scoping.criteria(project.id)


def test_only_metrics_that_fit_the_task_are_offered(project: Project, open_view: Open):
    app = open_view("documents", project=project.slug, part="criteria")
    app.button(key="documents-first").click().run()
    offered = app.selectbox(key="criterion-form-new-metric").options
    assert "Recall" in offered
    assert "Share predicted right" not in offered


def test_a_document_is_written_and_signed(workspace: Workspace, project: Project, open_view: Open):
    app = open_view("document", project=project.slug, kind="goals")
    assert "**5 questions**, none answered yet" in text(app)
    app.text_area(key="document-goals-problem").input("Late *flights* <b>strand</b> people.")
    app.button(key="document-save").click().run()
    saved = workspace.thread.life(project.id).document("goals")
    assert saved.answers["problem"] == "Late *flights* <b>strand</b> people."
    assert saved.state is DocumentState.DRAFT
    assert app.query_params["id"] == saved.id
    app.button(key="document-sign").click().run()
    assert workspace.thread.life(project.id).document("goals").state is DocumentState.SIGNED
    assert "Late \\*flights\\* \\<b\\>strand\\</b\\> people." in text(app)
    assert not app.text_area


def test_who_saves_over_another_is_told_and_keeps_the_text(workspace: Workspace, project: Project, open_view: Open):
    workspace.scoping.write(project.id, "goals", {"stop": "Never."})
    app = open_view("document", project=project.slug, kind="goals")
    workspace.scoping.write(project.id, "goals", {"stop": "At a loss."}, seen_edit=0)
    app.text_area(key="document-goals-stop").input("When nobody rebooks.")
    app.button(key="document-save").click().run()
    assert "Somebody saved this document while you wrote" in text(app)
    assert app.text_area(key="document-goals-stop").value == "When nobody rebooks."
    assert workspace.thread.life(project.id).document("goals").answers == {"stop": "At a loss."}
    app.button(key="document-load").click().run()
    assert app.text_area(key="document-goals-stop").value == "At a loss."


def test_two_who_change_a_signed_document_do_not_write_over_one_another(
    workspace: Workspace, project: Project, open_view: Open
):
    workspace.scoping.write(project.id, "goals", {"stop": "Never."})
    signed = workspace.scoping.sign(project.id, "goals")
    app = open_view("document", project=project.slug, id=signed.id, edit="1")
    workspace.scoping.write(project.id, "goals", {"stop": "At a loss."}, seen_edit=signed.edit)
    app.text_area(key="document-goals-stop").input("When nobody rebooks.")
    app.button(key="document-save").click().run()
    assert workspace.thread.life(project.id).document("goals").answers == {"stop": "At a loss."}


def test_a_signed_version_is_read_and_compared(workspace: Workspace, project: Project, open_view: Open):
    workspace.scoping.write(project.id, "goals", {"stop": "At three in ten."})
    first = workspace.scoping.sign(project.id, "goals")
    second = workspace.scoping.write(project.id, "goals", {"stop": "At <i>four</i> in ten."})
    old = open_view("document", project=project.slug, id=first.id)
    assert "At three in ten." in text(old)
    assert not old.text_area
    new = open_view("document", project=project.slug, id=second.id)
    assert new.text_area(key="document-goals-stop").value == "At <i>four</i> in ten."
    assert "changed since signed" in text(new)


def test_an_address_of_no_document_says_so(project: Project, open_view: Open):
    app = open_view("document", project=project.slug, id="0" * 32)
    assert "This project has no such document" in app.error[0].value
