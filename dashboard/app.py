"""The entry script: what a browser's every run begins with."""

from pathlib import Path

import streamlit as st

from dashboard import navigation

st.set_page_config(
    page_title="Fullcircle",
    page_icon=Path(__file__).parent / "static" / "favicon.svg",
    layout="wide",
    initial_sidebar_state=236,
)
navigation.run()
