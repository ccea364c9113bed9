"""Tour: what is there to see, in five minutes."""

import streamlit as st

from dashboard.components import tour
from dashboard.components.header import Primary, page_header


def render() -> None:
    """Show the view."""
    if page_header(
        "Walk me round",
        f"**{len(tour.STEPS)} stops, five minutes**, on the project at hand.",
        primary=Primary(label="Begin", icon="explore", key="tour-begin"),
    ):
        tour.begin()
    for number, (_, title, text) in enumerate(tour.STEPS, start=1):
        st.markdown(f"**{number}. {title}**  \n{text}")
