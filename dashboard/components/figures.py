"""The key figures of a view: at most four."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.vocabulary import State

MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One key figure: its name, its value with unit, and either a state or a grey note under it (or both)."""

    label: str
    value: str
    state: State | None = None
    note: str = ""
    help: str | None = None


def figures(shown: Sequence[Figure]) -> None:
    """Show up to four key figures in a row.

    Raises
    ------
    ValueError
        There are more than four: choose.
    """
    if len(shown) > MOST:
        raise ValueError(f"A view shows at most {MOST} key figures, not {len(shown)}.")
    for column, figure in zip(st.columns(len(shown)), shown, strict=True):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            st.metric(figure.label, figure.value, help=figure.help)
            parts = [figure.state.badge] if figure.state else []
            parts += [f":gray[{figure.note}]"] if figure.note else []
            if parts:
                st.markdown(" ".join(parts))
