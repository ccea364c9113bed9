"""The contract in the page: inferred, edited, accepted, broken, widened, imported; what the weeks kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from core.data.contract.contract import Contract, Rule
from core.data.contract.version import ContractState, ContractVersion
from core.data.dataset import DatasetVersion
from core.data.finding import Severity
from core.lifecycle.kept_weeks import kept_weeks
from core.monitoring.window import RuleInWindow, Window, WindowState
from core.scoping.project import Project
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import carry_out

NOW = datetime(2013, 7, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("FULLCIRCLE_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    return Workspace.open(Settings(home=tmp_path / "home"))


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return workspace.projects.begin("Trains")


def dropped(workspace: Workspace, project: Project, path: Path, kinds: str) -> DatasetVersion:
    path.write_text("id,kind\n" + "".join(f"{n},{kinds[n % len(kinds)]}\n" for n in range(200)))
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


def shown(project: Project) -> AppTest:
    app = AppTest.from_file(str(Path(dashboard.__file__).parent / "app.py"), default_timeout=60)
    app._page_hash = calc_hash("contract")
    app.query_params["project"] = project.slug
    app.run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def test_without_data_the_page_leads_to_it(project: Project) -> None:
    app = shown(project)
    assert "Nothing is agreed yet" in told(app)
    assert app.button(key="contract-datasets").label == "Go to Datasets"


def test_from_a_file_to_an_agreement(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    dropped(workspace, project, tmp_path / "a.csv", "ab")
    app = shown(project)
    app.button(key="contract-infer").click().run()
    assert "Draft of v1, inferred from v1" in told(app)
    app.button(key="contract-accept").click().run()
    assert not app.exception
    assert "Contract v1:" in told(app)
    assert "trains v1 keeps all of them" in told(app)
    assert workspace.contracts.in_force(project.id)


def test_a_broken_rule_stands_first_and_both_ways_out_are_offered(
    workspace: Workspace, project: Project, tmp_path: Path
) -> None:
    first = dropped(workspace, project, tmp_path / "a.csv", "ab")
    workspace.contracts.accept(workspace.contracts.infer(first.id).id)
    dropped(workspace, project, tmp_path / "b.csv", "abx")
    app = shown(project)
    assert "**trains v2 breaks 1**" in told(app)
    assert "**Fix the data:** Correct the spelling" in told(app)
    app.button(key="contract-widen").click().run()
    assert app.button(key="contract-widen-it").label == "Widen it"
    assert list(app.table[-1].value["After"]) == ["kind is one of “a”, “b”, “x”"]


def test_who_saved_meanwhile_is_not_overruled(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    first = dropped(workspace, project, tmp_path / "a.csv", "ab")
    draft = workspace.contracts.infer(first.id)
    app = shown(project)
    workspace.contracts.write(draft.id, Contract(name="t", rules=draft.contract.rules[:2]), seen_edit=0)
    app.button(key="contract-accept").click().run()
    assert "Somebody saved this draft while you wrote" in app.error[0].value
    assert workspace.contracts.in_force(project.id) is None
    app.button(key="contract-accept").click().run()  # having seen it
    agreed = workspace.contracts.in_force(project.id)
    assert agreed is not None
    assert len(agreed.contract.rules) == 2


def test_a_draft_is_put_away(workspace: Workspace, project: Project, tmp_path: Path) -> None:
    workspace.contracts.infer(dropped(workspace, project, tmp_path / "a.csv", "ab").id)
    app = shown(project)
    app.button(key="contract-discard").click().run()
    assert "Nothing is agreed yet" in told(app)


# What the weeks kept


def window(number: int, **kept: bool | None) -> Window:
    rules = tuple(RuleInWindow(key=key, text=key, kept=value, broken=1, rows=10) for key, value in kept.items())
    return Window(
        id=str(number),
        project_id="p",
        endpoint="e",
        starts=NOW,
        ends=NOW,
        state=WindowState.COMPLETE,
        predictions=1,
        labels=1,
        rules=rules,
        created_at=NOW,
    )


def version(*rules: Rule) -> ContractVersion:
    contract = Contract(name="t", rules=rules)
    return ContractVersion(
        id="c", project_id="p", number=1, state=ContractState.ACCEPTED, contract=contract, created_at=NOW
    )


def test_errors_stand_first_then_what_is_broken_most() -> None:
    weeks = [window(n, a=n < 2, b=n > 0, c=None, d=True, **{"range: x": n > 0}) for n in range(5)]
    held = version(
        Rule(kind="a", severity=Severity.WARNING),
        Rule(kind="b", severity=Severity.WARNING),
        Rule(kind="range", column="x"),
    )
    found = kept_weeks(weeks, [held])
    assert found is not None
    assert [(rule.key, rule.times) for rule in found.broken] == [("range: x", 1), ("a", 3), ("b", 1)]
    assert (found.kept, found.untested) == (1, 1)


def test_only_the_last_quarter_counts() -> None:
    found = kept_weeks([window(n, a=n > 0) for n in range(14)], [])
    assert found is not None
    assert len(found.windows) == 13
    assert found.broken == ()


def test_weeks_without_a_contract_say_nothing() -> None:
    assert kept_weeks([], []) is None
