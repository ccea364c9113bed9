"""What a search for better parameters tried, and what it was judged by."""

import polars as pl
import streamlit as st

from core.modelling.run import Search, Trial
from core.modelling.search import gain
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
    if words := _sure(search):
        st.markdown(f":gray[{words}]")
    drawn = [name for name in own.parameters if len({trial.parameters.get(name) for trial in search.trials}) > 1]
    told = sorted(search.trials, key=lambda trial: (trial.loss is None, trial.loss or 0.0))
    rows = [
        {search.loss.capitalize(): _loss(trial), **{n: f"{trial.parameters[n]:.4g}" for n in drawn}} for trial in told
    ]
    table(pl.DataFrame(rows), key="run-tried", alt="The settings that were tried, the best first", most_rows=_MOST_ROWS)


def _sure(search: Search) -> str:
    found = gain(search)
    if found is None or found.interval is None:
        return ""
    beside = sum(trial.loss is not None for trial in search.trials) - 1
    chance = "which chance alone may bring" if found.interval.contains(0.0) else "more than chance brings"
    return (
        f"On the same folds that is {abs(found.value):.4f} less, {chance}: the interval of the difference is "
        f"{found.interval.lower:+.4f} to {found.interval.upper:+.4f} (corrected resampled t, Nadeau and Bengio 2003, "
        f"{search.folds - 1} degrees of freedom, allowing for {formats.plural(beside, 'other setting')})."
    )


def _loss(trial: Trial) -> str:
    return "not trained" if trial.loss is None else f"{trial.loss:.4f}"
