"""Contract: what did we agree that the data look like?"""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.data.contract.change import changes
from core.data.contract.contract import Contract
from core.data.contract.judge import Judged
from core.data.contract.version import ContractVersion
from core.data.dataset import DatasetState, DatasetVersion
from core.errors import FullcircleError
from core.lifecycle.kept_weeks import KeptWeeks, kept_weeks
from core.lifecycle.life import Life
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.contract import MOST_RULES, height, rules_by_week, told
from dashboard.charts.event_time import end_on_axis
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.contract_editor import agreed, contract_editor, rule_changes
from dashboard.components.contract_import import ask_for_contract, left_out
from dashboard.components.contract_violations import broken_rules, violations
from dashboard.components.dataset_words import name_of
from dashboard.components.empty import empty, problem
from dashboard.components.header import Primary, page_header
from dashboard.components.signed import signature
from dashboard.components.table import listing
from dashboard.formats import escape
from dashboard.vocabulary import state_of

_TITLE = "Contract"
_REFUSED, _SEEN = "contract-refused", "contract-seen"
_METHOD = """
Each week's rows, as the log has them, are held to the contract that was in force when the week was judged: one pass
over the rows counts those that break each rule. A rule on a column that is not logged is not tested. A week breaks a
rule where more rows break it than was agreed (none, if nothing else is said).
"""


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    if life.contract_draft is not None:
        _seen(life.contract_draft)
        _draft(life, life.contract_draft)
    elif life.contract is not None:
        _in_force(life, life.contract)
    else:
        _nothing_yet(life)


# Nothing agreed yet


def _nothing_yet(life: Life) -> None:
    newest = _newest(life)
    page_header(
        _TITLE, "Nothing is agreed yet: **any file is taken as it comes**, whatever it holds.", project=life.project
    )
    _show_refusal()
    sentence = "What a good file looks like, as rules: later files, the model's inputs and each week are held to it."
    if newest is None:
        if empty("handshake", "No contract yet", sentence, action="Go to Datasets", key="contract-datasets"):
            session.go("datasets")
    else:
        empty(
            "handshake",
            "No contract yet",
            sentence,
            action=f"Infer a contract from v{newest.number}",
            on_click=lambda: _try(lambda: session.workspace().contracts.infer(newest.id)),
            key="contract-infer",
        )
    with st.container(horizontal=True, horizontal_alignment="center", key="contract-bar"):
        _import(life.project)


def _newest(life: Life) -> DatasetVersion | None:
    """Return the newest dataset version that waits or may be used."""
    usable = [d for d in life.datasets if d.state in {DatasetState.WAITING, DatasetState.ACCEPTED} and d.artifact]
    return usable[-1] if usable else None


def _import(project: Project) -> None:
    if st.button("Import one", icon=":material/upload_file:", type="tertiary", key="contract-import"):
        ask_for_contract(project)


# A draft


def _draft(life: Life, draft: ContractVersion) -> None:
    head, bar = st.container(), st.container(key="contract-bar-place")
    problem_place = st.container()
    try:
        written = contract_editor(draft)
    except FullcircleError as refusal:
        written = None
        with problem_place:
            problem(str(refusal))
    with head:
        accept = _head_of_draft(life, draft, written)
    with bar:
        save = _bar_of_draft(draft, written)
    if written is not None and (accept or save):
        _try(lambda: _settle(draft, written, accept=accept))
        st.rerun()
    if written is not None and life.contract is not None:
        _against(life.contract, written)


def _head_of_draft(life: Life, draft: ContractVersion, written: Contract | None) -> bool:
    rules = formats.plural(len((written or draft.contract).rules), "rule")
    pressed = page_header(
        _TITLE,
        f"Draft of v{draft.number}, {escape(draft.origin)}: **{rules}**. "
        "Nothing is held to it before somebody accepts it.",
        project=life.project,
        chips=(state_of(draft.state),),
        primary=Primary(label=f"Accept v{draft.number}", icon="check", key="contract-accept", disabled=written is None),
    )
    _show_refusal()
    left_out(draft.id)
    return pressed


def _bar_of_draft(draft: ContractVersion, written: Contract | None) -> bool:
    changed = written is not None and written != draft.contract
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="contract-bar"):
        save = st.button("Save the draft", icon=":material/save:", key="contract-save", disabled=not changed)
        st.button(
            "Discard it",
            icon=":material/delete:",
            type="tertiary",
            key="contract-discard",
            on_click=lambda: _try(lambda: session.workspace().contracts.discard(draft.id)),
        )
        if changed:
            st.markdown(":gray[Not saved yet.]", width="content")
    return save


def _settle(draft: ContractVersion, written: Contract, *, accept: bool) -> None:
    """Save what is in the cells, and agree on it; refused where somebody else has saved since the person looked."""
    contracts = session.workspace().contracts
    edit = _seen(draft)
    st.session_state.pop(_SEEN, None)
    if written != draft.contract or not accept:
        edit = contracts.write(draft.id, written, seen_edit=edit).edit
    if accept:
        contracts.accept(draft.id, seen_edit=edit)


