"""A contract to read and to edit: a row a column, what the table cannot hold beneath it, and what a draft changes."""

from collections.abc import Sequence
from typing import Any, cast

import polars as pl
import streamlit as st

from core.data.contract.change import RuleChange
from core.data.contract.contract import TYPES, Contract
from core.data.contract.rules import sentence
from core.data.contract.terms import Terms, beyond_terms, terms_of, with_terms
from core.data.contract.version import ContractVersion
from dashboard.components.table import listing, table
from dashboard.formats import NOTHING, escape

_ROW, _MOST_ROWS = 34, 14


def contract_editor(draft: ContractVersion) -> Contract:
    """Show a draft as a table to edit and return the contract that its cells say by now.

    Raises
    ------
    InvalidInput
        A cell does not say what it has to.
    """
    terms = terms_of(draft.contract)
    edited = st.data_editor(
        _rows(terms),
        key=f"contract-terms-{draft.id}-{draft.edit}",
        hide_index=True,
        num_rows="fixed",
        row_height=_ROW,
        height=_ROW * (1 + max(1, min(len(terms), _MOST_ROWS))) + 2,
        column_config=_COLUMNS,
        disabled=["Column"],
    )
    other_rules(draft.contract)
    return with_terms(draft.contract, _terms(cast("pl.DataFrame", edited)))


def agreed(contract: Contract) -> None:
    """Show what was agreed: a row a column, and the rules that are on no column alone."""
    rows = pl.DataFrame(
        {
            "Column": [terms.column for terms in terms_of(contract)],
            "Type": [terms.type or NOTHING for terms in terms_of(contract)],
            "Never empty": ["yes" if terms.required else NOTHING for terms in terms_of(contract)],
            "Unique": ["yes" if terms.unique else NOTHING for terms in terms_of(contract)],
            "Bounds": [_bounds(terms) for terms in terms_of(contract)],
            "One of": [terms.values or NOTHING for terms in terms_of(contract)],
            "Pattern": [terms.pattern or NOTHING for terms in terms_of(contract)],
        }
    )
    table(rows, key="contract-agreed", alt="What was agreed on each column", columns=_WIDTHS, most_rows=20)
    other_rules(contract)


def other_rules(contract: Contract) -> None:
    """Name the rules that the table does not show."""
    others = [sentence(rule) for rule in beyond_terms(contract)]
    if others:
        shown = "; ".join(escape(text.replace("`", "")) for text in others[:12])
        more = f"; and {len(others) - 12} more" if len(others) > 12 else ""
        st.markdown(f":gray[Also: {shown}{more}.]")


def rule_changes(changes: Sequence[RuleChange], *, alt: str) -> None:
    """List what changes, before and after; a rule that earlier data may break is marked as stricter."""
    listing(
        [
            {
                "Before": _said(change.text[0]),
                "After": _said(change.text[1]) + (" :orange-badge[stricter]" if change.breaking else ""),
            }
            for change in changes
        ],
        alt=alt,
    )


def _said(text: str) -> str:
    return escape(text.replace("`", "")) if text else f":gray[{NOTHING}]"


def _bounds(terms: Terms) -> str:
    if terms.least and terms.most:
        return f"{terms.least} to {terms.most}"
    return f"at least {terms.least}" if terms.least else f"at most {terms.most}" if terms.most else NOTHING


def _rows(terms: Sequence[Terms]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Column": [one.column for one in terms],
            "Type": [one.type for one in terms],
            "Never empty": [one.required for one in terms],
            "Unique": [one.unique for one in terms],
            "At least": [one.least for one in terms],
            "At most": [one.most for one in terms],
            "One of": [one.values for one in terms],
            "Pattern": [one.pattern for one in terms],
        }
    )


def _terms(rows: pl.DataFrame) -> list[Terms]:
    return [
        Terms(
            column=str(row["Column"]),
            type=_text(row["Type"]),
            required=bool(row["Never empty"]),
            unique=bool(row["Unique"]),
            least=_text(row["At least"]),
            most=_text(row["At most"]),
            values=_text(row["One of"]),
            pattern=_text(row["Pattern"]),
        )
        for row in rows.to_dicts()
    ]


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


_WIDTHS: dict[str, Any] = {
    name: st.column_config.TextColumn(width=width)
    for name, width in (
        ("Column", 140),
        ("Type", 90),
        ("Never empty", 100),
        ("Unique", 70),
        ("Bounds", 130),
        ("One of", 210),
        ("Pattern", 160),
    )
}
_COLUMNS: dict[str, Any] = {
    "Column": st.column_config.TextColumn(width=130, pinned=True),
    "Type": st.column_config.SelectboxColumn(options=["", *TYPES], width=95),
    "Never empty": st.column_config.CheckboxColumn(width=105),
    "Unique": st.column_config.CheckboxColumn(width=80),
    "At least": st.column_config.TextColumn(width=110, help="A number, or a time such as 2013-07-01"),
    "At most": st.column_config.TextColumn(width=110, help="A number, or a time such as 2013-07-01"),
    "One of": st.column_config.TextColumn(width=190, help="The values that may occur, with commas between them"),
    "Pattern": st.column_config.TextColumn(width=120, help="A regular expression that each value holds"),
}
