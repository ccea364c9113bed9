"""Where a dataset version breaks the contract: each rule with its rows, and two ways out of it, one click each."""

from collections.abc import Sequence

import streamlit as st

from core.data.contract.change import changes, widened
from core.data.contract.contract import Contract
from core.data.contract.findings import said
from core.data.contract.judge import Judged
from core.data.contract.rules import RULES, sentence
from core.data.contract.version import ContractVersion
from core.data.dataset import DatasetVersion
from core.data.finding import CheckStatus, Severity
from core.errors import FullcircleError
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.components.chip import link
from dashboard.components.choice import select
from dashboard.components.contract_editor import rule_changes
from dashboard.components.dataset_words import name_of
from dashboard.components.empty import problem
from dashboard.components.rows_or_why import rows_or_why
from dashboard.components.table import listing, to_csv
from dashboard.formats import escape
from dashboard.vocabulary import WHOLE_TABLE, state_of

_ORDER = list(Severity)


def broken_rules(project: Project, dataset: DatasetVersion, version: ContractVersion) -> Sequence[Judged]:
    """Return the rules that a dataset version breaks, the gravest first."""
    judged = session.load(
        "contract-judged",
        project,
        lambda: session.workspace().contracts.judged(dataset, version.contract),
        dataset.id,
        version.id,
    )
    failed = [one for one in judged if one.status is CheckStatus.FAILED]
    return sorted(failed, key=lambda one: (_ORDER.index(one.rule.severity), -one.broken))


def violations(dataset: DatasetVersion, version: ContractVersion, broken: Sequence[Judged]) -> None:
    """List the rules that a dataset version breaks, and one of them in full."""
    st.markdown(f"### {escape(name_of(dataset))} breaks {formats.plural(len(broken), 'rule')}")
    listing(
        [
            {
                "Level": state_of(one.rule.severity).badge,
                "Column": escape(one.rule.column or WHOLE_TABLE),
                "Agreed": _agreed(one),
                "Rows": f"{formats.count(one.broken)} ({formats.share(one.broken / max(one.rows, 1))})"
                if one.first is not None
                else formats.NOTHING,
            }
            for one in broken
        ],
        alt=f"The rules that {name_of(dataset)} breaks",
    )
    keys = {str(place): one for place, one in enumerate(broken)}
    chosen = "0"
    if len(broken) > 1:
        chosen = select(
            "Rule",
            list(keys),
            parameter="rule",
            default="0",
            key="contract-rule",
            words=lambda place: sentence(keys[place].rule).replace("`", ""),
            width=560,
        )
    _panel(dataset, version, keys[chosen])


def _agreed(one: Judged) -> str:
    return escape(sentence(one.rule).replace("`", ""))


def _panel(dataset: DatasetVersion, version: ContractVersion, one: Judged) -> None:
    """Show one broken rule: what is wrong, what to do about the data, or about the contract."""
    kind = RULES[one.rule.kind]
    with st.container(border=True, key="contract-violation"):
        st.markdown(f"{state_of(one.rule.severity).badge} {escape(said(one).replace('`', ''))}")
        st.markdown(f":material/handyman: **Fix the data:** {escape(kind.fix)}")
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="contract-ways"):
            if one.first is not None:
                _download(dataset, version.contract, one)
            link("Drop a corrected file", "datasets", icon="upload_file")
            if st.button("Widen the contract", icon=":material/expand:", key="contract-widen"):
                _ask_to_widen(dataset, version, one)


def _download(dataset: DatasetVersion, contract: Contract, one: Judged) -> None:
    st.download_button(
        f"All {formats.plural(one.broken, 'row')}" if one.broken > 1 else "The row",
        data=lambda: rows_or_why(
            lambda: to_csv(session.workspace().contracts.broken_rows(dataset, contract, one.rule))
        ),
        file_name=f"{one.rule.kind}-{one.rule.column or 'table'}.csv".replace("/", "_"),
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        key="contract-rows",
        on_click="ignore",
        help="The rows that break the rule, with their row numbers; at most 100,000",
    )


def _ask_to_widen(dataset: DatasetVersion, version: ContractVersion, one: Judged) -> None:
    wider = widened(version.contract, one)

    @st.dialog("Widen the contract", icon=":material/expand:", width="medium")
    def ask() -> None:
        st.markdown(f"{escape(name_of(dataset))} keeps this rule once it reads so:")
        rule_changes(changes(version.contract, wider), alt="The rule before and after")
        st.markdown(":gray[It becomes the next version of the contract. Later files are held to it.]")
        if st.button("Widen it", type="primary", key="contract-widen-it"):
            try:
                session.workspace().contracts.widen(dataset.id, one, seen=version.id)
            except FullcircleError as refusal:
                problem(str(refusal))
                return
            st.rerun()

    ask()