def _seen(draft: ContractVersion) -> int:
    """Return the edit of the draft that the person saw first: a later one may hold words that they never read."""
    held = st.session_state.setdefault(_SEEN, {draft.id: draft.edit})
    return held.setdefault(draft.id, draft.edit)


def _against(current: ContractVersion, written: Contract) -> None:
    changed = changes(current.contract, written)
    st.markdown(f"### Against v{current.number}")
    if changed:
        rule_changes(changed, alt=f"What changes against v{current.number}")
    else:
        st.markdown(f":gray[Nothing differs from v{current.number} yet: change a cell.]")


def _try(act: Callable[[], Any]) -> None:
    """Do an act; what it refuses stands on the page that is shown next."""
    try:
        act()
    except FullcircleError as refusal:
        st.session_state[_REFUSED] = str(refusal)


def _show_refusal() -> None:
    refusal = st.session_state.pop(_REFUSED, "")
    if refusal:
        problem(refusal)


# In force


def _in_force(life: Life, current: ContractVersion) -> None:
    weeks, newest = kept_weeks(life.windows, life.contracts), _newest(life)
    broken = broken_rules(life.project, newest, current) if newest else ()
    page_header(
        _TITLE,
        _sentence(current, weeks, newest, broken),
        project=life.project,
        chips=(state_of(current.state),),
        primary=Primary(
            label="Change it",
            icon="edit",
            key="contract-revise",
            on_click=lambda: _try(lambda: session.workspace().contracts.revise(life.project.id)),
        ),
    )
    _show_refusal()
    _bar(life.project, current)
    if newest is not None and broken:
        violations(newest, current, broken)
    if weeks is not None:
        _weeks(life, weeks)
    st.markdown("### What was agreed")
    agreed(current.contract)
    _versions(life)


def _sentence(
    current: ContractVersion, weeks: KeptWeeks | None, newest: DatasetVersion | None, broken: Sequence[Judged]
) -> str:
    said = [f"{current.title}: **{formats.plural(len(current.contract.rules), 'rule')}**"]
    if weeks is not None:
        tested = f", {weeks.untested} could not be tested there" if weeks.untested else ""
        broke = f", broke **{len(weeks.broken)}**" if weeks.broken else ""
        said.append(f"the last {formats.plural(len(weeks.windows), 'week')} kept **{weeks.kept}**{broke}{tested}")
    if newest is not None:
        name = escape(name_of(newest))
        said.append(f"**{name} breaks {len(broken)}**" if broken else f"{name} keeps all of them")
    return "; ".join(said) + "."


def _bar(project: Project, current: ContractVersion) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="contract-bar"):
        link("Datasets", "datasets", icon="table")
        st.download_button(
            "Export",
            data=lambda: session.workspace().contracts.export(current).encode(),
            file_name=f"{project.slug}-contract-v{current.number}.odcs.yaml",
            mime="application/yaml",
            icon=":material/download:",
            type="tertiary",
            key="contract-export",
            on_click="ignore",
            help="In the Open Data Contract Standard 3.2, for `fullcircle validate --contract` and other tools",
        )
        _import(project)


def _weeks(life: Life, weeks: KeptWeeks) -> None:
    st.markdown(f"### The last {formats.plural(len(weeks.windows), 'week')}")
    if weeks.broken:
        chart(
            rules_by_week(weeks, session.theme(), life.project.zone),
            key="contract-weeks",
            alt=f"In which of the last weeks {formats.plural(len(weeks.broken), 'rule')} of the contract was broken",
            rows=_behind(life, weeks),
            method=_METHOD,
            height=height(weeks),
        )
    beyond = len(weeks.broken) - MOST_RULES
    more = f" {formats.plural(beyond, 'more broken rule')} in the table." if beyond > 0 else ""
    st.markdown(f":gray[{formats.plural(weeks.kept, 'rule')} kept in every week.{more}]")


def _behind(life: Life, weeks: KeptWeeks) -> pl.DataFrame:
    zone = life.project.zone
    return pl.DataFrame(
        {
            "Rule": [rule.text.replace("`", "") for rule in weeks.broken for _ in weeks.windows],
            "Week to": [end_on_axis(w.ends, zone).date() for _ in weeks.broken for w in weeks.windows],
            "What became of it": [told(week) for rule in weeks.broken for week in rule.weeks],
        }
    )


def _versions(life: Life) -> None:
    st.markdown("### Versions")
    listing(
        [
            {
                "Version": f"v{version.number}",
                "State": state_of(version.state).badge,
                "From": escape(version.origin) or formats.NOTHING,
                "Rules": str(len(version.contract.rules)),
                "Decided": signature("accepted", version.decided_by, version.decided_on, life.project.zone)
                if version.decided_at
                else escape(version.note) or formats.NOTHING,
            }
            for version in reversed(life.contracts)
        ],
        alt="All versions of the contract",
    )
