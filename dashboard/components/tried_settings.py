"""What a search for better parameters tried, and what it was judged by."""

import polars as pl
import streamlit as st

from core.modelling.run import Search, Trial
from dashboard import formats
from dashboard.components.table import table

_MOST_ROWS = 8


def tried_settings(search: Search) -> None:
    """Show the settings of a search, the best first."""
    best, own = search.best, search.trials[0]
    if best is None:
        return
    seconds = sum(trial.seconds for trial in search.trials)
    st.markdown(
        f"**{formats.plural(len(search.trials), 'setting')}** of at most {search.most:,} tried in "
        f"{formats.duration(seconds)}, on {search.folds} folds before the hold-out: {search.loss} "
        f"**{_loss(best)}**, with the recipe's own {_loss(own)}."
    )
    drawn = [name for name in own.parameters if len({trial.parameters.get(name) for trial in search.trials}) > 1]
    told = sorted(search.trials, key=lambda trial: (trial.loss is None, trial.loss or 0.0))
    rows = [
        {search.loss.capitalize(): _loss(trial), **{n: f"{trial.parameters[n]:.4g}" for n in drawn}} for trial in told
    ]
    table(pl.DataFrame(rows), key="run-tried", alt="The settings that were tried, the best first", most_rows=_MOST_ROWS)


def _loss(trial: Trial) -> str:
    return "not trained" if trial.loss is None else f"{trial.loss:.4f}"
